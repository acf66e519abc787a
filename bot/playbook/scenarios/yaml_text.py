"""YAML documents with all scalars as text, but for null, true and false.

YAML 1.1 would turn an unquoted 17:30 into 1050, `on` into true, and a time with seconds into another one in
UTC. So the documents are built here, from the parser's events, and only to a sane depth: the library's own
composer overruns the stack on a text of many brackets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bot.playbook.scenarios.document import Document

PLAIN = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
DEEPEST = 100
TEXT_TAG = "tag:yaml.org,2002:str"


def yaml_documents(text: str) -> Iterator[Document]:
    """The documents that are not empty; reading ends at an error of syntax, the problem of the last one."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
            if builder.depth > DEEPEST:
                yield Document(problems=[f"{_line(event)}nested deeper than {DEEPEST} levels"])
                return
            if isinstance(event, yaml.DocumentEndEvent):
                if builder.document.value is not None or builder.document.problems:
                    yield builder.document
                builder = _Builder()
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f"line {error.problem_mark.line + 1}: "
        yield Document(problems=[f"{line}not valid YAML: {error.problem}"])
    except yaml.YAMLError as error:
        yield Document(problems=[f"not valid YAML: {' '.join(str(error).split())}"])


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read, and in a mapping the key whose value comes next."""

    holds: list[object] | dict[str, object]
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    document: Document = field(default_factory=Document)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, object] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        return len(self._open)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(event, [])
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(event, {})
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            name = str(event.anchor)
            if name not in self._anchors:
                self._problem(event, f"the alias *{name} stands for nothing")
            self._place(event, self._anchors.get(name))

    def _begin(self, event: yaml.CollectionStartEvent, holds: list[object] | dict[str, object]) -> None:
        self._place(event, holds)
        self._open.append(_Open(holds))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        awaits_key = (
            bool(self._open) and isinstance(self._open[-1].holds, dict) and self._open[-1].key is None
        )
        is_plain = event.implicit[0] and not awaits_key
        value = PLAIN[event.value] if is_plain and event.value in PLAIN else event.value
        if event.tag not in (None, TEXT_TAG, "!"):
            self._problem(event, f"the tag {event.tag} is not used here")
        self._place(event, value)

    def _place(self, event: yaml.NodeEvent, value: object) -> None:
        """Puts a value where the reading stands: into the open list or mapping, or as the whole document."""
        if event.anchor is not None and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = value
        if not self._open:
            self.document.value = value
            return
        inner = self._open[-1]
        if isinstance(inner.holds, list):
            inner.holds.append(value)
        elif inner.key is not None:
            inner.holds[inner.key] = value
            inner.key = None
        else:
            if not isinstance(value, str):
                self._problem(event, "a key of a mapping has to be text")
            inner.key = value if isinstance(value, str) else "?"
            self.document.claim(inner.holds, inner.key, where=_line(event))

    def _problem(self, event: yaml.Event, reason: str) -> None:
        self.document.problems.append(_line(event) + reason)


def _line(event: yaml.Event) -> str:
    return "" if event.start_mark is None else f"line {event.start_mark.line + 1}: "

"""One document of a scenario file, as plain data."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Document:
    """What a document holds, and what is wrong with its syntax; `value` is None if it cannot be read."""

    value: object = None
    problems: list[str] = field(default_factory=list)

    def mapping(self, pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
        """A mapping of the document, from its pairs in order."""
        mapping: dict[str, object] = {}
        for key, value in pairs:
            self.claim(mapping, key)
            mapping[key] = value
        return mapping

    def claim(self, mapping: dict[str, object], key: str, where: str = "") -> None:
        """A key that stands twice is a problem: one of its two values would be lost."""
        if key in mapping:
            self.problems.append(f"{where}the key {key!a} stands twice in one mapping")

"""Changes single values of a TOML text and leaves every other byte as it is: comments, order, blank lines.

Pure. What it makes is read again and held against what was wanted, so a text it cannot edit is refused, never
spoilt.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.toml_scan import Statement, scan

Path = tuple[str, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_LONGEST_COMMENT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A value to stand under this path; None takes it away. `comment` goes beside a line that is new."""

    path: Path
    value: str | None
    comment: str = ""


class NotEditable(Exception):
    """The text is laid out in a way that cannot be edited here; nothing was changed."""


def edited(text: str, changes: Iterable[Change], ordered: Mapping[Path, Sequence[str]] | None = None) -> str:
    """The text with these values. `ordered`: tables whose keys shall stand in this order.

    Raises NotEditable; the text must be valid TOML.
    """
    wanted = tomllib.loads(text)
    changed = list(changes)
    now = text
    for change in changed:
        _put(wanted, change)
        now = _removed(now, change.path) if change.value is None else _set(now, change)
    for table, keys in (ordered or {}).items():
        now = _in_order(now, table, keys)
    try:
        same = _filled(tomllib.loads(now)) == _filled(wanted)
    except tomllib.TOMLDecodeError:
        same = False
    if not same or not all(_stand_in_order(now, table, keys) for table, keys in (ordered or {}).items()):
        names = ", ".join(".".join(change.path) for change in changed)
        raise NotEditable(f"it is laid out in a way that cannot be edited here: set {names} by hand")
    return now


def _filled(tree: dict[str, Any]) -> dict[str, Any]:
    """Without tables that hold nothing: the last dotted key takes its table along, the last line under a header not."""
    inside = {name: _filled(value) if isinstance(value, dict) else value for name, value in tree.items()}
    return {name: value for name, value in inside.items() if value != {}}


def _put(tree: dict[str, Any], change: Change) -> None:
    *tables, last = change.path
    for name in tables:
        if change.value is None and name not in tree:
            return
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise NotEditable(f"{name} of {'.'.join(change.path)} is no table")
    if change.value is None:
        tree.pop(last, None)
    else:
        tree[last] = change.value


def _set(text: str, change: Change) -> str:
    statements = scan(text)
    path = change.path
    for one in statements:
        if one.path == path and not one.is_header:
            return text[: one.value_start] + quoted(str(change.value)) + text[one.value_end :]
        if not one.is_header and one.path and path[: len(one.path)] == one.path:
            return _set_inline(text, one, change)
    return _inserted(text, statements, change)


def _set_inline(text: str, one: Statement, change: Change) -> str:
    """Into a table in braces, which can hold no comments."""
    table: dict[str, Any] = tomllib.loads(f"x = {text[one.value_start : one.value_end]}")["x"]
    _put(table, Change(change.path[len(one.path) :], change.value))
    return text[: one.value_start] + _inline(table) + text[one.value_end :]


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {_inline(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    raise NotEditable(f"a table in braces holds {type(value).__name__}")


def _inserted(text: str, statements: Sequence[Statement], change: Change) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    path = change.path
    beside = f"  # {tidy(change.comment)}" if tidy(change.comment) else ""

    def line(keys: Path) -> str:
        return f"{'.'.join(map(_key, keys))} = {quoted(str(change.value))}{beside}{newline}"

    siblings = [one for one in statements if not one.is_header and one.path[:-1] == path[:-1]]
    headers = [one for one in statements if one.is_header and not one.is_array and one.path == path[:-1]]
    if siblings or headers:
        after = (siblings or headers)[-1]
        keys = path[len(after.table) :] if siblings else path[-1:]
        return _spliced(text, after.end, after.indent + line(keys), newline)
    # A table of its own: after the last of its family, else at the end of the text.
    family = [one for one in statements if one.table[:1] == path[:1]]
    at = family[-1].end if family else len(text)
    gap = newline if text[:at].strip() else ""
    header = f"[{'.'.join(map(_key, path[:-1]))}]{newline}"
    return _spliced(text, at, f"{gap}{header}{line(path[-1:])}", newline)


def _spliced(text: str, at: int, more: str, newline: str) -> str:
    before = text[:at]
    if before and not before.endswith("\n"):
        before += newline
    return before + more + text[at:]


def _removed(text: str, path: Path) -> str:
    for one in scan(text):
        if one.path == path and not one.is_header:
            return text[: one.start] + text[one.end :]
        if not one.is_header and one.path and path[: len(one.path)] == one.path:
            return _set_inline(text, one, Change(path, None))
    return text


def _in_order(text: str, table: Path, keys: Sequence[str]) -> str:
    """The table's lines change places among themselves; what stands between them stays."""
    lines = [one for one in scan(text) if not one.is_header and one.path[:-1] == table]
    place = {key: number for number, key in enumerate(keys)}
    by_key = sorted(lines, key=lambda one: place.get(one.path[-1], len(place)))
    if lines and not text.endswith("\n"):
        return _in_order(text + ("\r\n" if "\r\n" in text else "\n"), table, keys)
    pieces, at = [], 0
    for slot, one in zip(lines, by_key, strict=True):
        pieces += [text[at : slot.start], text[one.start : one.end]]
        at = slot.end
    return "".join([*pieces, text[at:]])


def _stand_in_order(text: str, table: Path, keys: Sequence[str]) -> bool:
    found: Any = tomllib.loads(text)
    for name in table:
        found = found.get(name, {})
    there = [key for key in found if key in set(keys)]
    return there == [key for key in keys if key in found]


def difference(before: str, after: str) -> list[str]:
    """What changes, in lines that begin with + or -; a few unchanged ones around them for orientation."""
    import difflib

    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return [line for line in found if not line.startswith(("---", "+++"))]


def tidy(text: str) -> str:
    """People's text as a comment can hold it: one line, not long."""
    return " ".join(_CONTROL.sub(" ", text).split())[:_LONGEST_COMMENT]


def quoted(text: str) -> str:
    """The text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)

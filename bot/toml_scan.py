"""Where the statements of a TOML text stand. Pure. The text must be valid: it was read by tomllib before."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

_BLANK = re.compile(r"[ \t\r\n]+|#[^\n]*")
_KEY = re.compile(r"[ \t]*(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*")
# What may stand in a value; the long strings first, for they begin like the short ones.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")|'
    r"'''.*?'''(?!')|"
    r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|"
    r"(?P<open>[\[{])|(?P<close>[\]}])|(?P<comment>#[^\n]*)|(?P<end>\n)|[^\"'\[\]{}#\n]+",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a key with its value. `start` to `end`: its lines with their end; `path`: from the top.

    `table`: what the header above it opened. The keys of an array's tables have a path that nothing else has.
    """

    start: int
    end: int
    table: tuple[str, ...]
    path: tuple[str, ...]
    indent: str = ""
    is_header: bool = False
    is_array: bool = False
    value_start: int = 0
    value_end: int = 0


def scan(text: str) -> list[Statement]:
    """The statements in their order."""
    found: list[Statement] = []
    table: tuple[str, ...] = ()
    at = arrays = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        start = text.rfind("\n", 0, at) + 1
        indent = text[start:at]
        if text[at] == "[":
            is_array = text.startswith("[[", at)
            keys, at = _keys(text, at + 1 + is_array)
            end = _line_end(text, at)
            arrays += is_array
            # No other path has a number in brackets: nothing is ever looked for in an array of tables.
            table = (*keys, f"[{arrays}]") if is_array else _within(found, keys)
            found.append(Statement(start, end, table, table, indent, is_header=True, is_array=is_array))
            at = end
            continue
        keys, at = _keys(text, at)
        value_start = at + 1 + len(text[at + 1 :]) - len(text[at + 1 :].lstrip(" \t"))
        value_end = _value_end(text, value_start)
        at = _line_end(text, value_end)
        found.append(
            Statement(start, at, table, (*table, *keys), indent, value_start=value_start, value_end=value_end)
        )
    return found


def _within(found: list[Statement], keys: tuple[str, ...]) -> tuple[str, ...]:
    """[a.b] after [[a]] is a table of a's last element."""
    for one in reversed(found):
        if one.is_array and keys[: len(one.table) - 1] == one.table[:-1]:
            return (*one.table, *keys[len(one.table) - 1 :])
    return keys


def _keys(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Dotted keys from `at` on, and where they end."""
    keys: list[str] = []
    while match := _KEY.match(text, at):
        word = match.group(1)
        keys.append(str(tomllib.loads(f"x = {word}")["x"]) if word[0] in "\"'" else word)
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(keys), at


def _value_end(text: str, at: int) -> int:
    depth, start = 0, at
    while match := _TOKEN.match(text, at):
        if depth == 0 and (match["comment"] is not None or match["end"] is not None):
            break
        depth += (match["open"] is not None) - (match["close"] is not None)
        at = match.end()
    return start + len(text[start:at].rstrip())


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1

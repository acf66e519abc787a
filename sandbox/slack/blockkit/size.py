"""How much text blocks hold, for the limit on a whole message."""

from __future__ import annotations

from typing import Any

MESSAGE_CHARACTERS = 13_000


def characters(part: Any) -> int:
    """The characters of all text objects, rich text and labels in `part`, at any depth."""
    if isinstance(part, list):
        return sum(characters(member) for member in part)
    if not isinstance(part, dict):
        return 0
    own = part["text"] if isinstance(part.get("text"), str) else ""
    return len(own) + sum(characters(member) for member in part.values())

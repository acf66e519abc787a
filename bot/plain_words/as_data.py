"""A reading as plain data and back, to be kept with the message that shows it until somebody presses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from bot.plain_words.reading import Defer, Doing, Log, Remind, Show, Undo

_KINDS: dict[str, type[Doing]] = {"log": Log, "defer": Defer, "remind": Remind, "show": Show, "undo": Undo}
_DATES, _INSTANTS = {"until"}, {"at", "remind_at", "starts_at"}


def to_data(doing: Doing) -> dict[str, Any]:
    """JSON values only; instants keep their offset."""
    kind = next(name for name, made in _KINDS.items() if isinstance(doing, made))
    values = {field.name: getattr(doing, field.name) for field in fields(doing)}
    return {"kind": kind} | {
        name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
    }


def from_data(data: Mapping[str, Any]) -> Doing:
    """What `to_data` wrote."""
    values = {name: _value(name, value) for name, value in data.items() if name != "kind"}
    return _KINDS[data["kind"]](**values)


def _value(name: str, value: Any) -> Any:
    if value is None or name not in _DATES | _INSTANTS:
        return value
    return date.fromisoformat(value) if name in _DATES else datetime.fromisoformat(value)

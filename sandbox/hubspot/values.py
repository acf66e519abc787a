"""Property values on the wire: always strings, checked by the property's type when written."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_text(instant: datetime) -> str:
    """An aware instant as HubSpot writes it: UTC, milliseconds, Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_millis(instant: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (instant - EPOCH) // MILLISECOND


def parse_instant(text: str) -> datetime:
    """An instant from epoch milliseconds or ISO 8601 with a zone. Raises ValueError for anything else."""
    if text.lstrip("-").isdigit():
        return EPOCH + int(text) * MILLISECOND
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return instant.astimezone(UTC)


def parse_date(text: str) -> date:
    """A date from YYYY-MM-DD or from the epoch milliseconds of its midnight UTC. Raises ValueError."""
    if len(text) == len("2026-11-22") and not text.isdigit():
        return date.fromisoformat(text)
    instant = parse_instant(text)
    if instant.time() != time(0):
        raise ValueError(f"{text} is at {instant.time()} UTC, not midnight!")
    return instant.date()


def canonical(text: str, value_type: str) -> str:
    """`text` in the form HubSpot keeps and returns it. Raises ValueError when it is not of the type."""
    if value_type == "date":
        return parse_date(text).isoformat()
    if value_type == "datetime":
        return instant_text(parse_instant(text))
    if value_type == "number":
        if not math.isfinite(float(text)) or text != text.strip() or "_" in text:
            raise ValueError(f"{text} was not a valid number")
        return text
    if value_type == "bool":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{text} is neither true nor false")
        return text.lower()
    return text


def comparable(text: str, value_type: str) -> float | str:
    """A value that orders as HubSpot orders the type: numbers and instants as numbers, text folded.

    Raises ValueError when `text` cannot be read as the type.
    """
    if value_type in ("date", "datetime"):
        if len(text) == len("2026-11-22") and text[4:5] == "-":
            return to_millis(datetime.combine(date.fromisoformat(text), time(0), UTC))
        return to_millis(parse_instant(text))
    if value_type == "number":
        return float(text)
    if value_type == "enumeration":
        return text
    return text.casefold()

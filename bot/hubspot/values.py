"""HubSpot's property values, all strings, as typed values and back. Pure.

A reader of a value raises ValueError with a sentence when there is something it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_NOTE = 4000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HIGHEST_CENTS = 2**31 - 1  # the column is a 32-bit integer on PostgreSQL
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


def text_of(properties: Mapping[str, Any], name: str) -> str | None:
    """The value without blanks around it; None when it is empty or not there."""
    value = properties.get(name)
    if value is None:
        return None
    # No database keeps a NUL, and PostgreSQL no lone surrogate (FAULTS 27).
    return _UNSTORABLE.sub("", str(value)).strip() or None


def read_date(text: str) -> date:
    """A date property: 2026-11-02, or an instant at its midnight UTC. Never converted to a zone."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is no day of the calendar") from error
    return read_instant(text).date()


def read_instant(text: str) -> datetime:
    """A date-and-time property as aware UTC: milliseconds since 1970, or ISO 8601 with a zone."""
    try:
        if re.fullmatch(r"-?\d{5,}", text):
            return EPOCH + timedelta(milliseconds=int(text))
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("it has no zone")
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r} is no date HubSpot would write") from error


def read_cents(text: str) -> int:
    """An amount of money in cents, rounded to the nearest."""
    try:
        amount = Decimal(text)
        cents = int((amount * 100).to_integral_value()) if amount.is_finite() else -1
    except (InvalidOperation, ValueError) as error:
        raise ValueError(f"{text[:40]!r} is no amount") from error
    if not 0 <= cents <= _HIGHEST_CENTS:
        raise ValueError(f"{text[:40]!r} is not an amount a renewal can have")
    return cents


def read_yes_no(text: str) -> bool:
    """A checkbox."""
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(f"{text[:40]!r} is neither yes nor no")


def write_instant(instant: datetime) -> str:
    """An aware instant as HubSpot keeps it: UTC with milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in ("br", "p", "div", "li"):
            self.parts.append("\n")


def plain_text(html: str) -> str | None:
    """A note's or call's body without its markup; None when nothing is left."""
    parser = _PlainText()
    parser.feed(html)
    parser.close()
    text = re.sub(r"\n\s*\n+", "\n", "".join(parser.parts)).strip()
    return text[:LONGEST_NOTE] or None


def html_text(text: str) -> str:
    """Text of a person as a body that shows it unchanged."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")

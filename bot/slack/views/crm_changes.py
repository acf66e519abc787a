"""What somebody changed in HubSpot, in one line: "In HubSpot: expiration moved from Mon 30 Nov to Thu 31 Dec"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.services.crm_changes import CrmChange
from bot.slack.text import day_words, escaped, moment_words
from bot.slack.words import STAGES

SHOWN: Final = 2
LONGEST_VALUE: Final = 30
_WHAT: Final = {
    "put_out_on": "put-out date",
    "expires_on": "expiration",
    "stage": "stage",
    "price": "price",
    "owner": "owner",
}


def changes_words(changes: Sequence[CrmChange], now: datetime, shown: int = SHOWN) -> str | None:
    """One line of mrkdwn, the first few named and the rest counted; None for no changes."""
    if not changes:
        return None
    said = [_words(change, now) for change in changes[:shown]]
    if len(changes) > shown:
        said.append(f"+{len(changes) - shown} more")
    return f":arrows_counterclockwise: *In HubSpot:* {'; '.join(said)}"


def _words(change: CrmChange, now: datetime) -> str:
    by = f" by {escaped(change.by, 20)}" if change.by is not None else ""
    when = f"{by}, {moment_words(change.at, now)}"
    if change.what == "kept":
        return f"nobody chose within a day, so HubSpot's stays{when}"
    what = _WHAT[change.what]
    if change.old is None:
        return f"{what} set to {_value(change.what, change.new, now.date())}{when}"
    if change.new is None:
        return f"{what} taken out (was {_value(change.what, change.old, now.date())}){when}"
    old, new = (_value(change.what, value, now.date()) for value in (change.old, change.new))
    return f"{what} moved from {old} to {new}{when}"


def _value(what: str, value: str | None, today: date) -> str:
    if value is None:
        return "nothing"
    if what in ("put_out_on", "expires_on"):
        return day_words(date.fromisoformat(value), today)
    if what == "stage":
        return STAGES.get(value, escaped(value, LONGEST_VALUE))
    return escaped(value, LONGEST_VALUE)

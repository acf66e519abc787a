"""Both sides changed the same thing: what stands in HubSpot, for the person who has to choose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.hubspot.activities import DISPOSITIONS, MEETING_OUTCOMES
from bot.hubspot.values import read_instant, text_of
from bot.services.ports import Contested

REASON = "changed in HubSpot meanwhile: nothing is written before somebody chooses"


def contested_activity(record: tuple[str, str], names: Iterable[str], now: Mapping[str, Any]) -> Contested:
    """A record (object type and id) whose properties `names` people have changed."""
    raw = {name: text_of(now, name) or "" for name in sorted(names)}
    said: dict[str, str] = {}
    for name, value in raw.items():
        if name == "hs_call_disposition":
            said["outcome"] = DISPOSITIONS.get(value, value)
        elif name == "hs_meeting_outcome":
            said["outcome"] = MEETING_OUTCOMES.get(value.upper(), value.lower() or "scheduled")
        elif name == "hs_meeting_start_time":
            said["starts_at"] = read_instant(value).isoformat()
        else:
            said["task"] = value.lower()
    return Contested(REASON, {"type": record[0], "id": record[1], "raw": raw, "said": said, "at": None})


def contested_deal(raw: Mapping[str, str], said: Mapping[str, str], at: str) -> Contested:
    """A deal of which other values stand there than those that were known when ours were chosen; `at`: since when."""
    return Contested(REASON, {"type": "deals", "raw": dict(raw), "said": dict(said), "at": at})

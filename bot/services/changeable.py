"""What may still be changed of what was logged in Slack: which facts, and for how long (`change_hours`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.book import FactRow, LoadedRun
from bot.store.tables import Fact

CHANGEABLE = frozenset({"call", "note", "reply", "review"})


def first_logged(loaded: LoadedRun, fact: Fact | FactRow) -> datetime:
    """When the entry was logged first (business time), however often it was changed since."""
    by_id = {one.id: one for one in loaded.all_facts}
    found: Fact | FactRow = fact
    while found.supersedes_id is not None and found.supersedes_id in by_id:
        found = by_id[found.supersedes_id]
    return found.recorded_at


def in_time(loaded: LoadedRun, fact: Fact | FactRow, now: datetime, hours: float) -> bool:
    """Whether the entry was logged within these hours."""
    return now - first_logged(loaded, fact) <= timedelta(hours=hours) and hours > 0

"""What may still be changed of what was logged in Slack: which facts, and for how long (`change_hours`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.services.runs.history import UNDONE, is_change, one_go
from bot.store.book import FactRow, LoadedRun
from bot.store.tables import Fact

CHANGEABLE = frozenset({"call", "note", "reply", "review"})


def logged_as(loaded: LoadedRun, fact: Fact | FactRow) -> Fact | FactRow:
    """The fact as which the entry was logged first, however often it was changed since."""
    by_id = {one.id: one for one in loaded.all_facts}
    found: Fact | FactRow = fact
    while found.supersedes_id is not None and found.supersedes_id in by_id and not _logged_anew(found):
        found = by_id[found.supersedes_id]
    return found


def first_logged(loaded: LoadedRun, fact: Fact | FactRow) -> datetime:
    """When that was (business time)."""
    return logged_as(loaded, fact).recorded_at


def entry_of(loaded: LoadedRun, fact: Fact | FactRow) -> str:
    """What the facts of one entry have in common: they were logged in one go, whatever was changed since."""
    return one_go(logged_as(loaded, fact))


def _logged_anew(fact: Fact | FactRow) -> bool:
    """Whether what it supersedes was another happening: an appointment is made on one day and held on a later."""
    return fact.kind == "appointment" and fact.reason != UNDONE and not is_change(fact)


def in_time(loaded: LoadedRun, fact: Fact | FactRow, now: datetime, hours: float) -> bool:
    """Whether the entry was logged within these hours."""
    return now - first_logged(loaded, fact) <= timedelta(hours=hours) and hours > 0

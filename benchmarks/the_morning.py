"""The measured morning as the services see it: a store, the default playbook, and time that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.book import BOOK, MORNING, TODAY
from bot.config import Config
from bot.playbook.policy import load_policy
from bot.services.go_live import approve
from bot.services.work import Work
from bot.store.session import Store


class StillClock:
    """Business time is the morning's 08:30; elapsed time is the machine's."""

    def now(self) -> datetime:
        return MORNING.astimezone(UTC)

    def elapsed(self) -> datetime:
        return datetime.now(UTC)


def at_the_morning(store: Store) -> Work:
    """What the use cases work with at that hour, live since a year."""
    work = Work(store, StillClock(), Config(), load_policy(), deal_url=lambda _: None, book=BOOK)
    approve(work, TODAY - timedelta(days=365), "benchmark", work.now())
    return work

"""The measured morning as the services see it: a store, the default playbook, and time that stands still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks import databases
from benchmarks.book import BOOK, MORNING, TODAY, fill
from bot.config import Config
from bot.playbook.policy import load_policy
from bot.services.runs.go_live import approve
from bot.services.work import Work
from bot.store.session import Store


class StillClock:
    """Business time is the morning's 08:30; elapsed time is the machine's."""

    def now(self) -> datetime:
        return MORNING.astimezone(UTC)

    def elapsed(self) -> datetime:
        return datetime.now(UTC)


def books(seed: int, sizes: Sequence[int], postgresql_sizes: Sequence[int]) -> Iterator[tuple[Work, int]]:
    """A book of each size at that morning, and its size: on SQLite, and on PostgreSQL where it is installed."""
    for runs in sizes:
        with databases.sqlite() as store:
            yield _filled(store, runs, seed), runs
    for runs in postgresql_sizes:
        with databases.postgresql() as server:
            if server is not None:
                yield _filled(server, runs, seed), runs


def _filled(store: Store, runs: int, seed: int) -> Work:
    fill(store, runs, seed)
    return at_the_morning(store)


def at_the_morning(store: Store) -> Work:
    """What the use cases work with at that hour, live since a year."""
    work = Work(store, StillClock(), Config(), load_policy(), deal_url=lambda _: None, book=BOOK)
    approve(work, TODAY - timedelta(days=365), "benchmark", work.now())
    return work

"""Two processes on one PostgreSQL, brought to the same place at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from bot.services.work import Work
from bot.store.session import Store
from tests.living import wait_until


def race(
    ours: Work,
    theirs: Work,
    first: Callable[[Work], Any],
    second: Callable[[Work], Any],
    *,
    after: str | None = None,
) -> tuple[Future[Any], Future[Any]]:
    """`first` comes as far as its first commit, or `after` its first statement with these words; then `second` goes
    as far as it can, to its end or until it waits for a row; then `first` goes on. What became of both.
    """
    with _halted(ours.store, after) as (reached, go_on), ThreadPoolExecutor(2) as processes:
        one = processes.submit(first, ours)
        wait_until(lambda: reached.is_set() or one.done())
        assert reached.is_set(), f"it never came there: {one.exception()!r}"
        two = processes.submit(second, theirs)
        wait_until(lambda: two.done() or _somebody_waits(theirs.store))
        go_on.set()
        return one, two


@contextmanager
def _halted(store: Store, after: str | None) -> Iterator[tuple[threading.Event, threading.Event]]:
    reached, go_on = threading.Event(), threading.Event()

    def halt() -> None:
        if not reached.is_set():
            reached.set()
            assert go_on.wait(30)

    def committing(_connection: Any) -> None:
        halt()

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if after is not None and after in " ".join(statement.split()):
            halt()

    name, hook = ("commit", committing) if after is None else ("after_cursor_execute", executed)
    event.listen(store.engine, name, hook)
    try:
        yield reached, go_on
    finally:
        go_on.set()
        event.remove(store.engine, name, hook)


@contextmanager
def somebody_in_the_way(store: Store, after: str) -> Iterator[list[str]]:
    """Once a transaction has come as far as `after`, somebody has all the people and wants all the runs: it has a run,
    wants to name a person, and is the one whom the database takes back. Answers the statements that were met.
    """
    other = Store(store.url)
    met: list[str] = []
    got_it = threading.Thread()

    def has_it(connection: Any) -> None:
        connection.execute(text("SELECT id FROM runs FOR UPDATE"))
        connection.commit()
        connection.close()

    def stand_in_the_way(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal got_it
        if met or after not in " ".join(statement.split()):
            return
        met.append(statement)
        connection = other.engine.connect()
        connection.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # the other one is taken back
        connection.execute(text("SELECT id FROM people FOR UPDATE"))
        got_it = threading.Thread(target=has_it, args=(connection,))
        got_it.start()

    event.listen(store.engine, "after_cursor_execute", stand_in_the_way)
    try:
        yield met
    finally:
        event.remove(store.engine, "after_cursor_execute", stand_in_the_way)
        got_it.join(30)
        other.close()


def _somebody_waits(store: Store) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with store.read() as session:
        return bool(session.scalar(waiting))

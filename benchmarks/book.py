"""A book of any size, the same for the same seed: 1 % of its runs are due on the morning, most are long closed.

Rows go in by the driver's bulk way (SQLite: executemany, PostgreSQL: COPY); the ORM would take minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, text

from bot.store.session import Store
from bot.store.tables import Fact, Person, RunRow

NEW_YORK = "America/New_York"
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=ZoneInfo(NEW_YORK))  # a Tuesday
TODAY = MORNING.date()
BOOK = "import"
DUE_IN = 100  # one run of so many is due
OPEN_IN = 10  # one of so many is open at all
BATCH = 20_000
RUN_COLUMNS = (
    "id", "book", "deal_id", "put_out_on", "account", "stage", "expires_on", "hosts_site", "price_cents",
    "price_period", "currency", "owner_id", "contact_name", "contact_phone", "created_at", "next_look_on",
    "version",
)  # fmt: skip
FACT_COLUMNS = (
    "key", "run_id", "kind", "at", "recorded_at", "source", "surface", "actor_id", "outcome", "until", "note",
)  # fmt: skip
Row = tuple[Any, ...]


def reps_for(runs: int) -> int:
    """So many reps share a book of this size: a hundred at most, three at least."""
    return max(3, min(100, runs // 1000))


def fill(store: Store, runs: int, seed: int) -> None:
    """Put people, `runs` runs and their facts into an empty, migrated database."""
    reps = reps_for(runs)
    with store.write() as session:
        people = [
            {"id": n, "email": f"rep{n}@team.example", "name": f"Rep {n}", "tz": NEW_YORK, "active": True}
            for n in range(1, reps + 1)
        ]
        session.execute(insert(Person), [one | {"slack_user_id": f"U{one['id']}"} for one in people])
        rows = iter(_book(runs, reps, Random(seed)))
        while batch := list(islice(rows, BATCH)):
            connection = session.connection()
            _copy(connection, RunRow.__tablename__, RUN_COLUMNS, [run for run, _ in batch])
            _copy(
                connection, Fact.__tablename__, FACT_COLUMNS, [fact for _, facts in batch for fact in facts]
            )
    with store.write() as session:
        session.execute(text("ANALYZE"))


def _book(runs: int, reps: int, random: Random) -> Iterator[tuple[Row, list[Row]]]:
    """Runs with their facts, by id."""
    for run_id in range(1, runs + 1):
        owner = 1 + run_id // DUE_IN % reps
        if run_id % DUE_IN == 0:
            yield _due(run_id, owner, random)
        elif run_id % OPEN_IN == 0:
            yield _put_aside(run_id, owner, random)
        else:
            yield _closed(run_id, owner, random)


def _due(run_id: int, owner: int, random: Random) -> tuple[Row, list[Row]]:
    """An open run that was called now and then, last before yesterday: something is due this morning."""
    put_out_on = TODAY - timedelta(days=random.randrange(28))
    calls = [
        put_out_on + timedelta(days=n) for n in range((TODAY - put_out_on).days - 1) if random.random() < 0.4
    ]
    facts = [_fact(run_id, n, "call", on, owner, outcome="no_answer") for n, on in enumerate(calls)]
    facts += [_fact(run_id, n, "email", on, owner) for n, on in enumerate(calls, len(calls))]
    return _run(run_id, owner, put_out_on, "open", put_out_on, random), facts


def _put_aside(run_id: int, owner: int, random: Random) -> tuple[Row, list[Row]]:
    """An open run that is deferred for some days."""
    put_out_on = TODAY - timedelta(days=random.randrange(1, 10))
    until = TODAY + timedelta(days=random.randrange(2, 9))
    facts = [
        _fact(run_id, 0, "call", put_out_on, owner, outcome="no_answer"),
        _fact(run_id, 1, "deferral", put_out_on, owner, until=until, note="Back from a fair by then."),
    ]
    return _run(run_id, owner, put_out_on, "open", until, random), facts


def _closed(run_id: int, owner: int, random: Random) -> tuple[Row, list[Row]]:
    """A run of some time ago, with its last conversation and how it ended."""
    put_out_on = TODAY - timedelta(days=random.randrange(30, 1500))
    stage = random.choice(("won", "won", "lost", "moved_out"))
    facts = [
        _fact(run_id, 0, "call", put_out_on, owner, outcome="connected"),
        _fact(run_id, 1, "stage", put_out_on, owner, outcome=stage),
    ]
    return _run(run_id, owner, put_out_on, stage, None, random), facts


def _run(
    run_id: int, owner: int, put_out_on: date, stage: str, next_look_on: date | None, random: Random
) -> Row:
    return (
        run_id, BOOK, f"{7_000_000_000 + run_id}", put_out_on.isoformat(), f"Account {run_id} Ltd", stage,
        (put_out_on + timedelta(days=30)).isoformat(), run_id % 3 == 0, random.randrange(20, 900) * 100,
        "month", "USD", owner, f"Contact {run_id}", "+1 212 555 0101", _at(put_out_on),
        next_look_on and next_look_on.isoformat(), 1,
    )  # fmt: skip


def _fact(
    run_id: int,
    number: int,
    kind: str,
    on: date,
    owner: int,
    outcome: str | None = None,
    until: date | None = None,
    note: str | None = None,
) -> Row:
    at = _at(on)
    return (
        f"{run_id}:{number}", run_id, kind, at, at, "hubspot", "sync", owner, outcome,
        until and until.isoformat(), note,
    )  # fmt: skip


def _at(on: date) -> str:
    """An instant of that day in UTC, as both databases take it."""
    return f"{on.isoformat()} 15:00:00.000000"


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)
        return
    with driver.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

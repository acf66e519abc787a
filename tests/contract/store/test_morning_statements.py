"""What a morning costs the database: as many statements for any number of reps and runs, and all by index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, insert, text
from sqlalchemy.orm import Session

from bot.config import Config, Team
from bot.playbook.policy import load_policy
from bot.services.day.morning import plan_mornings
from bot.services.people.book_of import reps_of, reps_query
from bot.services.runs.go_live import approve
from bot.services.runs.looking import look_at_all
from bot.services.work import Work
from bot.store import book
from bot.store.session import Store
from bot.store.tables import Fact, Person, RunRow
from tests.statements import statements

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
TODAY = NOW.date()
PUT_OUT = date(2026, 11, 23)


@pytest.fixture
def work(store: Store, clock: Any) -> Work:
    clock.set(NOW)
    made = Work(store, clock, Config(), load_policy(), deal_url=lambda _: None, book="import")
    approve(made, TODAY - timedelta(days=30), "test", NOW)
    return made


def fill(store: Store, reps: int, runs: int, **more: Any) -> None:
    """Reps in UTC with runs put out yesterday, dealt out in turn; one fact each."""
    run = {
        "book": "import",
        "put_out_on": PUT_OUT,
        "stage": "open",
        "created_at": NOW,
        "next_look_on": PUT_OUT,
    }
    fact = {"kind": "note", "at": NOW, "recorded_at": NOW, "source": "import", "surface": "job"}
    with store.write() as session:
        people = [
            {"id": n, "email": f"r{n}@x.test", "name": f"R{n}", "tz": "UTC"} for n in range(1, reps + 1)
        ]
        session.execute(insert(Person), people)
        rows = [
            {"id": n, "deal_id": f"d{n}", "account": f"A{n}", "owner_id": 1 + n % reps}
            for n in range(1, runs + 1)
        ]
        session.execute(insert(RunRow), [run | row | more for row in rows])
        session.execute(insert(Fact), [fact | {"key": f"f{row['id']}", "run_id": row["id"]} for row in rows])
    with store.write() as session:
        session.execute(text("ANALYZE"))


@pytest.mark.parametrize(("reps", "runs"), [(3, 100), (30, 100), (3, 1000), (30, 1000)])
def test_a_morning_takes_nine_statements(work: Work, reps: int, runs: int) -> None:
    fill(work.store, reps, runs)
    with statements(work.store) as seen, work.store.read() as session:
        planned = plan_mornings(work, session)
    assert len(planned) == reps
    assert sum(len(morning.due) for morning in planned) == runs
    # Live since when, whose mornings, which are decided, everybody, leave, runs, facts.
    assert len(seen) == 9, seen


def test_a_morning_that_is_not_come_reads_no_runs(work: Work, clock: Any) -> None:
    fill(work.store, 3, 10)
    clock.set(NOW.replace(hour=8))
    with statements(work.store) as seen, work.store.read() as session:
        assert plan_mornings(work, session) == []
    assert not any("FROM facts" in sql for sql in seen)


def test_who_has_a_morning_is_read_by_index(work: Work, plan: Callable[[Session, Executable], str]) -> None:
    fill(work.store, 3, 1000, stage="won", next_look_on=None)
    team = Team("Team", reps=("r3@x.test",))
    with work.store.write() as session:
        session.get_one(RunRow, 4).stage = "negotiation"  # of rep 2
        open_but_gone = session.get_one(RunRow, 3)  # of rep 1
        open_but_gone.stage, open_but_gone.gone_at = "open", NOW
    with work.store.write() as session:
        session.execute(text("ANALYZE"))
    with work.store.read() as session:
        assert [rep.id for rep in reps_of(session, Config(teams=(team,)))] == [2, 3]
        steps = plan(session, reps_query(Config(teams=(team,))))
    assert "ix_runs_stage_owner_id_gone_at" in steps
    assert not any(word in steps for word in ("SCAN runs", "Seq Scan on runs")), steps


def test_the_whole_book_is_looked_at_in_parts(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(work.store, 3, 25, next_look_on=None)
    monkeypatch.setattr(book, "RUNS_AT_ONCE", 10)
    held: list[int] = []
    loaded = book.load_runs
    monkeypatch.setattr(
        "bot.services.runs.looking.load_runs",
        lambda *given: (found := loaded(*given), held.append(len(found)))[0],
    )
    look_at_all(work, NOW)
    with work.store.read() as session:
        looks = [run.row.next_look_on for run in book.load_runs(session)]
    assert held == [10, 10, 5]
    assert looks == [TODAY] * 25

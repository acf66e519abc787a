"""Reading the book: two statements, by index, and only what holds."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, text

from bot.playbook.run import Activity, ActivityKind, Appointment, AppointmentStatus, Deferral, Stage
from bot.store.book import FactRow, RunRecord, facts_query, load_runs, runs_query, to_run
from bot.store.facts import add_fact, withdraw
from bot.store.session import Store
from bot.store.tables import Fact, Person, RunRow
from bot.store.types import UtcDateTime

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
RUNS = 100_000
OWNERS = 50
FILL = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO runs (book, deal_id, put_out_on, account, stage, hosts_site, price_period, currency, owner_id,
                      created_at, next_look_on, version)
    SELECT 'hubspot', 'd' || i, :put_out, 'Account ' || i, 'open', :no, 'month', 'USD', 1 + i % :owners, :now,
           CASE WHEN i % 5000 < :owners THEN :put_out ELSE :later END, 0
    FROM n
"""
FILL_FACTS = """
    INSERT INTO facts (key, run_id, kind, at, recorded_at, source, surface, outcome)
    SELECT 'f' || id, id, 'call', :now, :now, 'hubspot', 'sync', 'no_answer' FROM runs
"""
DUE = (RunRow.owner_id == 7, RunRow.next_look_on <= TODAY)


def a_run(session: Any, **more: Any) -> int:
    values = {"book": "import", "deal_id": "1", "put_out_on": date(2026, 11, 20), "account": "Acme"}
    run = RunRow(**values | {"stage": "open", "created_at": NOW} | more)
    session.add(run)
    session.flush()
    return run.id


def fact(session: Any, run_id: int, key: str, kind: str, **more: Any) -> Fact:
    values = {"at": NOW, "recorded_at": NOW, "source": "slack", "surface": "button"} | more
    written = add_fact(session, key=key, run_id=run_id, kind=kind, **values)
    assert written is not None
    return written


def test_the_records_have_every_column() -> None:
    assert set(RunRecord._fields) == set(RunRow.__table__.columns.keys())
    assert set(FactRow._fields) == set(Fact.__table__.columns.keys())


def test_only_what_holds_reaches_the_playbook(store: Store) -> None:
    with store.write() as session:
        run_id = a_run(session, stage="negotiation", hosts_site=True, expires_on=date(2026, 12, 31))
        fact(session, run_id, "1", "call", outcome="no_answer")
        wrong = fact(session, run_id, "2", "call", outcome="connected")
        undone = fact(session, run_id, "3", "note", note="typo")
        fact(session, run_id, "4", "call", outcome="busy", supersedes_id=wrong.id)
        withdraw(session, undone, at=NOW, source="slack", surface="button")
        start = NOW + timedelta(days=2)
        booked = fact(session, run_id, "5", "appointment", starts_at=start)
        fact(session, run_id, "6", "appointment", starts_at=start, outcome="held", supersedes_id=booked.id)
        fact(session, run_id, "7", "appointment", starts_at=start + timedelta(days=1))
        fact(session, run_id, "8", "deferral", until=date(2026, 12, 1), reason="travel", note="away")
        fact(session, run_id, "9", "stage", outcome="negotiation")
        fact(session, run_id, "10", "reply")
        (loaded,) = load_runs(session, RunRow.id == run_id)
    run = to_run(loaded)
    assert (run.id, run.stage, run.hosts_site) == (str(run_id), Stage.NEGOTIATION, True)
    assert run.activities == (
        Activity(NOW, ActivityKind.CALL, "no_answer"),
        Activity(NOW, ActivityKind.CALL, "busy"),
        Activity(NOW, ActivityKind.REPLY),
    )
    assert run.appointments == (
        Appointment(start, AppointmentStatus.HELD),
        Appointment(start + timedelta(days=1), AppointmentStatus.SCHEDULED),
    )
    assert run.deferrals == (Deferral(NOW, date(2026, 12, 1)),)
    assert [row.key for row in loaded.facts] == ["1", "4", "6", "7", "8", "9", "10"]
    assert len(loaded.all_facts) == 11


def test_two_statements_however_many_runs(store: Store) -> None:
    with store.write() as session:
        for number in range(30):
            run_id = a_run(session, deal_id=str(number))
            for what in range(number % 3):
                fact(session, run_id, f"{number}.{what}", "note")
    seen: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with store.read() as session:
        loaded = load_runs(session, RunRow.gone_at.is_(None))
    assert len([sql for sql in seen if "FROM" in sql]) == 2
    assert [len(run.facts) for run in loaded] == [number % 3 for number in range(30)]


@pytest.fixture
def big_book(store: Store) -> Store:
    """100,000 runs of 50 reps, 1 % to be looked at, each with a fact."""
    values = {"last": RUNS - 1, "owners": OWNERS, "put_out": date(2026, 11, 3), "later": date(2026, 12, 9)}
    times = bindparam("now", type_=UtcDateTime())
    with store.write() as session:
        people = [
            {"email": f"r{n}@x.test", "name": f"R{n}", "tz": "UTC", "active": True} for n in range(OWNERS)
        ]
        session.execute(insert(Person), people)
        session.execute(text(FILL).bindparams(times), values | {"no": False, "now": NOW})
        session.execute(text(FILL_FACTS).bindparams(times), {"now": NOW})
    with store.write() as session:
        session.execute(text("ANALYZE"))
    return store


def test_a_morning_reads_by_index(big_book: Store, plan: Any) -> None:
    with big_book.read() as session:
        runs, facts = plan(session, runs_query(*DUE)), plan(session, facts_query(*DUE))
        for steps in (runs, facts):
            assert "ix_runs_owner_id_next_look_on" in steps
            assert not any(word in steps for word in ("SCAN", "Seq Scan", "TEMP B-TREE")), steps
        assert "ix_facts_run_id" in facts
        began = time.process_time()
        loaded = load_runs(session, *DUE)
        assert time.process_time() - began < 1
    assert len(loaded) == RUNS / 100 / OWNERS
    assert {len(run.facts) for run in loaded} == {1}

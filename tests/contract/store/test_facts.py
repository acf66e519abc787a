"""Facts: each happening once, each superseded once, whoever races."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.store.errors import AlreadySuperseded
from bot.store.facts import add_fact, lock_run, withdraw
from bot.store.received import first_time, forget
from bot.store.session import Store
from bot.store.tables import Fact, Received, RunRow


@pytest.fixture
def run_id(store: Store, clock: Any) -> int:
    with store.write() as session:
        run = RunRow(
            book="import",
            deal_id="1",
            put_out_on=date(2026, 11, 20),
            account="Acme",
            stage="open",
            created_at=clock.now(),
        )
        session.add(run)
        session.flush()
        return run.id


def call(session: Any, clock: Any, run_id: int, key: str, **more: Any) -> Fact | None:
    times = {"at": clock.now(), "recorded_at": clock.now()}
    return add_fact(
        session, key=key, run_id=run_id, kind="call", source="slack", surface="button", **times, **more
    )


def test_the_same_happening_is_written_once(store: Store, clock: Any, run_id: int) -> None:
    with store.write() as session:
        fact = call(session, clock, run_id, "click:1", outcome="no_answer")
        assert fact is not None
        assert (fact.outcome, fact.at) == ("no_answer", clock.now())
        assert call(session, clock, run_id, "click:1") is None
    with store.write() as session:
        assert call(session, clock, run_id, "click:1", supersedes_id=fact.id) is None


def test_an_undo_keeps_the_fact_and_is_done_once(store: Store, clock: Any, run_id: int) -> None:
    with store.write() as session:
        fact = call(session, clock, run_id, "click:1")
        assert fact is not None
        undo = withdraw(session, fact, at=clock.now(), source="slack", surface="button")
        assert (undo.kind, undo.supersedes_id, undo.run_id) == ("withdrawn", fact.id, run_id)
        with pytest.raises(AlreadySuperseded) as lost:
            withdraw(session, fact, at=clock.now(), source="slack", surface="button")
        assert (lost.value.fact_id, lost.value.by) == (fact.id, undo.id)
        with pytest.raises(AlreadySuperseded):
            call(session, clock, run_id, "correction", supersedes_id=fact.id)
        # The transaction of the one who came too late goes on.
        assert call(session, clock, run_id, "click:2") is not None
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == 3


def test_twenty_corrections_at_once_have_one_winner(store: Store, clock: Any, run_id: int) -> None:
    with store.write() as session:
        fact = call(session, clock, run_id, "click:1")
        assert fact is not None
    heard: list[str] = []

    def correct(number: int) -> None:
        try:
            with store.write() as session:
                call(session, clock, run_id, f"correction:{number}", supersedes_id=fact.id)
            heard.append("won")
        except AlreadySuperseded:
            heard.append("lost")

    in_parallel(correct)
    assert sorted(heard) == ["lost"] * 19 + ["won"]


def test_twenty_deliveries_of_one_click_write_one_fact(store: Store, clock: Any, run_id: int) -> None:
    firsts: list[bool] = []
    facts: list[bool] = []

    def click(_number: int) -> None:
        with store.write() as session:
            firsts.append(first_time(session, "trigger:1", clock.elapsed()))
            facts.append(call(session, clock, run_id, "click:1") is not None)

    in_parallel(click)
    assert (sum(firsts), sum(facts)) == (1, 1)


def test_a_locked_run_is_as_the_one_before_left_it(store: Store, clock: Any, run_id: int) -> None:
    def log(_number: int) -> None:
        with store.write() as session:
            session.get(RunRow, run_id)  # what was read before the lock does not count
            run = lock_run(session, run_id)
            assert run is not None
            run.version += 1

    in_parallel(log)
    with store.write() as session:
        run = lock_run(session, run_id)
        assert run is not None
        assert run.version == 20
        assert lock_run(session, 999) is None


def test_a_key_rolled_back_is_new_again(store: Store, clock: Any) -> None:
    with pytest.raises(KeyError), store.write() as session:
        assert first_time(session, "event:1", clock.elapsed())
        raise KeyError
    with store.write() as session:
        assert first_time(session, "event:1", clock.elapsed())
        assert not first_time(session, "event:1", clock.elapsed())


def test_old_keys_are_forgotten(store: Store, clock: Any) -> None:
    with store.write() as session:
        first_time(session, "old", clock.elapsed() - timedelta(days=2))
        first_time(session, "new", clock.elapsed())
        assert forget(session, clock.elapsed() - timedelta(days=1)) == 1
        assert list(session.scalars(select(Received.key))) == ["new"]


def in_parallel(what: Any) -> None:
    threads = [threading.Thread(target=what, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

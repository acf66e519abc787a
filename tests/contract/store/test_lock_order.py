"""Transactions that need several rows stand in nobody's way for ever, and read nothing that is about to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.config import Config
from bot.playbook.policy import load_policy
from bot.services.acts.acting import Click, TouchAt
from bot.services.acts.defer import defer
from bot.services.acts.leave import take_leave
from bot.services.acts.log_touch import log_note
from bot.services.acts.not_taken import close_contests, drop_entry, keep_theirs, leave_at_that
from bot.services.acts.reminders import send_reminders
from bot.services.day.morning import send_mornings
from bot.services.errors import StaleTouch
from bot.services.incoming.apply import follow_up
from bot.services.incoming.runs import runs_of
from bot.services.outgoing.returned import DEAL_DELETED, send_what_waited
from bot.services.people.roles import Who
from bot.services.runs.go_live import approve
from bot.services.runs.looking import look_at_all
from bot.services.sync_cursor import Cursor
from bot.services.sync_state import SyncState, save_state
from bot.services.work import Work
from bot.store.facts import lock_run, lock_runs
from bot.store.session import Store
from bot.store.tables import CrmMark, Fact, MessageRun, OutboxRow, Person, Reminder, RunChange, RunRow
from tests.racing import race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
MONDAY, TODAY = date(2026, 11, 23), date(2026, 11, 24)
ANA = Who("T1", "UANA")


@pytest.fixture
def ours(store: Store, clock: Any) -> Work:
    """Ana's two accounts; the later one was put out first."""
    clock.set(NOW)
    work = Work(store, clock, Config(), load_policy(), deal_url=lambda _: None)
    with store.write() as session:
        save_state(session, SyncState(cursors={"deals": Cursor()}))  # the book was read once
        session.add(
            Person(email="ana@example.com", name="Ana", tz="UTC", slack_team_id="T1", slack_user_id="UANA",
                   crm_owner_id="7")
        )  # fmt: skip
        session.flush()
        for name, put_out_on in (("a", TODAY), ("b", MONDAY)):
            session.add(
                RunRow(book="hubspot", deal_id=name, account=name, put_out_on=put_out_on, owner_id=1,
                       crm_owner_id="7", stage="open", next_look_on=MONDAY, created_at=NOW - timedelta(days=9))
            )  # fmt: skip
            session.flush()
    approve(work, MONDAY, "admin", NOW)
    return work


@pytest.fixture
def theirs(ours: Work) -> Iterator[Work]:
    store = Store(ours.store.url)
    yield replace(ours, store=store)
    store.close()


def _note(work: Work, run_id: int = 1, key: str = "k1") -> None:
    log_note(work, Click(ANA, key, "form"), TouchAt(run_id, None, TODAY), "hello")


def test_the_deals_of_a_page_and_other_runs_are_locked_in_one_order(ours: Work, theirs: Work) -> None:
    """Deals are told apart by put-out date, activities and erasing by run."""

    def deals(work: Work) -> int:
        with work.store.write() as session:
            return len(runs_of(session, ["a", "b"]))

    def runs(work: Work) -> int:
        with work.store.write() as session:
            return len(lock_runs(session, {2, 1}))

    one, two = race(ours, theirs, runs, deals)
    assert (one.result(), two.result()) == (2, 2)
    one, two = race(ours, theirs, deals, runs)
    assert (one.result(), two.result()) == (2, 2)


def test_the_morning_opens_while_a_page_of_deals_is_written(ours: Work, theirs: Work) -> None:
    """What a message shows only names the runs: nobody waits for that."""

    def page(work: Work) -> None:
        with work.store.write() as session:
            for deal in ("a", "b"):
                (run,) = runs_of(session, [deal])[deal]
                run.version += 1
                session.flush()

    one, two = race(ours, theirs, page, send_mornings, after="UPDATE runs")
    one.result()
    assert two.result() == 1
    with ours.store.read() as session:
        assert sorted(session.scalars(select(MessageRun.run_id))) == [1, 2]


def test_leave_is_entered_while_somebody_acts_on_one_of_their_accounts(ours: Work, theirs: Work) -> None:
    week = date(2026, 11, 24), date(2026, 11, 30)
    one, two = race(
        ours,
        theirs,
        _note,
        lambda work: take_leave(work, Click(ANA, "k2", "form"), *week, cover_id=None),
        after="FROM runs",  # it has the run, and not yet written who it was
    )
    one.result(), two.result()
    _assert_index_is_true(ours)


def test_a_fact_that_is_being_written_is_seen_by_who_looks_at_all(ours: Work, theirs: Work) -> None:
    """A stale answer would hide the account from its morning for weeks."""

    def put_off(work: Work) -> None:
        at = TouchAt(1, None, TODAY)
        defer(work, Click(ANA, "k1", "form"), at, reason="other", note="Away", until=date(2026, 12, 9))

    def look(work: Work) -> None:
        look_at_all(work, NOW)

    one, two = race(ours, theirs, put_off, look)
    one.result(), two.result()
    with ours.store.read() as session:
        assert session.get_one(RunRow, 1).next_look_on == date(2026, 12, 9)
    _assert_index_is_true(ours)


def test_what_follows_from_a_reading_follows_from_what_is_written_meanwhile_too(
    ours: Work, theirs: Work
) -> None:
    def follow(work: Work) -> None:
        with work.store.write() as session:
            session.get_one(RunRow, 1)  # as it was before
            follow_up(work, session, [1])

    one, two = race(ours, theirs, _note, follow)
    one.result(), two.result()
    with ours.store.read() as session:
        assert session.get_one(RunRow, 1).version == 2


def test_a_contest_is_decided_the_moment_it_closes_by_itself(ours: Work, theirs: Work) -> None:
    _set_aside(ours, contested=True)
    one, two = race(
        ours, theirs, close_contests, lambda work: keep_theirs(work, Click(ANA, "k1", "button"), 1),
        after="FOR UPDATE OF outbox",
    )  # fmt: skip
    assert one.result() == 1
    assert isinstance(two.exception(), StaleTouch)
    _assert_decided_once(ours)


def test_a_contest_closes_by_itself_the_moment_somebody_decides_it(ours: Work, theirs: Work) -> None:
    _set_aside(ours, contested=True)
    one, two = race(
        ours, theirs, lambda work: keep_theirs(work, Click(ANA, "k1", "button"), 1), close_contests
    )
    one.result()
    assert two.result() == 0
    _assert_decided_once(ours)


def test_two_processes_close_contests_at_once(ours: Work, theirs: Work) -> None:
    _set_aside(ours, contested=True)
    one, two = race(ours, theirs, close_contests, close_contests)
    assert sorted((one.result(), two.result())) == [0, 1]
    _assert_decided_once(ours)


def test_an_entry_is_dropped_on_two_devices_at_once(ours: Work, theirs: Work) -> None:
    _set_aside(ours, contested=False)
    one, two = race(
        ours,
        theirs,
        lambda work: drop_entry(work, Click(ANA, "phone", "button"), 1),
        lambda work: drop_entry(work, Click(ANA, "desk", "button"), 1),
    )
    one.result()
    assert isinstance(two.exception(), StaleTouch)
    with ours.store.read() as session:
        assert len(session.scalars(select(RunChange)).all()) == 1


def test_hubspots_value_that_a_pass_is_reading_is_read_once_more_after_it_was_kept(
    ours: Work, theirs: Work
) -> None:
    _set_aside(ours, contested=True)
    with ours.store.write() as session:
        session.add(CrmMark(object_type="deals", object_id="a", times=1))  # a pass has it in hand
    keep_theirs(ours, Click(ANA, "k1", "button"), 1)
    with ours.store.read() as session:
        assert session.scalars(select(CrmMark.times)).all() == [2]


def test_two_processes_send_the_same_reminders(ours: Work, theirs: Work) -> None:
    with ours.store.write() as session:
        session.add_all(Reminder(person_id=1, run_id=run_id, due_at=NOW) for run_id in (1, 2))
    one, two = race(ours, theirs, send_reminders, send_reminders, after="UPDATE reminders")
    assert one.result() + two.result() == 2


def test_a_run_that_is_locked_can_be_named_by_others(ours: Work, theirs: Work) -> None:
    def name_it(work: Work) -> None:
        with work.store.write() as session:
            session.add(RunChange(run_id=1, field="task", old=None, new="x", at=NOW, source="system"))

    finished: list[bool] = []

    def named(work: Work) -> None:
        name_it(work)
        finished.append(True)

    with ours.store.write() as session:
        assert lock_run(session, 1) is not None
        named(theirs)  # would wait for ever, were it kept out
    assert finished == [True]


def test_an_entry_that_an_admin_drops_the_moment_its_deal_is_back_is_not_sent(
    ours: Work, theirs: Work
) -> None:
    _set_aside(ours, contested=False)
    with ours.store.write() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.fact_id == 1)).one()
        row.kind, row.reason = "activity", DEAL_DELETED

    def deal_is_back(work: Work) -> None:
        with work.store.write() as session:
            send_what_waited(session, [1], work.elapsed())

    one, two = race(ours, theirs, lambda work: leave_at_that(work, row.id, "sold"), deal_is_back)
    assert one.result()
    two.result()
    with ours.store.read() as session:
        assert session.get_one(OutboxRow, row.id).state == "dropped"


def _set_aside(work: Work, *, contested: bool) -> None:
    """A stage move of Ana's that HubSpot did not take two days ago, because somebody had moved it there."""
    theirs = {"contest": {"type": "deals", "id": "a", "said": {}, "raw": {}}} if contested else {}
    before = work.elapsed() - timedelta(days=2)
    with work.store.write() as session:
        session.add(
            Fact(key="k0", run_id=1, kind="stage", outcome="negotiation", at=NOW, recorded_at=NOW,
                 source="slack", surface="button", actor_id=1)
        )  # fmt: skip
        session.flush()
        session.add(
            OutboxRow(service="hubspot", kind="deal_update", recipient="fact:1", slot="1", target="deal:a",
                      state="dead", payload={}, result=theirs, fact_id=1, created_at=NOW, next_try_at=before,
                      settled_at=before, reason="Somebody moved it")
        )  # fmt: skip


def _assert_index_is_true(work: Work) -> None:
    """Nobody else is at work by now: made anew, the index of next looks is the same."""
    with work.store.read() as session:
        looks = session.execute(select(RunRow.id, RunRow.next_look_on).order_by(RunRow.id)).all()
    look_at_all(work, NOW)
    with work.store.read() as session:
        assert session.execute(select(RunRow.id, RunRow.next_look_on).order_by(RunRow.id)).all() == looks


def _assert_decided_once(work: Work) -> None:
    with work.store.read() as session:
        assert session.scalars(select(OutboxRow.state).where(OutboxRow.fact_id == 1)).all() == ["dropped"]
        assert len(session.scalars(select(RunChange)).all()) == 1

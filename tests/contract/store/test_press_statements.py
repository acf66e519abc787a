"""What a press costs the database before it is acknowledged, and that the short way comes to the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.config import Config
from bot.playbook.policy import load_policy
from bot.services.acts.acting import Click, TouchAt, acting
from bot.services.acts.log_touch import log_call
from bot.services.acts.record import NewFact
from bot.services.outgoing.messages import open_message
from bot.services.outgoing.notices import tell
from bot.services.outgoing.redraws import Pressed, redraw_message
from bot.services.people.roles import Who
from bot.services.ports import TryAgain
from bot.services.runs.looking import look_at_all
from bot.services.work import Work
from bot.store.book import load_run, load_runs
from bot.store.outbox import claim, settle
from bot.store.session import Store
from bot.store.tables import Fact, Message, MessageRun, OutboxRow, Person, RunRow
from tests.statements import statements

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
ANA = Who("T1", "UANA")


@pytest.fixture
def work(store: Store, clock: Any) -> Work:
    """Ana has one account, put out yesterday, and her list with it."""
    clock.set(NOW)
    made = Work(store, clock, Config(), load_policy(), deal_url=lambda _: None)
    with store.write() as session:
        session.add(
            Person(id=1, email="a@x.test", name="Ana", tz="UTC", slack_team_id="T1", slack_user_id="UANA",
                   crm_owner_id="7")
        )  # fmt: skip
        session.flush()
        session.add(
            RunRow(id=1, book="hubspot", deal_id="d1", account="Acme", put_out_on=date(2026, 11, 23), owner_id=1,
                   stage="open", next_look_on=date(2026, 11, 23), created_at=NOW - timedelta(days=1))
        )  # fmt: skip
        session.flush()
        digest = {
            "kind": "digest",
            "recipient": "person:1",
            "slot": "2026-11-24",
            "channel": "D1",
            "ts": "1.0",
        }
        session.add(Message(person_id=1, on=NOW.date(), **digest))
        session.flush()
        session.add(MessageRun(message_id=1, run_id=1, place=0))
    return made


@pytest.mark.parametrize("notes", [0, 60])
def test_a_press_takes_as_many_statements_for_any_history(work: Work, notes: int) -> None:
    with work.store.write() as session:
        told = {
            "run_id": 1,
            "kind": "note",
            "at": NOW,
            "recorded_at": NOW,
            "source": "hubspot",
            "surface": "sync",
        }
        session.add_all(Fact(key=f"n{number}", **told) for number in range(notes))
    with statements(work.store) as seen:
        logged = log_call(
            work, Click(ANA, "k1", "button"), TouchAt(1, "opening_call", NOW.date()), "no_answer"
        )
    assert len(logged.fact_ids) == 1
    # The run (locked), who presses, leave, the facts; the key, the fact (and it read back), the row for
    # HubSpot, the run's version and next look, the messages, a redraw that waits already, the redraw.
    assert len(seen) == 12, seen


def test_what_is_reckoned_without_reading_again_is_what_is_stored(work: Work, clock: Any) -> None:
    until = NOW.date() + timedelta(days=9)
    with acting(work, Click(ANA, "k1", "form"), 1, "test") as desk:
        desk.write(NewFact("call", outcome="no_answer"), NewFact("deferral", until=until, note="Away."))
    clock.set(NOW + timedelta(minutes=1))
    with acting(work, Click(ANA, "k2", "form"), 1, "test") as desk:
        desk.write(NewFact("reply", reason="email"), NewFact("stage", outcome="negotiation"))
    with work.store.write() as session:
        (told,) = load_runs(session)
        assert load_run(session, session.get_one(RunRow, 1)) == told
        look = told.row.next_look_on
    look_at_all(work, work.now())
    with work.store.read() as session:
        assert session.get_one(RunRow, 1).next_look_on == look
        # The reply ended the deferral, and was seen to in the same breath.
        assert session.scalar(select(OutboxRow.id).where(OutboxRow.kind == "task_complete")) is not None


def test_a_stale_press_is_answered_in_one_transaction(work: Work) -> None:
    commits: list[object] = []
    event.listen(work.store.engine, "commit", lambda connection: commits.append(connection))
    pressed = Pressed(1, "D1", "1.0", "https://hooks.slack.com/actions/1")
    tell(work, ANA, "D1", "Already logged.", "k1", pressed)
    assert len(commits) == 1
    with work.store.read() as session:
        rows = session.execute(select(OutboxRow.kind, OutboxRow.payload).order_by(OutboxRow.id)).all()
    assert [row.kind for row in rows] == ["ephemeral", "redraw"]
    assert rows[1].payload["message_id"] == 1


def test_a_redraw_that_slack_puts_off_holds_up_no_morning(work: Work, clock: Any) -> None:
    log_call(work, Click(ANA, "k1", "button"), TouchAt(1, "opening_call", NOW.date()), "no_answer")
    (redraw,) = claim(work.store, "slack", clock)
    settle(work.store, redraw, TryAgain("ratelimited", timedelta(seconds=60), "target"), clock)
    with work.store.write() as session:
        message = open_message(
            work, session, kind="digest", recipient="person:1", slot="2026-11-25", on=NOW.date(), run_ids=[1]
        )
        assert message is not None
        redraw_message(work, session, message)  # not posted yet: this one follows its post
    assert [parcel.kind for parcel in claim(work.store, "slack", clock, limit=5)] == ["digest"]

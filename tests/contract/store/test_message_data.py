"""What is kept with a message is changed by one act after the other: none writes over what another has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.config import Config
from bot.plain_words.as_data import to_data
from bot.plain_words.reading import Remind
from bot.playbook.policy import load_policy
from bot.services.acts.acting import Click
from bot.services.outgoing.messages import note_press
from bot.services.outgoing.redraws import Pressed
from bot.services.outgoing.said import erase_what_was_said
from bot.services.people.roles import Who
from bot.services.words.questions import went_on
from bot.services.words.read_back import READ_BACK, choose_said
from bot.services.work import Work
from bot.store.session import Store
from bot.store.tables import Message, MessageRun, Person, RunRow
from tests.racing import race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANA = Who("T1", "UANA")


@pytest.fixture
def ours(store: Store, clock: Any) -> Work:
    """Ana was asked, in a message that only she sees, what she meant."""
    clock.set(NOW)
    with store.write() as session:
        session.add(
            Person(email="ana@example.com", name="Ana", tz="UTC", slack_team_id="T1", slack_user_id="UANA")
        )
        session.add(
            RunRow(book="hubspot", deal_id="a", account="Acme", put_out_on=date(2026, 11, 24), owner_id=1,
                   stage="open", created_at=NOW)
        )  # fmt: skip
        session.flush()
        choice = to_data(Remind(run_id=1, at=NOW.replace(hour=15)))
        data = {"choices": [choice, choice], "what": "which", "words": "her boss", "text": "ask her boss",
                "channel": "C1", "private": True}  # fmt: skip
        session.add(
            Message(kind=READ_BACK, recipient="person:1", slot="m1", person_id=1, on=NOW.date(), data=data)
        )
        session.flush()
        session.add(MessageRun(message_id=1, run_id=1, place=0))
    return Work(store, clock, Config(), load_policy(), deal_url=lambda _: None)


@pytest.fixture
def theirs(ours: Work) -> Iterator[Work]:
    store = Store(ours.store.url)
    yield replace(ours, store=store)
    store.close()


def _choose(work: Work) -> None:
    choose_said(work, Click(ANA, "k1", "button"), 1, 1)


def _erase(work: Work) -> None:
    with work.store.write() as session:
        erase_what_was_said(session, [1])


@pytest.mark.parametrize("first, second", [(_choose, _erase), (_erase, _choose)])
def test_words_that_are_erased_do_not_come_back_with_a_press(
    ours: Work, theirs: Work, first: Any, second: Any
) -> None:
    one, two = race(ours, theirs, first, second)
    one.result(), two.result()
    data = _data(ours)
    assert (data["text"], data["words"], data["chosen"]) == ("", "", 1)


def test_a_press_and_words_at_once_are_both_kept(ours: Work, theirs: Work) -> None:
    pressed = Pressed(1, "C1", None, "https://hooks.example/1")
    one, two = race(
        ours,
        theirs,
        lambda work: went_on(work, Click(ANA, "k2", "message"), 1),
        lambda work: note_press(work, ANA, pressed),
    )
    one.result(), two.result()
    data = _data(ours)
    assert data["over"] is not None and data["last_press"] == "https://hooks.example/1"


def _data(work: Work) -> dict[str, Any]:
    with work.store.read() as session:
        return session.get_one(Message, 1).data

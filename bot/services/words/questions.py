"""The question that is open: what a person was asked or read back last in one place, and until when.

It is kept with the message that asks, per person, conversation and thread. It ends after a quarter of an hour of
elapsed time, with the person's local day, when it is answered, and when something else is understood there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plain_words.answers import Question
from bot.plain_words.as_data import from_data
from bot.services.acts.acting import Click
from bot.services.outgoing.messages import locked_message
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.roles import known_person
from bot.services.words.read_back import READ_BACK
from bot.services.work import Work, local_date
from bot.store.tables import Message, Person

STAYS_OPEN: Final = timedelta(minutes=15)
# What was said to one person lately in all places: more is not looked through.
MOST_LOOKED_AT: Final = 50
ANSWERED, EDITED, DELETED = "answered", "edited", "deleted"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question of ours that waits for an answer, and the message that asks it."""

    message_id: int
    question: Question


def question_waiting(
    work: Work, session: Session, click: Click, channel: str, thread_ts: str | None
) -> Waiting | None:
    """What the person was asked last in this place, while that is open. Raises UnknownPerson.

    An event that Slack delivers again finds the question that it answered the first time.
    """
    person = known_person(session, click.who)
    for message in _lately(work, session, person):
        data = message.data
        if (data["channel"], data.get("thread_ts")) != (channel, thread_ts):
            continue
        if message.slot == click.key[-64:]:
            continue  # this very event has asked it
        return _waiting(message) if _is_open(work, message, click) else None
    return None


def stop_waiting(work: Work, click: Click, channel: str, thread_ts: str | None) -> None:
    """Something else was understood here: short answers no longer mean what was asked; its buttons still do."""
    with work.store.write() as session:
        waiting = question_waiting(work, session, click, channel, thread_ts)
        if waiting is not None:
            message = locked_message(session, waiting.message_id)
            if message is not None:
                message.data = message.data | {"left_by": click.key}


def went_on(work: Work, click: Click, message_id: int, how: str = ANSWERED) -> None:
    """The person went on in words from this message: its buttons are gone."""
    with work.store.write() as session:
        message = locked_message(session, message_id)
        if message is None:
            return
        if message.data.get("settled_by") is None and message.data.get("over") is None:
            message.data = message.data | {"over": how, "left_by": click.key}
            if message.ts is not None:
                redraw_message(work, session, message)
    work.wake()


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """What became of the words that a person wrote: the message that read them back or asked about them.

    `over`: it was logged from there, or the person went on in words.
    """

    message_id: int
    over: bool


def read_from(work: Work, click: Click, channel: str, said_ts: str) -> ReadFrom | None:
    """The read-back of a person's message of today, by that message's `ts`. Raises UnknownPerson."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        for message in _lately(work, session, person):
            if (message.data["channel"], message.data.get("said_ts")) == (channel, said_ts):
                done = (message.data.get("settled_by"), message.data.get("over"), message.data.get("chosen"))
                return ReadFrom(message.id, any(one is not None for one in done))
    return None


def _lately(work: Work, session: Session, person: Person) -> list[Message]:
    today = local_date(work.now(), person.tz)
    newest = (
        select(Message)
        .where(Message.person_id == person.id, Message.kind == READ_BACK, Message.on == today)
        .order_by(Message.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    return list(session.scalars(newest))


def _is_open(work: Work, message: Message, click: Click) -> bool:
    data = message.data
    closed_by = data.get("settled_by") or data.get("left_by")
    if closed_by is not None:
        return bool(closed_by == click.key)
    asked_at = data.get("asked_at")  # a message of before this was kept has none
    return asked_at is not None and work.elapsed() - datetime.fromisoformat(asked_at) <= STAYS_OPEN


def _waiting(message: Message) -> Waiting:
    data = message.data
    choices = tuple(from_data(choice) for choice in data["choices"])
    chosen = data.get("chosen")
    what = data["what"] if chosen is None else None
    choices = choices if chosen is None else (choices[chosen],)
    clear = data.get("run_id") if chosen is None else choices[0].run_id
    return Waiting(message.id, Question(what, choices, str(data["text"]), clear))

"""What a person wrote to us, read against their own book, their calendar and the thread they wrote in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plain_words.answers import Answered, answered
from bot.plain_words.reader import read
from bot.plain_words.reading import Account, Reading
from bot.playbook.calendar import WorkCalendar
from bot.services.acts.acting import Click
from bot.services.people.calendars import Calendars
from bot.services.people.roles import known_person
from bot.services.showing.search import Hit, workable
from bot.services.words.questions import question_waiting
from bot.services.work import Work, local_date
from bot.store.tables import Fact, Message, MessageRun, Person, RunRow

# An account is not looked for in a thread that shows more of them than can be asked about.
MOST_IN_THREAD = 5
MOST_ANSWERS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Understood:
    """The reading of a text at `now` (in the person's zone)."""

    text: str
    reading: Reading
    now: datetime


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """An answer to the question that the message `message_id` asks."""

    message_id: int
    said: Answered
    now: datetime


def understand(work: Work, click: Click, text: str, channel: str, thread_ts: str | None) -> Understood:
    """Read a text of a person. Raises UnknownPerson."""
    with work.store.read() as session:
        reader = _Reader.of(work, session, click, channel, thread_ts)
    reading = read(text, reader.accounts, now=reader.now, calendar=reader.calendar, thread=reader.shown)
    return Understood(text, reading, reader.now)


def understand_answer(
    work: Work, click: Click, text: str, channel: str, thread_ts: str | None
) -> AnswerTo | None:
    """Read a text as the answer to what is open in this place; None where nothing is, or the text is none.

    Raises UnknownPerson.
    """
    with work.store.read() as session:
        waiting = question_waiting(work, session, click, channel, thread_ts)
        if waiting is None:
            return None
        reader = _Reader.of(work, session, click, channel, thread_ts)
    mine = {account.run_id for account in reader.accounts}
    question = waiting.question
    if any(choice.run_id not in mine for choice in question.choices if choice.run_id is not None):
        return None  # an account that was asked about has left the person's book meanwhile
    said = answered(
        question, text, reader.accounts, now=reader.now, calendar=reader.calendar, thread=reader.shown
    )
    return None if said is None else AnswerTo(waiting.message_id, said, reader.now)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a person's words are read against: their book, calendar and thread; `now` in their zone."""

    accounts: list[Account]
    calendar: WorkCalendar
    now: datetime
    shown: list[int]

    @classmethod
    def of(cls, work: Work, session: Session, click: Click, channel: str, thread_ts: str | None) -> _Reader:
        person = known_person(session, click.who)
        hits = workable(work, session, person)
        calendar = Calendars(session, work.config, work.now()).of(person)
        contacts = _contacts(session, [hit.run_id for hit in hits])
        accounts = [Account(hit.run_id, hit.account, contacts.get(hit.run_id)) for hit in hits]
        shown = _shown_in(work, session, person, channel, thread_ts, hits)
        return cls(accounts, calendar, work.now().astimezone(calendar.tz), shown)


def last_logged_run(work: Work, click: Click) -> int | None:
    """The run on which the person logged something last, today; None when there is nothing to take back."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        calendar = Calendars(session, work.config, work.now()).of(person)
        superseded = select(Fact.supersedes_id).where(Fact.supersedes_id.is_not(None))
        last = session.scalar(
            select(Fact)
            .join(RunRow, RunRow.id == Fact.run_id)
            .where(
                Fact.actor_id == person.id,
                Fact.source == "slack",
                Fact.kind != "withdrawn",
                Fact.id.not_in(superseded),
                RunRow.gone_at.is_(None),
            )
            .order_by(Fact.id.desc())
            .limit(1)
        )
        if last is None or calendar.local_date(last.recorded_at) != calendar.local_date(work.now()):
            return None
        return last.run_id


def _contacts(session: Session, run_ids: list[int]) -> dict[int, str]:
    """The person at each account, who may be named instead of it."""
    named = select(RunRow.id, RunRow.contact_name).where(RunRow.contact_name.is_not(None))
    wanted = set(run_ids)
    return {row.id: row.contact_name for row in session.execute(named) if row.id in wanted}


def _shown_in(
    work: Work, session: Session, person: Person, channel: str, thread_ts: str | None, hits: list[Hit]
) -> list[int]:
    """The accounts of the message in whose thread this is; only those that the person may work.

    Where the person began the thread, those of our newest answer in it.
    """
    if thread_ts is None:
        return []
    root = session.scalar(select(Message.id).where(Message.channel == channel, Message.ts == thread_ts))
    wanted = root if root is not None else _last_in_thread(work, session, person, channel, thread_ts)
    mine = {hit.run_id for hit in hits}
    rows = session.scalars(
        select(MessageRun.run_id).where(MessageRun.message_id == wanted).order_by(MessageRun.place)
    )
    shown = [run_id for run_id in rows if run_id in mine]
    return shown if len(shown) <= MOST_IN_THREAD else []


def _last_in_thread(work: Work, session: Session, person: Person, channel: str, thread_ts: str) -> int | None:
    """Our newest answer of today that speaks of an account, in a thread that the person began."""
    today = local_date(work.now(), person.tz)
    speaking = select(MessageRun.message_id)
    newest = (
        select(Message)
        .where(Message.person_id == person.id, Message.on == today, Message.id.in_(speaking))
        .order_by(Message.id.desc())
        .limit(MOST_ANSWERS_LOOKED_AT)
    )
    here = (channel, thread_ts)
    return next(
        (one.id for one in session.scalars(newest) if (one.channel, one.data.get("thread_ts")) == here), None
    )

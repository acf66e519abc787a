"""What a person wrote to us, read against their own book, their calendar and the thread they wrote in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plain_words.reader import read
from bot.plain_words.reading import Account, Reading
from bot.services.acting import Click
from bot.services.calendars import Calendars
from bot.services.roles import known_person
from bot.services.search import Hit, workable
from bot.services.work import Work
from bot.store.tables import Fact, Message, MessageRun, RunRow

# An account is not looked for in a thread that shows more of them than can be asked about.
MOST_IN_THREAD = 5


@dataclass(frozen=True, slots=True)
class Understood:
    """The reading of a text at `now` (in the person's zone)."""

    text: str
    reading: Reading
    now: datetime


def understand(work: Work, click: Click, text: str, channel: str, thread_ts: str | None) -> Understood:
    """Read a text of a person. Raises UnknownPerson."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        hits = workable(work, session, person)
        calendar = Calendars(session, work.config, work.now()).of(person)
        now = work.now().astimezone(calendar.tz)
        shown = _shown_in(session, channel, thread_ts, hits)
        contacts = _contacts(session, [hit.run_id for hit in hits])
    accounts = [Account(hit.run_id, hit.account, contacts.get(hit.run_id)) for hit in hits]
    return Understood(text, read(text, accounts, now=now, calendar=calendar, thread=shown), now)


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


def _shown_in(session: Session, channel: str, thread_ts: str | None, hits: list[Hit]) -> list[int]:
    """The accounts of the message in whose thread this is; only those that the person may work."""
    if thread_ts is None:
        return []
    mine = {hit.run_id for hit in hits}
    rows = session.scalars(
        select(MessageRun.run_id)
        .join(Message, Message.id == MessageRun.message_id)
        .where(Message.channel == channel, Message.ts == thread_ts)
        .order_by(MessageRun.place)
    )
    shown = [run_id for run_id in rows if run_id in mine]
    return shown if len(shown) <= MOST_IN_THREAD else []

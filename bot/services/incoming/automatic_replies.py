"""Automatic answers of customers who are away: kept once for each email, then read for the date (PLAYBOOK 6).

Nothing follows from one but a proposal: a person decides on the deferral. What a customer wrote is read once, only
of these emails, and never logged.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plain_words.automatic_replies import read_away
from bot.services.crm import CrmActivity, CrmReader, EmailText
from bot.services.incoming.apply import follow_up
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import Reading
from bot.services.incoming.scope import batches
from bot.services.people.calendars import Calendars
from bot.services.runs.run_details import read_contacts
from bot.services.work import Work
from bot.store.tables import AutomaticReply, Person, RunRow

# An older answer proposes nothing any more: whoever imports a book is not asked about last year's holidays.
LATELY = timedelta(days=31)


def keep_answer(session: Session, run: RunRow, activity: CrmActivity, reading: Reading) -> None:
    """Keep that it came; the same email is kept once, whatever becomes of it."""
    known = select(AutomaticReply.id).where(AutomaticReply.object_id == activity.id)
    if activity.at < reading.now - LATELY or session.scalar(known) is not None:
        return
    session.add(AutomaticReply(run_id=run.id, object_id=activity.id, at=activity.at))


def forget_answer(session: Session, object_id: str) -> int | None:
    """The email was deleted: nothing is proposed because of it. Answers its run."""
    kept = session.scalar(select(AutomaticReply).where(AutomaticReply.object_id == object_id))
    if kept is None:
        return None
    session.delete(kept)
    return kept.run_id


def read_answers(work: Work, crm: CrmReader, reading: Reading, report: SyncReport) -> None:
    """Read what those say that came since. Raises CrmError; what was not read is read by the next pass."""
    unread = select(AutomaticReply.object_id).where(
        AutomaticReply.read_at.is_(None), AutomaticReply.at >= reading.now - LATELY
    )
    with work.store.read() as session:
        ids = list(session.scalars(unread.order_by(AutomaticReply.at, AutomaticReply.id)))
    for some in batches(ids):
        texts = crm.email_texts(some)
        with work.store.write() as session:
            calendars = Calendars(session, work.config, work.now())
            runs: set[int] = set()
            for reply in session.scalars(select(AutomaticReply).where(AutomaticReply.object_id.in_(some))):
                if reply.object_id not in texts:  # deleted meanwhile
                    session.delete(reply)
                    continue
                _read(session, calendars, reply, texts[reply.object_id], reading)
                runs.add(reply.run_id)
                report.away += 1
            follow_up(work, session, runs)


def _read(
    session: Session, calendars: Calendars, reply: AutomaticReply, email: EmailText, reading: Reading
) -> None:
    run = session.get_one(RunRow, reply.run_id)
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    said = read_away(email.subject, email.text, calendars.of(owner).local_date(reply.at))
    reply.read_at = reading.now
    reply.sender = _sender(session, run, email)
    reply.quote = said.quote
    reply.says, reply.day, reply.sure = said.says, said.day, said.sure


def _sender(session: Session, run: RunRow, email: EmailText) -> str:
    """Who is away: the contact with that address, else the name or address that HubSpot has."""
    contacts = [(run.contact_email, run.contact_name)]
    contacts += [(one.email, one.name) for one in read_contacts(session, run.id)]
    named = (name for address, name in contacts if name and (address or "").lower() == email.from_email)
    return (next(named, None) or email.from_name or email.from_email or run.contact_name or "")[:300]

"""What the sandbox's team had told the assistant before the first morning: taken into its memory.

HubSpot keeps a cancellation as one more email, a review as a note and a deferral as a task; what they stood for
was logged in Slack. A team that has worked with the assistant for weeks has these facts, each on its record.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.runs.looking import look_again
from bot.services.work import Work
from bot.store.facts import add_fact, withdraw
from bot.store.tables import CrmRecord, Fact, Person, RunRow
from sandbox.book import Entry


def remember(work: Work, diary: Iterable[Entry]) -> None:
    """Write what was logged as facts, in one transaction, after the first sync has brought the runs.

    What the sync had made of a record gives way: the logged fact knows more.
    """
    with work.store.write() as session:
        runs = {run.deal_id: run.id for run in session.scalars(select(RunRow))}
        people = {person.email: person.id for person in session.scalars(select(Person))}
        for entry in diary:
            fact = add_fact(
                session,
                key=f"diary:{entry.kind}:{':'.join(entry.record)}",
                run_id=runs[entry.deal_id],
                kind=entry.kind,
                at=entry.at,
                recorded_at=entry.at,
                source="slack",
                surface="button",
                actor_id=people.get(entry.by),
                until=entry.until,
                reason=entry.reason,
                note=entry.note,
            )
            if fact is not None:
                _carry(session, fact, entry)
        look_again(work, session, set(runs.values()), work.now())


def _carry(session: Session, fact: Fact, entry: Entry) -> None:
    """Say which HubSpot record carries the fact."""
    object_type, object_id = entry.record
    known = select(CrmRecord).where(CrmRecord.object_type == object_type, CrmRecord.object_id == object_id)
    record = session.scalar(known)
    if record is None:
        record = CrmRecord(object_type=object_type, object_id=object_id, linked_at=entry.at)
        session.add(record)
    else:
        read = session.get_one(Fact, record.fact_id)
        withdraw(
            session, read, at=entry.at, source=read.source, surface="sync", reason="logged in Slack as well"
        )
    record.fact_id = fact.id
    record.ours = object_type != "emails"  # a mail is sent by the rep and tracked by HubSpot
    session.flush()

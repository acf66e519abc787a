"""The one run that a message of ours is about, as it stands now for its reader."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.runs.lines import Reader, Seen
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Message, MessageRun, Person, RunRow


def shown_run(work: Work, session: Session, message_id: int) -> tuple[Reader, Person, Seen] | None:
    """None when there is no such message, nobody it is for, or nothing in it."""
    message = session.get(Message, message_id)
    person = session.get(Person, message.person_id) if message and message.person_id else None
    shown = select(MessageRun.run_id).where(MessageRun.message_id == message_id)
    found = load_runs(session, RunRow.id.in_(shown))
    if person is None or not found:
        return None
    reader = Reader(work, session)
    return reader, person, reader.see(found[0])

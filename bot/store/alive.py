"""Noticing at the start that time is missing: the app was off, or the database comes from a backup (FAULTS 33).

What was waiting when the backup was made may have left since. It is looked up before it is sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.store.inserts import insert_new
from bot.store.tables import OutboxRow, Setting

ALIVE = "alive"
BEAT = timedelta(minutes=1)
GAP = timedelta(minutes=10)  # longer than any restart, shorter than the time between backups


def beat(session: Session, elapsed: datetime) -> None:
    """Note that a sender works on this database now (elapsed time)."""
    value = {"at": elapsed.isoformat()}
    session.execute(insert_new(session, Setting).values(name=ALIVE, value=value))
    session.execute(update(Setting).where(Setting.name == ALIVE).values(value=value))


def doubt_after_gap(session: Session, elapsed: datetime) -> int:
    """When no sender has worked on this database for `GAP`, doubt every waiting row; how many they are."""
    last = session.get(Setting, ALIVE)
    doubted = 0
    if last is not None and elapsed - datetime.fromisoformat(last.value["at"]) >= GAP:
        waiting = update(OutboxRow).where(OutboxRow.state == "pending").values(state="unknown", attempts=1)
        doubted = len(session.scalars(waiting.returning(OutboxRow.id)).all())
    beat(session, elapsed)
    return doubted

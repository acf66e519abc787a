"""A pace that all processes keep together: so many calls a second, and a few at once (the leaky bucket)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.inserts import insert_new
from bot.store.tables import Setting


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `burst` calls at once, and on average one each `interval` of elapsed time."""

    name: str
    interval: timedelta
    burst: int


def reserve(session: Session, pace: Pace, calls: int, elapsed: datetime, *, patient: bool) -> timedelta:
    """Reserve so many calls; answers how long to wait before they may go, zero for now.

    Unless `patient`, calls that would have to wait are not reserved. `elapsed` is the machine's own time.
    """
    name = f"pace:{pace.name}"
    session.execute(insert_new(session, Setting).values(name=name, value={"full_until": elapsed.isoformat()}))
    row = session.scalars(select(Setting).where(Setting.name == name).with_for_update()).one()
    full_until = datetime.fromisoformat(row.value["full_until"])
    # A clock that was set back must not stop everybody until it has caught up.
    full_until = min(full_until, elapsed + timedelta(minutes=1))
    wait = max(full_until - elapsed - (pace.burst - calls) * pace.interval, timedelta())
    if wait and not patient:
        return wait
    row.value = {"full_until": (max(full_until, elapsed) + calls * pace.interval).isoformat()}
    return wait

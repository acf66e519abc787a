"""From 0004 with leave in it to 0005: the leave is kept and has no cover; nobody has set anything yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select, text

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import LeaveDays, Preferences

PERSON = "INSERT INTO people (id, email, name, tz, active) VALUES (1, 'a@x', 'A', 'UTC', true)"
LEAVE = "INSERT INTO leave (person_id, first_on, last_on) VALUES (1, '2026-11-23', '2026-11-24')"


def test_leave_is_kept_and_nobody_covers(of_revision: Callable[[str], Store]) -> None:
    old = of_revision("0004")
    with old.engine.begin() as connection:
        connection.execute(text(PERSON))
        connection.execute(text(LEAVE))

    upgrade(old)

    check_current(old)
    with old.write() as session:
        (leave,) = session.scalars(select(LeaveDays))
        assert (leave.first_on, leave.last_on) == (date(2026, 11, 23), date(2026, 11, 24))
        assert (leave.cover_id, leave.entered_at) == (None, None)
        leave.cover_id = 1
        session.add(Preferences(person_id=1, digest_at="09:00", nudges_off=["returning"]))
    with old.read() as session:
        (kept,) = session.scalars(select(Preferences))
        assert (kept.digest_at, kept.quiet_from, kept.nudges_off) == ("09:00", None, ["returning"])

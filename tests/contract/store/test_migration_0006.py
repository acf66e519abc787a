"""From 0005 with people in it to 0006: nobody is in a user group, nobody's status is known; both can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select, text

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import Person, SlackStatus

PERSON = "INSERT INTO people (id, email, name, tz, active) VALUES (1, 'a@x', 'A', 'UTC', true)"


def test_people_are_in_no_group_and_have_no_status(of_revision: Callable[[str], Store]) -> None:
    old = of_revision("0005")
    with old.engine.begin() as connection:
        connection.execute(text(PERSON))

    upgrade(old)

    check_current(old)
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with old.write() as session:
        person = session.scalars(select(Person)).one()
        assert (person.email, person.user_groups) == ("a@x", [])
        assert session.scalars(select(SlackStatus)).all() == []
        person.user_groups = ["customer-care"]
        session.add(SlackStatus(person_id=1, number=1, words="Vacationing", away=True, noted_at=at))
    with old.read() as session:
        assert session.scalars(select(Person)).one().user_groups == ["customer-care"]
        status = session.scalars(select(SlackStatus)).one()
        assert (status.words, status.ends_at, status.answered, status.noted_at) == (
            "Vacationing",
            None,
            False,
            at,
        )

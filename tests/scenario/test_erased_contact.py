"""A customer's data is deleted in HubSpot: after a day's work with them nothing of it is left here (FAULTS 19)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from bot.store.tables import Base
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THEIRS = ("Zebulon", "Quark", "777 0000", "zeb@quark.example", "canary")


def left(team: Living) -> set[tuple[str, str]]:
    """Where in the database something of the customer stands."""
    found = set()
    with team.assistant.work.store.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                found |= {(table.name, word) for word in THEIRS if word in repr(tuple(row))}
    return found


def test_what_was_read_logged_typed_and_answered_is_erased(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    contact = team.records("contacts")[0]["id"]
    person = {"firstname": "Zebulon", "lastname": "Quark", "phone": "+1 999 777 0000"}
    team.world.hubspot.update("contacts", contact, {**person, "email": "zeb@quark.example"})
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    assert "Zebulon Quark" in team.command("ana", "acme")
    team.command("ana", "log acme no answer: canary, Zebulon hates mail")
    team.say("ana", "called acme, left voicemail canary for Zebulon")
    team.command("ana", "defer acme until friday: canary")
    team.let_undo_pass()
    team.tick("sync")
    assert {table for table, _ in left(team)} == {"facts", "messages", "outbox", "runs"}

    team.world.hubspot.purge("contacts", contact)
    team.go("2026-11-24 09:30")
    team.tick("sync", "mornings")

    assert left(team) == set()
    assert "Acme Dental" in team.command("ana", "acme")

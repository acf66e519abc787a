"""A logged email whose tracked record never comes: the rep hears of it, then the manager (PLAYBOOK 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services.showing.shown import read_digest
from bot.store.tables import Fact, Message
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
MISSING = "Logged as sent, but not found in HubSpot"


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana logged emails to two accounts on Monday at 10:00, Ben to one."""
    with living(database_url, policy={"move_out": "confirm"}) as found:
        for name in ("Acme Dental", "Bay Bakery"):
            found.account(name, MONDAY, email=f"{name.split()[0].lower()}@customer.example")
        found.tick("sync")
        found.go("2026-11-23 10:00")
        found.tick("mornings")
        for name in ("Acme", "Bay"):
            found.press("ana", "log_call:no_answer", name)
            found.press("ana", "log_email", name)
        found.let_undo_pass()
        yield found


def morning(team: Living, day: int, *jobs: str) -> None:
    team.go(f"2026-11-{day} 08:30")
    team.tick(*(jobs or ("sync", "mornings", "manager_mornings")))


def of_ana(team: Living) -> str:
    return words(team.messages("ana")[-1])


def of_manager(team: Living) -> str:
    return words(team.messages("maria", team.managers_channel)[-1])


def tracked(team: Living, name: str, at: datetime) -> None:
    """The rep's email to this account turns up in HubSpot, tracked, as sent at `at`."""
    (deal,) = [one for one in team.records("deals") if one["dealname"] == name]
    properties = {
        "hs_timestamp": at.isoformat(),
        "hs_email_direction": "EMAIL",
        "hs_email_subject": "Renewal",
        "hubspot_owner_id": team.owners["ana"],
    }
    body = {"type": "emails", "deal_id": deal["id"], "properties": properties}
    team.http.post("/control/crm/engagements", json=body).raise_for_status()


def test_the_rep_is_told_once_and_the_manager_a_working_day_later(team: Living) -> None:
    tracked(team, "Bay Bakery", datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    before = len(team.messages("ana"))
    morning(team, 24)  # 22 hours later: there is still time
    assert MISSING not in of_ana(team)
    morning(team, 25)
    said = of_ana(team).partition(MISSING)[2]
    assert "Acme Dental" in said and "Mon 23 Nov 10:00" in said and "Bay Bakery" not in said
    assert MISSING not in of_manager(team)
    assert len(team.messages("ana")) == before + 2  # it rides in the morning's message
    morning(team, 27)  # after Thanksgiving
    assert MISSING not in of_ana(team)
    said = of_manager(team).partition(MISSING)[2]
    assert "Acme Dental" in said and "Ana Reyes" in said and "Bay Bakery" not in said
    tracked(team, "Acme Dental", datetime(2026, 11, 23, 15, 30, tzinfo=UTC))  # it comes after all
    team.tick("sync")
    team.clock.let_pass(timedelta(seconds=3))
    team.deliver()
    assert MISSING not in of_manager(team), "the managers' message still says so"
    morning(team, 30)
    assert MISSING not in of_manager(team) and MISSING not in of_ana(team)


def test_what_turns_up_late_is_told_to_nobody_further(team: Living) -> None:
    morning(team, 24)
    morning(team, 25)
    assert "Acme Dental" in of_ana(team).partition(MISSING)[2]
    for name in ("Acme Dental", "Bay Bakery"):
        tracked(team, name, datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    team.tick("sync")
    with team.assistant.work.store.read() as session:
        newest = session.scalars(
            select(Message.id).where(Message.kind == "digest").order_by(Message.id.desc())
        ).first()
    digest = read_digest(team.assistant.work, newest or 0, 10)
    assert digest is not None and digest.untracked == ()
    assert MISSING not in of_ana(team), "the message still says so"
    morning(team, 27)
    assert MISSING not in of_manager(team)


def test_nothing_is_called_missing_while_hubspot_cannot_be_read(team: Living) -> None:
    morning(team, 24)
    team.clock.let_pass(timedelta(hours=2))
    morning(team, 25, "mornings")
    assert MISSING not in of_ana(team)
    morning(team, 27)  # it can be read again, and what was not told is told
    assert "Acme Dental" in of_ana(team).partition(MISSING)[2]


def test_what_is_undone_here_and_was_tracked_there_counts_by_itself_a_minute_later(team: Living) -> None:
    tracked(team, "Acme Dental", datetime(2026, 11, 23, 15, 5, tzinfo=UTC))
    team.tick("sync")
    assert "tracked in HubSpot 10:05" in team.command("ana", "Acme Dental")
    with team.assistant.work.store.read() as session:
        email = session.scalars(select(Fact).where(Fact.kind == "email").order_by(Fact.id)).first()
    assert email is not None
    where = {"type": "message", "channel": team.dm("ana"), "ts": team.messages("ana")[0]["ts"]}
    team.act("ana", where, f"run:{email.run_id}:logged:{email.id}", "undo_fact")
    assert "Email" not in team.command("ana", "Acme Dental").partition("Last touches")[2]
    team.tick("sync")
    said = team.command("ana", "Acme Dental").partition("Last touches")[2]
    assert "Email sent" in said and "HubSpot" in said

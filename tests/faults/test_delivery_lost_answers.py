"""Accepted, and the answer lost: looked up before any second try, at Slack and at HubSpot (FAULTS 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.faults.checker import findings
from tests.living import Living

MONDAY = date(2026, 11, 23)
UPSERT = "POST /crm/objects/calls/batch/upsert"
READ = "POST /crm/objects/calls/batch/read"
LINK = "POST /crm/associations/calls/"
LOST = (
    ("slack", "chat.postMessage"),
    ("slack", "chat.update"),
    ("slack", "response_url"),
    ("hubspot", UPSERT),
    ("hubspot", f"{LINK}deals/batch/associate/default"),
    ("hubspot", f"{LINK}contacts/batch/associate/default"),
)


def test_every_first_answer_of_a_morning_is_lost(team: Living, strike: Callable[..., str]) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    rules = [strike(service, method, times=1, drop_after_accept=True) for service, method in LOST]
    team.tick("mornings", "manager_mornings")
    pass_minutes(team)
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    pass_minutes(team)
    assert [rule for rule in rules if team.world.faults.stands(rule)] == []
    assert len(team.messages("ana")) == 1
    assert len(team.records("calls")) == 1
    methods = [entry.method for entry in team.world.journal.entries(kind="request")]
    assert methods.count("chat.postMessage") == 3  # hers and two managers' channels: none a second time
    assert "conversations.history" in methods
    upserts = [place for place, method in enumerate(methods) if method == UPSERT]
    assert len(upserts) == 1 and READ in methods[upserts[0] :]
    assert findings(team, mornings=[MONDAY]) == {}


def pass_minutes(team: Living) -> None:
    """The back-off of a service and of its rows ends."""
    for _ in range(6):
        team.clock.let_pass(timedelta(minutes=2, seconds=5))
        team.deliver()

"""The portal's own call outcomes: offered, logged under HubSpot's own id, and shown by their own name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.config import Config
from bot.services.runs.call_outcomes import keep_outcome_names
from sandbox.hubspot.catalogue import SPOKE_WITH_GATEKEEPER
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
OWN_GROUP = "choice:2:0"
OPTION = {"value": f"call:own:{SPOKE_WITH_GATEKEEPER}"}


def with_outcomes(meaning: dict[str, bool]) -> Any:
    def config(_: Living, usual: Config) -> Config:
        return replace(usual, hubspot=replace(usual.hubspot, call_outcomes=meaning))

    return config


@pytest.fixture
def meaning() -> dict[str, bool]:
    return {}


@pytest.fixture
def team(database_url: str, meaning: dict[str, bool]) -> Iterator[Living]:
    with living(database_url, config=with_outcomes(meaning)) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        yield team


def choose_gatekeeper(team: Living, note: str = "Her assistant", **more: Any) -> dict[str, Any]:
    team.press("ana", "open_more", "Acme")
    team.choose("ana", OWN_GROUP, "happened", f"call:own:{SPOKE_WITH_GATEKEEPER}")
    return team.submit("ana", note={"value": note}, **more)


def test_one_that_is_no_contact_is_logged_from_more_with_its_own_id_and_name(team: Living):
    choose_gatekeeper(team)
    assert "Spoke with gatekeeper 08:30" in team.seen("ana")
    assert "First email (2 of 2)" in team.seen("ana")  # the call counts as a contact of the day
    team.let_undo_pass()
    (call,) = team.records("calls")
    assert call["hs_call_disposition"] == SPOKE_WITH_GATEKEEPER
    team.tick("sync")
    assert team.seen("ana").count("Spoke with gatekeeper 08:30") == 1  # its own echo changes nothing
    assert "Spoke with gatekeeper" in team.command("ana", "acme")
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert team.records("calls") == []


@pytest.mark.parametrize("meaning", [{SPOKE_WITH_GATEKEEPER.upper(): True}])
def test_one_that_is_contact_says_what_came_of_it_in_the_same_form(team: Living):
    assert choose_gatekeeper(team, result={"selected_option": {"value": "in_negotiation"}})["acked"]
    assert "Spoke with gatekeeper: in negotiation 08:30" in team.seen("ana")
    team.let_undo_pass()
    (call,) = team.records("calls")
    assert call["hs_call_disposition"] == SPOKE_WITH_GATEKEEPER
    assert "Her assistant" in call["hs_call_body"]
    assert team.records("deals")[0]["dealstage"] == "renewal_in_negotiation"


def test_made_in_hubspot_it_keeps_its_name_and_its_change_is_seen(team: Living):
    deal = team.records("deals")[0]["id"]
    body = {
        "type": "calls",
        "deal_id": deal,
        "properties": {
            "hs_timestamp": "2026-11-23T13:30:00Z",
            "hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20",
        },
    }
    made = team.http.post("/control/crm/engagements", json=body).raise_for_status().json()["id"]
    team.tick("sync")
    assert "No answer 08:30" in team.seen("ana")
    path, own = f"/control/crm/calls/{made}", {"hs_call_disposition": SPOKE_WITH_GATEKEEPER}
    team.http.patch(path, json={"properties": own}).raise_for_status()
    team.tick("sync")
    assert "Spoke with gatekeeper 08:30" in team.seen("ana") and "No answer 08:30" not in team.seen("ana")
    team.go("2026-11-25 10:00")
    team.tick("manager_mornings")
    assert "last: Spoke with gatekeeper, Mon 23 Nov" in team.seen("maria", team.managers_channel)


def test_what_the_portal_has_taken_away_is_refused_in_a_sentence(team: Living):
    team.press("ana", "open_more", "Acme")
    with team.assistant.work.store.write() as session:
        keep_outcome_names(session, {})
    answer = team.submit("ana", **{OWN_GROUP: {"selected_option": OPTION}})
    assert "not one of HubSpot's any more" in str(answer)
    team.let_undo_pass()
    assert team.records("calls") == []

"""Deal and company dates that disagree block what cannot be undone, until a person confirms (PLAYBOOK 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.config import Config, HubSpotProperties
from bot.hubspot.setup import check
from sandbox.hubspot.kinds import KINDS
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DISAGREE = "The contract expiration is Sun 29 Nov 2026 on the deal and Thu 31 Dec 2026 on the company"


def on_the_company(_: Living, usual: Config) -> Config:
    named = HubSpotProperties(company_expires_on="contract_end")
    return replace(usual, hubspot=replace(usual.hubspot, properties=named))


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana has called on day 15; the cancellation email is due."""
    with living(database_url, config=on_the_company) as found:
        kind = {"name": "contract_end", "label": "Contract end", "type": "date", "fieldType": "date"}
        client = found.assistant.hubspot_client
        assert client is not None
        client.create_property("companies", kind | {"groupName": "companyinformation"})
        found.account("Acme Dental", date(2026, 11, 9))
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        found.press("ana", "log_call:no_answer", "Acme")
        yield found


def company_says(team: Living, day: str) -> None:
    with team.world.hubspot.lock:
        (company,) = team.world.hubspot.records.all(KINDS["companies"])
    team.world.hubspot.update("companies", company.id, {"contract_end": day})
    team.tick("sync")


def guarded(team: Living) -> str:
    """What the form says, opened anew."""
    for view in reversed(team.http.get(f"/people/{team.ids['ana']}/views").json()):
        team.http.post(f"/people/{team.ids['ana']}/views/{view['id']}/close").raise_for_status()
    team.press("ana", "open_guarded_email", "Acme")
    return words(team.form("ana"))


def test_a_company_that_disagrees_blocks_until_the_deals_date_is_confirmed(team: Living) -> None:
    company_says(team, "2026-11-29")
    assert "on the company" not in guarded(team)
    company_says(team, "2026-12-31")
    assert DISAGREE in guarded(team)
    team.press_in_form("ana", "confirm_dates")
    assert "on the company" not in guarded(team)
    team.go("2026-11-23 08:31")
    company_says(team, "2027-01-31")  # what was confirmed was another date
    assert "Sun 31 Jan 2027 on the company" in guarded(team)
    company_says(team, "2026-11-29")
    assert "on the company" not in guarded(team)


def test_check_names_a_company_property_that_is_not_there(team: Living) -> None:
    gateway = team.assistant.hubspot
    assert gateway is not None
    assert [one.says for one in check(gateway) if one.name == "HubSpot properties"] == ["all there"]
    named = replace(gateway.config.properties, company_put_out_on="ofl_date")
    gateway.config = replace(gateway.config, properties=named)
    (wrong,) = [one for one in check(gateway) if one.name == "HubSpot properties"]
    assert not wrong.ok
    assert "companies have no ofl_date" in wrong.says

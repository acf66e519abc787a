"""What `renewals check` says of a file and an account that no longer fit, each with what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.config_file import load_config
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.setup import Check, check
from sandbox.hubspot.properties import Property
from tests.desk import Desk

MEND = "run `renewals setup hubspot`"


@pytest.fixture
def gateway(desk: Desk) -> HubSpotGateway:
    assert desk.run("--yes").code == 0
    found = HubSpotGateway(desk.client(), load_config(desk.file).hubspot)
    assert [one for one in check(found) if not one.ok] == []
    return found


def failed(gateway: HubSpotGateway) -> Check:
    (one,) = [one for one in check(gateway) if not one.ok]
    return one


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"put_out_on": "dealname"}, "dealname holds text, which is no put-out date"),
        ({"price": "closedate"}, "closedate holds times, which is no price"),
        ({"hosts_site": "ghost"}, "deals have no ghost"),
        ({"reports_url": "ghost"}, "deals and companies have no ghost"),
        ({"nps_score": "firstname"}, "firstname holds text, which is no nps score"),
        ({"nps_why": "ghost"}, "contacts have no ghost"),
    ],
)
def test_a_property_that_is_not_there_or_cannot_hold_it_is_named(
    gateway: HubSpotGateway, named: dict[str, Any], said: str
) -> None:
    gateway.config = replace(gateway.config, properties=replace(gateway.config.properties, **named))
    wrong = failed(gateway)
    assert wrong.name == "HubSpot properties" and wrong.says == f"{said}: {MEND}"


def test_an_account_without_hubspots_own_survey_has_no_score_and_that_is_fine(
    desk: Desk, gateway: HubSpotGateway
) -> None:
    contacts = desk.world.hubspot.schema._by_kind["contacts"]
    for name in [name for name in contacts if name.startswith("hs_feedback")]:
        del contacts[name]
    assert [one for one in check(gateway) if not one.ok] == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"new_deals_pipeline": "ghost"}, "HubSpot has no pipeline ghost for them"),
        ({"new_deals_stage": "ghost"}, "the pipeline default has no stage ghost"),
    ],
)
def test_where_new_deals_begin_has_to_be_there(
    gateway: HubSpotGateway, place: dict[str, str], said: str
) -> None:
    gateway.config = replace(gateway.config, **place)  # type: ignore[arg-type]
    wrong = failed(gateway)
    assert wrong.name == "HubSpot new deals" and wrong.says == f"{said}: {MEND}"


def test_a_property_of_another_type_under_our_name_is_found_by_both(
    desk: Desk, gateway: HubSpotGateway
) -> None:
    deals = desk.world.hubspot.schema._by_kind["deals"]
    name = "renewal_put_out_date"
    deals[name] = Property(name, "Put-out notes", "string", "text", "dealinformation")
    assert failed(gateway).says == f"{name} holds text, which is no put-out date: {MEND}"
    refused = desk.run("--yes")
    assert refused.code == 1 and "hubspot.properties.put_out_on" in refused.err and refused.writes == []
    done = desk.run(typed="\n\nyes\n")
    assert done.code == 0 and deals[f"{name}_2"].type == "date", done
    gateway.config = load_config(desk.file).hubspot
    assert gateway.config.properties.put_out_on == f"{name}_2"
    assert [one for one in check(gateway) if not one.ok] == []

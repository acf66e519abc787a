"""Dates, stage, price and owner are HubSpot's: what was changed there is said on the account, quietly and once."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox.hubspot.kinds import kind_of
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
EXPIRES, PRICE = "renewal_expiration_date", "renewal_monthly_price"


@pytest.fixture
def morning(team: Living) -> Living:
    team.account("Acme Dental", MONDAY)
    team.account("Bay Bakery", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    return team


def change(team: Living, account: str, **properties: str) -> None:
    """Somebody changes a deal in HubSpot, and the sync reads it."""
    deals = team.world.hubspot.records.all(kind_of("deals"))
    (deal,) = [one for one in deals if account in one.properties["dealname"]]
    team.world.hubspot.update("deals", deal.id, properties)
    team.tick("sync")
    team.deliver()


def newest(team: Living, who: str = "ana") -> str:
    return str(team.messages(who)[-1]["blocks"])


def test_a_first_import_changes_nothing(morning: Living) -> None:
    assert "In HubSpot:" not in morning.seen("ana")


def test_a_changed_date_is_said_on_the_account_and_not_repeated_the_next_morning(morning: Living) -> None:
    before = len(morning.messages("ana"))
    change(morning, "Acme", **{EXPIRES: "2027-01-29", PRICE: "90"})
    said = newest(morning)
    assert "expiration moved from Sun 13 Dec to Fri 29 Jan" in said
    assert "; +1 more" in said  # the card names all
    assert (
        said.count("*In HubSpot:*") == 1 and len(morning.messages("ana")) == before
    )  # redrawn, nothing posted
    assert "price moved from 140 USD/month to 90 USD/month" in morning.command("ana", "acme")

    morning.go("2026-11-24 08:30")
    morning.tick("mornings")
    assert "expires Fri 29 Jan" in newest(morning) and "*In HubSpot:*" not in newest(morning)


def test_what_is_changed_after_the_day_is_in_the_next_morning(morning: Living) -> None:
    morning.go("2026-11-23 19:00")
    change(morning, "Acme", **{EXPIRES: "2027-01-29"})
    morning.go("2026-11-24 08:30")
    morning.tick("mornings")
    assert "expiration moved from Sun 13 Dec to Fri 29 Jan" in newest(morning)


def test_what_is_changed_back_is_no_news(morning: Living) -> None:
    change(morning, "Acme", **{EXPIRES: "2027-01-29"})
    change(morning, "Acme", **{EXPIRES: "2026-12-13"})
    assert "*In HubSpot:*" not in newest(morning)


def test_the_card_says_it_for_a_week(morning: Living) -> None:
    change(morning, "Acme", **{EXPIRES: "2027-01-29"})
    assert "expiration moved from" in morning.command("ana", "acme")
    morning.go("2026-12-02 08:30")
    assert "expiration moved from" not in morning.command("ana", "acme")


def test_our_own_stage_move_is_no_news(morning: Living) -> None:
    morning.press("ana", "open_connected", "Acme")
    morning.choose("ana", "result", "result_chosen", "in_negotiation")
    morning.submit("ana", note={"value": "Wants it"})
    morning.let_undo_pass()
    morning.tick("sync")
    morning.tick("sync")
    assert "*In HubSpot:*" not in morning.seen("ana")


def test_a_stage_moved_in_hubspot_is_said(morning: Living) -> None:
    change(morning, "Bay", dealstage="renewal_in_negotiation")
    assert "stage moved from Open to In negotiation" in newest(morning)


def test_a_new_owner_is_said_to_the_manager_in_the_morning(morning: Living) -> None:
    change(morning, "Acme", hubspot_owner_id=morning.owners["ben"])
    morning.go("2026-11-24 08:30")
    morning.tick("mornings", "manager_mornings")
    told = str(morning.messages("maria", morning.managers_channel)[-1]["blocks"])
    assert "Owner changed in HubSpot" in told
    assert "Acme Dental: Ana Reyes to Ben Stone" in told
    morning.go("2026-11-25 08:30")
    morning.tick("manager_mornings")
    assert "Owner changed" not in str(morning.messages("maria", morning.managers_channel)[-1]["blocks"])

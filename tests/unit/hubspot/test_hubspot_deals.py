"""A deal's properties as a renewal: dates without zones, money, stages, contacts; what is odd is a problem."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.config import HubSpotConfig, HubSpotProperties
from bot.hubspot.deals import (
    LinkedContact,
    StageMeta,
    contact_properties,
    contacts_in_order,
    read_deal,
    stage_of,
)
from bot.hubspot.values import read_cents, read_date, read_instant, read_yes_no, write_instant
from bot.services.crm import CrmDeal, CrmNps

CONFIG = HubSpotConfig(stages={"neg": "negotiation"})
STAGES = {
    "first": StageMeta("Put out", False, 0.5),
    "neg": StageMeta("Negotiating", False, 0.8),
    "good": StageMeta("Signed", True, 1.0),
    "bad": StageMeta("Gone", True, 0.0),
}
GOOD = {"pipeline": "renewals", "dealstage": "first", "renewal_put_out_date": "2026-11-02"}


def read(**properties: Any) -> CrmDeal:
    return read_deal("9", {**GOOD, **properties}, CONFIG, STAGES, None, ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("1793577600000", date(2026, 11, 2)),
        ("2026-11-02T00:00:00Z", date(2026, 11, 2)),
        ("2026-11-02T00:00:00.000Z", date(2026, 11, 2)),
    ],
)
def test_a_date_is_midnight_utc_and_never_moves_to_another_zone(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize("text", ["2026-02-30", "11/02/2026", "soon", "2026-11-02T00:00:00", "9" * 30, "1e5"])
def test_a_date_that_hubspot_would_not_write_is_a_problem_of_its_deal(text: str) -> None:
    with pytest.raises(ValueError, match=r"no d"):
        read_date(text)
    found = read(renewal_expiration_date=text)
    assert found.expires_on is None and "expires_on" in found.unreadable
    assert "renewal_expiration_date" in found.problems[0]


def test_money_and_checkboxes() -> None:
    assert [read_cents(text) for text in ("140", "0.5", "99.999", "1e3")] == [14000, 50, 10000, 100000]
    assert (read_yes_no("true"), read_yes_no("No")) == (True, False)
    for text in ("NaN", "Infinity", "-1", "12,50", "1e400", "many"):
        with pytest.raises(ValueError, match="amount"):
            read_cents(text)


def test_instants_are_utc_with_milliseconds_on_the_wire() -> None:
    at = datetime(2026, 11, 2, 15, 4, 5, 678901, tzinfo=UTC)
    assert write_instant(at) == "2026-11-02T15:04:05.678Z"
    assert read_instant(write_instant(at)) == at.replace(microsecond=678000)


@pytest.mark.parametrize(
    ("stage_id", "stage"),
    [("neg", "negotiation"), ("first", "open"), ("good", "won"), ("bad", "lost"), ("x", None), (None, None)],
)
def test_a_stage_is_what_is_configured_else_what_the_pipeline_says(stage_id: str | None, stage: str) -> None:
    assert stage_of(stage_id, CONFIG, STAGES) == stage


def test_a_deal_without_put_out_date_or_known_stage_says_so() -> None:
    found = read(renewal_put_out_date="", dealstage="x")
    assert (found.put_out_on, found.stage, len(found.problems)) == (None, None, 2)
    assert read(pipeline="default", dealstage="x").problems == ()


def test_the_account_is_the_company_else_the_deal() -> None:
    named = read_deal("9", GOOD, CONFIG, STAGES, ("5", {"name": " Acme "}), ())
    by_domain = read_deal("9", GOOD, CONFIG, STAGES, ("5", {"domain": "acme.io"}), ())
    assert (named.account, named.company_id, by_domain.account) == ("Acme", "5", "acme.io")
    assert (read(dealname="Deal\x00 \ud800name").account, read().account) == ("Deal name", "deal 9")


def test_the_contact_is_the_primary_one_else_the_first_with_a_phone() -> None:
    plain = LinkedContact("1", {"firstname": "A"}, False)
    phone = LinkedContact("2", {"email": "b@x.io", "mobilephone": "+1"}, False)
    primary = LinkedContact("3", {"lastname": "C"}, True)
    chosen = [
        contacts_in_order(some, CONFIG.properties)[:1]
        for some in ([plain, phone, primary], [plain, phone], [plain], [])
    ]
    assert [(one[0].id, one[0].name) if one else None for one in chosen] == [
        ("3", "C"),
        ("2", "b@x.io"),
        ("1", "A"),
        None,
    ]


def test_a_score_of_a_survey_tool_of_ones_own_is_read_where_the_configuration_says() -> None:
    own = HubSpotProperties(nps_score="delighted_score", nps_on=None, nps_why="delighted_comment")
    asked = LinkedContact("1", {"delighted_score": "6", "delighted_comment": "slow"}, False)
    (contact,) = contacts_in_order([asked], own)
    assert contact.nps == CrmNps(6, None, "slow")
    assert contacts_in_order([asked], HubSpotProperties())[0].nps is None
    wanted = contact_properties(HubSpotConfig(properties=own))
    assert wanted[-2:] == ("delighted_score", "delighted_comment") and "email" in wanted


def test_a_site_taken_down_keeps_its_instant_or_only_its_day() -> None:
    by_instant = read(site_taken_down_at="2026-11-20T09:00:00Z")
    by_day = read(site_taken_down_at="2026-11-20")
    assert (
        by_instant.site_down_at == datetime(2026, 11, 20, 9, tzinfo=UTC) and by_instant.site_down_on is None
    )
    assert by_day.site_down_on == date(2026, 11, 20) and by_day.site_down_at is None

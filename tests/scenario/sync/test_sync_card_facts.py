"""What only an account's card shows: NPS with its why, further contacts, and links to reports and analytics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.config import HubSpotProperties
from bot.services.runs.run_details import NOTHING_KNOWN, Details, read_contacts, read_details

# What differs between the databases is shown by the batches, the deals and the closing.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SURVEY = {
    "hs_feedback_last_nps_rating_number": "6",
    "hs_feedback_last_survey_date": "2026-10-12T12:00:00Z",
    "hs_feedback_last_nps_follow_up": "Too <slow> & no answer",
}


@pytest.fixture
def linked(office: Any) -> Any:
    """The office with both links configured."""
    named = HubSpotProperties(reports_url="renewal_reports_url", analytics_url="site_analytics_url")
    office.gateway.config = replace(office.gateway.config, properties=named)
    return office


def known(office: Any) -> Details:
    with office.store.read() as session:
        return read_details(session, office.run().id)


def further(office: Any) -> list[tuple[str, str | None, str | None]]:
    with office.store.read() as session:
        return [(one.name, one.phone, one.email) for one in read_contacts(session, office.run().id)]


def add_contact(office: Any, deal_id: str, **properties: str) -> str:
    return office.portal.create("contacts", properties, [("deals", deal_id)]).id


def contact_of(office: Any, deal_id: str) -> str:
    office.sync()
    return office.run().contact_id


def test_the_contacts_nps_comes_with_date_and_why_and_follows_its_changes(office: Any) -> None:
    contact = contact_of(office, office.deal())
    assert known(office) == NOTHING_KNOWN
    before = office.run().version

    office.portal.update("contacts", contact, SURVEY)
    assert office.sync().runs_changed == 1

    assert known(office) == Details(6, date(2026, 10, 12), "Too <slow> & no answer")
    assert office.run().version > before  # so that the card is drawn again
    assert office.sync(everything=True).touched == 0
    office.portal.update("contacts", contact, dict.fromkeys(SURVEY, ""))
    office.sync()
    assert known(office) == NOTHING_KNOWN


def test_a_score_that_no_survey_gives_is_none(office: Any) -> None:
    contact = contact_of(office, office.deal())
    for score in ("11", "-1", "6.5"):
        office.portal.update("contacts", contact, {**SURVEY, "hs_feedback_last_nps_rating_number": score})
        office.sync()
        assert known(office) == NOTHING_KNOWN


def test_further_contacts_are_kept_changed_and_forgotten(office: Any) -> None:
    deal_id = office.deal()
    contact_of(office, deal_id)
    assert further(office) == []
    second = add_contact(office, deal_id, firstname="Eve", lastname="Ito", mobilephone="+1 555 0142")
    office.portal.update("deals", deal_id, {"dealname": "Acme"})  # a link changes no date by itself
    office.sync()
    assert further(office) == [("Eve Ito", "+1 555 0142", None)]
    assert office.run().contact_name == "Dana Wu"

    office.portal.update("contacts", second, {**SURVEY, "phone": "+1 555 0143"})
    office.sync()
    assert further(office) == [("Eve Ito", "+1 555 0143", None)]
    assert known(office).nps_score == 6  # the only one who answered

    office.portal.archive("contacts", second)
    office.sync(everything=True)
    assert further(office) == [] and known(office) == NOTHING_KNOWN


def test_links_are_the_deals_own_else_its_companys(linked: Any) -> None:
    company = linked.portal.create("companies", {"name": "Bay"}).id
    deal_id = linked.deal(company, renewal_reports_url="https://reports.example/bay?x=1&y=2")
    linked.portal.update("companies", company, {"site_analytics_url": "http://stats.example/7"})
    linked.sync()
    assert known(linked).reports_url == "https://reports.example/bay?x=1&y=2"
    assert known(linked).analytics_url == "http://stats.example/7"

    linked.portal.update("deals", deal_id, {"renewal_reports_url": ""})
    linked.portal.update("companies", company, {"site_analytics_url": "http://stats.example/8"})
    linked.sync()
    assert (known(linked).reports_url, known(linked).analytics_url) == (None, "http://stats.example/8")


def test_a_link_that_is_no_web_address_is_a_problem_of_its_deal_and_keeps_the_last_good_one(
    linked: Any,
) -> None:
    deal_id = linked.deal(renewal_reports_url="https://reports.example/1")
    linked.sync()
    linked.portal.update("deals", deal_id, {"renewal_reports_url": "javascript:alert(1)"})
    report = linked.sync()
    assert any("renewal_reports_url" in one for one in report.problems[f"deal {deal_id}"])
    assert known(linked).reports_url == "https://reports.example/1"


def test_without_being_named_no_link_is_read(office: Any) -> None:
    office.deal(renewal_reports_url="https://reports.example/1")
    office.sync()
    assert known(office) == NOTHING_KNOWN

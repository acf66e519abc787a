"""Where things belong: by deal, company or contact, with any of them missing, merged, changed or linked later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.store.tables import RunRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALL_SIDES = ("companies", "contacts", "further contacts")


def side_of(office: Any, deal_id: str, side: str) -> tuple[str, str]:
    """The deal's company, its first contact, or the one after."""
    deal = office.portal.get("deals", deal_id)
    if side == "companies":
        return side, office.portal.associated(deal, side)[0].id
    return "contacts", office.portal.associated(deal, "contacts")[side != "contacts"].id


def note_on(office: Any, *links: tuple[str, str], words: str = "x") -> str:
    said = {"hs_timestamp": office.clock.now().isoformat(), "hs_note_body": words}
    return str(office.portal.create("notes", said, links).id)


def with_two_contacts(office: Any) -> str:
    deal_id = office.deal()
    company = side_of(office, deal_id, "companies")
    other = office.portal.create("contacts", {"firstname": "Eve", "lastname": "Adams"}, [company])
    office.portal.associate("deals", deal_id, "contacts", other.id)
    return deal_id


@pytest.mark.parametrize("side", ALL_SIDES)
def test_what_is_linked_to_a_side_alone_counts_when_exactly_one_run_is_open(office: Any, side: str) -> None:
    deal_id = with_two_contacts(office)
    link = side_of(office, deal_id, side)
    office.sync()

    note_on(office, link, words="one open run")
    office.sync()
    company = side_of(office, deal_id, "companies")[1]
    second = office.deal(company)
    office.portal.associate("deals", second, *side_of(office, deal_id, "further contacts"))
    office.sync()
    note_on(office, link, words="two open runs")
    office.sync()
    for deal in (deal_id, second):
        office.portal.update("deals", deal, {"dealstage": "renewal_closed_lost"})
    office.sync()
    note_on(office, link, words="no open run")
    office.sync()

    assert [fact.note for fact in office.holding()] == ["one open run"]


@pytest.mark.parametrize("side", ["companies", "contacts"])
def test_what_was_ambiguous_counts_once_one_run_alone_is_open(office: Any, side: str) -> None:
    first = office.deal()
    second = office.deal(side_of(office, first, "companies")[1])
    office.sync()
    note_on(office, side_of(office, first, side))
    office.sync()
    before = len(office.holding())
    office.portal.update("deals", second, {"dealstage": "renewal_closed_lost"})
    office.clock.pass_time(timedelta(hours=25))
    office.sync()

    (fact,) = office.holding()
    runs = {run.deal_id: run.id for run in office.all(RunRow)}
    assert before == 0 and fact.run_id == runs[first]


@pytest.mark.parametrize("side", ["deals", *ALL_SIDES])
def test_what_is_linked_later_counts_with_the_daily_reading(office: Any, side: str) -> None:
    deal_id = with_two_contacts(office)
    office.sync()
    note = note_on(office)
    for _ in range(5):
        office.sync()
    link = ("deals", deal_id) if side == "deals" else side_of(office, deal_id, side)
    office.portal.associate("notes", note, *link)
    office.clock.pass_time(timedelta(hours=25))
    office.sync()

    assert [fact.kind for fact in office.holding()] == ["note"]


def test_a_few_deals_of_a_big_account_are_found_by_all_their_contacts(office: Any) -> None:
    for _ in range(30):
        note_on(office, words="of nobody")
    deal_id = with_two_contacts(office)
    note_on(office, side_of(office, deal_id, "further contacts"), words="first")
    office.sync()  # in so big an account the notes of one deal are asked for by its links
    later = note_on(office, words="later")
    for _ in range(5):
        office.sync()
    office.portal.associate("notes", later, *side_of(office, deal_id, "further contacts"))
    office.clock.pass_time(timedelta(hours=25))
    office.sync()

    assert [fact.note for fact in office.holding()] == ["first", "later"]


@pytest.mark.parametrize("kind", ["companies", "contacts"])
def test_a_merged_company_or_contact_is_followed_with_the_next_pass(office: Any, kind: str) -> None:
    deal_id = office.deal()
    for _ in range(5):
        office.sync()
    mine = side_of(office, deal_id, kind)[1]
    name = {"name": "Acme Group"} if kind == "companies" else {"firstname": "Eve", "lastname": "Adams"}
    other = office.portal.create(kind, name).id
    office.portal.merge(kind, other, mine)
    office.sync()
    note_on(office, (kind, other))
    office.sync()

    run = office.run()
    assert (run.company_id if kind == "companies" else run.contact_id) == other
    assert (run.account if kind == "companies" else run.contact_name) in ("Acme Group", "Eve Adams")
    assert [fact.kind for fact in office.holding()] == ["note"]


def test_a_merged_deal_goes_with_the_next_pass_and_what_was_done_on_it_moves(office: Any) -> None:
    kept, gone = office.deal(), office.deal()
    office.sync()
    for _ in range(5):
        office.sync()
    office.portal.merge("deals", kept, gone)
    office.sync()
    note_on(office, ("deals", kept))
    office.sync()

    runs = {run.deal_id: run for run in office.all(RunRow)}
    assert runs[gone].gone_at is not None and runs[kept].gone_at is None
    assert [fact.run_id for fact in office.holding()] == [runs[kept].id]


def test_a_deal_needs_no_owner_company_or_contact(office: Any) -> None:
    properties = {
        "dealname": "Alone",
        "pipeline": "renewals",
        "dealstage": "renewal_put_out",
        "renewal_put_out_date": "2026-11-23",
    }
    deal_id = office.portal.create("deals", properties).id
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    report = office.sync()
    alone = office.run()
    assert report.runs_new == 1 and report.failed == {} and len(office.holding()) == 1
    assert (alone.account, alone.owner_id, alone.company_id, alone.contact_id) == ("Alone", None, None, None)

    company = office.portal.create("companies", {"name": "Acme Dental"})
    contact = office.portal.create("contacts", {"firstname": "Dana"})
    office.portal.associate("deals", deal_id, "companies", company.id)
    office.portal.associate("deals", deal_id, "contacts", contact.id)
    office.portal.update("deals", deal_id, {"hubspot_owner_id": "501"})
    office.sync()
    run = office.run()
    assert (run.account, run.owner_id, run.contact_name) == ("Acme Dental", 1, "Dana")

    office.portal.update("deals", deal_id, {"hubspot_owner_id": ""})
    office.portal.archive("companies", company.id)
    office.portal.archive("contacts", contact.id)
    office.sync()
    run = office.run()
    assert (run.account, run.owner_id, run.company_id, run.contact_id) == ("Alone", None, None, None)


def test_an_owner_who_changes_and_comes_back_is_followed_each_time(office: Any) -> None:
    ben = office.add_person("ben@harborline.example", "502")
    deal_id = office.deal()
    office.sync()
    owners = []
    for owner in ("502", "501", "999", "502"):
        if owner == "999":
            office.portal.update("deals", deal_id, {"hubspot_owner_id": ""})
        else:
            office.portal.update("deals", deal_id, {"hubspot_owner_id": owner})
        office.sync()
        owners.append(office.run().owner_id)

    assert owners == [ben, 1, None, ben]
    assert len([change for change in office.changes() if change[0] == "crm_owner_id"]) == 4


def test_a_moved_pipeline_and_back_keeps_what_was_done(office: Any) -> None:
    deal_id = office.deal()
    note_on(office, ("deals", deal_id))
    office.sync()
    office.portal.update("deals", deal_id, {"pipeline": "default", "dealstage": "appointmentscheduled"})
    office.sync()
    away = office.run().gone_at
    meanwhile = note_on(office, ("deals", deal_id), words="meanwhile")
    office.sync()
    office.portal.update("deals", deal_id, {"pipeline": "renewals", "dealstage": "renewal_in_negotiation"})
    office.sync()
    office.sync()

    run = office.run()
    assert away is not None and run.gone_at is None and run.stage == "negotiation"
    assert len(office.records()) == len(office.holding()) == 2 and meanwhile

"""The first import reads the whole book in about as few calls as can be, and goes on where it was stopped."""

from __future__ import annotations

import gc
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.services.crm import CrmActivity, CrmDeal
from bot.services.incoming.whole_book import Progress
from bot.services.sync_state import load_state
from bot.store.tables import CrmRecord, Fact, RunRow

# What is counted here is what goes over the wire.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STANDING = 2 + 1 + 2 + 5  # calls: owners (active, archived), pipelines; counts of deals, ours, activities


def fill(office: Any, deals: int, pipeline: str = "renewals", calls_each: int = 0) -> None:
    """Deals with a company and a contact each, and calls on each."""
    portal = office.portal
    for number in range(deals):
        company = portal.create("companies", {"name": f"Company {number}"}).id
        contact = portal.create("contacts", {"email": f"{pipeline}{number}@customer.example"}).id
        links = [("companies", company), ("contacts", contact)]
        properties = {
            "dealname": f"Deal {number}",
            "pipeline": pipeline,
            "dealstage": "renewal_put_out" if pipeline == "renewals" else "appointmentscheduled",
            "hubspot_owner_id": "501",
            "renewal_put_out_date": "2026-11-16",
            "renewal_expiration_date": "2026-12-31",
        }
        deal = portal.create("deals", properties, links).id
        for day in range(calls_each):
            at = office.clock.now() - timedelta(days=day)
            happened = {"hs_timestamp": at.isoformat(), "hubspot_owner_id": "501"}
            portal.create("calls", {**happened, "hs_call_direction": "OUTBOUND"}, [("deals", deal), *links])


def calls_of(office: Any) -> Counter[str]:
    """Calls to HubSpot by method since the last look."""
    entries = office.world.journal.entries(service="hubspot")
    counted = Counter(entry.method for entry in entries if entry.seq > getattr(office, "looked_at", 0))
    office.looked_at = entries[-1].seq if entries else 0
    return counted


def test_a_first_import_takes_one_call_for_each_hundred_records(office: Any) -> None:
    fill(office, 600, calls_each=2)
    calls_of(office)

    report = office.sync()

    made = calls_of(office)
    assert report.runs_new == 600 and report.facts_new == 1200 and report.stopped is None
    least = 6 + 6 + 6 + 12  # deals, companies, contacts and calls, a hundred at a time
    empty = 4  # one page each of emails, meetings, notes, tasks
    assert made.total() == least + empty + STANDING, made
    assert len(office.all(RunRow)) == 600 and len(office.all(Fact)) == 1200


def test_a_small_book_in_a_big_account_is_searched_for(office: Any) -> None:
    fill(office, 30)
    fill(office, 900, pipeline="default")
    for _ in range(400):
        office.portal.create("notes", {"hs_timestamp": office.clock.now().isoformat(), "hs_note_body": "x"})
    ours = office.portal.associated(office.in_hubspot("deals")[0], "companies")[0]
    note = {"hs_timestamp": office.clock.now().isoformat(), "hs_note_body": "ours"}
    office.portal.create("notes", note, [("companies", ours.id)])
    calls_of(office)

    report = office.sync()

    made = calls_of(office)
    assert (report.deals_read, report.runs_new, report.facts_new) == (30, 30, 1)
    assert made["GET /crm/objects/deals"] == made["GET /crm/objects/notes"] == 0
    assert made["POST /crm/objects/deals/search"] == 3, "two counts, and one page that has them all"
    assert made.total() <= STANDING + 1 + 4 + 4 + (3 + 1 + 3), made


def test_an_import_that_was_stopped_goes_on_from_the_page_it_had_come_to(office: Any) -> None:
    fill(office, 700)
    told: list[Progress] = []

    def go_down(progress: Progress) -> None:
        told.append(progress)
        if progress.done == 500:
            office.fault("GET /crm/objects/deals", status=503)

    cut = office.sync(tell=go_down)
    with office.store.read() as session:
        place = load_state(session).place
    first = calls_of(office)
    whole = office.sync(tell=told.append)
    second = calls_of(office)

    assert cut.stopped == "HubSpot answered 503" and cut.runs_new == 500
    assert place is not None and (place.part, place.done, place.total) == ("deals", 500, 700)
    assert first["GET /crm/objects/deals"] == 6 and second["GET /crm/objects/deals"] == 2
    assert whole.stopped is None and (whole.runs_new, len(office.all(RunRow))) == (200, 700)
    assert [(p.part, p.done, p.total) for p in told if p.part == "deals"] == [
        *[("deals", 0, 700), ("deals", 500, 700), ("deals", 500, 700), ("deals", 700, 700)]
    ]
    with office.store.read() as session:
        assert load_state(session).place is None


def test_what_changed_while_the_book_was_read_is_read_by_the_next_pass(office: Any) -> None:
    fill(office, 3)
    deal = office.in_hubspot("deals")[0]

    def change_behind(progress: Progress) -> None:
        if progress.part == "calls" and progress.done == 0:
            office.portal.update("deals", deal.id, {"renewal_put_out_date": "2026-11-20"})

    office.sync(tell=change_behind)
    office.sync()

    dates = sorted(str(run.put_out_on) for run in office.all(RunRow))
    assert dates == ["2026-11-16", "2026-11-16", "2026-11-20"]


def test_reading_everything_again_changes_nothing(office: Any) -> None:
    fill(office, 5, calls_each=1)
    office.sync()

    again = office.sync(everything=True)

    assert again.touched == 0 and again.deals_read >= 5
    assert len(office.all(RunRow)) == 5 and len(office.all(Fact)) == 5


def test_what_an_import_holds_between_two_pages_does_not_grow_with_the_book(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hubspot.gateway.LIST_PAGES", 1)
    fill(office, 500, calls_each=1)
    read = (CrmDeal, CrmActivity, RunRow, Fact, CrmRecord)
    held: list[int] = []

    def look(_: Progress) -> None:
        gc.collect()
        held.append(sum(isinstance(one, read) for one in gc.get_objects()))

    office.sync(tell=look)

    assert len(held) > 10 and max(held) <= 100, "no more than one page has"

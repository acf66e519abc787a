"""A pass that follows changes asks little: the same few calls when nothing happened, batches when much did."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.tables import RunRow
from tests.scenario.sync.test_sync_whole_book import calls_of, fill

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# The active owners; what changed of deals, companies, contacts and five kinds of activity; a page of the recycling
# bin, of the deals and of one kind of activity in turn.
MINUTE = 1 + 8 + 2
IDLE = MINUTE + 4  # of all five kinds, when somebody asks for a pass


def quiet(office: Any) -> None:
    fill(office, 20, calls_each=1)
    office.sync()
    for _ in range(4):
        office.sync()  # until nothing of the beginning lies within the overlap any more
    calls_of(office)


@pytest.mark.parametrize(("briefly", "least"), [(True, MINUTE), (False, IDLE)])
def test_a_pass_on_which_nothing_happened_asks_the_same_few_things(
    office: Any, briefly: bool, least: int
) -> None:
    quiet(office)
    for _ in range(6):
        report = office.sync(briefly=briefly)

        made = calls_of(office)
        assert report.touched == 0 and made.total() == least, made


@pytest.mark.parametrize("kind", ["calls", "emails", "meetings", "notes", "tasks"])
def test_in_five_minutes_each_bin_was_looked_at_and_the_deals_in_each(office: Any, kind: str) -> None:
    quiet(office)
    for _ in range(5):
        office.sync(briefly=True)
    made = calls_of(office)
    assert made["GET /crm/objects/deals"] == 5 and made[f"GET /crm/objects/{kind}"] == 1


def test_what_is_deleted_is_gone_after_five_of_the_minutes_passes_a_deal_after_one(office: Any) -> None:
    deal_id, other = office.deal(), office.deal()
    note = office.on_timeline("notes", deal_id, hs_note_body="seen")
    office.sync()
    office.portal.archive("notes", note)
    office.portal.archive("deals", other)
    office.sync(briefly=True)
    gone = [run.deal_id for run in office.all(RunRow) if run.gone_at is not None]
    for _ in range(4):
        office.sync(briefly=True)

    assert gone == [other] and office.holding() == []


def test_an_owner_who_is_deactivated_is_known_as_such_with_the_next_pass(office: Any) -> None:
    quiet(office)
    office.portal.owners["502"].archived = True
    office.sync(briefly=True)
    made = calls_of(office)
    office.sync(briefly=True)

    assert made["GET /crm/owners"] == 2 and calls_of(office)["GET /crm/owners"] == 1
    assert {one.id: one.active for one in office.gateway.owners()} == {"501": True, "502": False}


def test_changes_are_read_a_hundred_at_a_time(office: Any) -> None:
    fill(office, 250)
    office.sync()
    for _ in range(4):
        office.sync()
    for deal in office.in_hubspot("deals"):
        office.portal.update("deals", deal.id, {"renewal_monthly_price": "150"})
    calls_of(office)

    report = office.sync()

    made = calls_of(office)
    batches = 3  # of 250
    read = batches * (1 + 2 + 2)  # deals, their links to companies and contacts, and those
    assert report.runs_changed == 250
    pages = 3  # a second one of the deals, companies and contacts that changed about the same time
    assert made.total() == IDLE + pages + read + 1, made  # and the pipeline's stages


def test_what_is_found_again_is_read_for_two_minutes_and_then_when_it_changes(office: Any) -> None:
    fill(office, 1)
    office.sync()
    reads = []
    for minute in range(8):
        if minute == 5:
            office.portal.update("deals", office.in_hubspot("deals")[0].id, {"renewal_monthly_price": "150"})
        office.sync()
        reads.append(calls_of(office)["POST /crm/objects/deals/batch/read"])
    assert reads == [1, 1, 1, 0, 0, 1, 1, 1]


def test_a_pass_that_was_stopped_has_read_nothing(office: Any) -> None:
    fill(office, 1)
    office.sync()
    office.portal.update("deals", office.in_hubspot("deals")[0].id, {"renewal_monthly_price": "150"})
    for _ in range(5):
        office.fault("POST /crm/objects/deals/batch/read", status=503)
        assert office.sync().stopped
    assert office.sync().runs_changed == 1

"""A pass that follows changes asks little: the same few calls when nothing happened, batches when much did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenario.sync.test_sync_whole_book import calls_of, fill

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Owners (active and archived); what changed of deals, companies, contacts and five kinds of activity; what lies
# on top of the recycling bin, of deals and of those five.
IDLE = 2 + 8 + 6


def test_a_pass_on_which_nothing_happened_asks_the_same_few_things(office: Any) -> None:
    fill(office, 20, calls_each=1)
    office.sync()
    for _ in range(4):
        office.sync()  # until nothing of the beginning lies within the overlap any more
    calls_of(office)

    report = office.sync()

    made = calls_of(office)
    assert report.touched == 0 and made.total() == IDLE, made


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

"""The search index lags, forgets the order, and has an end: all the same no change is missed (FAULTS 17)."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

import sandbox.hubspot.search
from bot.store.tables import CrmRecord, RunRow
from tests.scenario.sync.test_sync_whole_book import fill

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def slow_index(office: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is written turns up in searches 0 to 60 seconds of the test's own time later, in any order."""
    began = office.clock.elapsed()
    monkeypatch.setattr(
        office.portal.index, "_elapsed", lambda: (office.clock.elapsed() - began).total_seconds()
    )
    office.portal.index.jitter_s = 60.0
    return office


@pytest.mark.parametrize("seed", range(4))
def test_what_turns_up_late_and_out_of_order_is_all_found(slow_index: Any, seed: int) -> None:
    office, dice = slow_index, random.Random(seed)
    office.portal.index._dice.seed(seed)
    deals = [office.deal() for _ in range(4)]
    office.sync()
    prices: dict[str, int] = {}
    for _ in range(12):
        for number in range(8):
            office.clock.pass_time(timedelta(seconds=dice.choice((0, 0, 5, 15))))
            deal_id = dice.choice(deals)
            if dice.random() < 0.5:
                prices[deal_id] = dice.randrange(100, 999)
                office.portal.update("deals", deal_id, {"renewal_monthly_price": str(prices[deal_id])})
            else:
                office.on_timeline("notes", deal_id, hs_note_body=f"{number}")
        office.reader.run()
    for _ in range(3):
        office.sync()

    notes = {one.id for one in office.in_hubspot("notes")}
    assert {record.object_id for record in office.all(CrmRecord)} == notes
    assert len(office.holding()) == len(notes)
    known = {run.deal_id: run.price_cents for run in office.all(RunRow)}
    assert known == {deal_id: prices.get(deal_id, 140) * 100 for deal_id in deals}


def test_more_changes_of_one_instant_than_a_search_tells_are_all_found(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.hubspot.search, "MOST_RESULTS", 200)  # HubSpot tells 10,000
    fill(office, 450)
    office.sync()
    at = office.clock.now()
    for deal in office.in_hubspot("deals"):
        office.portal.update("deals", deal.id, {"renewal_monthly_price": "150"}, at=at)

    assert office.sync().runs_changed == 450
    assert {run.price_cents for run in office.all(RunRow)} == {15000}


def test_edits_and_new_records_between_two_pages_move_nothing_out_of_sight(office: Any) -> None:
    fill(office, 250)
    office.sync()
    deals = [deal.id for deal in office.in_hubspot("deals")]
    for deal_id in deals:
        office.portal.update("deals", deal_id, {"renewal_monthly_price": "150"})
    search, pages, made = office.client.search, [], []

    def edited_meanwhile(object_type: str, body: Any) -> Any:
        page = search(object_type, body)
        if object_type == "deals":
            pages.append(len(page["results"]))
            if len(pages) == 1:
                # Everything of the first page, and a part of the second, changes again; something new comes.
                for deal_id in (*deals[:100], *deals[220:]):
                    office.portal.update("deals", deal_id, {"renewal_monthly_price": "160"})
                made.append(office.deal())
        return page

    office.client.search = edited_meanwhile
    office.sync()
    office.sync()

    assert pages[0] == 200
    prices = {run.deal_id: run.price_cents for run in office.all(RunRow)}
    assert made[0] in prices
    assert {prices[deal_id] for deal_id in (*deals[:100], *deals[220:])} == {16000}
    assert {prices[deal_id] for deal_id in deals[100:220]} == {15000}


def test_a_change_at_the_very_instant_of_the_last_one_seen_is_found(office: Any) -> None:
    first, second = office.deal(), office.deal()
    office.sync()
    at = office.clock.now()
    office.portal.update("deals", first, {"renewal_monthly_price": "150"}, at=at)
    for _ in range(5):
        office.sync()
    office.portal.update("deals", second, {"renewal_monthly_price": "150"}, at=at)
    office.sync()

    assert [run.price_cents for run in office.all(RunRow)] == [15000, 15000]

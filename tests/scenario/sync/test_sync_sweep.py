"""The recycling bin and the daily re-reading: what no search shows is found, in few calls, and in portions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.services.sync_state import load_state
from bot.store.tables import CrmRecord, RunRow
from tests.scenario.sync.test_sync_increments import IDLE
from tests.scenario.sync.test_sync_whole_book import calls_of, fill

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_DAY = timedelta(hours=25)


def a_day_later(office: Any) -> Any:
    """The pass with which the daily re-reading begins."""
    office.clock.pass_time(A_DAY)
    return office.sync()


def test_a_deletion_is_found_however_full_the_bin_is(office: Any) -> None:
    for number in range(250):
        office.portal.archive("notes", _note(office, f"old {number}"))
    deal_id = office.deal()
    for _ in range(3):
        office.sync()  # the bin is leafed through on three pages
    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    notes = [office.on_timeline("notes", deal_id, hs_note_body=f"new {n}") for n in range(2)]
    office.sync()
    assert len(office.holding()) == 3

    office.portal.archive("calls", call)
    for note in notes:
        office.portal.archive("notes", note)
    passes = 0
    while office.holding():
        office.sync()
        passes += 1

    assert passes <= 3, "a page a pass, round and round"


def test_what_was_deleted_for_good_is_missed_by_the_daily_reading(office: Any) -> None:
    gone, kept = office.deal(), office.deal()
    call = office.on_timeline("calls", kept, hs_call_direction="OUTBOUND")
    office.sync()
    office.portal.purge("deals", gone)
    office.portal.purge("calls", call)

    office.sync()
    before = len(office.holding())
    a_day_later(office)

    assert before == 1 and office.holding() == []
    assert {run.deal_id: run.gone_at is None for run in office.all(RunRow)} == {gone: False, kept: True}


def test_what_was_restored_is_there_again_with_what_was_done(office: Any) -> None:
    deal_id = office.deal()
    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()
    office.portal.archive("calls", call)
    office.sync()
    office.portal.archive("deals", deal_id)
    office.sync()
    assert office.run().gone_at is not None and office.holding() == []

    office.portal.restore("deals", deal_id)
    office.portal.restore("calls", call)
    a_day_later(office)

    assert office.run().gone_at is None
    assert [fact.kind for fact in office.holding()] == ["call"]
    assert len(office.records()) == 1


def test_the_daily_reading_of_300_deals_and_600_calls_is_near_the_least(office: Any) -> None:
    fill(office, 300, calls_each=2)
    office.sync()
    for _ in range(4):
        office.sync()
    calls_of(office)

    report = a_day_later(office)

    made = calls_of(office)
    deals = 3 * (1 + 2 + 2)  # a hundred deals, their links, the companies and contacts
    ours = 6  # the calls we know: no links
    more = 5 + 6  # how many there are of each type; all calls with their links
    contacts = 3
    assert report.touched == 0
    again = 3 + 3  # further pages of what the minute's searches find again: 300 of three types, 600 calls
    assert made.total() == IDLE + 1 + again + deals + ours + more + contacts, (
        made
    )  # and the pipeline's stages
    calls_of(office)
    office.sync()
    assert calls_of(office).total() <= IDLE + 1 + again, "it is done for the day"


def test_a_few_deals_in_a_big_account_are_followed_by_their_links(office: Any) -> None:
    fill(office, 5)
    for number in range(300):
        _note(office, f"of nobody {number}")
    office.sync()
    deal = office.in_hubspot("deals")[0]
    (company,) = office.portal.associated(deal, "companies")
    note = _note(office, "linked later")
    for _ in range(4):
        office.sync()
    office.portal.associate("notes", note, "companies", company.id)
    calls_of(office)

    a_day_later(office)

    made = calls_of(office)
    assert [fact.note for fact in office.holding()] == ["linked later"]
    assert made["GET /crm/objects/notes"] == 1, "the bin alone is listed"
    assert made["POST /crm/objects/notes/batch/read"] == 1


def test_a_big_book_is_read_in_portions_beside_the_minutes_changes(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.incoming.sweep.AT_ONCE", 10)
    fill(office, 45)
    office.sync()
    office.sync()
    purged = office.all(RunRow)[-1].deal_id
    office.portal.purge("deals", purged)
    read = office.gateway.deals

    def slow(ids: Any) -> Any:
        office.clock.pass_time(timedelta(seconds=10))
        return read(ids)

    office.gateway.deals = slow
    office.clock.pass_time(A_DAY)
    deal = office.in_hubspot("deals")[0].id
    passes = 0
    while passes == 0 or _place(office) is not None:
        price = str(200 + passes)
        office.portal.update("deals", deal, {"renewal_monthly_price": price})
        office.sync()
        passes += 1
        assert office.all(RunRow)[0].price_cents == int(price) * 100, (
            "the minute's changes are read all the same"
        )
        assert passes < 20

    assert passes >= 2
    assert office.all(RunRow)[-1].gone_at is not None
    swept = _swept_at(office)
    office.sync()
    assert _swept_at(office) == swept, "it does not begin anew"


def test_a_daily_reading_that_was_stopped_goes_on_where_it_was(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.incoming.sweep.AT_ONCE", 100)
    fill(office, 250)
    for _ in range(5):
        office.sync()
    office.clock.pass_time(A_DAY)
    read, asked = office.gateway.deals, []

    def goes_down(ids: Any) -> Any:
        asked.append(len(tuple(ids)))
        if len(asked) == 3:
            office.fault("POST /crm/objects/deals/batch/read", status=503)
        return read(ids)

    office.gateway.deals = goes_down
    cut = office.sync()
    whole = office.sync()

    assert cut.stopped == "HubSpot answered 503" and whole.stopped is None
    assert asked == [100, 100, 50, 50]
    assert len(office.all(CrmRecord)) == 0


def test_reading_everything_begins_at_the_beginning(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.incoming.sweep.AT_ONCE", 1)
    first, _ = office.deal(), office.deal()
    office.sync()
    read = office.gateway.deals

    def slow(ids: Any) -> Any:
        office.clock.pass_time(timedelta(seconds=20))
        return read(ids)

    office.gateway.deals = slow
    office.clock.pass_time(A_DAY)
    office.sync()
    half_way = _place(office)
    office.portal.purge("deals", first)
    office.sync(everything=True)

    assert half_way is not None and half_way.after is not None and _place(office) is None
    assert [run.gone_at is not None for run in office.all(RunRow)] == [True, False]


def _place(office: Any) -> Any:
    with office.store.read() as session:
        return load_state(session).sweep


def _swept_at(office: Any) -> Any:
    with office.store.read() as session:
        return load_state(session).swept_at


def _note(office: Any, words: str) -> str:
    note = {"hs_timestamp": office.clock.now().isoformat(), "hs_note_body": words}
    return str(office.portal.create("notes", note).id)

"""Two deals become one in HubSpot: what happened on the one that is gone belongs to the survivor (FAULTS 19)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.services.acts.record import NewFact, Origin, record
from bot.store.book import load_runs, to_run
from bot.store.tables import AutomaticReply, Fact, PastContact, Person, RunChange, RunRow
from tests.scenario.sync.test_sync_whole_book import calls_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def log_on(office: Any, deal_id: str, *facts: NewFact, key: str) -> list[int]:
    """What a rep logs in Slack on the run of this deal."""
    with office.store.write() as session:
        run = session.scalars(select(RunRow).where(RunRow.deal_id == deal_id)).one()
        written = record(
            office.work, session, run, session.get_one(Person, 1), Origin(key, "slack", "button", None), facts
        )
        return [fact.id for fact in written]


def call(note: str) -> NewFact:
    return NewFact("call", outcome="no_answer", note=note)


def facts_of(office: Any, deal_id: str) -> list[tuple[str, str | None]]:
    """What holds on the runs of this deal, by time."""
    runs = {run.id for run in office.all(RunRow) if run.deal_id == deal_id}
    there = [fact for fact in office.holding() if fact.run_id in runs]
    return [(fact.kind, fact.note) for fact in sorted(there, key=lambda fact: (fact.at, fact.id))]


def two_deals(office: Any) -> tuple[str, str]:
    kept, gone = office.deal(dealname="Kept"), office.deal(dealname="Gone")
    office.sync()
    return kept, gone


def merge(office: Any, kept: str, gone: str) -> None:
    office.portal.merge("deals", kept, gone)


def in_hubspot(office: Any, kind: str) -> list[tuple[str | None, list[str]]]:
    return [
        (
            one.properties.get("hs_call_body") or one.properties.get("hs_note_body"),
            office.linked(one)["deals"],
        )
        for one in office.in_hubspot(kind)
    ]


def test_what_was_logged_and_read_before_is_the_survivors_and_counts_there(office: Any) -> None:
    kept, gone = two_deals(office)
    log_on(office, gone, call("logged here"), key="a")
    office.on_timeline("calls", gone, hs_call_direction="OUTBOUND", hs_call_body="made there")
    office.deliver()
    office.sync()
    facts, records = {fact.id for fact in office.all(Fact)}, len(office.records())

    merge(office, kept, gone)
    for _ in range(4):
        office.sync()

    assert [kind for kind, _ in facts_of(office, kept)] == ["call", "call"]
    assert facts_of(office, gone) == []
    assert {fact.id for fact in office.all(Fact)} == facts and len(office.records()) == records
    with office.store.read() as session:
        (loaded,) = load_runs(session, RunRow.deal_id == kept)
    called = [one for one in to_run(loaded).activities if one.kind == "call"]
    assert len(called) == 2, "the playbook counts them"
    noted = [(c.old, c.new) for c in office.all(RunChange) if c.field == "merged"]
    assert noted == [(gone, kept)] * 2, "on both runs, once"


def test_the_next_days_touch_of_the_survivor_knows_the_calls_of_the_other(office: Any) -> None:
    """Without its calls it would be an opening call once more; what is due is read from the facts that moved."""
    kept, gone = two_deals(office)
    calendar = WorkCalendar(ZoneInfo("America/New_York"), frozenset(range(5)), time(17, 30))

    def due() -> list[str]:
        with office.store.read() as session:
            (loaded,) = load_runs(session, RunRow.deal_id == kept)
        said = assess(to_run(loaded), calendar, office.work.now(), office.work.policy)
        return [str(touch.step) for touch in said.touches]

    assert "opening_call" in due()
    log_on(office, gone, call("tried"), NewFact("review"), key="a")
    merge(office, kept, gone)
    office.sync()
    assert "opening_call" not in due() and "review" not in due() and "opening_email" in due()


def test_an_entry_that_had_not_left_arrives_at_the_survivor_and_once(office: Any) -> None:
    kept, gone = two_deals(office)
    log_on(office, gone, call("on its way"), key="a")
    merge(office, kept, gone)
    office.sync()
    office.deliver()
    office.sync()

    assert in_hubspot(office, "calls") == [("on its way", [kept])]
    assert facts_of(office, kept) == [("call", "on its way")]


@pytest.mark.parametrize("gone_by", ["merge", "deletion and return"])
def test_an_entry_that_met_a_dead_deal_first_is_written_to_the_survivor(office: Any, gone_by: str) -> None:
    kept, gone = two_deals(office)
    log_on(office, gone, call("too late"), key="a")
    if gone_by != "merge":
        office.portal.archive("deals", gone)
        office.deliver()
        assert in_hubspot(office, "calls") == []
        office.portal.restore("deals", gone)
    merge(office, kept, gone)
    for _ in range(3):
        office.deliver()
        office.sync()

    assert in_hubspot(office, "calls") == [("too late", [kept])]
    assert facts_of(office, kept) == [("call", "too late")]


def test_a_correction_of_what_moved_goes_to_the_same_record(office: Any) -> None:
    kept, gone = two_deals(office)
    (fact_id,) = log_on(office, gone, call("first"), key="a")
    merge(office, kept, gone)
    office.sync()
    log_on(office, kept, NewFact("call", outcome="busy", note="better", supersedes_id=fact_id), key="b")
    for _ in range(3):
        office.deliver()
        office.sync()

    assert in_hubspot(office, "calls") == [("better", [kept])]
    assert facts_of(office, kept) == [("call", "better")]


def test_an_undone_call_stays_undone_and_an_edit_in_hubspot_is_followed(office: Any) -> None:
    kept, gone = two_deals(office)
    undone, _ = log_on(office, gone, call("undone"), call("stays"), key="a")
    office.undo(undone)
    note = office.on_timeline("notes", gone, hs_note_body="seen")
    office.sync()
    merge(office, kept, gone)
    office.sync()
    assert sorted(facts_of(office, kept)) == [("call", "stays"), ("note", "seen")]

    earlier = (office.clock.now() - timedelta(hours=1)).isoformat()
    office.portal.update("notes", note, {"hs_timestamp": earlier})
    office.sync()
    assert facts_of(office, kept)[0] == ("note", "seen"), "it is the earlier one now"
    office.portal.archive("notes", note)
    office.sync()
    assert facts_of(office, kept) == [("call", "stays")]


def test_stages_and_confirmed_dates_stay_with_the_deal_they_spoke_of(office: Any) -> None:
    kept, gone = two_deals(office)
    log_on(office, gone, NewFact("stage", outcome="negotiation"), NewFact("dates_confirmed"), key="a")
    deferral = NewFact("deferral", until=office.clock.now().date() + timedelta(days=9), reason="out_of_town")
    log_on(office, gone, deferral, key="b")
    office.deliver()
    office.sync()
    merge(office, kept, gone)
    office.sync()

    assert [kind for kind, _ in facts_of(office, kept)] == ["deferral"]
    assert [kind for kind, _ in facts_of(office, gone)] == ["stage", "dates_confirmed"]
    assert {run.deal_id: run.stage for run in office.all(RunRow)}[kept] == "open"


def test_a_deal_inside_a_deal_that_was_merged_is_found_by_the_daily_reading(office: Any) -> None:
    """HubSpot's survivor names only what it swallowed itself, so that the innermost is named by nobody."""
    kept, gone = two_deals(office)
    inner = office.deal(dealname="Inner")
    office.sync()
    log_on(office, inner, call("deep inside"), key="a")
    for _ in range(4):
        office.sync()
    merge(office, gone, inner)
    merge(office, kept, gone)
    office.sync()
    before = facts_of(office, kept)
    office.clock.pass_time(timedelta(hours=25))
    office.sync()

    assert before == [] and facts_of(office, kept) == [("call", "deep inside")]
    assert {run.deal_id for run in office.all(RunRow) if run.gone_at is None} == {kept}


def test_deleted_deals_are_asked_for_survivors_a_hundred_at_a_time(office: Any) -> None:
    deals = [office.deal() for _ in range(30)]
    office.sync()
    for deal_id in deals[:-1]:
        office.portal.purge("deals", deal_id)
    for _ in range(4):
        office.sync()
    office.clock.pass_time(timedelta(hours=25))
    calls_of(office)
    office.sync()

    read = calls_of(office)["POST /crm/objects/deals/batch/read"]
    assert read == 2, "all of them, and whether any of those that are not there were merged"
    assert sum(run.gone_at is None for run in office.all(RunRow)) == 1


def test_a_survivor_of_another_pipeline_takes_nothing_until_it_is_a_renewal(office: Any) -> None:
    gone = office.deal()
    kept = office.deal(pipeline="default", dealstage="qualifiedtobuy")
    office.sync()
    log_on(office, gone, call("meanwhile"), key="a")
    merge(office, kept, gone)
    office.sync()
    assert facts_of(office, gone) == [("call", "meanwhile")] and office.run().gone_at is not None

    office.portal.update("deals", kept, {"pipeline": "renewals", "dealstage": "renewal_put_out"})
    office.sync()
    assert facts_of(office, kept) == [("call", "meanwhile")] and facts_of(office, gone) == []


def test_what_is_left_of_another_customer_can_be_erased_after_a_merge(office: Any) -> None:
    """The survivor's facts speak of the other deal's contact, too, who is kept as one of its past contacts."""
    kept, gone = two_deals(office)
    theirs = office.portal.associated(office.portal.get("deals", gone), "contacts")[0].id
    log_on(office, gone, call("Dana is on leave"), key="a")
    merge(office, kept, gone)
    office.portal.archive("contacts", theirs)
    office.sync()
    assert theirs in {one.contact_id for one in _past(office)}


def test_a_proposed_deferral_moves_as_well(office: Any) -> None:
    kept, gone = two_deals(office)
    away = {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "Automatic reply: away"}
    office.on_timeline("emails", gone, **away)
    office.sync()
    merge(office, kept, gone)
    office.sync()

    runs = {run.id: run.deal_id for run in office.all(RunRow)}
    assert [runs[one.run_id] for one in office.all(AutomaticReply)] == [kept]


def _past(office: Any) -> list[PastContact]:
    with office.store.read() as session:
        found = list(session.scalars(select(PastContact)))
        session.expunge_all()
        return found

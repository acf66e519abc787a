"""What is done in HubSpot becomes facts: each record once, changed with it, withdrawn with it."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.services.incoming.sync import Sync
from bot.store.facts import add_fact
from bot.store.tables import AutomaticReply, RunRow
from tests.unhurried import wait_until

# What differs between the databases is shown by the batches, the deals and the closing.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"


def test_calls_emails_meetings_and_notes_of_a_deal_are_facts(office: Any) -> None:
    deal_id = office.deal()
    soon = (office.clock.now() + timedelta(hours=3)).isoformat()
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND", hs_call_disposition=VOICEMAIL)
    office.on_timeline("calls", deal_id, hs_call_direction="INBOUND")
    office.on_timeline("emails", deal_id, hs_email_direction="EMAIL")
    office.on_timeline("emails", deal_id, hs_email_direction="INCOMING_EMAIL")
    office.on_timeline("meetings", deal_id, hs_meeting_start_time=soon, hs_meeting_source="MEETINGS_PUBLIC")
    office.on_timeline("notes", deal_id, hs_note_body="<p>Asked for &lt;numbers&gt;</p>")

    report = office.sync()

    facts = office.holding()
    assert sorted((fact.kind, fact.outcome) for fact in facts if fact.outcome) == [
        ("appointment", "scheduled"),
        ("call", "left_voicemail"),
    ]
    assert sorted(fact.kind for fact in facts if not fact.outcome) == [
        "email",
        "meeting_booked",
        "note",
        "reply",
        "reply",
    ]
    assert {fact.actor_id for fact in facts} == {1} and {fact.source for fact in facts} == {"hubspot"}
    assert next(fact.note for fact in facts if fact.kind == "note") == "Asked for <numbers>"
    assert report.facts_new == 7 and report.problems == {}


def test_what_is_logged_in_hubspot_later_ticks_off_with_the_next_pass(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    version = office.run().version

    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND", hs_call_disposition=CONNECTED)
    office.sync()

    assert [(fact.kind, fact.outcome) for fact in office.holding()] == [("call", "connected")]
    assert office.run().version > version


def test_a_record_changed_in_hubspot_supersedes_and_a_deleted_one_is_withdrawn(office: Any) -> None:
    deal_id = office.deal()
    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()

    office.portal.update("calls", call, {"hs_call_disposition": CONNECTED})
    changed = office.sync()
    outcomes = [fact.outcome for fact in office.holding()]
    office.portal.archive("calls", call)
    deleted = office.sync()

    assert outcomes == ["connected"] and changed.facts_changed == 1
    assert office.holding() == [] and deleted.facts_withdrawn == 1
    assert office.sync().touched == 0


def test_a_meetings_result_in_hubspot_moves_the_appointment(office: Any) -> None:
    deal_id = office.deal()
    start = (office.clock.now() + timedelta(hours=1)).isoformat()
    meeting = office.on_timeline("meetings", deal_id, hs_meeting_start_time=start)
    office.sync()

    office.portal.update("meetings", meeting, {"hs_meeting_outcome": "NO_SHOW"})
    office.sync()

    assert [(fact.kind, fact.outcome) for fact in office.holding()] == [("appointment", "no_show")]


def test_an_activity_of_the_company_counts_only_when_one_run_of_it_is_open(office: Any) -> None:
    company = office.portal.create("companies", {"name": "Acme Dental"}).id
    office.deal(company)
    now = {"hs_timestamp": office.clock.now().isoformat()}
    office.sync()

    office.portal.create("notes", now | {"hs_note_body": "one run"}, [("companies", company)])
    office.sync()
    office.deal(company)
    office.sync()
    office.portal.create("notes", now | {"hs_note_body": "two runs"}, [("companies", company)])
    office.sync()

    assert [fact.note for fact in office.holding()] == ["one run"]


def test_an_out_of_office_answer_is_proposed_not_counted(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    subject = "Automatic reply: out until Thursday"
    mail = office.on_timeline(
        "emails", deal_id, hs_email_direction="INCOMING_EMAIL", hs_email_subject=subject
    )

    report = office.sync()

    (kept,) = office.all(AutomaticReply)
    assert office.holding() == [] and report.away == 1
    assert (kept.run_id, kept.object_id, kept.day) == (office.run().id, mail, date(2026, 11, 26))


def test_search_that_lags_loses_nothing_even_when_the_clock_jumps(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    office.portal.index.lag_s = 1.5

    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.world.clock.advance(timedelta(hours=20))  # the daily sweep does not come into it
    unseen = office.sync()
    office.portal.index.lag_s = 0.0
    office.on_timeline("notes", deal_id, hs_note_body="the next morning")
    office.sync()
    _wait_until_indexed(office, "calls", call)
    office.sync()

    assert unseen.facts_new == 0
    assert sorted(fact.kind for fact in office.holding()) == ["call", "note"]


def test_a_clock_that_goes_back_hides_nothing(office: Any) -> None:
    deal_id = office.deal()
    office.on_timeline("notes", deal_id, hs_note_body="before")
    office.sync()

    office.world.clock.advance(timedelta(hours=-2))
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    office.sync()

    assert sorted(fact.kind for fact in office.holding()) == ["call", "note"]


def test_a_logged_email_and_its_tracked_record_are_one(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    logged = _log_email(office, office.run().id, office.clock.now(), "first")

    office.on_timeline("emails", deal_id, hs_email_direction="EMAIL", hs_email_subject="Renewal")
    report = office.sync()

    assert [fact.id for fact in office.holding()] == [logged] and report.emails_matched == 1
    assert [(record.fact_id, record.ours) for record in office.records()] == [(logged, False)]


def test_a_tracked_record_that_came_first_is_handed_to_the_logged_email(office: Any) -> None:
    deal_id = office.deal()
    office.on_timeline("emails", deal_id, hs_email_direction="EMAIL")
    office.sync()

    logged = _log_email(office, office.run().id, office.clock.now(), "after")
    office.sync()
    second = _log_email(office, office.run().id, office.clock.now(), "another one")
    office.sync()

    assert [fact.id for fact in office.holding()] == [logged, second]
    assert [record.fact_id for record in office.records()] == [logged]


def test_the_daily_limit_pauses_the_sync_until_it_is_reset(office: Any) -> None:
    office.deal()
    office.portal.limits.calls_per_day = 1

    first, calls = office.sync(), len(office.world.journal.entries(service="hubspot"))
    second = office.sync()
    quiet = len(office.world.journal.entries(service="hubspot"))
    office.portal.limits.calls_per_day = 250_000
    office.clock.pass_time(timedelta(hours=1))
    third = office.sync()

    assert "daily limit" in first.stopped and "paused until" in second.stopped and calls == quiet
    assert third.stopped is None and third.runs_new == 1


def test_a_pass_that_is_cut_short_takes_up_from_the_same_place(office: Any) -> None:
    office.deal()
    office.fault("GET /crm/objects/deals", status=503)

    cut = office.sync()
    whole = office.sync()

    assert cut.stopped == "HubSpot answered 503" and cut.runs_new == 0
    assert whole.stopped is None and whole.runs_new == 1


def test_a_record_linked_to_the_deal_long_after_it_was_made_is_found_by_the_sweep(office: Any) -> None:
    deal_id = office.deal()
    call = office.portal.create("calls", {"hs_timestamp": office.clock.now().isoformat()})
    office.sync()
    office.clock.pass_time(timedelta(hours=12))
    office.sync()

    office.portal.associate("calls", call.id, "deals", deal_id)
    office.clock.pass_time(timedelta(hours=13))
    office.sync()

    assert [fact.kind for fact in office.holding()] == ["call"]


def test_a_deal_with_pages_of_activities_is_swept_to_the_last_one(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.hubspot.links.MOST_LINKS", 2)
    deal_id = office.deal()
    made = {"hs_timestamp": office.clock.now().isoformat(), "hs_call_direction": "OUTBOUND"}
    calls = [office.portal.create("calls", made) for _ in range(5)]
    office.sync()
    office.clock.pass_time(timedelta(hours=12))
    office.sync()

    for call in calls:
        office.portal.associate("calls", call.id, "deals", deal_id)
    office.clock.pass_time(timedelta(hours=13))
    office.sync()

    assert [fact.kind for fact in office.holding()] == ["call"] * 5


def test_two_passes_at_once_write_nothing_twice(office: Any) -> None:
    for _ in range(5):
        deal_id = office.deal()
        office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
        office.on_timeline("notes", deal_id, hs_note_body="x")

    racers = [threading.Thread(target=Sync(office.work, office.gateway).run) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    office.sync()

    assert len(office.all(RunRow)) == 5 and len(office.holding()) == len(office.records()) == 10


def _log_email(office: Any, run_id: int, at: datetime, key: str) -> int:
    with office.store.write() as session:
        fact = add_fact(
            session,
            key=f"slack:{key}",
            run_id=run_id,
            kind="email",
            at=at,
            recorded_at=at,
            source="slack",
            surface="button",
        )
        assert fact is not None
        return fact.id


def _wait_until_indexed(office: Any, kind: str, record_id: str) -> None:
    since = office.clock.now() - timedelta(days=3)
    wait_until(lambda: record_id in office.gateway.changed(kind, since).ids)

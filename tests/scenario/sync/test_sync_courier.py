"""Facts become HubSpot records: each one record, linked and under the right owner, whatever goes wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.record import NewFact, Origin, record
from bot.store.facts import withdraw
from bot.store.outbox import enqueue
from bot.store.tables import CrmRecord, Fact, OutboxRow, Person, RunRow

NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
CREATE = "POST /crm/objects/calls/batch/upsert"
LINK = "PUT /crm/objects/calls/{id}/associations/default/deals/{to_id}"


@pytest.fixture
def worked(office: Any) -> Any:
    """The office with one deal taken over."""
    office.deal()
    office.sync()
    return office


def test_a_logged_call_is_one_record_under_its_owner_linked_to_deal_company_and_contact(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer", note="rang <long>"), step="opening_call")
    worked.deliver()

    (call,) = worked.in_hubspot("calls")
    run = worked.run()
    assert call.properties["hs_call_disposition"] == NO_ANSWER
    assert call.properties["hs_call_direction"] == "OUTBOUND"
    assert call.properties["hs_call_title"] == "Opening call - Acme Dental"
    assert call.properties["hs_call_body"] == "rang &lt;long&gt;"
    assert call.properties["hubspot_owner_id"] == "501"
    assert worked.linked(call) == {
        "deals": [run.deal_id],
        "companies": [run.company_id],
        "contacts": [run.contact_id],
    }
    assert [(r.object_type, r.object_id, r.ours) for r in worked.records()] == [("calls", call.id, True)]


def test_our_own_echo_is_no_second_fact(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    log(worked, NewFact("appointment", outcome="scheduled", starts_at=worked.clock.now() + timedelta(days=1)))
    log(worked, NewFact("note", note="hello"))
    log(worked, NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.deliver()

    before = worked.run().version
    report = worked.sync()
    report_all = worked.sync(everything=True)

    assert report.touched == report_all.touched == 0 and worked.run().version == before
    assert len(worked.holding()) == 4


@pytest.mark.parametrize(
    "method", [CREATE, LINK, "PUT /crm/objects/calls/{id}/associations/default/contacts/{to_id}"]
)
def test_a_lost_answer_leaves_one_linked_record(worked: Any, method: str) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    rule = worked.fault(method, drop_after_accept=True)

    worked.deliver()
    assert not worked.world.faults.stands(rule)
    worked.deliver(later=timedelta(minutes=10))

    (call,) = worked.in_hubspot("calls")
    assert all(worked.linked(call).values())
    assert [row.state for row in worked.outbox()] == ["sent"]


def test_a_crash_between_record_and_link_heals(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    (row,) = worked.outbox()
    fact = worked.holding()[0]
    # What a process leaves that died right after HubSpot took the record.
    worked.client.upsert("calls", "renewals_key", fact.key, {"hs_timestamp": worked.clock.now().isoformat()})
    with worked.store.write() as session:
        session.get_one(OutboxRow, row.id).state = "unknown"

    worked.deliver()

    (call,) = worked.in_hubspot("calls")
    assert all(worked.linked(call).values()) and len(worked.records()) == 1


def test_a_record_whose_answer_never_came_is_known_by_its_key(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    worked.deliver()
    with worked.store.write() as session:
        session.delete(session.scalars(select(CrmRecord)).one())

    worked.sync(everything=True)

    assert len(worked.holding()) == 1 and [r.ours for r in worked.records()] == [True]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (
            429,
            {"status": "error", "category": "RATE_LIMITS", "policyName": "TEN_SECONDLY_ROLLING"},
            "pending",
        ),
        (503, "<html>", "pending"),
        (400, {"status": "error", "message": "Property values were not valid"}, "dead"),
    ],
)
def test_what_hubspot_refuses_is_tried_later_or_set_aside(
    worked: Any, status: int, body: Any, state: str
) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    worked.fault(CREATE, status=status, body=body)

    worked.deliver()
    assert [row.state for row in worked.outbox()] == [state]
    worked.deliver(later=timedelta(minutes=30))

    assert len(worked.in_hubspot("calls")) == (0 if state == "dead" else 1)
    if state == "dead":
        assert worked.outbox()[0].reason == "Property values were not valid"


def test_a_revoked_token_halts_the_queue_and_loses_nothing(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    token = worked.portal.settings.token
    worked.portal.settings.token = "another"

    worked.deliver()
    halted = worked.sender.halted
    worked.portal.settings.token = token

    assert "HUBSPOT_ACCESS_TOKEN" in halted["hubspot"]
    assert [row.state for row in worked.outbox()] == ["pending"]


def test_a_call_undone_before_it_left_never_leaves(worked: Any) -> None:
    fact_id = log(worked, NewFact("call", outcome="no_answer"))
    undo(worked, fact_id)

    worked.deliver()

    assert worked.in_hubspot("calls") == []


def test_an_undo_after_it_was_sent_takes_the_record_back(worked: Any) -> None:
    fact_id = log(worked, NewFact("call", outcome="no_answer"))
    worked.deliver()

    undo(worked, fact_id)
    send(worked, "activity_archive", fact_id)
    stale = worked.sync()
    worked.deliver()
    after = worked.sync()

    assert worked.in_hubspot("calls") == [] and worked.holding() == []
    assert stale.touched == after.touched == 0


def test_a_human_edit_of_our_record_wins_and_is_kept_as_a_new_fact(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    worked.deliver()
    (call,) = worked.in_hubspot("calls")

    connected = {"hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7"}
    worked.portal.update("calls", call.id, connected)
    worked.sync()

    assert [(fact.kind, fact.outcome, fact.source) for fact in worked.holding()] == [
        ("call", "connected", "hubspot")
    ]


def test_a_held_appointment_updates_the_meeting_unless_hubspot_has_another_result(worked: Any) -> None:
    start = worked.clock.now() + timedelta(minutes=5)
    first = log(worked, NewFact("appointment", outcome="scheduled", starts_at=start))
    worked.deliver()
    worked.clock.pass_time(timedelta(hours=1))
    log(worked, NewFact("appointment", outcome="held", starts_at=start, supersedes_id=first))
    worked.deliver()
    (meeting,) = worked.in_hubspot("meetings")
    held = meeting.properties["hs_meeting_outcome"]

    worked.portal.update("meetings", meeting.id, {"hs_meeting_outcome": "NO_SHOW"})
    tip = worked.holding()[0].id
    log(worked, NewFact("appointment", outcome="canceled", starts_at=start, supersedes_id=tip))
    worked.deliver()
    kept = worked.in_hubspot("meetings")[0].properties["hs_meeting_outcome"]
    worked.sync()

    assert (held, kept) == ("COMPLETED", "NO_SHOW")
    assert [fact.outcome for fact in worked.holding()] == ["no_show"]


def test_a_deferral_is_a_task_for_that_morning_and_is_completed(worked: Any) -> None:
    fact_id = log(worked, NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.deliver()
    (task,) = worked.in_hubspot("tasks")
    due = task.properties["hs_timestamp"]

    send(worked, "task_complete", fact_id)
    worked.deliver()

    assert due == "2026-12-07T13:30:00.000Z"  # 08:30 in New York
    assert worked.in_hubspot("tasks")[0].properties["hs_task_status"] == "COMPLETED"


def test_a_stage_move_reaches_the_deal_and_stays(worked: Any) -> None:
    log(worked, NewFact("stage", outcome="negotiation"))
    pending = worked.sync()
    stage_while_waiting = worked.run().stage
    worked.deliver()
    worked.sync()

    deal = worked.portal.get("deals", worked.run().deal_id)
    assert pending.runs_changed == 0 and stage_while_waiting == "negotiation"
    assert deal.properties["dealstage"] == "renewal_in_negotiation"
    assert worked.run().stage == "negotiation"


def test_a_later_stage_move_in_hubspot_is_not_overwritten(worked: Any) -> None:
    log(worked, NewFact("stage", outcome="negotiation"))
    worked.clock.pass_time(timedelta(seconds=5))
    worked.portal.update("deals", worked.run().deal_id, {"dealstage": "renewal_closed_won"})

    worked.deliver()
    worked.sync()

    deal = worked.portal.get("deals", worked.run().deal_id)
    assert deal.properties["dealstage"] == "renewal_closed_won"
    assert worked.run().stage == "won"
    assert [row.state for row in worked.outbox()] == ["dropped"]


def test_a_stage_move_that_hubspot_refuses_comes_back(worked: Any) -> None:
    log(worked, NewFact("stage", outcome="won"))
    worked.fault("PATCH /crm/objects/deals/{id}", status=400, body={"message": "Amount is required"})

    worked.deliver()
    worked.sync()

    assert [(row.state, row.reason) for row in worked.outbox()] == [("dead", "Amount is required")]
    assert worked.run().stage == "open"


def test_nothing_is_written_to_a_deleted_deal(worked: Any) -> None:
    worked.portal.archive("deals", worked.run().deal_id)
    worked.sync()
    log(worked, NewFact("note", note="too late"))
    worked.deliver()
    dropped = [row.state for row in worked.outbox()]

    assert worked.in_hubspot("notes") == [] and dropped == ["dropped"]


def test_a_deal_deleted_at_the_last_moment_leaves_no_orphan(worked: Any) -> None:
    log(worked, NewFact("call", outcome="no_answer"))
    worked.portal.archive("deals", worked.run().deal_id)

    worked.deliver()

    assert worked.in_hubspot("calls") == []


def test_an_actor_other_than_the_owner_keeps_the_record_in_their_name(worked: Any) -> None:
    ben = worked.add_person("ben@harborline.example", "502")
    log(worked, NewFact("call", outcome="no_answer"), actor=ben)
    worked.deliver()

    assert worked.in_hubspot("calls")[0].properties["hubspot_owner_id"] == "502"


def log(office: Any, fact: NewFact, *, step: str | None = None, actor: int = 1) -> int:
    """What a rep logs in Slack, with its outbox row; answers the fact's id."""
    with office.store.write() as session:
        (run,) = session.scalars(select(RunRow))
        key = f"slack:{len(session.scalars(select(Fact.id)).all())}"
        origin = Origin(key, "slack", "button", step)
        (written,) = record(office.work, session, run, session.get_one(Person, actor), origin, [fact])
        return written.id


def undo(office: Any, fact_id: int) -> None:
    with office.store.write() as session:
        fact = session.get_one(Fact, fact_id)
        withdraw(session, fact, at=office.clock.now(), source="slack", surface="button", actor_id=1)


def send(office: Any, kind: str, fact_id: int) -> None:
    with office.store.write() as session:
        enqueue(
            session,
            service="hubspot",
            kind=kind,
            recipient=f"fact:{fact_id}",
            slot="1",
            target="deal:any",
            now=office.clock.now(),
            elapsed=office.clock.elapsed(),
            fact_id=fact_id,
        )

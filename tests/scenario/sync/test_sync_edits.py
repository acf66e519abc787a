"""Both sides change their minds: undo, results, stages and deletions, here and in HubSpot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.services.acts.record import NewFact
from bot.store.tables import RunChange

# What differs between the databases is tried by the other files of this folder.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_call_undone_before_it_left_never_leaves(worked: Any) -> None:
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.undo(fact_id)

    worked.deliver()

    assert worked.in_hubspot("calls") == []


def test_an_undo_after_it_was_sent_takes_the_record_back(worked: Any) -> None:
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.deliver()

    worked.undo(fact_id)
    worked.send("activity_archive", fact_id)
    stale = worked.sync()
    worked.deliver()
    after = worked.sync()

    assert worked.in_hubspot("calls") == [] and worked.holding() == []
    assert stale.touched == after.touched == 0


def test_a_human_edit_of_our_record_wins_and_is_kept_as_a_new_fact(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
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
    first = worked.log(NewFact("appointment", outcome="scheduled", starts_at=start))
    worked.deliver()
    worked.clock.pass_time(timedelta(hours=1))
    worked.log(NewFact("appointment", outcome="held", starts_at=start, supersedes_id=first))
    worked.deliver()
    (meeting,) = worked.in_hubspot("meetings")
    held = meeting.properties["hs_meeting_outcome"]

    worked.portal.update("meetings", meeting.id, {"hs_meeting_outcome": "NO_SHOW"})
    tip = worked.holding()[0].id
    worked.log(NewFact("appointment", outcome="canceled", starts_at=start, supersedes_id=tip))
    worked.deliver()
    kept = worked.in_hubspot("meetings")[0].properties["hs_meeting_outcome"]
    worked.sync()

    assert (held, kept) == ("COMPLETED", "NO_SHOW")
    asked = worked.outbox()[-1]  # nothing is written, and ours stands, until somebody chooses
    assert (asked.state, asked.result["contest"]["said"]) == ("dead", {"outcome": "no_show"})
    assert [fact.outcome for fact in worked.holding()] == ["canceled"]


def test_a_deferral_is_a_task_for_that_morning_and_is_completed(worked: Any) -> None:
    fact_id = worked.log(NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.deliver()
    (task,) = worked.in_hubspot("tasks")
    due = task.properties["hs_timestamp"]

    worked.send("task_complete", fact_id)
    worked.deliver()

    assert due == "2026-12-07T13:30:00.000Z"  # 08:30 in New York
    assert worked.in_hubspot("tasks")[0].properties["hs_task_status"] == "COMPLETED"


def test_the_task_of_an_account_without_owner_is_due_in_the_morning_of_who_deferred_it(worked: Any) -> None:
    worked.log(NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.portal.update("deals", worked.run().deal_id, {"hubspot_owner_id": ""})
    worked.sync()
    worked.deliver()

    (task,) = worked.in_hubspot("tasks")
    assert worked.run().owner_id is None and task.properties["hs_timestamp"] == "2026-12-07T13:30:00.000Z"


def test_a_stage_move_reaches_the_deal_and_stays(worked: Any) -> None:
    worked.log(NewFact("stage", outcome="negotiation"))
    pending = worked.sync()
    stage_while_waiting = worked.run().stage
    worked.deliver()
    worked.sync()

    deal = worked.portal.get("deals", worked.run().deal_id)
    assert pending.runs_changed == 0 and stage_while_waiting == "negotiation"
    assert deal.properties["dealstage"] == "renewal_in_negotiation"
    assert worked.run().stage == "negotiation"


def test_a_later_stage_move_in_hubspot_is_not_overwritten(worked: Any) -> None:
    worked.log(NewFact("stage", outcome="negotiation"))
    worked.clock.pass_time(timedelta(seconds=5))
    worked.portal.update("deals", worked.run().deal_id, {"dealstage": "renewal_closed_won"})

    worked.deliver()
    worked.sync()

    deal = worked.portal.get("deals", worked.run().deal_id)
    assert deal.properties["dealstage"] == "renewal_closed_won"
    assert worked.run().stage == "won"
    (asked,) = worked.outbox()
    assert (asked.state, asked.result["contest"]["said"]) == ("dead", {"stage": "won"})


def test_a_stage_move_that_hubspot_refuses_comes_back(worked: Any) -> None:
    worked.log(NewFact("stage", outcome="won"))
    worked.fault("POST /crm/objects/deals/batch/update", status=400, body={"message": "Amount is required"})

    worked.deliver()
    worked.sync()

    assert [(row.state, row.reason) for row in worked.outbox()] == [("dead", "Amount is required")]
    assert worked.run().stage == "open"


def test_nothing_is_written_to_a_deleted_deal(worked: Any) -> None:
    worked.portal.archive("deals", worked.run().deal_id)
    worked.sync()
    worked.log(NewFact("note", note="too late"))
    worked.deliver()
    dropped = [row.state for row in worked.outbox()]

    assert worked.in_hubspot("notes") == [] and dropped == ["dropped"]


def test_a_deal_deleted_at_the_last_moment_leaves_no_orphan(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.portal.archive("deals", worked.run().deal_id)

    worked.deliver()

    assert worked.in_hubspot("calls") == []


def test_an_actor_other_than_the_owner_keeps_the_record_in_their_name(worked: Any) -> None:
    ben = worked.add_person("ben@harborline.example", "502")
    worked.log(NewFact("call", outcome="no_answer"), actor=ben)
    worked.deliver()

    assert worked.in_hubspot("calls")[0].properties["hubspot_owner_id"] == "502"


def test_a_result_logged_on_a_meeting_that_hubspot_made_keeps_its_words(worked: Any) -> None:
    start = worked.clock.now() + timedelta(minutes=5)
    made = {"hs_meeting_start_time": start.isoformat(), "hs_meeting_body": "Their agenda"}
    worked.on_timeline("meetings", worked.run().deal_id, **made)
    worked.sync()
    tip = worked.holding()[0]

    held = NewFact("appointment", outcome="held", starts_at=tip.starts_at, note="good", supersedes_id=tip.id)
    worked.log(held)
    worked.deliver()
    again = worked.sync(everything=True)

    (meeting,) = worked.in_hubspot("meetings")
    assert meeting.properties["hs_meeting_outcome"] == "COMPLETED"
    assert meeting.properties["hs_meeting_body"] == "Their agenda<br>good"
    assert [(fact.outcome, fact.source) for fact in worked.holding()] == [("held", "slack")]
    assert again.touched == 0


def test_a_task_completed_in_hubspot_is_kept_and_the_deferral_stands(worked: Any) -> None:
    worked.log(NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.deliver()
    (task,) = worked.in_hubspot("tasks")

    worked.portal.update("tasks", task.id, {"hs_task_status": "COMPLETED"})
    worked.sync()
    worked.sync()

    assert [fact.kind for fact in worked.holding()] == ["deferral"]
    assert [(c.field, c.old, c.new) for c in worked.all(RunChange)] == [("task", task.id, "done")]


def test_an_activity_handed_to_a_colleague_in_hubspot_is_theirs_here_and_once(worked: Any) -> None:
    ben = worked.add_person("ben@harborline.example", "502")
    call = worked.on_timeline("calls", worked.run().deal_id, hs_call_direction="OUTBOUND")
    worked.sync()
    before = [fact.actor_id for fact in worked.holding()]
    worked.portal.update("calls", call, {"hubspot_owner_id": "502"})
    first, second = worked.sync(), worked.sync()

    assert before == [1] and [fact.actor_id for fact in worked.holding()] == [ben]
    assert (first.facts_changed, second.facts_changed) == (1, 0)


def test_a_call_logged_here_stays_with_who_logged_it_whoever_owns_its_record(worked: Any) -> None:
    worked.add_person("ben@harborline.example", "502")
    worked.log(NewFact("call", outcome="no_answer"))
    worked.deliver()
    worked.sync()
    worked.portal.update("calls", worked.in_hubspot("calls")[0].id, {"hubspot_owner_id": "502"})
    for _ in range(2):
        worked.deliver()
        worked.sync()

    assert [(fact.actor_id, fact.source) for fact in worked.holding()] == [(1, "slack")]
    assert worked.in_hubspot("calls")[0].properties["hubspot_owner_id"] == "502", "nor is it written back"


def test_what_was_edited_after_a_clock_went_back_is_read_by_the_next_pass(worked: Any) -> None:
    note = worked.on_timeline("notes", worked.run().deal_id, hs_note_body="seen")
    for _ in range(5):
        worked.sync()
    worked.world.clock.advance(timedelta(hours=-2))
    said_at = worked.clock.now()
    worked.portal.update("notes", note, {"hs_timestamp": said_at.isoformat()})
    worked.clock.pass_time(timedelta(minutes=10))
    worked.sync()

    assert [fact.at for fact in worked.holding()] == [
        said_at.replace(microsecond=said_at.microsecond // 1000 * 1000)
    ]

"""Logging: what a log writes, moves and shows, in Slack and in HubSpot (issue "The morning", section 4)."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.faults import FaultRule
from sandbox.hubspot.kinds import kind_of
from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"


def morning(team: Living, at: str = "2026-11-23 08:30") -> None:
    team.tick("sync")
    team.go(at)
    team.tick("mornings")


def digest(team: Living) -> str:
    return words(team.messages("ana")[0])


def linked(team: Living, kind: str, record_id: str) -> dict[str, list[str]]:
    """The ids of the deal, company and contact that a record is linked to."""
    portal = team.world.hubspot
    return {
        other: [str(one) for one in portal.associations.of(kind_of(kind), record_id, kind_of(other))]
        for other in ("deals", "companies", "contacts")
    }


def connected(team: Living, on: str, result: str, **values: dict[str, Any]) -> dict[str, Any]:
    team.press("ana", "open_connected", on)
    team.choose("ana", "result", "result_chosen", result)
    return team.submit("ana", result={"selected_option": {"value": result}}, **values)


@pytest.mark.parametrize(
    ("action", "disposition"), [("log_call:no_answer", NO_ANSWER), ("log_call:left_voicemail", VOICEMAIL)]
)
def test_a_call_is_in_hubspot_under_its_owner_with_its_outcome_and_links(
    team: Living, action: str, disposition: str
):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", action, "Acme")
    assert "saved, not yet in HubSpot" in digest(team)
    team.deliver()
    assert team.records("calls") == []  # it waits for Undo
    team.let_undo_pass()
    (call,) = team.records("calls")
    assert call["hs_call_disposition"] == disposition
    assert call["hubspot_owner_id"] == team.owners["ana"]
    assert call["hs_timestamp"].startswith("2026-11-23T13:30")
    links = linked(team, "calls", call["id"])
    assert links["deals"] == [deal]
    assert len(links["companies"]) == len(links["contacts"]) == 1
    assert "· in HubSpot" in digest(team) and "not yet" not in digest(team)


def test_undo_works_before_it_left_and_after_and_once(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    assert "First email (2 of 2)" in digest(team)
    team.press("ana", "undo_fact")
    assert "First call (1 of 2)" in digest(team) and "No answer 08:30" not in digest(team)
    team.let_undo_pass()
    assert team.records("calls") == []
    team.press("ana", "log_call:left_voicemail", "Acme")
    team.let_undo_pass()
    (call,) = team.records("calls")
    before = team.messages("ana")[0]
    block = next(block for block in before["blocks"] if "accessory" in block)
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert team.records("calls") == []
    again = {"type": "button", "value": block["accessory"]["value"]}
    container = {"type": "message", "channel": team.dm("ana"), "ts": before["ts"]}
    team.act("ana", container, block["block_id"], "undo_fact", value=again, forge=True)
    assert "undone or changed already" in team.seen("ana")
    assert call


def test_undo_of_a_stage_takes_everything_back_and_leaves_no_strange_row(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    connected(team, "Acme", "in_negotiation", note={"value": "Likes it"})
    team.let_undo_pass()
    assert team.records("deals")[0]["dealstage"] == "renewal_in_negotiation"
    assert "in negotiation" in digest(team)
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert team.records("deals")[0]["dealstage"] == "renewal_put_out"
    assert team.records("calls") == []
    assert "First call (1 of 2)" in digest(team)
    assert ":white_check_mark:" not in digest(team) and "Undo" not in digest(team)


def test_meeting_on_makes_the_appointment_here_and_in_hubspot(team: Living):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    connected(
        team,
        "Acme",
        "meeting_on",
        starts_on={"selected_date": "2026-11-25"},
        starts_at={"selected_time": "14:30"},
        note={"value": "At their office"},
    )
    assert "Connected: appointment on Wed 25 Nov at 14:30; logged" in digest(team)
    assert digest(team).count("Undo") == digest(team).count("At their office") == 1  # one go, one row
    team.let_undo_pass()
    (meeting,) = team.records("meetings")
    assert meeting["hs_meeting_start_time"].startswith("2026-11-25T19:30")  # 14:30 in New York
    assert meeting["hubspot_owner_id"] == team.owners["ana"]
    assert linked(team, "meetings", meeting["id"])["deals"] == [deal]
    assert team.records("calls")[0]["hs_call_disposition"] == CONNECTED
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    assert "nothing is due today" in team.messages("ana")[-1]["text"]
    team.go("2026-11-25 08:30")
    team.tick("mornings")
    assert "Appointment today* · 14:30" in words(team.messages("ana")[-1])


def test_an_appointment_in_the_past_is_refused_at_its_field(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    answer = connected(
        team,
        "Acme",
        "meeting_on",
        starts_on={"selected_date": "2026-11-23"},
        starts_at={"selected_time": "08:00"},
    )
    assert "Mon 23 Nov 2026 at 08:00 is past" in str(answer)
    team.let_undo_pass()
    assert team.records("calls") == []


def test_call_back_on_defers_and_makes_the_task(team: Living):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    connected(
        team, "Acme", "call_back_on", when={"value": "in 2 business days"}, until={"selected_date": None}
    )
    assert "Deferred until Wed 25 Nov" in digest(team)
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert task["hs_timestamp"].startswith("2026-11-25T13:30")  # 08:30 in New York
    assert linked(team, "tasks", task["id"])["deals"] == [deal]


def test_lost_needs_its_reason_and_a_note_and_closes_the_deal(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "lost")
    refused = team.submit(
        "ana",
        result={"selected_option": {"value": "lost"}},
        lost_reason={"selected_option": {"value": "price"}},
    )
    assert not refused["acked"] and "note" in refused["errors"]
    team.submit(
        "ana",
        result={"selected_option": {"value": "lost"}},
        lost_reason={"selected_option": {"value": "price"}},
        note={"value": "Found a cheaper one"},
    )
    assert "Lost" in digest(team) and "“Found a cheaper one”" in digest(team)
    team.let_undo_pass()
    assert team.records("deals")[0]["dealstage"] == "renewal_closed_lost"
    assert "Found a cheaper one" in team.records("calls")[0]["hs_call_body"]


def test_won_closes_the_run(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    connected(team, "Acme", "won")
    team.let_undo_pass()
    assert team.records("deals")[0]["dealstage"] == "renewal_closed_won"
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    assert "nothing is due today" in team.messages("ana")[-1]["text"]


def test_nothing_yet_asks_for_the_next_step_tomorrow(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    connected(team, "Acme", "nothing_yet")
    assert "Connected 08:30 · Ana Reyes" in digest(team)
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    assert "Call to agree the next step" in words(team.messages("ana")[-1])


def test_two_quick_presses_are_one_call_and_the_second_is_told_so(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    (message,) = team.messages("ana")
    block = next(block for block in message["blocks"] if block["type"] == "actions")
    container = {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}
    values = {e["action_id"]: e["value"] for e in block["elements"] if "value" in e}
    path = f"/people/{team.ids['ana']}/actions"
    start = threading.Barrier(2)

    def press(action_id: str) -> None:
        start.wait()
        value = {"type": "button", "value": values[action_id]}
        body = {"container": container, "block_id": block["block_id"], "action_id": action_id, "value": value}
        assert team.http.post(path, json={**body, "forge": True}).json()["acked"]

    actions = ("log_call:no_answer", "log_call:left_voicemail")
    threads = [threading.Thread(target=press, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    team.deliver()
    team.let_undo_pass()
    assert len(team.records("calls")) == 1
    assert "Acme Dental: already logged by Ana Reyes 08:30" in team.seen("ana")
    assert digest(team).count(":white_check_mark:") == 1


def test_a_button_of_yesterday_changes_nothing_and_says_so(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.go("2026-11-24 09:00")
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    assert team.records("calls") == []
    assert "this button is of Monday 23 November" in team.seen("ana")
    assert "~Acme Dental~ · of an earlier day" in digest(team)


def test_what_was_done_in_hubspot_ticks_off_with_the_next_sync(team: Living):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    body = {
        "type": "calls",
        "deal_id": deal,
        "properties": {"hs_timestamp": "2026-11-23T13:30:00Z", "hs_call_disposition": NO_ANSWER},
    }
    team.http.post("/control/crm/engagements", json=body).raise_for_status()
    team.tick("sync")
    assert "No answer 08:30 · Ana Reyes" in digest(team)
    assert "First email (2 of 2)" in digest(team) and "Undo" not in digest(team)
    assert len(team.messages("ana")) == 1


def test_hubspot_down_changes_nothing_for_the_rep_and_everything_arrives_once(team: Living):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    down = team.world.faults.add(FaultRule(service="hubspot", method="*", status=503, body={}))
    answer = team.press("ana", "log_call:no_answer", "Acme")
    assert answer["acked"] and answer["ms"] < 3000
    team.press("ana", "log_review", "Acme")
    team.let_undo_pass()
    assert digest(team).count("saved, not yet in HubSpot") == 2
    assert team.records("calls") == []
    team.world.faults.remove(down)
    for _ in range(6):
        team.clock.let_pass(timedelta(minutes=15))
        team.deliver()
    (call,) = team.records("calls")
    assert linked(team, "calls", call["id"])["deals"] == [deal]
    assert len(team.records("notes")) == 1
    assert "not yet in HubSpot" not in digest(team)


def test_a_lost_answer_of_hubspot_doubles_nothing(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    team.world.faults.add(
        FaultRule(
            service="hubspot",
            method="POST /crm/objects/2026-09/calls/batch/upsert",
            drop_after_accept=True,
            times=1,
        )
    )
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    for _ in range(4):
        team.clock.let_pass(timedelta(minutes=15))
        team.deliver()
    assert len(team.records("calls")) == 1
    assert "· in HubSpot" in digest(team)

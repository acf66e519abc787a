"""Note and next step in one form, and meetings from anywhere: what was said moves the run, and HubSpot has it once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        yield team


def more(team: Living, choice: str, then: str | None = None, **values: dict[str, Any]) -> dict[str, Any]:
    """*More…*, what happened, what comes next."""
    team.press("ana", "open_more", "Acme")
    group = "choice:1:0" if choice.startswith("appointment") else "choice"
    team.choose("ana", group, "happened", choice)
    if then is not None:
        inputs = [block["block_id"] for block in team.form("ana")["blocks"]]
        block = "result" if "result" in inputs else "next_step"
        team.choose("ana", block, "result_chosen", then)
    return team.submit("ana", **values)


def test_a_reply_by_email_carries_its_note_and_the_day_to_call_back(team: Living):
    more(team, "replied", "call_back_on", when={"value": "Thursday"}, note={"value": "Asks for the report"})
    assert "Customer replied: deferred until Thu 26 Nov" in team.seen("ana")
    assert "“Asks for the report”" in team.seen("ana")
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert "Asks for the report" in task["hs_task_body"] and task["hs_timestamp"][:10] == "2026-11-26"
    team.press("ana", "undo_fact", "Acme")  # one tap takes both back, here and in HubSpot
    team.let_undo_pass()
    assert team.records("tasks") == [] and "First call (1 of 2)" in team.seen("ana")


def test_a_customer_who_called_in_may_be_won_and_a_call_without_contact_may_not(team: Living):
    more(team, "called_in", "won", note={"value": "Renews"})
    assert "Customer called in: won" in team.seen("ana")
    team.press("ana", "undo_fact", "Acme")
    team.press("ana", "open_more", "Acme")
    team.choose("ana", "choice", "happened", "called_in")
    # The form still asks what came of the call when "busy" is sent in its place: nothing is guessed.
    answer = team.submit(
        "ana",
        choice={"selected_option": {"value": "call:busy"}},
        result={"selected_option": {"value": "won"}},
    )
    assert "Nobody was reached" in str(answer)
    team.let_undo_pass()
    assert team.records("deals")[0]["dealstage"] == "renewal_put_out"


def test_a_voicemail_with_a_day_to_call_again_defers_until_then(team: Living):
    more(team, "call:left_voicemail", "call_back_on", when={"value": "Wednesday"})
    assert "Left voicemail: deferred until Wed 25 Nov" in team.seen("ana")


def test_a_no_show_takes_a_note_and_the_new_appointment(team: Living):
    more(team, "meeting", starts={"value": "14:00"})
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    more(team, "appointment:no_show", "meeting_on", starts={"value": "fri 9:30"}, note={"value": "Forgot"})
    said = "Customer did not show up: meeting booked: appointment on Fri 27 Nov at 09:30"
    assert said in team.seen("ana")
    team.let_undo_pass()
    meetings = {one["hs_meeting_outcome"]: one for one in team.records("meetings")}
    assert set(meetings) == {"NO_SHOW", "SCHEDULED"}
    assert "Forgot" in meetings["NO_SHOW"]["hs_meeting_body"]
    # What was agreed yesterday is one thing, what came of it today another: that one can be undone today.
    team.press("ana", "undo_fact", "Acme")
    assert said not in team.seen("ana")


def test_a_meeting_from_more_is_a_response_an_appointment_and_one_record(team: Living):
    more(team, "meeting", starts={"value": "Wednesday 14:00"}, note={"value": "With the owner"})
    assert "Meeting booked: appointment on Wed 25 Nov at 14:00" in team.seen("ana")
    assert "First call" not in team.seen("ana")  # an appointment ahead: nothing is due before it
    team.let_undo_pass()
    (meeting,) = team.records("meetings")
    assert meeting["hs_meeting_start_time"].startswith("2026-11-25T19:00")
    assert "With the owner" in meeting["hs_meeting_body"]
    team.tick("sync")  # its own echo is no second meeting
    team.tick("sync")
    assert len(team.records("meetings")) == 1 and team.records("notes") == []
    assert team.seen("ana").count("Meeting booked") == 1
    team.go("2026-11-25 08:30")
    team.tick("mornings")
    assert "ppointment today" in team.seen("ana")


def test_a_meeting_from_the_card_is_typed_or_picked_and_read_back(team: Living):
    assert "Meeting…" in team.command("ana", "acme")
    team.press("ana", "open_meeting")
    wrong = {
        "at 7": "morning or in the evening",
        "thursday": "Say the day and the time",
        "9:00 blah": "day of",
    }
    for typed, sentence in {**wrong, "8:00": "is past"}.items():
        assert sentence in team.submit("ana", starts={"value": typed})["response"]["errors"]["starts"]
    both = team.submit("ana", starts={"value": "thu 14:00"}, starts_on={"selected_date": "2026-11-27"})
    assert "once" in both["response"]["errors"]["starts"]
    team.submit(
        "ana",
        starts={"value": ""},
        starts_on={"selected_date": "2026-11-27"},
        starts_at={"selected_time": "10:30"},
    )
    team.let_undo_pass()
    (meeting,) = team.records("meetings")
    assert meeting["hs_meeting_start_time"].startswith("2026-11-27T15:30")

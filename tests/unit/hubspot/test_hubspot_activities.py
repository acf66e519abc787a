"""Which HubSpot activity counts as which fact: the reference's table, row by row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.hubspot.activities import DISPOSITIONS, Links, Reading, read_activity
from bot.services.crm import CrmActivity

AT = "2026-11-23T15:00:00.000Z"
READING = Reading({"5E2D-own-yes": True, "own-no": False}, frozenset({"maya@harborline.example"}))


def read(kind: str, **properties: Any) -> CrmActivity:
    """One record at 15:00 UTC."""
    return read_activity(kind, "7", {"hs_timestamp": AT, "hs_createdate": AT, **properties}, Links(), READING)


def facts(kind: str, **properties: Any) -> list[tuple[str, str | None]]:
    return [(fact.kind, fact.outcome) for fact in read(kind, **properties).facts]


@pytest.mark.parametrize(("guid", "outcome"), DISPOSITIONS.items())
def test_an_outgoing_call_has_hubspots_outcome(guid: str, outcome: str) -> None:
    assert facts("calls", hs_call_direction="OUTBOUND", hs_call_disposition=guid) == [("call", outcome)]


@pytest.mark.parametrize(
    ("guid", "outcome"), [("5e2d-own-yes", "connected"), ("own-no", "no_answer"), ("", "no_answer")]
)
def test_the_portals_own_outcomes_are_contact_or_not_as_configured(guid: str, outcome: str) -> None:
    found = read("calls", hs_call_direction="OUTBOUND", hs_call_disposition=guid)
    assert [fact.outcome for fact in found.facts] == [outcome] and found.problems == ()


def test_an_unknown_outcome_is_no_contact_and_listed() -> None:
    found = read("calls", hs_call_direction="OUTBOUND", hs_call_disposition="new-one")
    assert [fact.outcome for fact in found.facts] == ["no_answer"]
    assert "hubspot.call_outcomes" in found.problems[0]


def test_an_incoming_call_is_a_reply() -> None:
    assert facts("calls", hs_call_direction="INBOUND", hs_call_disposition="whatever") == [("reply", None)]


@pytest.mark.parametrize(
    ("properties", "kinds"),
    [
        ({"hs_email_direction": "EMAIL"}, ["email"]),
        ({"hs_email_direction": "EMAIL", "hs_email_status": "FAILED"}, []),
        ({"hs_email_direction": "EMAIL", "hs_email_status": "SCHEDULED"}, []),
        ({"hs_email_direction": "INCOMING_EMAIL"}, ["reply"]),
        (
            {"hs_email_direction": "FORWARDED_EMAIL", "hs_email_from_email": "Maya@Harborline.example"},
            ["email"],
        ),
        ({"hs_email_direction": "FORWARDED_EMAIL", "hs_email_from_email": "dana@acme.example"}, ["reply"]),
        (
            {
                "hs_email_direction": "EMAIL",
                "hs_email_logged_from": "BCC_TO_CRM",
                "hs_email_from_email": "d@acme.io",
            },
            ["reply"],
        ),
        ({"hs_email_direction": "DRAFT_EMAIL"}, []),
        ({"hs_email_direction": "EMAIL", "hs_object_source": "MARKETING_EMAIL"}, []),
        ({"hs_email_direction": "EMAIL", "hs_object_source": "AUTOMATION_PLATFORM"}, []),
        ({}, []),
    ],
)
def test_emails_count_by_direction_and_sender(properties: dict[str, str], kinds: list[str]) -> None:
    assert [kind for kind, _ in facts("emails", **properties)] == kinds


@pytest.mark.parametrize(
    "properties",
    [
        {"hs_email_subject": "Automatic reply: your renewal"},
        {"hs_email_subject": "Out of Office until Monday"},
        {"hs_email_subject": "Re: hello", "hs_email_headers": '{"Auto-Submitted": "auto-replied"}'},
    ],
)
def test_an_automatic_answer_proposes_a_deferral_instead(properties: dict[str, str]) -> None:
    found = read("emails", hs_email_direction="INCOMING_EMAIL", **properties)
    assert found.facts == () and found.out_of_office == properties["hs_email_subject"]


@pytest.mark.parametrize(
    ("said", "changed", "status"),
    [
        ("", AT, "scheduled"),
        ("SCHEDULED", AT, "scheduled"),
        ("COMPLETED", AT, "held"),
        ("NO_SHOW", AT, "no_show"),
        ("CANCELED", AT, "canceled"),
        ("RESCHEDULED", AT, "scheduled"),
        ("RESCHEDULED", "2026-11-25T10:00:00Z", "canceled"),
    ],
)
def test_a_meetings_outcome_is_the_appointments_status(said: str, changed: str, status: str) -> None:
    start = "2026-11-24T10:00:00Z"
    found = read(
        "meetings", hs_meeting_start_time=start, hs_meeting_outcome=said, hs_lastmodifieddate=changed
    )
    (fact,) = found.facts
    assert (fact.kind, fact.outcome) == ("appointment", status)
    assert fact.starts_at == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_booking_link_makes_a_booked_meeting_as_well() -> None:
    found = facts("meetings", hs_meeting_start_time=AT, hs_meeting_source="MEETINGS_PUBLIC")
    assert found == [("appointment", "scheduled"), ("meeting_booked", None)]


def test_notes_are_plain_text_and_tasks_only_say_whether_they_are_done() -> None:
    note = read("notes", hs_note_body="<div>Call <b>Dana</b> &amp; ask</div><p>again</p>\x00")
    assert note.facts[0].note == "Call Dana & ask\nagain"
    done, open_task = read("tasks", hs_task_status="COMPLETED"), read("tasks", hs_task_status="NOT_STARTED")
    assert (done.facts, done.done, open_task.done) == ((), True, False)


def test_times_in_milliseconds_are_read_and_a_record_without_time_is_refused() -> None:
    found = read_activity("notes", "7", {"hs_timestamp": "1795446000000"}, Links(), READING)
    assert found.at == datetime(2026, 11, 23, 15, tzinfo=UTC)
    with pytest.raises(ValueError, match="has no time"):
        read_activity("notes", "7", {"hs_note_body": "x"}, Links(), READING)

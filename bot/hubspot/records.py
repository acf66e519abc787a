"""A fact -> the HubSpot record that carries it. Pure; the counterpart of `activities`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.hubspot.activities import DISPOSITIONS
from bot.hubspot.values import html_text, write_instant

DISPOSITION_FOR: Mapping[str, str] = {outcome: guid for guid, outcome in DISPOSITIONS.items()}
_MEETING_OUTCOME_FOR = {
    "scheduled": "SCHEDULED",
    "held": "COMPLETED",
    "no_show": "NO_SHOW",
    "canceled": "CANCELED",
}
_MEETING_LASTS = timedelta(minutes=30)
_LONGEST_TITLE = 200

EMAIL_KINDS = ("email", "cancellation_email", "takedown_email")
_NOTE_TITLES = {
    "note": "Note",
    "review": "Account review done",
    "reply": "The customer replied",
    "meeting_booked": "The customer booked a meeting",
    "report_missing": "Report missing for the account review",
    "dates_confirmed": "Dates confirmed",
    "kept": "Kept on day 30",
    "care_confirmed": "Customer Care confirmed the takedown",
    "site_down": "Site marked down",
    "stage": "Stage changed",
}


@dataclass(frozen=True, slots=True)
class FactToWrite:
    """What a record is made from. `tz` and `day_starts` are the rep's: a deferral's task is due that
    morning."""

    kind: str
    at: datetime
    account: str
    tz: str
    day_starts: time
    outcome: str | None = None
    until: date | None = None
    starts_at: datetime | None = None
    step: str | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RecordToWrite:
    """An object type and its property values, without owner and key."""

    object_type: str
    properties: dict[str, str]


def object_type_of(kind: str, reason: str | None = None) -> str | None:
    """Which object type carries facts of this kind; None when none does. A reply by `reason` call is a
    call."""
    if kind == "call" or (kind == "reply" and reason == "call"):
        return "calls"
    if kind in EMAIL_KINDS:
        return "emails"
    if kind == "appointment":
        return "meetings"
    if kind == "deferral":
        return "tasks"
    return "notes" if kind in _NOTE_TITLES else None


def record_for(fact: FactToWrite) -> RecordToWrite | None:
    """The record for a fact, or None for a kind that has none.

    Raises ValueError when the fact lacks what its record needs (a deferral without date, say).
    """
    object_type = object_type_of(fact.kind, fact.reason)
    if object_type is None:
        return None
    properties = _MAKERS[object_type](fact)
    return RecordToWrite(object_type, {name: value for name, value in properties.items() if value})


def _title(fact: FactToWrite, words: str) -> str:
    return f"{words} - {fact.account}"[:_LONGEST_TITLE]


def _step(fact: FactToWrite, words: str) -> str:
    return fact.step.replace("_", " ").capitalize() if fact.step else words


def _call(fact: FactToWrite) -> dict[str, str]:
    inbound = fact.kind == "reply"
    outcome = "connected" if inbound else fact.outcome or "no_answer"
    own_id = None if inbound else fact.reason  # an outcome that the portal added
    return {
        "hs_timestamp": write_instant(fact.at),
        "hs_call_direction": "INBOUND" if inbound else "OUTBOUND",
        "hs_call_status": "COMPLETED",
        "hs_call_disposition": own_id or DISPOSITION_FOR.get(outcome, DISPOSITION_FOR["no_answer"]),
        "hs_call_title": _title(fact, "The customer called" if inbound else _step(fact, "Renewal call")),
        "hs_call_body": html_text(fact.note or ""),
    }


def _email(fact: FactToWrite) -> dict[str, str]:
    return {
        "hs_timestamp": write_instant(fact.at),
        "hs_email_direction": "EMAIL",
        "hs_email_status": "SENT",
        "hs_email_subject": _title(fact, _step(fact, fact.kind.replace("_", " ").capitalize())),
        "hs_email_text": fact.note or "",
    }


def _meeting(fact: FactToWrite) -> dict[str, str]:
    if fact.starts_at is None:
        raise ValueError("the appointment has no start")
    return {
        "hs_timestamp": write_instant(fact.starts_at),
        "hs_meeting_start_time": write_instant(fact.starts_at),
        "hs_meeting_end_time": write_instant(fact.starts_at + _MEETING_LASTS),
        "hs_meeting_outcome": _MEETING_OUTCOME_FOR.get(fact.outcome or "scheduled", "SCHEDULED"),
        "hs_meeting_title": _title(fact, "Renewal call"),
        "hs_meeting_body": html_text(fact.note or ""),
    }


def _note(fact: FactToWrite) -> dict[str, str]:
    words = _NOTE_TITLES[fact.kind]
    more = [fact.reason.replace("_", " ")] if fact.reason else []
    if fact.until is not None:
        more.append(f"until {fact.until.isoformat()}")
    head = f"{words}: {', '.join(more)}" if more else words
    # A person's own note stands alone: their words are the note.
    text = fact.note if fact.kind == "note" and fact.note else "\n".join(filter(None, (head, fact.note)))
    return {"hs_timestamp": write_instant(fact.at), "hs_note_body": html_text(text)}


def _task(fact: FactToWrite) -> dict[str, str]:
    if fact.until is None:
        raise ValueError("the deferral has no date")
    due = datetime.combine(fact.until, fact.day_starts, ZoneInfo(fact.tz))
    why = "\n".join(filter(None, ((fact.reason or "").replace("_", " "), fact.note)))
    return {
        "hs_timestamp": write_instant(due.astimezone(UTC)),
        "hs_task_subject": _title(fact, "Call back"),
        "hs_task_body": html_text(why),
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": "CALL",
        "hs_task_priority": "NONE",
    }


_MAKERS = {"calls": _call, "emails": _email, "meetings": _meeting, "notes": _note, "tasks": _task}

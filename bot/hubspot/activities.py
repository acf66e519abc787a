"""A HubSpot call, email, meeting, note or task -> the facts it stands for. Pure.

The rules are the table "Which HubSpot activity counts as which fact" of the HubSpot reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.hubspot.values import plain_text, read_instant, text_of
from bot.services.crm import CrmActivity, ReadFact
from bot.services.runs.call_outcomes import LONGEST_ID

KEY_PROPERTY = "renewals_key"

DISPOSITIONS: Mapping[str, str] = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "left_live_message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "left_voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no_answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong_number",
}

_SHARED = ("hs_timestamp", "hs_createdate", "hs_lastmodifieddate", "hubspot_owner_id", KEY_PROPERTY)
ACTIVITY_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "calls": (*_SHARED, "hs_call_direction", "hs_call_disposition", "hs_call_title", "hs_call_body"),
    "emails": (
        *_SHARED,
        *("hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_headers"),
        *("hs_email_from_email", "hs_email_logged_from", "hs_object_source"),
        *("hs_email_open_count", "hs_email_click_count"),
    ),
    "meetings": (
        *_SHARED,
        *("hs_meeting_start_time", "hs_meeting_outcome", "hs_meeting_source", "hs_meeting_title"),
    ),
    "notes": (*_SHARED, "hs_note_body"),
    "tasks": (*_SHARED, "hs_task_status", "hs_task_subject"),
}

MEETING_OUTCOMES = {
    "COMPLETED": "held",
    "NO_SHOW": "no_show",
    "CANCELED": "canceled",
    "CANCELLED": "canceled",
}
MOST_COUNTED = 999
_NEVER_SENT = ("DRAFT", "SCHEDULED", "SENDING", "FAILED")
_AUTOMATED = ("MARKETING_EMAIL", "AUTOMATION_PLATFORM", "WORKFLOWS", "AUTOMATION_JOURNEY")
_AWAY_SUBJECT = re.compile(
    r"\s*(\[.{0,40}\]\s*)?(automatic reply|auto(mated|matic)?[- ]?(reply|response)|auto\s?:|"
    r"(i['’ a]{1,2}m )?(currently )?out[- ]of[- ](the[- ])?office|ooo\b|"
    r"abwesen(heit|d)|automatische antwort|r[ée]ponse automatique|absence du bureau|"
    r"respuesta autom[áa]tica|fuera de (la )?oficina)",
    re.IGNORECASE,
)
_AWAY_HEADER = re.compile(r"auto-submitted\W+auto-replied|x-autoreply\W+yes", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Links:
    """The ids a record is linked to."""

    deals: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading depends on: the portal's own call outcomes, and the team's e-mail addresses (lower
    case)."""

    call_outcomes: Mapping[str, bool] = field(default_factory=dict)
    team_emails: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Record:
    properties: Mapping[str, Any]
    reading: Reading
    at: datetime
    created: datetime
    changed: datetime
    facts: list[ReadFact] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    away: str | None = None
    done: bool = False

    def text(self, name: str) -> str | None:
        return text_of(self.properties, name)

    def count(self, name: str) -> int | None:
        """How often something happened; None when HubSpot does not say."""
        text = self.text(name) or ""
        return min(int(text), MOST_COUNTED) if re.fullmatch(r"\d{1,9}", text) else None

    def word(self, name: str) -> str:
        return (self.text(name) or "").upper()

    def body(self, *names: str) -> str | None:
        texts = [plain_text(text) for name in names if (text := self.text(name))]
        return "\n".join(text for text in texts if text) or None


def read_activity(
    object_type: str, object_id: str, properties: Mapping[str, Any], links: Links, reading: Reading
) -> CrmActivity:
    """The activity with its facts; none when it does not count. Raises ValueError when its time cannot be
    read."""
    created = _instant(properties, "hs_createdate") or _instant(properties, "hs_timestamp")
    at = _instant(properties, "hs_timestamp") or created
    if at is None or created is None:
        raise ValueError(f"{object_type} {object_id} has no time (hs_timestamp)")
    changed = _instant(properties, "hs_lastmodifieddate") or created
    record = _Record(properties, reading, at, created, changed)
    _READERS[object_type](record)
    return CrmActivity(
        object_type=object_type,
        id=object_id,
        at=at,
        facts=tuple(record.facts),
        owner_id=record.text("hubspot_owner_id"),
        key=record.text(KEY_PROPERTY),
        deal_ids=links.deals,
        company_ids=links.companies,
        contact_ids=links.contacts,
        out_of_office=record.away,
        done=record.done,
        problems=tuple(record.problems),
        opens=record.count("hs_email_open_count"),
        clicks=record.count("hs_email_click_count"),
    )


def _instant(properties: Mapping[str, Any], name: str) -> datetime | None:
    text = text_of(properties, name)
    return read_instant(text) if text is not None else None


def _call(record: _Record) -> None:
    note = record.body("hs_call_body")
    if record.word("hs_call_direction") == "INBOUND":
        record.facts.append(ReadFact("reply", record.at, note=note))
        return
    # A call without direction was logged by hand, and by hand people log the calls they made.
    disposition = (record.text("hs_call_disposition") or "").lower()
    outcome, own_id = DISPOSITIONS.get(disposition), None
    if outcome is None:
        own_id = record.text("hs_call_disposition")
        own = {name.lower(): contact for name, contact in record.reading.call_outcomes.items()}
        if disposition and disposition not in own:
            record.problems.append(
                f"call outcome {disposition[:64]!r} is not known: say under hubspot.call_outcomes whether"
                " it is contact; until then it counts as no contact"
            )
        outcome = "connected" if own.get(disposition) else "no_answer"
    if own_id is not None and len(own_id) > LONGEST_ID:
        own_id = None
    record.facts.append(ReadFact("call", record.at, outcome=outcome, note=note, reason=own_id))


def _email(record: _Record) -> None:
    direction = record.word("hs_email_direction")
    if record.word("hs_object_source") in _AUTOMATED or record.word("hs_email_status") in _NEVER_SENT:
        return
    by_bcc = "BCC" in record.word("hs_email_logged_from")
    if direction == "FORWARDED_EMAIL" or (direction == "EMAIL" and by_bcc):
        sender = (record.text("hs_email_from_email") or "").lower()
        kind = "email" if sender in record.reading.team_emails else "reply"
    elif direction == "EMAIL":
        kind = "email"
    elif direction == "INCOMING_EMAIL":
        kind = "reply"
    else:
        return  # drafts, and whatever HubSpot adds, are not contact with the customer
    subject = record.text("hs_email_subject") or ""
    if kind == "reply" and (
        _AWAY_SUBJECT.match(subject) or _AWAY_HEADER.search(record.text("hs_email_headers") or "")
    ):
        record.away = subject[:200] or "automatic reply"
        return
    record.facts.append(ReadFact(kind, record.at, note=subject[:300] or None))


def _meeting(record: _Record) -> None:
    start = _instant(record.properties, "hs_meeting_start_time") or record.at
    said = record.word("hs_meeting_outcome")
    status = MEETING_OUTCOMES.get(said, "scheduled")
    if said == "RESCHEDULED" and start <= record.changed:
        # Moved: the new time is in a meeting of its own, this one did not take place.
        status = "canceled"
    # An appointment begins to exist when it is made; its time is `starts_at`.
    made = min(record.created, record.changed)
    record.facts.append(
        ReadFact("appointment", made, outcome=status, starts_at=start, note=record.body("hs_meeting_title"))
    )
    if record.word("hs_meeting_source").startswith("MEETINGS"):
        record.facts.append(ReadFact("meeting_booked", made, part="booked"))


def _note(record: _Record) -> None:
    record.facts.append(ReadFact("note", record.at, note=record.body("hs_note_body")))


def _task(record: _Record) -> None:
    record.done = record.word("hs_task_status") == "COMPLETED"


_READERS = {"calls": _call, "emails": _email, "meetings": _meeting, "notes": _note, "tasks": _task}

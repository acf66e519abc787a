"""Why HubSpot refused a value, in words for people: never its JSON, never a property's inner name. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LONGEST = 500
LABELS: Mapping[str, str] = {
    "amount": "Amount",
    "closedate": "Close date",
    "dealname": "Deal name",
    "dealstage": "Stage",
    "hubspot_owner_id": "Owner",
    "hs_call_body": "Call notes",
    "hs_call_disposition": "Call outcome",
    "hs_call_title": "Call title",
    "hs_email_subject": "Email subject",
    "hs_email_text": "Email text",
    "hs_meeting_body": "Meeting notes",
    "hs_meeting_outcome": "Meeting outcome",
    "hs_meeting_start_time": "Meeting start",
    "hs_meeting_title": "Meeting title",
    "hs_note_body": "Note",
    "hs_task_body": "Task notes",
    "hs_task_status": "Task status",
    "hs_task_subject": "Task title",
    "hs_timestamp": "Date and time",
}
_PREFIX = re.compile(r"^(hs_|renewal_|renewals_)+")
_AS_VERB = re.compile(
    r"(must|is|was|has|have|should|can|cannot|needs|may|does|exceeds|contains)\b", re.IGNORECASE
)
_BOUND = re.compile(r"\b(most|least|than|over|exceed|between|and) (\d{4,})(?![\d-])")
_LIST = re.compile(r"[\[{].*", re.DOTALL)


def reason_words(said: Mapping[str, Any]) -> str:
    """HubSpot's reason as a sentence without a full stop; empty when it gave none."""
    listed = [one for one in said.get("errors") or () if isinstance(one, dict) and one.get("message")]
    message = str(said.get("message") or "")
    if not listed:
        listed = list(_inside(message))
    if not listed and not message:
        return ""
    words = "; ".join(dict.fromkeys(_of_one(one) for one in listed)) if listed else _without_json(message)
    return words[:LONGEST]


def label_of(name: str) -> str:
    """ "hs_call_body" -> "Call notes"; of a property that we do not know, its name in words."""
    known = LABELS.get(name)
    if known is not None:
        return known
    words = _PREFIX.sub("", name).replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _inside(message: str) -> Iterator[dict[str, Any]]:
    """HubSpot's older form: a list of problems as JSON in the middle of the message."""
    start = message.find("[{")
    try:
        found = json.loads(message[start:]) if start >= 0 else []
    except ValueError:
        return
    yield from (one for one in found if isinstance(one, dict) and one.get("message"))


def _of_one(problem: Mapping[str, Any]) -> str:
    message = _without_json(str(problem["message"])).strip().rstrip(".")
    name = _property_of(problem)
    if name is None:
        return _spaced(message)
    label = label_of(name)
    rest = re.sub(rf"^\W*(property )?\W*{re.escape(name)}\W*\s*", "", message, flags=re.IGNORECASE)
    rest = re.sub(rf"\b{re.escape(name)}\b", label, rest)
    if _AS_VERB.match(rest):
        return _spaced(f"{label} {rest}")
    return _spaced(f"{label}: {rest}") if rest else label


def _property_of(problem: Mapping[str, Any]) -> str | None:
    context = problem.get("context")
    named: Iterable[Any] = context.get("propertyName") or () if isinstance(context, dict) else ()
    found = next(iter([named] if isinstance(named, str) else named), None) or problem.get("name")
    return str(found) if found else None


def _without_json(message: str) -> str:
    """The words before a list or an object that no person reads."""
    return _LIST.sub("", message).strip().rstrip(":,").strip() or "HubSpot gave no reason in words"


def _spaced(words: str) -> str:
    return _BOUND.sub(lambda found: f"{found[1]} {int(found[2]):,}", words)

"""A deal as a person sees it: its facts, its timeline in words, its tasks."""

from __future__ import annotations

from typing import Any

from sandbox.hubspot.catalogue import CALL_OUTCOMES
from sandbox.hubspot.kinds import ENGAGEMENTS
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record

DIRECTIONS = {
    "EMAIL": "Email sent",
    "INCOMING_EMAIL": "Email received",
    "FORWARDED_EMAIL": "Email forwarded",
}


def deal_row(portal: Portal, deal: Record) -> dict[str, Any]:
    """A deal with its stage {id, label, closed} and owner {id, name} by name; null where it has none."""
    held = deal.properties
    pipeline = portal.pipeline(held.get("pipeline", ""))
    stage = pipeline.stage(held.get("dealstage", "")) if pipeline else None
    return {
        "id": deal.id,
        "type": "deals",
        "properties": dict(held),
        "stage": {"id": stage.id, "label": stage.label, "closed": stage.closed} if stage else None,
        "owner": _owner(portal, deal),
        "updated_at": held[deal.kind.modified],
    }


def deal_page(portal: Portal, deal: Record) -> dict[str, Any]:
    """The row with its company and contacts, engagements newest first, tasks by due time, and the choices."""
    pipeline = portal.pipeline(deal.properties.get("pipeline", ""))
    timeline = [
        _entry(portal, one)
        for name in ENGAGEMENTS
        if name != "tasks"
        for one in portal.associated(deal, name)
    ]
    tasks = [_entry(portal, one) for one in portal.associated(deal, "tasks")]
    return deal_row(portal, deal) | {
        "pipeline": pipeline.label if pipeline else None,
        "stages": [{"id": stage.id, "label": stage.label} for stage in pipeline.stages] if pipeline else [],
        "outcomes": [{"value": value, "label": label} for value, label in CALL_OUTCOMES.items()],
        "booking_page": _booking_page(portal, deal),
        "company": next((_party(one) for one in portal.associated(deal, "companies")), None),
        "contacts": [_party(one) for one in portal.associated(deal, "contacts")],
        "timeline": sorted(timeline, key=lambda entry: (entry["at"], int(entry["id"])), reverse=True),
        "tasks": sorted(tasks, key=lambda task: (task["at"], int(task["id"]))),
    }


def summary(record: Record) -> str:
    """One line on what an engagement is."""
    held = record.properties
    if record.kind.name == "calls":
        direction = "Inbound call" if held.get("hs_call_direction") == "INBOUND" else "Call"
        outcome = CALL_OUTCOMES.get(held.get("hs_call_disposition", ""), "no outcome")
        return _joined(f"{direction}: {outcome}", held.get("hs_call_body"))
    if record.kind.name == "emails":
        direction = DIRECTIONS.get(held.get("hs_email_direction", ""), "Email")
        return _joined(direction, held.get("hs_email_subject"))
    if record.kind.name == "meetings":
        outcome = held.get("hs_meeting_outcome", "no outcome yet").replace("_", " ").lower()
        return _joined(f"Meeting ({outcome})", held.get("hs_meeting_title"))
    if record.kind.name == "notes":
        return _joined("Note", held.get("hs_note_body"))
    status = held.get("hs_task_status", "NOT_STARTED").replace("_", " ").lower()
    return _joined(f"Task ({status})", held.get("hs_task_subject"))


def _entry(portal: Portal, record: Record) -> dict[str, Any]:
    at = record.properties.get("hs_meeting_start_time") or record.properties["hs_timestamp"]
    return {
        "id": record.id,
        "type": record.kind.name,
        "at": at,
        "owner": _owner(portal, record),
        "summary": summary(record),
        "source": record.source,
        "properties": dict(record.properties),
    }


def _party(record: Record) -> dict[str, Any]:
    held = record.properties
    name = held.get("name") or " ".join(filter(None, (held.get("firstname"), held.get("lastname"))))
    return {"id": record.id, "type": record.kind.name, "name": name, "properties": dict(held)}


def _booking_page(portal: Portal, deal: Record) -> str | None:
    """The slug of its owner's page, on which the customer books a time."""
    owner = portal.owners.get(deal.properties.get("hubspot_owner_id", ""))
    pages = [one for one in portal.outside.meeting_links if owner and one.organizer_user_id == owner.user_id]
    return min(pages, key=lambda one: not one.default).slug if pages else None


def _owner(portal: Portal, record: Record) -> dict[str, str] | None:
    owner = portal.owners.get(record.properties.get("hubspot_owner_id", ""))
    return {"id": owner.id, "name": owner.name, "email": owner.email} if owner else None


def _joined(head: str, text: str | None) -> str:
    return f"{head} - {text}" if text else head

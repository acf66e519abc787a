"""A deal as a person sees it: its facts, its timeline in words, its tasks."""

from __future__ import annotations

from typing import Any

from sandbox.hubspot.catalogue import CALL_OUTCOMES
from sandbox.hubspot.kinds import ENGAGEMENTS
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from sandbox.hubspot.values import instant_text

DIRECTIONS = {
    "EMAIL": "Email sent",
    "INCOMING_EMAIL": "Email received",
    "FORWARDED_EMAIL": "Email forwarded",
}


def deal_row(portal: Portal, deal: Record) -> dict[str, Any]:
    """What the list of deals shows of one; dates are YYYY-MM-DD, amounts strings, unknown is null."""
    held = deal.properties
    pipeline = portal.pipeline(held.get("pipeline", ""))
    stage = pipeline.stage(held.get("dealstage", "")) if pipeline else None
    return {
        "id": deal.id,
        "name": held.get("dealname", ""),
        "stage_id": held.get("dealstage"),
        "stage": stage.label if stage else None,
        "closed": stage.closed if stage else False,
        "owner_id": held.get("hubspot_owner_id"),
        "owner": _owner_name(portal, deal),
        "put_out": held.get("renewal_put_out_date"),
        "expiration": held.get("renewal_expiration_date"),
        "amount": held.get("amount"),
        "monthly_price": held.get("renewal_monthly_price"),
        "updated_at": instant_text(deal.updated_at),
    }


def deal_page(portal: Portal, deal: Record) -> dict[str, Any]:
    """The row, all properties, company and contacts, engagements newest first, and tasks by due time."""
    pipeline = portal.pipeline(deal.properties.get("pipeline", ""))
    timeline = [
        _entry(portal, one)
        for name in ENGAGEMENTS
        if name != "tasks"
        for one in portal.associated(deal, name)
    ]
    tasks = [_task(portal, one) for one in portal.associated(deal, "tasks")]
    return deal_row(portal, deal) | {
        "properties": dict(deal.properties),
        "pipeline": pipeline.label if pipeline else None,
        "stages": [{"id": stage.id, "label": stage.label} for stage in pipeline.stages] if pipeline else [],
        "company": next((_party(one) for one in portal.associated(deal, "companies")), None),
        "contacts": [_party(one) for one in portal.associated(deal, "contacts")],
        "timeline": sorted(timeline, key=lambda entry: (entry["at"], int(entry["id"])), reverse=True),
        "tasks": sorted(tasks, key=lambda task: (task["due"], int(task["id"]))),
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
        "owner": _owner_name(portal, record),
        "summary": summary(record),
        "source": record.source,
        "properties": dict(record.properties),
    }


def _task(portal: Portal, record: Record) -> dict[str, Any]:
    held = record.properties
    return {
        "id": record.id,
        "subject": held.get("hs_task_subject", ""),
        "body": held.get("hs_task_body", ""),
        "status": held.get("hs_task_status", "NOT_STARTED"),
        "due": held["hs_timestamp"],
        "owner": _owner_name(portal, record),
        "summary": summary(record),
        "properties": dict(held),
    }


def _party(record: Record) -> dict[str, Any]:
    held = record.properties
    name = held.get("name") or " ".join(filter(None, (held.get("firstname"), held.get("lastname"))))
    return {"id": record.id, "type": record.kind.name, "name": name, "properties": dict(held)}


def _owner_name(portal: Portal, record: Record) -> str | None:
    owner = portal.owners.get(record.properties.get("hubspot_owner_id", ""))
    return owner.name if owner else None


def _joined(head: str, text: str | None) -> str:
    return f"{head} - {text}" if text else head

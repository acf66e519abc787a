"""The property definitions a fresh portal of a renewals team has: HubSpot's own, and the team's on deals."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.hubspot.kinds import ENGAGEMENTS, KINDS, Kind
from sandbox.hubspot.properties import Option, Property

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
LEFT_LIVE_MESSAGE = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"
LEFT_VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
WRONG_NUMBER = "17b47fee-58de-441e-a44c-c6300d46f273"
SPOKE_WITH_GATEKEEPER = "5e2d8c1a-7b64-4f0e-9a35-c1f6d2e8b740"
"""An outcome that this portal added to HubSpot's six."""

CALL_OUTCOMES: Mapping[str, str] = {
    BUSY: "Busy",
    CONNECTED: "Connected",
    LEFT_LIVE_MESSAGE: "Left live message",
    LEFT_VOICEMAIL: "Left voicemail",
    NO_ANSWER: "No answer",
    WRONG_NUMBER: "Wrong number",
    SPOKE_WITH_GATEKEEPER: "Spoke with gatekeeper",
}


def default_definitions() -> dict[str, list[Property]]:
    """Definitions by type name."""
    return {name: _common(kind) + _own(kind) for name, kind in KINDS.items()}


def _common(kind: Kind) -> list[Property]:
    group = _group(kind)
    dates = {"createdate", "hs_createdate", "hs_lastmodifieddate", "lastmodifieddate"} & {
        kind.created,
        kind.modified,
        "hs_lastmodifieddate",
    }
    return [
        Property("hs_object_id", "Record ID", "number", "number", group, read_only=True),
        Property("hubspot_owner_id", "Owner", "enumeration", "select", group, external_options=True),
        Property("hs_merged_object_ids", "Merged record IDs", "string", "text", group, read_only=True),
        *(
            # Contacts have the definition of hs_lastmodifieddate too, but nothing is ever in it.
            Property(name, name, "datetime", "date", group, read_only=True)
            for name in sorted(dates)
        ),
    ]


def _own(kind: Kind) -> list[Property]:
    group = _group(kind)
    timestamp = (
        [Property("hs_timestamp", "Activity date", "datetime", "date", group)]
        if kind.name in ENGAGEMENTS
        else []
    )
    return timestamp + {
        "deals": _deals,
        "companies": _companies,
        "contacts": _contacts,
        "calls": _calls,
        "emails": _emails,
        "meetings": _meetings,
        "notes": _notes,
        "tasks": _tasks,
        "tickets": _tickets,
    }[kind.name](group)


def _group(kind: Kind) -> str:
    return f"{kind.singular}information"


def _text(group: str, *names: str) -> list[Property]:
    return [Property(name, _label(name), "string", "text", group) for name in names]


def _date(group: str, *names: str) -> list[Property]:
    return [Property(name, _label(name), "date", "date", group) for name in names]


def _instant(group: str, *names: str) -> list[Property]:
    return [Property(name, _label(name), "datetime", "date", group) for name in names]


def _number(group: str, *names: str) -> list[Property]:
    return [Property(name, _label(name), "number", "number", group) for name in names]


def _choice(group: str, name: str, *values: str) -> Property:
    options = tuple(Option(_label(value.lower()), value) for value in values)
    return Property(name, _label(name), "enumeration", "select", group, options)


def _flag(group: str, name: str) -> Property:
    options = (Option("Yes", "true"), Option("No", "false"))
    return Property(name, _label(name), "bool", "booleancheckbox", group, options)


def _label(name: str) -> str:
    return name.removeprefix("hs_").replace("_", " ").capitalize()


def _deals(group: str) -> list[Property]:
    own = [
        *_date(group, "renewal_put_out_date", "renewal_expiration_date"),
        *_number(group, "renewal_monthly_price"),
        _flag(group, "renewal_hosted_site"),
        *_instant(group, "site_taken_down_at"),
        *_text(group, "renewal_reports_url"),
    ]
    return [
        *_text(group, "dealname", "description", "closed_lost_reason", "closed_won_reason"),
        Property("pipeline", "Pipeline", "enumeration", "select", group, external_options=True),
        Property("dealstage", "Deal stage", "enumeration", "radio", group, external_options=True),
        Property(
            "dealtype",
            "Deal type",
            "enumeration",
            "radio",
            group,
            (
                Option("New business", "newbusiness"),
                Option("Existing business", "existingbusiness"),
            ),
        ),
        Property(
            "deal_currency_code",
            "Currency",
            "enumeration",
            "select",
            group,
            (
                Option("US Dollar", "USD"),
                Option("Euro", "EUR"),
                Option("Pound", "GBP"),
            ),
        ),
        *_number(group, "amount"),
        *_instant(group, "closedate"),
        *(
            Property(p.name, p.label, p.type, p.field_type, p.group, p.options, hubspot_defined=False)
            for p in own
        ),
    ]


def _companies(group: str) -> list[Property]:
    standard = ("name", "domain", "phone", "address", "city", "state", "zip", "country", "timezone")
    analytics = Property(
        "site_analytics_url", "Site analytics url", "string", "text", group, hubspot_defined=False
    )
    return [*_text(group, *standard), analytics]


def _contacts(group: str) -> list[Property]:
    return [
        Property("email", "Email", "string", "text", group, unique=True),
        *_text(group, "firstname", "lastname", "jobtitle", "company", "hs_timezone"),
        Property("phone", "Phone number", "string", "phonenumber", group),
        Property("mobilephone", "Mobile phone number", "string", "phonenumber", group),
        *_number(group, "hs_feedback_last_nps_rating_number"),
        *_instant(group, "hs_feedback_last_survey_date"),
        *_text(group, "hs_feedback_last_nps_follow_up"),
        Property(
            "hs_email_optout",
            "Unsubscribed from all email",
            "bool",
            "booleancheckbox",
            group,
            (
                Option("Yes", "true"),
                Option("No", "false"),
            ),
            read_only=True,
        ),
    ]


def _calls(group: str) -> list[Property]:
    dispositions = tuple(Option(label, value) for value, label in CALL_OUTCOMES.items())
    return [
        *_text(group, "hs_call_title", "hs_call_body", "hs_call_from_number", "hs_call_to_number"),
        _choice(group, "hs_call_direction", "INBOUND", "OUTBOUND"),
        Property("hs_call_disposition", "Call outcome", "enumeration", "select", group, dispositions),
        _choice(
            group,
            "hs_call_status",
            *("BUSY", "CALLING_CRM_USER", "CANCELED", "COMPLETED", "CONNECTING", "FAILED"),
            *("IN_PROGRESS", "MISSED", "NO_ANSWER", "QUEUED", "RINGING"),
        ),
        *_number(group, "hs_call_duration"),
    ]


def _emails(group: str) -> list[Property]:
    # Set by HubSpot's own tracking and by its reading of the headers, never by an API write.
    derived = (
        *("hs_email_tracker_key", "hs_email_from_email", "hs_email_from_firstname", "hs_email_from_lastname"),
        *("hs_email_to_email", "hs_email_logged_from"),
    )
    counted = ("hs_email_open_count", "hs_email_click_count")
    return [
        *_text(group, "hs_email_subject", "hs_email_text", "hs_email_html", "hs_email_headers"),
        _choice(group, "hs_email_direction", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL"),
        _choice(group, "hs_email_status", "BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT"),
        *(Property(name, _label(name), "string", "text", group, read_only=True) for name in derived),
        *(Property(name, _label(name), "number", "number", group, read_only=True) for name in counted),
    ]


def _meetings(group: str) -> list[Property]:
    return [
        *_text(group, "hs_meeting_title", "hs_meeting_body", "hs_meeting_location", "hs_meeting_source"),
        *_text(group, "hs_internal_meeting_notes", "hs_meeting_external_url"),
        *_instant(group, "hs_meeting_start_time", "hs_meeting_end_time"),
        _choice(group, "hs_meeting_outcome", "SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"),
    ]


def _notes(group: str) -> list[Property]:
    return _text(group, "hs_note_body")


def _tasks(group: str) -> list[Property]:
    statuses = ("NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED")
    return [
        *_text(group, "hs_task_subject", "hs_task_body"),
        _choice(group, "hs_task_status", *statuses),
        _choice(group, "hs_task_type", "TODO", "CALL", "EMAIL"),
        _choice(group, "hs_task_priority", "NONE", "LOW", "MEDIUM", "HIGH"),
        *_text(group, "hs_task_reminders"),
        *_instant(group, "hs_task_completion_date"),
    ]


def _tickets(group: str) -> list[Property]:
    return [
        *_text(group, "subject", "content", "hs_pipeline", "hs_pipeline_stage"),
        _choice(group, "hs_ticket_priority", "LOW", "MEDIUM", "HIGH", "URGENT"),
    ]

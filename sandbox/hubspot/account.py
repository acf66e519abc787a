"""The calls on what surrounds records: owners, pipelines, property definitions, the account itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.hubspot.batches import batch_answer
from sandbox.hubspot.calls import Answer, Call, Endpoint
from sandbox.hubspot.errors import ApiError, invalid
from sandbox.hubspot.values import instant_text, to_millis

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal


def list_owners(portal: Portal, call: Call) -> Answer:
    """Owners by id, or the one with an e-mail; deactivated ones only with archived=true."""
    limit, archived = call.whole("limit", 100, 500), call.flag("archived")
    after, email = call.query.get("after", "0"), call.query.get("email", "").casefold()
    if not after.isdigit():
        raise invalid(f"after {after} is not a paging mark", field="after")
    fitting = [
        owner
        for owner in sorted(portal.owners.values(), key=lambda owner: int(owner.id))
        if owner.archived is archived
        and int(owner.id) >= int(after)
        and email in ("", owner.email.casefold())
    ]
    body: dict[str, Any] = {"results": [owner.as_json() for owner in fitting[:limit]]}
    if len(fitting) > limit:
        body["paging"] = {"next": {"after": fitting[limit].id}}
    return Answer(body)


def list_pipelines(portal: Portal, call: Call) -> Answer:
    """The pipelines of deals with their stages."""
    if call.kind().name != "deals":
        raise invalid(f"This portal has no pipelines for {call.kind().name}.")
    return Answer({"results": [one.as_json(place) for place, one in enumerate(portal.pipelines)]})


def list_properties(portal: Portal, call: Call) -> Answer:
    """All property definitions of a type; owners and stages are filled in as the options they are."""
    kind = call.kind()
    results = [definition.as_json() for definition in portal.schema.of(kind).values()]
    choices = {
        "hubspot_owner_id": [(one.name, one.id) for one in portal.owners.values()],
        "pipeline": [(one.label, one.id) for one in portal.pipelines],
        "dealstage": [(stage.label, stage.id) for one in portal.pipelines for stage in one.stages],
    }
    for body in results:
        if body["externalOptions"]:
            body["options"] = [
                {"label": label, "value": value, "displayOrder": place, "hidden": False}
                for place, (label, value) in enumerate(choices[body["name"]])
            ]
    return Answer({"results": results})


def create_property(portal: Portal, call: Call) -> Answer:
    """Define a custom property."""
    return Answer(portal.schema.add(call.kind(), call.body).as_json(), 201)


def create_properties(portal: Portal, call: Call) -> Answer:
    """Define several; each that cannot be is named in an error."""
    results, errors = [], []
    for one in call.inputs():
        try:
            results.append(portal.schema.add(call.kind(), one).as_json())
        except ApiError as problem:
            context = {"name": [str(one.get("name"))]}
            errors.append(
                {
                    "status": "error",
                    "category": problem.category,
                    "message": problem.message,
                    "context": context,
                }
            )
    return batch_answer(portal, results, errors, 201)


def create_group(portal: Portal, call: Call) -> Answer:
    """Make a property group."""
    return Answer(portal.schema.add_group(call.kind(), call.body), 201)


def read_details(portal: Portal, call: Call) -> Answer:  # noqa: ARG001 - every handler takes the call
    """The account: its id, zone and currency."""
    zone = ZoneInfo(portal.settings.time_zone)
    offset = portal.clock.now().astimezone(zone).utcoffset() or timedelta()
    sign, minutes = "-" if offset < timedelta() else "+", abs(offset) // timedelta(minutes=1)
    return Answer(
        {
            "portalId": portal.settings.portal_id,
            "accountType": "SANDBOX",
            "timeZone": portal.settings.time_zone,
            "companyCurrency": portal.settings.currency,
            "additionalCurrencies": [],
            "utcOffset": f"{sign}{minutes // 60:02d}:{minutes % 60:02d}",
            "utcOffsetMilliseconds": offset // timedelta(milliseconds=1),
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }
    )


def read_usage(portal: Portal, call: Call) -> Answer:  # noqa: ARG001 - every handler takes the call
    """Calls used today and when the count starts anew (midnight in the account's zone)."""
    zone = ZoneInfo(portal.settings.time_zone)
    now = portal.clock.now()
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    resets_at = datetime.combine(tomorrow, time(0), zone)
    return Answer(
        {
            "results": [
                {
                    "name": "private-apps-api-calls-daily",
                    "usageLimit": portal.limits.calls_per_day,
                    "currentUsage": portal.limits.used_today,
                    "collectedAt": instant_text(now),
                    "fetchStatus": "SUCCESS",
                    "resetsAt": instant_text(resets_at),
                }
            ]
        }
    )


def list_meeting_links(portal: Portal, call: Call) -> Answer:
    """Booking pages, of one organizer or by name if asked."""
    limit, organizer = call.whole("limit", 20, 100), call.query.get("organizerUserId")
    after, name = call.query.get("after", "0"), call.query.get("name", "").casefold()
    if not after.isdigit():
        raise invalid(f"after {after} is not a paging mark", field="after")
    fitting = [
        link
        for link in portal.outside.meeting_links
        if organizer in (None, str(link.organizer_user_id)) and name in link.name.casefold()
    ]
    if call.query.get("type", "PERSONAL_LINK") != "PERSONAL_LINK":
        fitting = []  # the portal has no group or round-robin pages
    start = int(after)
    body: dict[str, Any] = {
        "total": len(fitting),
        "results": [link.as_json() for link in fitting[start : start + limit]],
    }
    if start + limit < len(fitting):
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(body)


def read_subscriptions(portal: Portal, call: Call) -> Answer:
    """Whether an address may be written to."""
    return _statuses(portal, call)


def unsubscribe_all(portal: Portal, call: Call) -> Answer:
    """Opt an address out of every subscription."""
    _require_channel(call)
    portal.outside.opted_out.add(call.path["email"].casefold())
    return _statuses(portal, call)


def send_single_email(portal: Portal, call: Call) -> Answer:
    """Take a transactional e-mail; the same `message.sendId` is taken once."""
    call.require("emailId", "message", "contactProperties", "customProperties")
    message = call.body["message"]
    if not isinstance(message, dict) or "@" not in str(message.get("to", "")):
        raise invalid("message.to must be an e-mail address.", field="message")
    sent, send_id = portal.outside.sent_emails, message.get("sendId")
    is_repeat = send_id is not None and any(one["message"].get("sendId") == send_id for one in sent)
    if not is_repeat:
        sent.append(dict(call.body))
    now = instant_text(portal.clock.now())
    return Answer(
        {
            "statusId": f"single-{to_millis(portal.clock.now())}-{len(sent)}",
            "status": "PENDING",
            "sendResult": "IDEMPOTENT_IGNORE" if is_repeat else "QUEUED",
            "requestedAt": now,
        }
    )


def _statuses(portal: Portal, call: Call) -> Answer:
    _require_channel(call)
    is_out = call.path["email"].casefold() in portal.outside.opted_out
    status = {
        "subscriptionId": 1,
        "subscriptionName": "One to One",
        "subscriberIdString": call.path["email"],
        "channel": "EMAIL",
        "status": "UNSUBSCRIBED" if is_out else "SUBSCRIBED",
        "source": "API" if is_out else "",
        "timestamp": instant_text(portal.clock.now()),
    }
    return batch_answer(portal, [status], [])


def _require_channel(call: Call) -> None:
    if call.query.get("channel") != "EMAIL":
        raise invalid("channel is required and must be EMAIL.", field="channel")


SCHEMA_SCOPE = "crm.schemas.{kind}"
ENDPOINTS = (
    Endpoint("GET", "/crm/owners", "", list_owners, "crm.objects.owners.read"),
    Endpoint("GET", "/crm/pipelines", "/{kind}", list_pipelines, "crm.objects.{kind}.read"),
    Endpoint("GET", "/crm/properties", "/{kind}", list_properties, f"{SCHEMA_SCOPE}.read"),
    Endpoint("POST", "/crm/properties", "/{kind}", create_property, f"{SCHEMA_SCOPE}.write"),
    Endpoint("POST", "/crm/properties", "/{kind}/batch/create", create_properties, f"{SCHEMA_SCOPE}.write"),
    Endpoint("POST", "/crm/properties", "/{kind}/groups", create_group, f"{SCHEMA_SCOPE}.write"),
    Endpoint("GET", "/account-info", "/details", read_details, "oauth"),
    Endpoint("GET", "/account-info", "/api-usage/daily/private-apps", read_usage, "oauth"),
    Endpoint(
        "GET",
        "/scheduler",
        "/meetings/meeting-links",
        list_meeting_links,
        "scheduler.meetings.meeting-link.read",
    ),
    Endpoint(
        "GET",
        "/communication-preferences",
        "/statuses/{email}",
        read_subscriptions,
        "communication_preferences.read",
        older="v4",
    ),
    Endpoint(
        "POST",
        "/communication-preferences",
        "/statuses/{email}/unsubscribe-all",
        unsubscribe_all,
        "communication_preferences.write",
        older="v4",
    ),
    Endpoint(
        "POST", "/marketing/transactional", "/single-email/send", send_single_email, "transactional-email"
    ),
)

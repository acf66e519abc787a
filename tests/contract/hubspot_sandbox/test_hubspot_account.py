"""Owners, pipelines, property definitions, the account, and the calls around mail."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import MeetingLink, Portal

PROPERTY = {
    "name": "renewal_key",
    "label": "Renewal key",
    "groupName": "callinformation",
    "type": "string",
    "fieldType": "text",
    "hasUniqueValue": True,
}
PROPERTIES = "/crm/properties/2026-09/calls"


def test_owners_by_email_by_page_and_archived(api: Any, portal: Portal) -> None:
    portal.add_owner(Owner("503", "zed@harborline.example", "Zed", "Z", 9003))
    by_email = api.get("/crm/owners/2026-09", email="MAYA@harborline.example").json()["results"]
    assert [(one["id"], one["userId"], one["archived"]) for one in by_email] == [("501", 9001, False)]
    first = api.get("/crm/owners/2026-09", limit=1).json()
    second = api.get("/crm/owners/2026-09", limit=1, after=first["paging"]["next"]["after"]).json()
    assert [first["results"][0]["id"], second["results"][0]["id"]] == ["501", "503"]
    assert "paging" not in second
    (gone,) = api.get("/crm/owners/2026-09", archived="true").json()["results"]
    assert (gone["id"], gone["userIdIncludingInactive"]) == ("502", 9002)
    assert "userId" not in gone


def test_stages_tell_in_their_metadata_what_is_closed_and_won(api: Any) -> None:
    pipelines = api.get("/crm/pipelines/2026-09/deals").json()["results"]
    stages = next(one["stages"] for one in pipelines if one["label"] == "Renewals")
    assert [
        (one["label"], one["metadata"]["isClosed"], one["metadata"]["probability"]) for one in stages
    ] == [
        ("Put out", "false", "0.5"),
        ("In negotiation", "false", "0.8"),
        ("Closed won", "true", "1.0"),
        ("Closed lost", "true", "0.0"),
        ("Moved out", "true", "0.0"),
    ]
    assert len(pipelines) == 2


def test_call_outcomes_are_hubspots_six_and_one_of_the_portals_own(api: Any) -> None:
    known = {one["name"]: one for one in api.get(PROPERTIES).json()["results"]}
    outcomes = {one["label"]: one["value"] for one in known["hs_call_disposition"]["options"]}
    assert outcomes["Connected"] == "f240bbac-87c9-4f6e-bf70-924b57d47db7"
    assert outcomes["Wrong number"] == "17b47fee-58de-441e-a44c-c6300d46f273"
    assert "Spoke with gatekeeper" in outcomes
    assert len(outcomes) == 7
    assert [one["value"] for one in known["hubspot_owner_id"]["options"]] == ["501", "502"]


def test_a_custom_property_is_defined_once_and_then_takes_values(api: Any) -> None:
    made = api.post(PROPERTIES, PROPERTY)
    assert (made.status_code, made.json()["hasUniqueValue"], made.json()["hubspotDefined"]) == (
        201,
        True,
        False,
    )
    again = api.post(PROPERTIES, PROPERTY)
    assert (again.status_code, again.json()["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert "renewal_key" in {one["name"] for one in api.get(PROPERTIES).json()["results"]}
    assert api.create("calls", {"hs_timestamp": "0", "renewal_key": "k"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Renewal Key"},
        {"name": "2key"},
        {"name": "x" * 101},
        {"groupName": "nowhere"},
        {"type": "money"},
        {"fieldType": "select"},
        {"type": "enumeration", "fieldType": "select", "hasUniqueValue": False},
        {"type": "date", "fieldType": "date"},
    ],
)
def test_a_definition_that_is_not_one_is_refused(api: Any, wrong: dict[str, Any]) -> None:
    answer = api.post(PROPERTIES, PROPERTY | wrong)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_ten_unique_properties_a_type_and_no_more(api: Any) -> None:
    statuses = [api.post(PROPERTIES, PROPERTY | {"name": f"key_{n}"}).status_code for n in range(11)]
    assert statuses == [201] * 10 + [400]


def test_groups_and_definitions_in_a_batch(api: Any) -> None:
    assert api.post(f"{PROPERTIES}/groups", {"name": "renewals", "label": "Renewals"}).status_code == 201
    assert api.post(f"{PROPERTIES}/groups", {"name": "renewals", "label": "Renewals"}).status_code == 409
    good, bad = PROPERTY | {"groupName": "renewals"}, PROPERTY | {"name": "No"}
    answer = api.post(f"{PROPERTIES}/batch/create", {"inputs": [good, bad]})
    assert answer.status_code == 207
    assert [one["name"] for one in answer.json()["results"]] == ["renewal_key"]
    assert answer.json()["errors"][0]["context"] == {"name": ["No"]}


def test_the_account_tells_its_zone_and_use(api: Any, portal: Portal) -> None:
    details = api.get("/account-info/2026-09/details").json()
    assert (details["portalId"], details["timeZone"]) == (portal.settings.portal_id, "America/New_York")
    assert (details["utcOffset"], details["utcOffsetMilliseconds"]) == ("-05:00", -18_000_000)
    (usage,) = api.get("/account-info/2026-09/api-usage/daily/private-apps").json()["results"]
    assert (usage["currentUsage"], usage["usageLimit"]) == (2, 250_000)
    assert usage["resetsAt"] == "2026-11-24T05:00:00.000Z"


def test_meeting_links_of_one_organizer(api: Any, portal: Portal) -> None:
    portal.outside.meeting_links += [
        MeetingLink("1", 9001, "Talk", "maya"),
        MeetingLink("2", 9002, "Talk", "gus"),
    ]
    path = "/scheduler/2026-09/meetings/meeting-links"
    found = api.get(path, organizerUserId=9001).json()
    assert [(one["id"], one["link"]) for one in found["results"]] == [
        ("1", "https://meetings.hubspot.com/maya")
    ]
    assert api.get(path).json()["total"] == 2


def test_opting_out_shows_in_the_statuses(api: Any) -> None:
    path = "/communication-preferences/2026-09/statuses/ann@x.example"
    assert api.get(path).status_code == 400
    assert api.get(path, channel="EMAIL").json()["results"][0]["status"] == "SUBSCRIBED"
    assert api.post(f"{path}/unsubscribe-all", channel="EMAIL").status_code == 200
    assert api.get(path, channel="EMAIL").json()["results"][0]["status"] == "UNSUBSCRIBED"


def test_a_single_email_with_one_send_id_is_taken_once(api: Any, portal: Portal) -> None:
    body = {
        "emailId": 7,
        "message": {"to": "ann@x.example", "sendId": "k-1"},
        "contactProperties": {},
        "customProperties": {},
    }
    path = "/marketing/transactional/2026-09/single-email/send"
    results = [api.post(path, body).json()["sendResult"] for _ in range(2)]
    assert results == ["QUEUED", "IDEMPOTENT_IGNORE"]
    assert [one["message"]["to"] for one in portal.outside.sent_emails] == ["ann@x.example"]
    assert api.post(path, body | {"message": {"to": "nobody"}}).status_code == 400
    del body["emailId"]
    assert api.post(path, body).status_code == 400

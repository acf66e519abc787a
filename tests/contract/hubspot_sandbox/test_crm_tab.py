"""The CRM tab's routes: what people do in HubSpot without the assistant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.hubspot.catalogue import CONNECTED
from sandbox.hubspot.portal import Portal


@pytest.fixture
def deal(portal: Portal) -> str:
    """A renewal with a company and a contact."""
    company = portal.create("companies", {"name": "May"}).id
    contact = portal.create("contacts", {"email": "ann@x.example", "firstname": "Ann"}).id
    values = {
        "dealname": "May",
        "pipeline": "renewals",
        "dealstage": "renewal_put_out",
        "hubspot_owner_id": "501",
        "renewal_put_out_date": "2026-11-20",
        "amount": "1680",
    }
    return portal.create("deals", values, [("companies", company), ("contacts", contact)]).id


def log(client: Any, deal: str, kind: str, **properties: str) -> Any:
    body = {"type": kind, "deal_id": deal, "properties": properties}
    return client.request("POST", "/control/crm/engagements", json=body)


def test_the_list_has_the_renewals_with_stage_and_owner_by_name(
    client: Any, portal: Portal, deal: str
) -> None:
    portal.create("deals", {"dealname": "New site", "dealstage": "closedwon"})
    newer = portal.create(
        "deals",
        {
            "dealname": "June",
            "pipeline": "renewals",
            "dealstage": "renewal_moved_out",
            "renewal_put_out_date": "2026-11-23",
        },
    ).id
    rows = client.request("GET", "/control/crm/deals").json()
    assert [row["id"] for row in rows] == [newer, deal]
    assert rows[1]["stage"] == {"id": "renewal_put_out", "label": "Put out", "closed": False}
    assert rows[1]["owner"]["name"] == "Maya Okafor"
    assert (rows[0]["owner"], rows[0]["stage"]["closed"]) == (None, True)
    assert rows[1]["properties"]["amount"] == "1680"
    (sale,) = client.request("GET", "/control/crm/deals?pipeline=default").json()
    assert sale["stage"]["label"] == "Closed won"


def test_what_a_person_logs_stands_on_the_timeline_newest_first(
    client: Any, api: Any, portal: Portal, deal: str
) -> None:
    assert (
        log(client, deal, "calls", hs_call_disposition=CONNECTED, hs_call_body="Will think").status_code
        == 201
    )
    portal.clock.advance(timedelta(hours=1))
    mail = log(client, deal, "emails", hs_email_direction="EMAIL", hs_email_subject="Our offer").json()
    reply = log(
        client, deal, "emails", hs_email_direction="INCOMING_EMAIL", hs_email_subject="Re: offer"
    ).json()
    log(client, deal, "tasks", hs_task_subject="Call back", hs_task_status="NOT_STARTED")

    page = client.request("GET", f"/control/crm/deals/{deal}").json()

    assert [entry["summary"] for entry in page["timeline"]] == [
        "Email received - Re: offer",
        "Email sent - Our offer",
        "Call: Connected - Will think",
    ]
    assert {entry["owner"]["name"] for entry in page["timeline"]} == {"Maya Okafor"}
    assert [task["summary"] for task in page["tasks"]] == ["Task (not started) - Call back"]
    assert (page["company"]["name"], page["contacts"][0]["name"]) == ("May", "Ann")
    assert "Moved out" in [stage["label"] for stage in page["stages"]]
    assert len(page["outcomes"]) == 7
    assert mail["properties"]["hs_email_tracker_key"]
    assert "hs_email_tracker_key" not in reply["properties"]
    linked = api.get(f"/crm/objects/2026-09/emails/{mail['id']}", associations="deals,companies,contacts")
    assert set(linked.json()["associations"]) == {"deals", "companies", "contacts"}


def test_an_edit_counts_as_a_persons_and_moves_the_date(
    client: Any, api: Any, portal: Portal, deal: str
) -> None:
    before = api.get(f"/crm/objects/2026-09/deals/{deal}").json()["updatedAt"]
    portal.clock.advance(timedelta(minutes=5))
    body = {"properties": {"dealstage": "renewal_in_negotiation"}}
    answer = client.request("PATCH", f"/control/crm/deals/{deal}", json=body)
    assert (answer.status_code, answer.json()["properties"]["dealstage"]) == (200, "renewal_in_negotiation")
    after = api.get(f"/crm/objects/2026-09/deals/{deal}", propertiesWithHistory="dealstage").json()
    assert after["updatedAt"] > before
    assert after["propertiesWithHistory"]["dealstage"][0]["sourceType"] == "CRM_UI"
    (entry,) = portal.journal.entries(method="PATCH /control/crm/deals/{id}")
    assert entry.fields == {"actor": "human", "ids": [deal], "keys": []}


def test_a_deleted_deal_is_gone(client: Any, api: Any, portal: Portal, deal: str) -> None:
    assert client.request("DELETE", f"/control/crm/deals/{deal}").status_code == 204
    assert client.request("GET", f"/control/crm/deals/{deal}").status_code == 404
    assert client.request("DELETE", f"/control/crm/deals/{deal}").status_code == 404
    assert api.get(f"/crm/objects/2026-09/deals/{deal}", archived="true").status_code == 200
    assert len(portal.journal.entries(method="DELETE /control/crm/deals/{id}")) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "calls", "deal_id": "42", "properties": {}}, "resource not found"),
        ({"type": "deals", "deal_id": "42", "properties": {}}, "deals is not something that is logged"),
        ({"type": "calls"}, "The body needs properties"),
    ],
)
def test_a_wrong_entry_is_answered_with_a_sentence(client: Any, body: Any, words: str) -> None:
    answer = client.request("POST", "/control/crm/engagements", json=body)
    assert answer.status_code in (400, 404)
    assert words in answer.json()["error"]


def test_a_wrong_value_is_answered_with_its_reason(client: Any, deal: str) -> None:
    body = {"properties": {"renewal_monthly_price": "a lot"}}
    answer = client.request("PATCH", f"/control/crm/deals/{deal}", json=body)
    assert answer.status_code == 400
    assert "a lot was not a valid number" in answer.json()["error"]

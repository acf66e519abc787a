"""What every call passes: versions, the key, scopes, limits, faults, the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.faults import FaultRule
from sandbox.hubspot.portal import Portal

DEAL = {"dealname": "May", "pipeline": "renewals", "dealstage": "renewal_put_out"}
DEALS = "/crm/objects/2026-09/deals"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic pat-na1-sandbox", "pat-na1-sandbox"])
def test_without_the_key_nothing_is_answered(client: Any, portal: Portal, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.request("GET", f"/hubspot{DEALS}", headers=headers)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert answer.json()["correlationId"]
    assert portal.limits.used_today == 0


def test_a_missing_scope_is_named(api: Any, portal: Portal) -> None:
    portal.settings.scopes = frozenset({"crm.objects.deals.read"})
    assert api.get(DEALS).status_code == 200
    answer = api.post(DEALS, {"properties": DEAL, "associations": []})
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    assert answer.json()["errors"][0]["context"] == {"requiredGranularScopes": ["crm.objects.deals.write"]}


def test_only_the_versions_that_are_switched_on_answer(api: Any, portal: Portal) -> None:
    older = [
        "/crm/v3/objects/deals",
        "/crm/v3/owners/",
        "/crm/v3/pipelines/deals",
        "/account-info/v3/details",
    ]
    assert [api.get(path).status_code for path in older] == [404] * 4
    portal.settings.versions = frozenset({"v3"})
    assert [api.get(path).status_code for path in older] == [200] * 4
    inputs = {"inputs": [{"id": "1"}]}
    assert api.post("/crm/v4/associations/deals/companies/batch/read", inputs).status_code == 207
    assert api.get(DEALS).status_code == 404
    assert api.get("/crm/objects/2031-03/deals").status_code == 404
    assert api.get("/nothing/here").json()["status"] == "error"


def test_a_body_that_is_not_json_is_refused(client: Any, portal: Portal) -> None:
    headers = {"Authorization": f"Bearer {portal.settings.token}"}
    for content in (b"", b"{", b"[]", b"\xff"):
        answer = client.request("POST", f"/hubspot{DEALS}", headers=headers, content=content)
        assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_hundred_calls_in_ten_seconds(api: Any, portal: Portal, elapsed: Any) -> None:
    portal.limits.calls_per_ten_seconds = 3
    answers = [api.get(DEALS) for _ in range(3)]
    assert [answer.headers["X-HubSpot-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0"]
    refused = api.get(DEALS)
    assert refused.status_code == 429
    body = refused.json()
    assert body.pop("correlationId")
    assert body == {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
        "category": "RATE_LIMITS",
    }
    elapsed.seconds += 9.9
    assert api.get(DEALS).status_code == 429
    elapsed.seconds += 0.2
    assert api.get(DEALS).status_code == 200


def test_the_defaults_are_a_free_accounts(portal: Portal) -> None:
    limits = portal.limits
    assert (limits.calls_per_ten_seconds, limits.searches_per_second) == (100, 5)


def test_five_searches_a_second_and_no_headers(api: Any, elapsed: Any) -> None:
    answers = [api.search("deals", []) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json()["policyName"] == "SECONDLY"
    assert not any("x-hubspot-ratelimit-remaining" in answer.headers for answer in answers)
    assert api.get(DEALS).status_code == 200
    elapsed.seconds += 1.1
    assert api.search("deals", []).status_code == 200


def test_the_daily_limit_ends_at_the_accounts_midnight(api: Any, portal: Portal) -> None:
    portal.limits.calls_per_day = 1
    assert api.get(DEALS).status_code == 200
    refused = api.get(DEALS)
    assert (refused.status_code, refused.json()["policyName"]) == (429, "DAILY")
    assert refused.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
    portal.clock.advance(timedelta(hours=14))  # 23:30 in New York
    assert api.get(DEALS).status_code == 429
    portal.clock.advance(timedelta(hours=1))
    assert api.get(DEALS).status_code == 200


def test_a_fault_goes_by_the_route_without_version_and_ids(api: Any, portal: Portal) -> None:
    deal = api.create("deals", DEAL)
    rule = {"service": "hubspot", "method": "PATCH /crm/objects/deals/{id}", "status": 502, "times": 1}
    portal.faults.add(FaultRule.from_json(rule | {"body": "<html>Bad Gateway</html>"}))
    change = {"properties": {"amount": "1"}}
    assert api.get(f"{DEALS}/{deal}").status_code == 200
    refused = api.patch(f"{DEALS}/{deal}", change)
    assert (refused.status_code, refused.text) == (502, "<html>Bad Gateway</html>")
    assert api.get(f"{DEALS}/{deal}").json()["properties"]["amount"] is None
    assert api.patch(f"{DEALS}/{deal}", change).status_code == 200


def test_the_journal_has_each_call_with_its_keys_and_no_token(api: Any, portal: Portal) -> None:
    contact = api.create("contacts", {"email": "ann@x.example"})
    api.patch("/crm/objects/2026-09/contacts/42", {"properties": {"phone": "1"}})
    one = {"id": "bob@x.example", "idProperty": "email", "properties": {}}
    made = api.post("/crm/objects/2026-09/contacts/batch/upsert", {"inputs": [one]}).json()

    created, missed, upserted = portal.journal.entries(service="hubspot")

    assert (created.method, created.status, created.accepted) == ("POST /crm/objects/contacts", 201, True)
    assert created.fields == {"actor": "api", "ids": [contact], "keys": ["ann@x.example"]}
    assert (missed.method, missed.status, missed.accepted) == ("PATCH /crm/objects/contacts/{id}", 404, False)
    assert upserted.fields["keys"] == ["bob@x.example"]
    assert upserted.fields["ids"] == [made["results"][0]["id"]]
    assert portal.settings.token not in str(portal.journal.entries())

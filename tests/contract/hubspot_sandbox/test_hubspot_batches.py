"""Batches: a hundred at most, part failures, and writes that can be repeated."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.hubspot.portal import Portal

DEAL = {"dealname": "May", "pipeline": "renewals", "dealstage": "renewal_put_out"}
DEALS = "/crm/objects/2026-09/deals"
CALLS = "/crm/objects/2026-09/calls"


def unique_key(api: Any) -> None:
    """The property that the product's setup makes."""
    answer = api.post(
        "/crm/properties/2026-09/calls",
        {
            "name": "renewal_key",
            "label": "Renewal key",
            "groupName": "callinformation",
            "type": "string",
            "fieldType": "text",
            "hasUniqueValue": True,
        },
    )
    assert answer.status_code == 201, answer.text


def read(ids: list[str], **over: Any) -> dict[str, Any]:
    return {
        "inputs": [{"id": one} for one in ids],
        "properties": ["dealname"],
        "propertiesWithHistory": [],
        **over,
    }


def test_read_names_what_is_not_there(api: Any) -> None:
    deal, gone = api.create("deals", DEAL), api.create("deals", DEAL)
    api.delete(f"{DEALS}/{gone}")
    answer = api.post(f"{DEALS}/batch/read", read([deal, gone, "42"]))
    assert answer.status_code == 207
    assert [one["id"] for one in answer.json()["results"]] == [deal]
    (error,) = answer.json()["errors"]
    assert (error["category"], error["context"]["ids"]) == ("OBJECT_NOT_FOUND", [gone, "42"])
    assert api.post(f"{DEALS}/batch/read", read([deal])).status_code == 200
    archived = api.post(f"{DEALS}/batch/read", read([gone]), archived="true")
    assert [one["archived"] for one in archived.json()["results"]] == [True]


@pytest.mark.parametrize("missing", ["inputs", "properties", "propertiesWithHistory"])
def test_read_demands_its_members(api: Any, missing: str) -> None:
    body = read(["1"])
    del body[missing]
    answer = api.post(f"{DEALS}/batch/read", body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_hundred_inputs_and_no_more(api: Any) -> None:
    inputs = [{"properties": DEAL, "associations": []} for _ in range(101)]
    assert api.post(f"{DEALS}/batch/create", {"inputs": inputs}).status_code == 400
    assert api.get(DEALS).json()["results"] == []
    answer = api.post(f"{DEALS}/batch/create", {"inputs": inputs[:100]})
    assert (answer.status_code, len(answer.json()["results"])) == (201, 100)
    assert api.post(f"{DEALS}/batch/create", {"inputs": []}).status_code == 400


def test_one_bad_input_refuses_the_whole_create(api: Any) -> None:
    good, bad = {"properties": DEAL, "associations": []}, {"properties": {"x": "1"}, "associations": []}
    assert api.post(f"{DEALS}/batch/create", {"inputs": [good, bad]}).status_code == 400
    assert api.get(DEALS).json()["results"] == []


def test_with_trace_ids_the_good_inputs_are_created(api: Any) -> None:
    good, bad = {"properties": DEAL, "associations": []}, {"properties": {"x": "1"}, "associations": []}
    inputs = [good | {"objectWriteTraceId": "a"}, bad | {"objectWriteTraceId": "b"}]
    answer = api.post(f"{DEALS}/batch/create", {"inputs": inputs})
    assert answer.status_code == 207
    assert [one["objectWriteTraceId"] for one in answer.json()["results"]] == ["a"]
    assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["b"]


def test_update_fails_alone_for_ids_that_are_not_there(api: Any) -> None:
    deal = api.create("deals", DEAL)
    inputs = [{"id": one, "properties": {"amount": "5"}} for one in (deal, "42")]
    answer = api.post(f"{DEALS}/batch/update", {"inputs": inputs})
    assert answer.status_code == 207
    assert answer.json()["results"][0]["properties"]["amount"] == "5"
    assert answer.json()["errors"][0]["context"]["ids"] == ["42"]
    assert answer.json()["numErrors"] == 1


def test_the_same_id_twice_is_refused(api: Any) -> None:
    deal = api.create("deals", DEAL)
    inputs = [{"id": deal, "properties": {"amount": amount}} for amount in ("1", "2")]
    assert api.post(f"{DEALS}/batch/update", {"inputs": inputs}).status_code == 400
    assert api.get(f"{DEALS}/{deal}").json()["properties"]["amount"] is None


def test_upsert_by_a_unique_property_can_be_repeated(api: Any) -> None:
    unique_key(api)
    one = {"id": "k-1", "idProperty": "renewal_key", "properties": {"hs_timestamp": "0"}}
    first = api.post(f"{CALLS}/batch/upsert", {"inputs": [one]})
    again = api.post(f"{CALLS}/batch/upsert", {"inputs": [one]})
    assert (first.status_code, again.status_code) == (200, 200)
    (made,), (kept,) = first.json()["results"], again.json()["results"]
    assert (made["new"], kept["new"], kept["id"]) == (True, False, made["id"])
    assert len(api.get(CALLS).json()["results"]) == 1
    found = api.get(f"{CALLS}/k-1", idProperty="renewal_key", properties="renewal_key").json()
    assert (found["id"], found["properties"]["renewal_key"]) == (made["id"], "k-1")


@pytest.mark.parametrize("id_property", [None, "hs_call_title", "no_such_property"])
def test_upsert_needs_a_property_with_unique_values(api: Any, id_property: str | None) -> None:
    one = {"id": "k-1", "properties": {"hs_timestamp": "0"}, "idProperty": id_property}
    answer = api.post(f"{CALLS}/batch/upsert", {"inputs": [one]})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert api.get(CALLS).json()["results"] == []


def test_no_two_records_share_a_unique_value_until_one_is_archived(api: Any) -> None:
    unique_key(api)
    call = api.create("calls", {"hs_timestamp": "0", "renewal_key": "k-1"})
    body = {"properties": {"hs_timestamp": "0", "renewal_key": "K-1"}, "associations": []}
    answer = api.post(CALLS, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "CONFLICTING_UNIQUE_VALUE"
    assert call in answer.json()["message"]
    api.delete(f"{CALLS}/{call}")
    assert api.post(CALLS, body).status_code == 201


def test_two_contacts_with_one_address_are_a_conflict(api: Any) -> None:
    contact = api.create("contacts", {"email": "ann@x.example"})
    body = {"properties": {"email": "ANN@x.example"}, "associations": []}
    answer = api.post("/crm/objects/2026-09/contacts", body)
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {contact}"


def test_archive_takes_many_and_minds_no_repetition(api: Any, portal: Portal) -> None:
    ids = [portal.create("deals", DEAL).id for _ in range(3)]
    for _ in range(2):
        answer = api.post(f"{DEALS}/batch/archive", {"inputs": [{"id": one} for one in (*ids[:2], "42")]})
        assert answer.status_code == 204
    assert [one["id"] for one in api.get(DEALS).json()["results"]] == [ids[2]]

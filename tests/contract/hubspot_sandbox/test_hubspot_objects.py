"""Records over the API: create, read, change, delete, list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.hubspot.catalogue import CONNECTED
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.rules import Rule

DEAL = {"dealname": "May", "pipeline": "renewals", "dealstage": "renewal_put_out"}
DEALS = "/crm/objects/2026-09/deals"


def test_a_created_deal_is_read_back_with_only_what_is_asked_for(api: Any) -> None:
    deal = api.create("deals", DEAL | {"renewal_monthly_price": "140", "amount": 1680})

    answer = api.get(f"{DEALS}/{deal}", properties="dealname,renewal_monthly_price,closedate")

    held = answer.json()["properties"]
    assert set(held) == {
        *("dealname", "renewal_monthly_price", "closedate"),
        *("hs_object_id", "createdate", "hs_lastmodifieddate"),
    }
    assert (held["dealname"], held["renewal_monthly_price"], held["closedate"]) == ("May", "140", None)
    assert held["hs_object_id"] == deal == answer.json()["id"]
    assert answer.json()["archived"] is False


def test_without_asked_properties_the_default_ones_come(api: Any) -> None:
    contact = api.create("contacts", {"email": "ann@x.example", "phone": "1"})
    held = api.get(f"/crm/objects/2026-09/contacts/{contact}").json()["properties"]
    assert set(held) == {
        "email", "firstname", "lastname", "hs_object_id", "createdate", "lastmodifieddate",
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["properties", "associations"])
def test_create_demands_properties_and_associations(api: Any, missing: str) -> None:
    body = {"properties": DEAL, "associations": []}
    del body[missing]
    answer = api.post(DEALS, body)
    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert f"Some required fields were not set: [{missing}]" in answer.json()["message"]
    assert answer.json()["correlationId"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("no_such_property", "x", "PROPERTY_DOESNT_EXIST"),
        ("dealstage", "closedwon", "INVALID_OPTION"),
        ("pipeline", "nowhere", "INVALID_OPTION"),
        ("deal_currency_code", "XXX", "INVALID_OPTION"),
        ("renewal_monthly_price", "12,50", "INVALID_NUMBER"),
        ("renewal_hosted_site", "yes", "INVALID_OPTION"),
        ("renewal_put_out_date", "2026-11-31", "INVALID_DATE"),
        ("renewal_put_out_date", "1795435200001", "INVALID_DATE"),
        ("renewal_put_out_date", "2026-11-23T08:30:00Z", "INVALID_DATE"),
        ("site_taken_down_at", "yesterday", "INVALID_DATE"),
        ("site_taken_down_at", "2026-11-23T08:30:00", "INVALID_DATE"),
        ("hubspot_owner_id", "999", "INVALID_OWNER_ID"),
        ("hs_object_id", "1", "READ_ONLY_VALUE"),
        ("description", "x" * 65_537, "INVALID_LENGTH"),
    ],
)
def test_a_value_the_property_does_not_take_is_refused(api: Any, name: str, value: str, code: str) -> None:
    answer = api.post(DEALS, {"properties": DEAL | {name: value}, "associations": []})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["code"], error["context"]) == (code, {"propertyName": [name]})
    assert api.get(DEALS).json()["results"] == []


@pytest.mark.parametrize(
    ("rule", "name", "taken", "refused"),
    [
        (Rule("MAX_LENGTH", "5"), "description", "x" * 5, "x" * 6),
        (Rule("MIN_LENGTH", "2"), "description", "xx", "x"),
        (Rule("MIN_NUMBER", "49"), "renewal_monthly_price", "49", "48.99"),
        (Rule("MAX_NUMBER", "900"), "renewal_monthly_price", "900", "900.01"),
        (Rule("REGEX", "[A-Z]-[0-9]+", "write it as A-1"), "description", "A-12", "12-A"),
    ],
    ids=lambda given: given.type if isinstance(given, Rule) else "",
)
def test_the_portals_own_validation_rules_hold_for_every_way_of_writing(
    api: Any, portal: Portal, rule: Rule, name: str, taken: str, refused: str
) -> None:
    portal.schema.add_rule(kind_of("deals"), name, rule)
    deal = api.create("deals", DEAL | {name: taken})
    wrong = {"properties": {name: refused}}
    answers = [
        api.post(DEALS, {"properties": DEAL | {name: refused}, "associations": []}),
        api.patch(f"{DEALS}/{deal}", wrong),
        api.post(
            f"{DEALS}/batch/create", {"inputs": [{"properties": DEAL | {name: refused}, "associations": []}]}
        ),
        api.post(f"{DEALS}/batch/update", {"inputs": [{"id": deal, **wrong}]}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
        (error,) = answer.json()["errors"]
        assert error["code"] == "PROPERTY_VALIDATION_RULE_FAILED"
        assert rule.message in error["message"] and error["context"] == {"propertyName": [name]}
    assert api.get(f"{DEALS}/{deal}", properties=name).json()["properties"][name] == taken
    assert api.patch(f"{DEALS}/{deal}", {"properties": {name: ""}}).status_code == 200


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("renewal_put_out_date", "2026-11-23", "2026-11-23"),
        ("renewal_put_out_date", "1795392000000", "2026-11-23"),
        ("site_taken_down_at", "1795392000123", "2026-11-23T00:00:00.123Z"),
        ("site_taken_down_at", "2026-11-23T09:30:00+01:00", "2026-11-23T08:30:00.000Z"),
        ("renewal_hosted_site", True, "true"),
        ("renewal_monthly_price", 49.5, "49.5"),
        ("description", "x" * 65_536, "x" * 65_536),
        ("dealname", "Bäckerei Müller & Söhne 🥨", "Bäckerei Müller & Söhne 🥨"),
    ],
)
def test_values_are_kept_as_strings_in_one_form(api: Any, name: str, given: Any, kept: str) -> None:
    deal = api.create("deals", DEAL | {name: given})
    assert api.get(f"{DEALS}/{deal}", properties=name).json()["properties"][name] == kept


@pytest.mark.parametrize("kind", ["calls", "emails", "meetings", "notes", "tasks"])
def test_an_engagement_needs_its_time(api: Any, kind: str) -> None:
    answer = api.post(f"/crm/objects/2026-09/{kind}", {"properties": {}, "associations": []})
    assert answer.status_code == 400
    assert answer.json()["context"] == {"properties": ["hs_timestamp"]}


def test_a_call_is_created_with_its_associations(api: Any) -> None:
    deal = api.create("deals", DEAL)
    company = api.create("companies", {"name": "May"})
    contact = api.create("contacts", {"email": "ann@x.example"})
    to = [(contact, 194), (company, 182), (deal, 206)]
    call = api.create(
        "calls",
        {"hs_timestamp": "1795444200000", "hs_call_disposition": CONNECTED, "hs_call_direction": "OUTBOUND"},
        [
            {
                "to": {"id": one},
                "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
            }
            for one, type_id in to
        ],
    )
    linked = api.get(f"/crm/objects/2026-09/calls/{call}", associations="deals,companies,contacts").json()
    assert {
        name: [one["id"] for one in found["results"]] for name, found in linked["associations"].items()
    } == {
        "deals": [deal],
        "companies": [company],
        "contacts": [contact],
    }
    assert linked["associations"]["deals"]["results"][0]["type"] == "call_to_deal"


@pytest.mark.parametrize(("to_id", "type_id", "status"), [("1", 206, 404), ("1", 9999, 400), ("1", 3, 400)])
def test_an_association_that_cannot_be_refuses_the_create(
    api: Any, to_id: str, type_id: int, status: int
) -> None:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
    answer = api.post(
        "/crm/objects/2026-09/calls",
        {"properties": {"hs_timestamp": "0"}, "associations": [{"to": {"id": to_id}, "types": types}]},
    )
    assert answer.status_code == status
    assert api.get("/crm/objects/2026-09/calls").json()["results"] == []


def test_a_change_moves_the_modification_date_and_leaves_a_history(api: Any, portal: Portal) -> None:
    deal = api.create("deals", DEAL)
    before = api.get(f"{DEALS}/{deal}").json()
    portal.clock.advance(timedelta(hours=1))

    answer = api.patch(f"{DEALS}/{deal}", {"properties": {"dealstage": "renewal_in_negotiation"}})

    assert answer.status_code == 200
    after = api.get(f"{DEALS}/{deal}", propertiesWithHistory="dealstage").json()
    assert after["updatedAt"] > before["updatedAt"]
    assert after["createdAt"] == before["createdAt"]
    assert [one["value"] for one in after["propertiesWithHistory"]["dealstage"]] == [
        "renewal_in_negotiation",
        "renewal_put_out",
    ]
    assert after["propertiesWithHistory"]["dealstage"][0]["sourceType"] == "INTEGRATION"


def test_an_archived_record_changes_no_date_and_is_listed_only_as_archived(api: Any, portal: Portal) -> None:
    deal, other = api.create("deals", DEAL), api.create("deals", DEAL)
    updated_at = api.get(f"{DEALS}/{deal}").json()["updatedAt"]
    portal.clock.advance(timedelta(hours=1))

    assert api.delete(f"{DEALS}/{deal}").status_code == 204
    assert api.delete(f"{DEALS}/{deal}").status_code == 204

    assert api.get(f"{DEALS}/{deal}").status_code == 404
    assert api.patch(f"{DEALS}/{deal}", {"properties": {"amount": "1"}}).status_code == 404
    gone = api.get(f"{DEALS}/{deal}", archived="true").json()
    assert (gone["archived"], gone["updatedAt"]) == (True, updated_at)
    assert gone["archivedAt"] > updated_at
    assert [one["id"] for one in api.get(DEALS).json()["results"]] == [other]
    assert [one["id"] for one in api.get(DEALS, archived="true").json()["results"]] == [deal]
    assert api.found("deals") == [other]


def test_lists_go_on_page_by_page(api: Any) -> None:
    made = [api.create("deals", DEAL) for _ in range(5)]
    found, after = [], None
    while True:
        page = api.get(DEALS, limit=2, **({"after": after} if after else {})).json()
        found += [one["id"] for one in page["results"]]
        if "paging" not in page:
            break
        after = page["paging"]["next"]["after"]
    assert found == made
    assert api.get(DEALS, limit=100).status_code == 200
    assert api.get(DEALS, limit=101).status_code == 400
    assert api.get(DEALS, limit=51, propertiesWithHistory="amount").status_code == 400


def test_types_go_by_plural_singular_and_number(api: Any) -> None:
    deal = api.create("deals", DEAL)
    for name in ("deals", "deal", "0-3"):
        assert api.get(f"/crm/objects/2026-09/{name}/{deal}").status_code == 200
    assert api.get(f"/crm/objects/2026-09/dreams/{deal}").status_code == 400


def test_a_merged_record_reads_as_the_survivor_and_takes_no_writes(api: Any, portal: Portal) -> None:
    kept, gone = api.create("deals", DEAL), api.create("deals", DEAL | {"dealname": "Twin"})
    note = api.create("notes", {"hs_timestamp": "0", "hs_note_body": "hello"})
    api.put(f"/crm/objects/2026-09/notes/{note}/associations/default/deals/{gone}")

    portal.merge("deals", kept, gone)

    answer = api.get(f"{DEALS}/{gone}", properties="hs_merged_object_ids", associations="notes").json()
    assert answer["id"] == kept
    assert answer["properties"]["hs_merged_object_ids"] == gone
    assert answer["associations"]["notes"]["results"][0]["id"] == note
    assert api.patch(f"{DEALS}/{gone}", {"properties": {"amount": "1"}}).status_code == 404
    assert api.found("deals") == [kept]
    assert api.get(DEALS, archived="true").json()["results"] == []


def test_a_purged_record_is_nowhere(api: Any, portal: Portal) -> None:
    contact = api.create("contacts", {"email": "ann@x.example"})
    portal.purge("contacts", contact)
    assert api.get("/crm/objects/2026-09/contacts", archived="true").json()["results"] == []
    assert api.found("contacts") == []
    assert api.create("contacts", {"email": "ann@x.example"}) != contact

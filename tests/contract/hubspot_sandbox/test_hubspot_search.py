"""Search: operators, order, paging, its limits, and its delay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.hubspot.portal import Portal

DEAL = {"dealname": "May", "pipeline": "renewals", "dealstage": "renewal_put_out"}


def one(name: str, operator: str, **values: Any) -> dict[str, Any]:
    return {"propertyName": name, "operator": operator, **values}


@pytest.fixture
def three(api: Any) -> dict[str, str]:
    """Three deals: small, big, and one without price or date."""
    made = {}
    for name, price, put_out in (("small", "49", "2026-11-20"), ("big", "900", "2026-11-23")):
        values = {"renewal_monthly_price": price, "renewal_put_out_date": put_out, "dealname": f"{name} Shop"}
        made[name] = api.create("deals", DEAL | values)
    made["bare"] = api.create("deals", DEAL | {"dealname": "Bare, Inc."})
    return made


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (one("renewal_monthly_price", "EQ", value="49.0"), ["small"]),
        (one("renewal_monthly_price", "NEQ", value="49"), ["big", "bare"]),
        (one("renewal_monthly_price", "LT", value="100"), ["small"]),
        (one("renewal_monthly_price", "LTE", value="49"), ["small"]),
        (one("renewal_monthly_price", "GT", value="49"), ["big"]),
        (one("renewal_monthly_price", "GTE", value="49"), ["small", "big"]),
        (one("renewal_monthly_price", "BETWEEN", value="40", highValue="50"), ["small"]),
        (one("renewal_monthly_price", "IN", values=["900", "1"]), ["big"]),
        (one("renewal_monthly_price", "NOT_IN", values=["900"]), ["small", "bare"]),
        (one("renewal_monthly_price", "HAS_PROPERTY"), ["small", "big"]),
        (one("renewal_monthly_price", "NOT_HAS_PROPERTY"), ["bare"]),
        (one("renewal_put_out_date", "GTE", value="2026-11-23"), ["big"]),
        (one("renewal_put_out_date", "LT", value="1795392000000"), ["small"]),
        (one("dealname", "EQ", value="SMALL shop"), ["small"]),
        (one("dealname", "CONTAINS_TOKEN", value="shop"), ["small", "big"]),
        (one("dealname", "CONTAINS_TOKEN", value="b*"), ["big", "bare"]),
        (one("dealname", "NOT_CONTAINS_TOKEN", value="shop"), ["bare"]),
        (one("dealname", "IN", values=["small shop"]), ["small"]),
        (one("dealname", "IN", values=["Small Shop"]), []),
        (one("dealstage", "EQ", value="Renewal_Put_Out"), []),
        (one("dealstage", "IN", values=["renewal_put_out"]), ["small", "big", "bare"]),
    ],
)
def test_operators(api: Any, three: dict[str, str], condition: dict[str, Any], found: list[str]) -> None:
    assert api.found("deals", condition) == [three[name] for name in found]


def test_filters_of_a_group_all_hold_and_one_group_is_enough(api: Any, three: dict[str, str]) -> None:
    groups = [
        {"filters": [one("renewal_monthly_price", "GT", value="1"), one("dealname", "EQ", value="big shop")]},
        {"filters": [one("renewal_monthly_price", "NOT_HAS_PROPERTY")]},
    ]
    assert api.found("deals", filterGroups=groups) == [three["big"], three["bare"]]


def test_a_query_looks_at_names(api: Any, three: dict[str, str]) -> None:
    assert api.found("deals", query="SHOP sma") == [three["small"]]


@pytest.mark.parametrize("missing", ["filterGroups", "sorts", "properties", "limit", "after"])
def test_every_member_is_demanded(api: Any, missing: str) -> None:
    body: dict[str, Any] = {"filterGroups": [], "sorts": [], "properties": [], "limit": 10, "after": "0"}
    del body[missing]
    answer = api.post("/crm/objects/2026-09/deals/search", body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert f"[{missing}]" in answer.json()["message"]


@pytest.mark.parametrize(
    "over",
    [
        {"limit": 0},
        {"limit": 201},
        {"after": "x"},
        {"sorts": ["dealname", "amount"]},
        {"sorts": ["no_such_property"]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [one("amount", "HAS_PROPERTY")] * 7}]},
        {"filterGroups": [{"filters": [one("amount", "HAS_PROPERTY")] * n} for n in (6, 6, 6, 1)]},
        {"query": "x" * 3001},
        {"filterGroups": [{"filters": [one("no_such_property", "HAS_PROPERTY")]}]},
        {"filterGroups": [{"filters": [one("amount", "LIKE", value="1")]}]},
        {"filterGroups": [{"filters": [one("amount", "EQ")]}]},
        {"filterGroups": [{"filters": [one("amount", "EQ", value="lots")]}]},
        {"filterGroups": [{"filters": [one("amount", "BETWEEN", value="1")]}]},
        {"filterGroups": [{"filters": [one("amount", "IN", value="1")]}]},
        {"filterGroups": [{}]},
    ],
)
def test_what_search_refuses(api: Any, over: dict[str, Any]) -> None:
    answer = api.search("deals", [], **over)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "over",
    [
        {"limit": 1},
        {"limit": 200},
        {"filterGroups": [{"filters": [one("amount", "HAS_PROPERTY")] * n} for n in (6, 6, 4, 1, 1)]},
        {"query": "x" * 3000},
        {"sorts": [{"propertyName": "amount", "direction": "DESCENDING"}]},
    ],
)
def test_what_search_still_takes(api: Any, over: dict[str, Any]) -> None:
    assert api.search("deals", [], **over).status_code == 200


def test_pages_follow_each_other_in_order(api: Any, portal: Portal) -> None:
    made = [portal.create("deals", DEAL | {"amount": str(n)}).id for n in range(5)]
    after, found = "0", []
    while after:
        page = api.search("deals", [], sorts=["-amount"], limit=2, after=after).json()
        assert page["total"] == 5
        found += [entry["id"] for entry in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert found == made[::-1]


def test_ten_thousand_results_and_no_further(api: Any, portal: Portal) -> None:
    for n in range(10_050):
        portal.create("notes", {"hs_timestamp": str(n)})
    answer = api.search("notes", [], limit=200, after="9800").json()
    assert (answer["total"], len(answer["results"])) == (10_050, 200)
    assert api.search("notes", [], limit=200, after="9801").status_code == 400
    last = answer["results"][-1]["id"]
    assert len(api.found("notes", one("hs_object_id", "GT", value=last), limit=200)) == 50


def test_changes_are_found_by_their_date_and_contacts_by_another(api: Any, portal: Portal) -> None:
    deal, other = api.create("deals", DEAL), api.create("deals", DEAL)
    contact = api.create("contacts", {"email": "ann@x.example"})
    portal.clock.advance(timedelta(hours=1))
    since = str(int(portal.clock.now().timestamp() * 1000))
    api.patch(f"/crm/objects/2026-09/deals/{other}", {"properties": {"amount": "1"}})
    api.patch(f"/crm/objects/2026-09/contacts/{contact}", {"properties": {"phone": "1"}})

    assert api.found("deals", one("hs_lastmodifieddate", "GTE", value=since)) == [other]
    assert api.found("contacts", one("lastmodifieddate", "GTE", value=since)) == [contact]
    assert api.found("contacts", one("hs_lastmodifieddate", "GTE", value=since)) == []
    assert deal not in api.found("deals", one("hs_lastmodifieddate", "GT", value=since))


def test_a_clock_that_went_back_and_forth_finds_each_change_once(api: Any, portal: Portal) -> None:
    deal = api.create("deals", DEAL)
    start = portal.clock.now()
    for minutes in (5, -60, 5, 5):
        portal.clock.set(start + timedelta(minutes=minutes))
        portal.update("deals", deal, {"amount": str(minutes)})
    since = str(int(start.timestamp() * 1000) - 1)
    assert api.found("deals", one("hs_lastmodifieddate", "GTE", value=since)) == [deal]
    assert api.found(
        "deals", one("hs_lastmodifieddate", "GTE", value="0"), sorts=["-hs_lastmodifieddate"]
    ) == [deal]


def test_search_lags_behind_and_shows_the_older_values_until_then(
    api: Any, portal: Portal, elapsed: Any
) -> None:
    deal = api.create("deals", DEAL | {"amount": "1"})
    portal.index.lag_s = 30
    new = api.create("deals", DEAL)
    api.patch(f"/crm/objects/2026-09/deals/{deal}", {"properties": {"amount": "2"}})

    assert api.found("deals", one("amount", "EQ", value="1")) == [deal]
    assert api.get(f"/crm/objects/2026-09/deals/{deal}", properties="amount").json()["properties"][
        "amount"
    ] == ("2")
    elapsed.seconds += 29.9
    assert api.found("deals") == [deal]
    elapsed.seconds += 0.2
    assert api.found("deals") == [deal, new]
    assert api.found("deals", one("amount", "EQ", value="2")) == [deal]
    api.delete(f"/crm/objects/2026-09/deals/{new}")
    assert api.found("deals") == [deal, new]
    elapsed.seconds += 31
    assert api.found("deals") == [deal]


def test_with_jitter_an_older_write_never_hides_a_newer_one(api: Any, portal: Portal, elapsed: Any) -> None:
    portal.index.jitter_s = 60
    deal = api.create("deals", DEAL)
    for n in range(20):
        portal.clock.advance(timedelta(seconds=1))
        portal.update("deals", deal, {"amount": str(n)})
    seen = []
    for _ in range(14):
        elapsed.seconds += 5
        found = api.search("deals", [], properties=["amount"]).json()["results"]
        seen += [int(entry["properties"]["amount"] or -1) for entry in found]
    assert seen == sorted(seen)
    assert seen[-1] == 19

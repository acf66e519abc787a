"""Associations: by default types, in batches, in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.hubspot.portal import Portal

DEAL = {"dealname": "May", "pipeline": "renewals", "dealstage": "renewal_put_out"}
TYPE_IDS = {
    "calls": (194, 182, 206),
    "emails": (198, 186, 210),
    "meetings": (200, 188, 212),
    "notes": (202, 190, 214),
    "tasks": (204, 192, 216),
}


@pytest.mark.parametrize("kind", TYPE_IDS)
def test_default_associations_have_hubspots_numbers(api: Any, kind: str) -> None:
    engagement = api.create(kind, {"hs_timestamp": "0"})
    others = {
        "contacts": api.create("contacts", {"email": "ann@x.example"}),
        "companies": api.create("companies", {"name": "May"}),
        "deals": api.create("deals", DEAL),
    }
    for (name, other), type_id in zip(others.items(), TYPE_IDS[kind], strict=True):
        answer = api.put(f"/crm/objects/2026-09/{kind}/{engagement}/associations/default/{name}/{other}")
        assert answer.status_code == 200
        made = answer.json()["results"][0]
        assert (made["from"]["id"], made["to"]["id"]) == (engagement, other)
        assert made["associationSpec"] == {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": type_id,
        }


def test_read_in_a_batch_shows_both_directions_and_names_those_without(api: Any) -> None:
    deal, lonely = api.create("deals", DEAL), api.create("deals", DEAL)
    company = api.create("companies", {"name": "May"})
    api.put(f"/crm/objects/2026-09/deals/{deal}/associations/default/companies/{company}")

    there = api.post(
        "/crm/associations/2026-09/deals/companies/batch/read", {"inputs": [{"id": deal}, {"id": lonely}]}
    )
    back = api.post("/crm/associations/2026-09/companies/deals/batch/read", {"inputs": [{"id": company}]})

    assert (there.status_code, back.status_code) == (207, 200)
    (found,) = there.json()["results"]
    assert (found["from"]["id"], found["to"][0]["toObjectId"]) == (deal, company)
    assert [one["typeId"] for one in found["to"][0]["associationTypes"]] == [5, 341]
    assert there.json()["errors"][0]["context"]["fromObjectId"] == [lonely]
    assert back.json()["results"][0]["to"][0]["toObjectId"] == deal


def test_only_the_first_company_is_primary(api: Any) -> None:
    deal = api.create("deals", DEAL)
    companies = [api.create("companies", {"name": name}) for name in ("May", "June")]
    for company in companies:
        api.put(f"/crm/objects/2026-09/deals/{deal}/associations/default/companies/{company}")
    linked = api.get(f"/crm/objects/2026-09/deals/{deal}", associations="companies").json()
    assert [(one["id"], one["type"]) for one in linked["associations"]["companies"]["results"]] == [
        (companies[0], "deal_to_company"),
        (companies[0], "deal_to_company_unlabeled"),
        (companies[1], "deal_to_company_unlabeled"),
    ]


def test_associating_in_a_batch_fails_alone_for_records_that_are_not_there(api: Any) -> None:
    deal, note = api.create("deals", DEAL), api.create("notes", {"hs_timestamp": "0"})
    path = "/crm/associations/2026-09/notes/deals/batch/associate/default"
    pairs = [{"from": {"id": note}, "to": {"id": one}} for one in (deal, "42")]
    answer = api.post(path, {"inputs": pairs})
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"]["toObjectId"] == ["42"]
    again = api.post(path, {"inputs": pairs[:1]})
    assert again.status_code == 200
    linked = api.get(f"/crm/objects/2026-09/deals/{deal}", associations="notes").json()
    assert [one["id"] for one in linked["associations"]["notes"]["results"]] == [note]


def test_unknown_records_and_types_are_refused(api: Any) -> None:
    deal = api.create("deals", DEAL)
    put = "/crm/objects/2026-09/{}/{}/associations/default/{}/{}"
    assert api.put(put.format("deals", deal, "companies", "42")).status_code == 404
    assert api.put(put.format("deals", deal, "dreams", "42")).status_code == 400
    assert api.put(put.format("deals", deal, "deals", deal)).status_code == 400


def test_associating_changes_no_date_and_archiving_takes_the_links_along(api: Any, portal: Portal) -> None:
    deal, note = api.create("deals", DEAL), api.create("notes", {"hs_timestamp": "0"})
    before = api.get(f"/crm/objects/2026-09/deals/{deal}").json()["updatedAt"]
    api.put(f"/crm/objects/2026-09/notes/{note}/associations/default/deals/{deal}")
    assert api.get(f"/crm/objects/2026-09/deals/{deal}").json()["updatedAt"] == before
    api.delete(f"/crm/objects/2026-09/notes/{note}")
    assert portal.associated(portal.get("deals", deal), "notes") == []
    assert "associations" not in api.get(f"/crm/objects/2026-09/deals/{deal}", associations="notes").json()


def test_more_links_than_a_page_holds_come_by_pages(api: Any, portal: Portal) -> None:
    deal = portal.create("deals", DEAL).id
    calls = [portal.create("calls", {"hs_timestamp": "0"}, [("deals", deal)]).id for _ in range(501)]
    path = "/crm/associations/2026-09/deals/calls/batch/read"
    (first,) = api.post(path, {"inputs": [{"id": deal}]}).json()["results"]
    mark = first["paging"]["next"]["after"]
    (rest,) = api.post(path, {"inputs": [{"id": deal, "after": mark}]}).json()["results"]
    shown = [to["toObjectId"] for page in (first, rest) for to in page["to"]]
    assert len(first["to"]) == 500 and "paging" not in rest
    assert shown == sorted(calls, key=int)

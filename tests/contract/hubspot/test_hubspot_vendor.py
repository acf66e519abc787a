"""Every request and every answer of the sandbox, held against the models that HubSpot publishes itself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.hubspot.client import HubSpotClient
from bot.hubspot.roles import ROLES
from tests.account_set_up import documented_scopes
from tests.contract.hubspot.calls import CALLS, Account
from tests.vendor import LINKS, OBJECTS, PROPERTIES, wrong_by_definition, wrong_request

OWNERS, PIPELINES = "hubspot.crm.owners", "hubspot.crm.pipelines"
# The client's method -> package and model of the answer; None where it has no body.
ANSWERS: dict[str, tuple[str, str] | None] = {
    "search": (OBJECTS, "CollectionResponseWithTotalSimplePublicObjectForwardPaging"),
    "page": (OBJECTS, "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging"),
    "batch_read": (OBJECTS, "BatchResponseSimplePublicObject"),
    "in_bin": (OBJECTS, "SimplePublicObjectWithAssociations"),
    "linked": (LINKS, "BatchResponsePublicAssociationMultiWithLabel"),
    "owners": (OWNERS, "CollectionResponsePublicOwnerForwardPaging"),
    "pipelines": (PIPELINES, "CollectionResponsePipelineNoPaging"),
    "properties": (PROPERTIES, "CollectionResponsePropertyNoPaging"),
    "upsert_all": (OBJECTS, "BatchResponseSimplePublicUpsertObject"),
    "update_all": (OBJECTS, "BatchResponseSimplePublicObject"),
    "associate_all": (LINKS, "BatchResponsePublicDefaultAssociation"),
    "archive_all": None,
    "create_group": (PROPERTIES, "PropertyGroup"),
    "create_property": (PROPERTIES, "ModelProperty"),
}
WITHOUT_A_MODEL = {"account", "meeting_links"}  # newer than what the package holds


def test_every_call_has_its_models() -> None:
    assert ANSWERS.keys() | WITHOUT_A_MODEL == CALLS.keys()


@pytest.mark.parametrize("version", ["2026-09", "v3"])
def test_bodies_and_answers_are_as_hubspot_defines_them(account: Account, version: str) -> None:
    account.world.hubspot.settings.versions = frozenset({version})
    account.world.hubspot.settings.scopes = documented_scopes()
    client = HubSpotClient(account.world.hubspot.settings.token, account.url, version)
    wrong: dict[str, Any] = {}
    for method, rows in CALLS.items():
        for _, call in rows:
            call(client, account.records)
            sent = account.sent[-1]
            found = wrong_request(sent.path, sent.body) if sent.body else []
            defined = ANSWERS.get(method)
            found += wrong_by_definition(*defined, sent.answer) if defined else []
            wrong |= {method: found} if found else {}
    assert wrong == {}


@pytest.mark.parametrize("role", [role for role in ROLES if role.new], ids=lambda role: str(role.key))
def test_what_setup_creates_is_a_property_as_hubspot_defines_it(role: Any) -> None:
    definition = {**role.new, "groupName": "renewals"}
    assert wrong_by_definition(PROPERTIES, "PropertyCreate", definition) == []


def test_a_difference_of_each_kind_is_seen() -> None:
    model = "PublicObjectSearchRequest"
    a_filter = {"propertyName": "amount", "operator": "HAS_PROPERTY"}

    def wrong(**body: Any) -> list[str]:
        return wrong_by_definition(OBJECTS, model, body)

    assert wrong(limit=200, after="0", sorts=["-amount"], filterGroups=[{"filters": [a_filter]}]) == []
    assert wrong(limit="200") == [f"{model}.limit: '200' is no int"]
    assert wrong(sorts=[{"propertyName": "amount"}]) == [
        f"{model}.sorts[0]: {{'propertyName': 'amount'}} is no str"
    ]
    assert wrong_request("/crm/v3/objects/deals/elsewhere", {}) == ["no definition"]
    assert wrong(sort="amount") == [f"{model}.sort: not defined"]
    assert wrong(filterGroups=[{"filters": [{**a_filter, "operator": "LIKE"}]}]) == [
        f"{model}.filterGroups[0].filters[0].operator: 'LIKE' is not allowed"
    ]
    assert wrong(filterGroups=[{}]) == [f"{model}.filterGroups[0].filters: required"]

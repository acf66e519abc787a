"""Every call the client makes, held against the facts of HubSpot's reference: one table, on the wire, on both versions.

A new method of the client without its rows here fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from bot.hubspot.client import HubSpotClient
from tests.account_set_up import documented_scopes
from tests.contract.hubspot.calls import CALLS, Account, Sent


@dataclass(frozen=True)
class Fact:
    """What the reference says of a call: where it is, what it takes, how it answers.

    `body`: the members, those with a `!` required; `inputs`: those of each input of a batch.
    """

    verb: str
    dated: str
    older: str
    status: int
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()


def fact(
    verb: str, dated: str, older: str, status: int, *, query: str = "", body: str = "", inputs: str = ""
) -> Fact:
    members = (frozenset(words.split()) for words in (query, body, inputs))
    return Fact(verb, dated, older, status, *members)


OBJECTS, OLD_OBJECTS = "/crm/objects/2026-09/{t}", "/crm/v3/objects/{t}"
LINKS, OLD_LINKS = "/crm/associations/2026-09/{from}/{to}", "/crm/v4/associations/{from}/{to}"
PROPERTIES, OLD_PROPERTIES = "/crm/properties/2026-09/{t}", "/crm/v3/properties/{t}"
DEFINITION = "name! label! groupName! type! fieldType! hasUniqueValue options description"
REFERENCE = {
    "list": fact(
        *("GET", OBJECTS, OLD_OBJECTS, 200),
        query="limit after properties propertiesWithHistory associations archived",
    ),
    "read": fact(
        *("GET", f"{OBJECTS}/{{id}}", f"{OLD_OBJECTS}/{{id}}", 200),
        query="properties propertiesWithHistory associations archived idProperty",
    ),
    "batch read": fact(
        *("POST", f"{OBJECTS}/batch/read", f"{OLD_OBJECTS}/batch/read", 200),
        query="archived",
        body="inputs! properties! propertiesWithHistory! idProperty",
        inputs="id!",
    ),
    "upsert": fact(
        *("POST", f"{OBJECTS}/batch/upsert", f"{OLD_OBJECTS}/batch/upsert", 200),
        body="inputs!",
        inputs="id! properties! idProperty! objectWriteTraceId",
    ),
    "update": fact(
        *("POST", f"{OBJECTS}/batch/update", f"{OLD_OBJECTS}/batch/update", 200),
        body="inputs!",
        inputs="id! properties! idProperty objectWriteTraceId",
    ),
    "archive": fact(
        *("POST", f"{OBJECTS}/batch/archive", f"{OLD_OBJECTS}/batch/archive", 204),
        body="inputs!",
        inputs="id!",
    ),
    "search": fact(
        *("POST", f"{OBJECTS}/search", f"{OLD_OBJECTS}/search", 200),
        body="filterGroups! sorts! properties! limit! after! query",
    ),
    "links": fact(
        *("POST", f"{LINKS}/batch/read", f"{OLD_LINKS}/batch/read", 200), body="inputs!", inputs="id! after"
    ),
    "link": fact(
        *("POST", f"{LINKS}/batch/associate/default", f"{OLD_LINKS}/batch/associate/default", 200),
        body="inputs!",
        inputs="from! to!",
    ),
    "owners": fact("GET", "/crm/owners/2026-09", "/crm/v3/owners", 200, query="email limit after archived"),
    "pipelines": fact("GET", "/crm/pipelines/2026-09/deals", "/crm/v3/pipelines/deals", 200),
    "properties": fact("GET", PROPERTIES, OLD_PROPERTIES, 200, query="archived properties"),
    "new property": fact("POST", PROPERTIES, OLD_PROPERTIES, 201, body=DEFINITION),
    "new group": fact(
        *("POST", f"{PROPERTIES}/groups", f"{OLD_PROPERTIES}/groups", 201), body="name! label! displayOrder"
    ),
    "account": fact("GET", "/account-info/2026-09/details", "/account-info/v3/details", 200),
    "meeting links": fact(
        *("GET", "/scheduler/2026-09/meetings/meeting-links", "/scheduler/v3/meetings/meeting-links", 200),
        query="organizerUserId type name limit after",
    ),
}


def test_every_call_of_the_client_stands_in_the_table() -> None:
    methods = {name for name in vars(HubSpotClient) if not name.startswith("_")}
    assert methods == set(CALLS)
    assert {name for rows in CALLS.values() for name, _ in rows} == set(REFERENCE)


@pytest.mark.parametrize("version", ["2026-09", "v3"])
def test_each_call_is_as_the_reference_says(account: Account, version: str) -> None:
    account.world.hubspot.settings.versions = frozenset({version})
    account.world.hubspot.settings.scopes = documented_scopes()
    client = HubSpotClient(account.world.hubspot.settings.token, account.url, version)
    for method, rows in CALLS.items():
        for name, call in rows:
            call(client, account.records)
            (sent,) = account.sent[-1:]
            assert wrong_with(sent, REFERENCE[name], version) == [], (method, name)
    assert len(account.sent) == sum(len(rows) for rows in CALLS.values())  # one request each
    assert len({sent.pool for sent in account.sent}) == 1  # over one pool of connections


def wrong_with(sent: Sent, said: Fact, version: str) -> list[str]:
    """How a request differs from its fact."""
    path = re.sub(r"\{\w+\}", "[^/]+", said.older if version == "v3" else said.dated)
    found = [] if (sent.verb, sent.status) == (said.verb, said.status) else [f"{sent.verb} -> {sent.status}"]
    found += [] if re.fullmatch(path, sent.path) else [f"{sent.path} is not {path}"]
    found += [f"query {name}" for name in sent.query.keys() - said.query]
    found += [
        f"query {name} is {value}" for name, value in sent.query.items() if value in (["True"], ["False"])
    ]
    found += _members("", sent.body, said.body)
    for one in (sent.body or {}).get("inputs") or ():
        found += _members("inputs.", one, said.inputs)
        found += [
            f"{name} is no text"
            for name, value in one.get("properties", {}).items()
            if type(value) is not str
        ]
    timeout = sent.timeout
    if not (0 < timeout.connect_timeout <= 10 and 0 < timeout.read_timeout <= 60):
        found.append(f"timeout {timeout}")
    if sent.retries.total is not False:
        found.append(f"retries {sent.retries}")  # they belong to the outbox
    if sent.headers.get("Authorization") != "Bearer pat-na1-sandbox" or sent.headers.get("Accept", "") == "":
        found.append(f"headers {sorted(sent.headers)}")
    if sent.body is not None and sent.headers.get("Content-Type") != "application/json":
        found.append("content type")
    return found


def _members(at: str, body: Any, said: frozenset[str]) -> list[str]:
    there = set(body or {})
    required = {name[:-1] for name in said if name.endswith("!")}
    known = {name.rstrip("!") for name in said}
    return [f"{at}{name} is missing" for name in required - there] + [
        f"{at}{name}?" for name in there - known
    ]


def test_no_request_leaves_for_a_path_that_nobody_named(account: Account) -> None:
    client = HubSpotClient("t", account.url)
    for path in (
        "/crm/v3/imports",
        "/oauth/v1/token",
        "/account-info/v3",
        "https://elsewhere.example/crm/v3/owners",
    ):
        with pytest.raises(ValueError, match="not one of the HubSpot paths in use"):
            client._call(client._plain, "GET", path, patient=True)
    assert account.sent == []

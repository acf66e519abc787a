"""Every method of the client, called in each form the assistant uses, on an account on the wire."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from bot.hubspot.client import HubSpotClient
from sandbox.hubspot.kinds import KINDS
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import MeetingLink
from sandbox.server import SandboxServer, World

AT = "2026-11-23T15:00:00Z"


@dataclass
class Records:
    """What stands in the account."""

    contact: str
    deal: str
    note: str
    gone: str


Row = tuple[str, Callable[[HubSpotClient, Records], object]]
SEARCH = {
    "filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY"}]}],
    "sorts": [],
    "properties": ["email"],
    "limit": 200,
    "after": "0",
}
NEW = {
    "name": "asked",
    "label": "Asked",
    "groupName": "a_group",
    "type": "bool",
    "fieldType": "booleancheckbox",
    "options": [
        {"label": "Yes", "value": "true", "hidden": False},
        {"label": "No", "value": "false", "hidden": False},
    ],
}


def a_note(key: str) -> dict[str, Any]:
    return {"idProperty": "a_key", "id": key, "properties": {"hs_timestamp": AT, "a_key": key}}


# The client's method -> the facts its calls are, each in the forms the assistant uses.
CALLS: Mapping[str, tuple[Row, ...]] = {
    "search": (("search", lambda client, _: client.search("contacts", SEARCH)),),
    "page": (
        ("list", lambda client, _: client.page("deals", ("dealname",), archived=True)),
        (
            "list",
            lambda client, records: client.page(
                "deals", ("dealname",), archived=False, links=("contacts", "companies"), after=records.deal
            ),
        ),
    ),
    "batch_read": (
        ("batch read", lambda client, records: client.batch_read("deals", [records.deal], ("dealname",))),
        (
            "batch read",
            lambda client, records: client.batch_read("deals", [records.deal], ("amount",), history=True),
        ),
        ("batch read", lambda client, _: client.batch_read("notes", ["k0"], ("a_key",), key="a_key")),
    ),
    "in_bin": (("read", lambda client, records: client.in_bin("notes", records.gone)),),
    "linked": (
        ("links", lambda client, records: client.linked("deals", "contacts", [{"id": records.deal}])),
        (
            "links",
            lambda client, records: client.linked("deals", "contacts", [{"id": records.deal, "after": "1"}]),
        ),
    ),
    "owners": (
        ("owners", lambda client, _: client.owners()),
        ("owners", lambda client, _: client.owners(after="501", archived=True)),
    ),
    "pipelines": (("pipelines", lambda client, _: client.pipelines()),),
    "account": (("account", lambda client, _: client.account()),),
    "meeting_links": (
        ("meeting links", lambda client, _: client.meeting_links("9001")),
        ("meeting links", lambda client, _: client.meeting_links("9001", after="0")),
    ),
    "properties": (("properties", lambda client, _: client.properties("calls")),),
    "upsert_all": (("upsert", lambda client, _: client.upsert_all("notes", [a_note("k1"), a_note("k2")])),),
    "update_all": (
        (
            "update",
            lambda client, records: client.update_all(
                "deals", [{"id": records.deal, "properties": {"amount": "7"}}]
            ),
        ),
    ),
    "associate_all": (
        (
            "link",
            lambda client, records: client.associate_all(
                "notes", "deals", [{"from": {"id": records.note}, "to": {"id": records.deal}}]
            ),
        ),
    ),
    "archive_all": (("archive", lambda client, records: client.archive_all("notes", [records.note])),),
    "create_group": (("new group", lambda client, _: client.create_group("deals", "a_group", "A group")),),
    "create_property": (("new property", lambda client, _: client.create_property("deals", NEW)),),
}


@dataclass
class Sent:
    """One request as it left, and the status of its answer."""

    verb: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]
    timeout: Any
    retries: Any
    pool: int
    status: int = 0
    answer: Any = None


@dataclass
class Account:
    """A HubSpot account on the wire, and all that is sent to it."""

    world: World
    url: str
    records: Records
    sent: list[Sent] = field(default_factory=list)


@contextmanager
def account_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account with one of each record; notes what is sent to it and what it answers."""
    world = World()
    portal = world.hubspot
    portal.add_owner(Owner("501", "maya@harborline.example", "Maya", "Okafor", 9001))
    portal.outside.meeting_links.append(MeetingLink("1", 9001, "Maya", "maya"))
    portal.schema.add_group(KINDS["notes"], {"name": "keys", "label": "Keys"})
    key = {"name": "a_key", "label": "Key", "groupName": "keys", "type": "string", "fieldType": "text"}
    portal.schema.add(KINDS["notes"], {**key, "hasUniqueValue": True})
    contact = portal.create("contacts", {"email": "d@acme.example"}).id
    deal = {"dealname": "Acme", "pipeline": "renewals", "dealstage": "renewal_put_out"}
    notes = [portal.create("notes", {"hs_timestamp": AT, "a_key": name}).id for name in ("k0", "k9")]
    records = Records(contact, portal.create("deals", deal, [("contacts", contact)]).id, notes[0], notes[1])
    portal.archive("notes", records.gone)
    server = SandboxServer(world)
    server._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with server:
        account = Account(world, server.hubspot_api_url, records)
        real = urllib3.connectionpool.HTTPConnectionPool.urlopen

        def urlopen(
            self: Any, method: str, url: str, body: Any = None, headers: Any = None, **more: Any
        ) -> Any:
            asked = urlsplit(url)
            query = parse_qs(asked.query, keep_blank_values=True)
            said = json.loads(body) if body else None
            path = asked.path.removeprefix("/hubspot")
            sent = Sent(method, path, query, said, dict(headers), more["timeout"], self.retries, id(self))
            account.sent.append(sent)
            answer = real(self, method, url, body, headers, **more)
            sent.status = answer.status
            sent.answer = json.loads(answer.data) if answer.data else None
            return answer

        monkeypatch.setattr(urllib3.connectionpool.HTTPConnectionPool, "urlopen", urlopen)
        yield account

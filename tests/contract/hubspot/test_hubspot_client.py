"""The client on the wire: only the configured base URL and version, and each trouble by its name."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.config import HubSpotConfig
from bot.hubspot.client import HubSpotClient
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.setup import check, set_up
from bot.services.crm_errors import (
    CrmError,
    DailyLimit,
    MissingScope,
    NoAnswer,
    NotFound,
    RateLimited,
    ServerTrouble,
    Unauthorised,
)
from sandbox.faults import FaultRule
from sandbox.hubspot.owners import Owner
from sandbox.server import SandboxServer, World

STAGES = {
    "renewal_in_negotiation": "negotiation",
    "renewal_closed_won": "won",
    "renewal_closed_lost": "lost",
    "renewal_moved_out": "moved_out",
}
OWN_OUTCOME = "5e2d8c1a-7b64-4f0e-9a35-c1f6d2e8b740"


class Wire:
    """A HubSpot account and a client of it whose waiting costs nothing."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self.url = f"{url}/hubspot"
        self.seconds = 0.0
        self.client = self.make()

    def make(self, version: str = "2026-09", token: str | None = None) -> HubSpotClient:
        return HubSpotClient(
            token or self.world.hubspot.settings.token,
            self.url,
            version,
            timeout=(60.0, 60.0),
            monotonic=lambda: self.seconds,
            sleep=self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def fault(self, **rule: Any) -> None:
        self.world.faults.add(FaultRule(service="hubspot", times=1, **rule))

    def methods(self) -> set[str]:
        return {entry.method for entry in self.world.journal.entries(service="hubspot")}


@pytest.fixture
def wire() -> Iterator[Wire]:
    world = World()
    world.hubspot.add_owner(Owner("501", "maya@harborline.example", "Maya", "Okafor", 9001))
    server = SandboxServer(world)
    # A small answer leaves at once, instead of waiting 40 ms for the acknowledgement of its headers.
    server._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with server:
        yield Wire(world, server.url)


def use_every_call(client: HubSpotClient, contact: str) -> None:
    """Each call the client can make, once."""
    client.account()
    client.owners()
    client.pipelines()
    client.properties("calls")
    client.create_group("notes", "a_group", "A group")
    client.create_property("notes", {**PROPERTY, "groupName": "a_group"})
    client.page("contacts", ("email",), archived=True)
    client.batch_read("contacts", [contact], ("email",))
    client.batch_read("contacts", [contact], ("email",), history=True)
    client.linked("contacts", "companies", [{"id": contact}])
    search = {"filterGroups": [], "sorts": [], "properties": [], "limit": 10, "after": "0"}
    client.search("contacts", search)
    made = client.upsert_all("notes", [a_note("a_key", "k1")])["results"][0]["id"]
    client.update_all("notes", [{"id": made, "properties": {"hs_note_body": "x"}}])
    client.associate_all("notes", "contacts", [{"from": {"id": made}, "to": {"id": contact}}])
    client.archive_all("notes", [made])


def a_note(key_property: str, key: str) -> dict[str, Any]:
    """An input of a batch that makes a note."""
    return {"idProperty": key_property, "id": key, "properties": {"hs_timestamp": "2026-11-23T15:00:00Z"}}


PROPERTY = {"name": "a_key", "label": "Key", "type": "string", "fieldType": "text", "hasUniqueValue": True}


@pytest.mark.parametrize("version", ["2026-09", "v3"])
def test_every_call_goes_to_the_configured_address_and_version_and_nowhere_else(
    wire: Wire, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: set[tuple[str, int]] = set()
    real_connect, port = socket.socket.connect, int(wire.url.split(":")[2].split("/")[0])

    def connect(self: socket.socket, address: Any) -> None:
        connected.add(tuple(address)[:2])
        real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    # A proxy of the machine must not see what is meant for this address.
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    wire.world.hubspot.settings.versions = frozenset({version})
    contact = wire.world.hubspot.create("contacts", {"email": "d@acme.example"}).id
    client = wire.make(version)
    use_every_call(client, contact)
    assert connected == {("127.0.0.1", port)}
    assert all(entry.status < 400 for entry in wire.world.journal.entries(service="hubspot"))
    assert len(wire.methods()) == 14


def test_the_token_travels_and_is_in_no_log(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        wire.client.owners()
        with pytest.raises(Unauthorised):
            wire.make(token="pat-na1-secret-canary").owners()
    assert wire.world.hubspot.settings.token not in caplog.text and "secret-canary" not in caplog.text


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"status": 503}, ServerTrouble),
        ({"status": 200, "body": "<html>oops</html>"}, ServerTrouble),
        ({"status": 200, "body": [1]}, ServerTrouble),
        ({"status": 404, "body": {}}, NotFound),
        ({"status": 429, "headers": {"Retry-After": "60"}, "body": {"policyName": "SECONDLY"}}, RateLimited),
        ({"status": 429, "body": {"policyName": "DAILY"}}, DailyLimit),
        ({"drop_after_accept": True}, NoAnswer),
        ({"silence": True}, NoAnswer),
    ],
)
def test_each_trouble_has_its_name(
    wire: Wire, rule: dict[str, Any], error: type[CrmError], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "silence" in rule:
        monkeypatch.setattr(wire.client, "_timeout", (60.0, 0.5))
    wire.fault(method="GET /crm/owners", **rule)
    with pytest.raises(error) as caught:
        wire.client.owners()
    if isinstance(caught.value, NoAnswer):
        assert caught.value.may_have_arrived
    wire.world.faults.clear()


def test_a_write_is_never_repeated_by_the_client(wire: Wire) -> None:
    set_up(wire.client)
    wire.fault(method="POST /crm/objects/notes/batch/upsert", drop_after_accept=True)
    with pytest.raises(NoAnswer):
        wire.client.upsert_all("notes", [a_note("renewals_key", "k")])
    tried = wire.world.journal.entries(service="hubspot", method="POST /crm/objects/notes/batch/upsert")
    assert len(tried) == 1


def test_nobody_there_has_not_arrived(wire: Wire) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer) as caught:
        HubSpotClient("t", f"http://127.0.0.1:{port}").owners()
    assert not caught.value.may_have_arrived


def test_a_missing_scope_is_named(wire: Wire) -> None:
    wire.world.hubspot.settings.scopes = frozenset({"crm.objects.deals.read"})
    with pytest.raises(MissingScope, match=r"crm\.objects\.owners\.read"):
        wire.client.owners()


def test_reads_wait_out_a_short_limit_and_writes_do_not(wire: Wire) -> None:
    limit = {"status": 429, "body": {"policyName": "TEN_SECONDLY_ROLLING"}}
    wire.fault(method="GET /crm/owners", **limit)
    assert wire.client.owners()["results"]
    waited = wire.seconds
    wire.fault(method="POST /crm/objects/notes/batch/archive", **limit)
    with pytest.raises(RateLimited) as caught:
        wire.client.archive_all("notes", ["1"])
    assert waited == 3 and caught.value.after == timedelta(seconds=3)


def test_our_own_budget_keeps_below_hubspots_limits(wire: Wire) -> None:
    for _ in range(95):
        wire.client.owners()
    assert wire.seconds >= 10
    assert all(entry.status == 200 for entry in wire.world.journal.entries(service="hubspot"))


def test_set_up_makes_the_key_on_deals_and_each_activity_once(wire: Wire) -> None:
    planned = set_up(wire.client, dry_run=True)
    nothing = wire.methods()
    made, again = set_up(wire.client), set_up(wire.client)

    assert all("would be created" in line for line in planned) and not any("POST" in m for m in nothing)
    assert len(made) == 6 and all("was created" in line for line in made)
    assert all("is there already" in line for line in again)


def test_check_names_what_is_missing_and_is_content_after_the_mend(wire: Wire) -> None:
    broken = check(HubSpotGateway(wire.client, HubSpotConfig(stages={"nope": "won"})))
    set_up(wire.client)
    mended = check(
        HubSpotGateway(wire.client, HubSpotConfig(stages=STAGES, call_outcomes={OWN_OUTCOME: False}))
    )

    says = {one.name: one.says for one in broken if not one.ok}
    assert "nope" in says["HubSpot pipeline"] and OWN_OUTCOME in says["HubSpot call outcomes"]
    assert "renewals setup hubspot" in says["HubSpot calls"]
    assert [one for one in mended if not one.ok] == []
    unknown = check(HubSpotGateway(wire.client, HubSpotConfig(pipeline="other")))
    assert next(one.name for one in unknown if not one.ok) == "HubSpot pipeline"
    elsewhere = check(HubSpotGateway(wire.client, HubSpotConfig(portal_id="1")))
    assert "of account 4711000, the file of 1" in next(one.says for one in elsewhere if not one.ok)
    rejected = check(HubSpotGateway(wire.make(token="no"), HubSpotConfig()))
    assert [(one.name, one.ok) for one in rejected] == [("HubSpot token", False)]


def test_more_than_ten_thousand_changes_with_equal_times_are_all_found(wire: Wire) -> None:
    at = wire.world.clock.now()
    note = {"hs_timestamp": at.isoformat(), "hs_note_body": "x"}
    made = [wire.world.hubspot.create("notes", note, at=at).id for _ in range(10_250)]
    wire.world.hubspot.limits.searches_per_second = wire.world.hubspot.limits.calls_per_ten_seconds = 10_000

    gateway = HubSpotGateway(wire.client, HubSpotConfig())
    found = gateway.changed("notes", at - timedelta(minutes=1))

    assert sorted(found.ids) == sorted(made) and found.latest is not None
    assert gateway.changed("notes", at + timedelta(minutes=1)).ids == ()

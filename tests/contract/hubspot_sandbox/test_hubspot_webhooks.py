"""The account's webhooks: batches of events, signed, told again while nobody takes them, and then given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sandbox.faults import FaultRule
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.records import Record
from sandbox.server import World
from tests.unhurried import bring_what_is_late, wait_until


class App:
    """An app's address: what came there, and what it answers."""

    def __init__(self, world: World) -> None:
        self.world, self.status = world, 200
        self.requests: list[tuple[dict[str, str], bytes]] = []
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                app.requests.append((dict(self.headers), body))
                self.send_response(app.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        world.hubspot.webhooks.url = self.url
        world.hubspot.webhooks.retry_s = (0.01, 0.02)

    def deal(self, name: str) -> Record:
        return self.world.hubspot.create("deals", {"dealname": name, "dealstage": "appointmentscheduled"})

    def heard(self) -> list[dict[str, Any]]:
        """All events in the order in which they came, once no more are to come."""
        wait_until(self.world.hubspot.webhooks.is_quiet)
        return [event for _, body in self.requests for event in json.loads(body)]


@pytest.fixture
def app() -> Iterator[App]:
    found = App(World())
    yield found
    found.world.hubspot.webhooks.stop()
    found.server.shutdown()
    found.server.server_close()


def test_each_change_is_an_event_and_the_request_is_signed(app: App) -> None:
    portal = app.world.hubspot
    deal = app.deal("Acme")
    contact = portal.create("contacts", {"firstname": "Dana"})
    portal.associate("deals", deal.id, "contacts", contact.id)
    portal.update("deals", deal.id, {"dealname": "Acme Dental"})
    portal.update("deals", deal.id, {"dealname": "Acme Dental"})
    portal.archive("deals", deal.id)
    portal.restore("deals", deal.id)
    portal.merge("deals", app.deal("Other").id, deal.id)
    portal.purge("contacts", contact.id)
    note = portal.create("notes", {"hs_timestamp": "2026-11-23T10:00:00Z"})
    events = app.heard()

    assert [event["subscriptionType"] for event in events] == [
        *("deal.creation", "contact.creation", "deal.associationChange", "deal.propertyChange"),
        *("deal.deletion", "deal.restore", "deal.creation", "deal.deletion", "deal.merge"),
        *("contact.deletion", "contact.privacyDeletion", "object.creation"),
    ]
    assert events[8]["mergedObjectIds"] == [int(deal.id)]
    assert (events[-1]["objectTypeId"], events[-1]["objectId"]) == ("0-46", int(note.id))
    headers, body = app.requests[0]
    stamp = headers["X-HubSpot-Request-Timestamp"]
    signed = b"POST" + app.url.encode() + body + stamp.encode()
    secret = portal.webhooks.secret.encode()
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["X-HubSpot-Signature-v3"] == expected
    assert abs(time.time() - int(stamp) / 1000) < 60


def test_a_request_has_at_most_a_hundred_events_of_the_types_asked_for(app: App) -> None:
    app.world.hubspot.webhooks.kinds = frozenset({"deals"})
    for number in range(250):
        app.deal(str(number))
        app.world.hubspot.create("companies", {"name": str(number)})
    assert len(app.heard()) == 250
    assert max(len(json.loads(body)) for _, body in app.requests) <= 100


def test_what_is_not_taken_is_told_again_and_then_given_up(app: App) -> None:
    app.status = 500
    app.deal("x")
    assert [event["attemptNumber"] for event in app.heard()] == [0, 1, 2]


def test_one_is_lost_one_comes_twice_and_one_late(app: App) -> None:
    def change(name: str, **fault: Any) -> None:
        app.world.faults.add(FaultRule(service="hubspot", method="webhooks", times=1, **fault))
        app.deal(name)
        wait_until(lambda: not app.world.hubspot.webhooks._gathered)  # each leaves by itself

    change("late", latency_ms=3_600_000)
    change("twice", duplicate=2)
    change("lost", silence=True)
    wait_until(lambda: len(app.requests) == 2)
    bring_what_is_late(app.world)
    numbers = [event["objectId"] for event in app.heard()]
    late, twice, _ = (int(one.id) for one in app.world.hubspot.records.all(kind_of("deals")))

    assert numbers == [twice, twice, late]

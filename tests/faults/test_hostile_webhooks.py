"""HubSpot's webhooks at an assistant as it is started: one port with Slack's, or one of their own (FAULTS 29)."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import select

import scheduler
from bot.cli.run import at_work
from bot.hubspot.webhooks import signature_of
from bot.store.tables import CrmMark, RunRow
from tests.living import Living, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def switched_on(team: Living, port: int, *, own: bool) -> str:
    """Settings with webhooks, and the account's app sends them there; answers their address."""
    hooks = team.world.hubspot.webhooks
    url = f"http://127.0.0.1:{port}/hubspot/webhooks"
    team.settings = replace(
        team.settings,
        hubspot_client_secret=hooks.secret,
        hubspot_webhook_url=url,
        hubspot_webhook_port=port if own else None,
    )
    hooks.url = url
    return url


def post(url: str, secret: str, body: bytes, at: float, **more: Any) -> httpx.Response:
    stamp = str(int(at * 1000))
    headers = {
        "X-HubSpot-Signature-v3": signature_of(secret, url, body, stamp),
        "X-HubSpot-Request-Timestamp": stamp,
        **more,
    }
    return httpx.post(url, content=body, headers=headers, timeout=60)


def test_a_change_in_hubspot_is_read_without_waiting_for_the_minute(team: Living) -> None:
    deal_id = team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    port = free_port()
    switched_on(team, port, own=True)
    assistant = team.another_assistant()
    ticks = scheduler.Ticks(assistant)
    for name in scheduler.JOBS:  # none of them runs by itself
        if name != "marked":
            ticks._scheduler.pause_job(name)
    ticks._scheduler.reschedule_job("marked", trigger="interval", days=1)
    with at_work(assistant, woken=partial(ticks.soon, "marked")):
        ticks._scheduler.start()
        team.world.hubspot.update("deals", deal_id, {"renewal_monthly_price": "777"})
        wait_until(lambda: _price(team) == 77700)
        ticks._scheduler.shutdown(wait=True)
    (delivery, *_) = team.world.journal.entries(method="webhooks")
    assert delivery.status == 200


def test_hostile_requests_beside_slacks_name_nothing(team: Living) -> None:
    port = free_port()
    url = switched_on(team, port, own=False)
    secret = team.settings.hubspot_client_secret
    event = json.dumps([{"subscriptionType": "deal.creation", "objectId": 7, "portalId": 1}]).encode()
    now = time.time()
    with at_work(team.another_assistant(), http_port=port):
        assert httpx.post(url, content=event).status_code == 401
        assert post(url, "another secret", event, now).status_code == 401
        assert post(url, secret, event, now - 400).status_code == 401
        assert post(url, secret, event, now + 400).status_code == 401
        assert post(url, secret, b"{", now).status_code == 400
        assert httpx.get(url).status_code == 405
        assert httpx.post(f"http://127.0.0.1:{port}/slack/events", content=b"{}").status_code in (400, 401)
        assert httpx.post(f"http://127.0.0.1:{port}/elsewhere", content=b"{}").status_code == 404
        connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        connection.sendall(
            b"POST /hubspot/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n" + b"x" * 1000
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
        connection.close()
        assert _marked(team) == []
        assert post(url, secret, event, now).status_code == 200
        assert post(url, secret, event, now).status_code == 200
    assert _marked(team) == [("deals", "7", 1)]


def test_while_the_database_is_away_hubspot_is_asked_to_come_again(
    team: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    url = switched_on(team, port, own=True)
    event = json.dumps([{"subscriptionType": "deal.creation", "objectId": 7}]).encode()
    assistant = team.another_assistant()
    with at_work(assistant):

        def away() -> Any:
            raise OSError("gone")

        monkeypatch.setattr(assistant.work.store, "write", away)
        assert post(url, team.settings.hubspot_client_secret, event, time.time()).status_code == 503
        monkeypatch.undo()
        assert post(url, team.settings.hubspot_client_secret, event, time.time()).status_code == 200


def _price(team: Living) -> int | None:
    with team.assistant.work.store.read() as session:
        return session.scalar(select(RunRow.price_cents))


def _marked(team: Living) -> list[tuple[str, str, int]]:
    with team.assistant.work.store.read() as session:
        return [(row.object_type, row.object_id, row.times) for row in session.scalars(select(CrmMark))]

"""The signed way in, with its real server: hostile requests run no listener and hold up nobody (FAULTS 29)."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import httpx
import pytest

from bot.cli.run import at_work
from bot.cli.serving import THREADS
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Edge:
    """The assistant's address, and a way to sign for it."""

    team: Living
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    def signed(self, body: bytes, at: float | None = None, kind: str = FORM) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        secret = self.team.world.slack.signing_secret.encode()
        signature = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }

    def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return httpx.post(self.url, content=body, headers=headers, timeout=60)

    def slow_sender(self) -> socket.socket:
        """A connection that has said what it will send, and sends one byte of it."""
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\np")
        return connection


@pytest.fixture
def edge(team: Living, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    """The assistant as `renewals run --http` starts it; the workspace delivers there."""
    monkeypatch.setattr("bot.cli.serving.SLOWEST_SENDER", 600)  # none is gone before a test is over
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    with at_work(team.another_assistant(), http_port=port):
        found = Edge(team, port)
        team.world.slack.deliver_by_http(found.url)
        yield found


def words_typed(team: Living, text: str) -> bytes:
    """What Slack posts for `/renewal TEXT` of a rep."""
    fields = {
        "command": "/renewal",
        "text": text,
        "team_id": team.world.slack.team_id,
        "user_id": team.ids["ana"],
        "channel_id": team.dm("ana"),
        "trigger_id": "1.2.3",
    }
    return urlencode(fields).encode()


def facts(team: Living) -> int:
    from sqlalchemy import func, select

    from bot.store.tables import Fact

    with team.assistant.work.store.read() as session:
        return session.scalar(select(func.count()).select_from(Fact)) or 0


def test_a_day_over_signed_http_with_hostile_requests_beside_it(edge: Edge) -> None:
    team = edge.team
    logs_a_call = words_typed(team, "log acme no answer")
    before = facts(team)
    forged = edge.signed(logs_a_call) | {"X-Slack-Signature": "v0=" + "0" * 64}
    hour_old = edge.signed(logs_a_call, time.time() - 3600)
    for headers in (forged, hour_old, {"Content-Type": FORM}):
        assert edge.post(logs_a_call, headers).status_code == 401
    for body in (b"payload=%7B", b"payload=[1]", b"\xff\xfe", b"payload=" + b"[" * 50_000):
        assert edge.post(body, edge.signed(body)).status_code in (400, 401, 404)
    body = json.dumps(["not", "an", "object"]).encode()
    assert edge.post(body, edge.signed(body, kind="application/json")).status_code == 400
    assert facts(team) == before

    asked = words_typed(team, "help")
    headers = edge.signed(asked)
    answer = edge.post(asked, headers)
    assert answer.status_code == 200 and "/renewal log" in answer.text
    assert edge.post(asked, headers).status_code == 401  # the same again

    assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    assert facts(team) == before + 1
    assert "No answer" in team.seen("ana")


def test_fifty_megabytes_are_refused_before_they_are_read(edge: Edge) -> None:
    connection = socket.create_connection(("127.0.0.1", edge.port), timeout=60)
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {50 * 2**20}\r\n\r\n"
    connection.sendall(head.encode() + b"payload=" + b"x" * 2000)
    assert b" 413 " in connection.recv(1000).partition(b"\r\n")[0]
    connection.close()


def test_slow_senders_hold_up_nobody(edge: Edge) -> None:
    """More of them than there are threads, and more than the server's usual limit of connections."""
    with ExitStack() as stack:
        for _ in range(THREADS * 10):
            stack.enter_context(edge.slow_sender())
        assert edge.team.press("ana", "log_call:no_answer", "Acme")["acked"]

"""A running sandbox, the app's side as slack_sdk drives it, and the people's side over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import SandboxServer, World
from tests.unhurried import wait_until

MANIFEST = """
display_information: {name: Renewals}
features:
  bot_user: {display_name: Renewals}
  app_home: {home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false}
  slash_commands:
    - {command: /renewal, description: Work your renewals, usage_hint: "log | today"}
oauth_config:
  scopes:
    bot: [channels:history, channels:read, chat:write, commands, groups:history, groups:read, im:history,
          im:read, im:write, "users:read", "users:read.email"]
settings:
  event_subscriptions: {bot_events: [message.im, app_home_opened]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
"""
MORNING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Envelope:
    """What Socket Mode delivers."""

    envelope_id: str
    type: str
    payload: dict[str, Any]
    accepts_response_payload: bool
    retry_attempt: int = 0
    retry_reason: str = ""


class App:
    """The app's end of one Socket Mode connection: notes what comes and acknowledges as told.

    Plain websocket-client: closing slack_sdk's client takes up to ten seconds.
    """

    def __init__(self, world: World, server: SandboxServer) -> None:
        self.received: list[Envelope] = []
        self.frames: list[dict[str, Any]] = []
        self.answer: Callable[[Envelope], Any] = lambda _: None
        self.silent = False
        web = WebClient(base_url=server.slack_api_url, timeout=30)
        url = web.apps_connections_open(app_token=world.slack.app_token)["url"]
        self.socket = websocket.create_connection(url, timeout=30)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def acknowledge(self, envelope: Envelope, payload: Any = None) -> None:
        answer = {"envelope_id": envelope.envelope_id}
        self.socket.send(json.dumps(answer if payload is None else answer | {"payload": payload}))

    def kinds(self, kind: str) -> list[Envelope]:
        return [envelope for envelope in self.received if envelope.type == kind]

    def close(self) -> None:
        self.socket.close(timeout=1)
        self._thread.join(timeout=30)
        self.socket.shutdown()

    def _run(self) -> None:
        try:
            while text := self.socket.recv():
                self._take(json.loads(text))
        except (websocket.WebSocketException, OSError):
            return  # the connection was closed, perhaps while an answer was on its way

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if "envelope_id" in frame:
            envelope = Envelope(**frame)
            self.received.append(envelope)
            if not self.silent:
                self.acknowledge(envelope, self.answer(envelope))


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


@pytest.fixture
def world(manifest: Path) -> World:
    world = World(seed=7, now=MORNING, manifest=manifest)
    slack = world.slack
    slack.add_person(
        "Maya Lind", "maya@example.com", "America/New_York", title="Account executive", id="UMAYA"
    )
    slack.add_person("Omar Diaz", "omar@example.com", "Europe/Berlin", id="UOMAR")
    slack.add_channel("renewals", ["UMAYA"], id="CRENEW")
    return world


@pytest.fixture
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def web(world: World, server: SandboxServer) -> WebClient:
    return WebClient(
        token=world.slack.bot_token, base_url=server.slack_api_url, retry_handlers=[], timeout=30
    )


@pytest.fixture
def app(world: World, server: SandboxServer) -> Iterator[App]:
    app = App(world, server)
    wait_until(lambda: world.slack.sockets.connection_count == 1)
    yield app
    app.close()


@pytest.fixture
def people(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def connect(world: World, server: SandboxServer) -> Iterator[Callable[[], App]]:
    """Open one more connection."""
    opened: list[App] = []

    def one_more() -> App:
        expected = world.slack.sockets.connection_count + 1
        opened.append(App(world, server))
        wait_until(lambda: world.slack.sockets.connection_count == expected)
        return opened[-1]

    yield one_more
    for one in opened:
        one.close()


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_until


@pytest.fixture
def refusal() -> Callable[..., Any]:
    """The error of a call that Slack refuses."""

    def refused(call: Callable[..., Any], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as caught:
            call(**arguments)
        return caught.value.response

    return refused

"""A running sandbox, the app's side as slack_sdk drives it, and the people's side over HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websocket_client import SocketModeClient

from sandbox.server import SandboxServer, World

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


class App:
    """The app's end of one Socket Mode connection: notes what comes and acknowledges as told."""

    def __init__(self, world: World, server: SandboxServer) -> None:
        self.received: list[SocketModeRequest] = []
        self.answer: Callable[[SocketModeRequest], Any] = lambda _: None
        self.silent = False
        self.client = SocketModeClient(
            app_token=world.slack.app_token,
            web_client=WebClient(token=world.slack.bot_token, base_url=server.slack_api_url),
        )
        self.client.socket_mode_request_listeners.append(self._take)

    def connect(self) -> App:
        self.client.connect()
        return self

    def close(self) -> None:
        self.client.close()

    def _take(self, client: Any, request: SocketModeRequest) -> None:
        self.received.append(request)
        if not self.silent:
            payload = self.answer(request)
            client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
            )


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
    return WebClient(token=world.slack.bot_token, base_url=server.slack_api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(world: World, server: SandboxServer) -> Iterator[App]:
    app = App(world, server).connect()
    wait_for(lambda: world.slack.sockets.connection_count == 1)
    yield app
    app.close()


@pytest.fixture
def people(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def connect(world: World, server: SandboxServer) -> Iterator[Callable[[], App]]:
    """Open one more connection."""
    opened: list[App] = []

    def one_more() -> App:
        expected = world.slack.sockets.connection_count + 1
        opened.append(App(world, server).connect())
        wait_for(lambda: world.slack.sockets.connection_count == expected)
        return opened[-1]

    yield one_more
    for one in opened:
        one.close()


@pytest.fixture
def eventually() -> Callable[..., None]:
    return wait_for


@pytest.fixture
def refusal() -> Callable[..., Any]:
    """The error of a call that Slack refuses."""

    def refused(call: Callable[..., Any], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as caught:
            call(**arguments)
        return caught.value.response

    return refused


def wait_for(condition: Callable[[], object], seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        threading.Event().wait(0.01)

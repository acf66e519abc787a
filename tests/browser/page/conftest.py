"""A real sandbox with a tiny app on its socket, and a browser that looks at it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import websocket
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_sdk import WebClient

from sandbox.server import SandboxServer, World
from tests.unhurried import PATIENCE, wait_until

MANIFEST = """
display_information: {name: Renewals}
features:
  bot_user: {display_name: Renewals}
  app_home: {home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false}
  slash_commands:
    - {command: /renewal, description: Work your renewals, usage_hint: "log ACCOUNT | today"}
    - {command: /report, description: How the month stands}
oauth_config:
  scopes:
    bot: [channels:history, channels:read, chat:write, commands, im:history, im:read, im:write, "users:read"]
settings:
  event_subscriptions: {bot_events: [message.im, app_home_opened]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
"""
# A Friday, 09:30 in New York: the next morning is a Saturday, the next working day a Monday.
FRIDAY = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 812}
expect.set_options(timeout=1000 * PATIENCE)


@dataclass(frozen=True)
class Envelope:
    """One thing the app was told: `type` is interactive, slash_commands or events_api."""

    type: str
    payload: dict[str, Any]


class TinyApp:
    """The app behind the page: notes what it is told and acknowledges with what `answer` returns."""

    def __init__(self, world: World, server: SandboxServer) -> None:
        self.received: list[Envelope] = []
        self._dispatcher = world.slack.dispatcher
        self.answer: Callable[[Envelope], Any] = lambda _: None
        self.silent = False
        token = world.slack.bot_token
        self.web = WebClient(token=token, base_url=server.slack_api_url, retry_handlers=[], timeout=30)
        address = self.web.apps_connections_open(app_token=world.slack.app_token)["url"]
        self._socket = websocket.create_connection(address, timeout=0.1)
        self._closing = threading.Event()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def fall_silent(self) -> None:
        """Acknowledge nothing any more; Slack gives up on it sooner than after its 3 seconds."""
        self.silent = True
        self._dispatcher.ack_seconds = 0.5

    def close(self) -> None:
        self._closing.set()
        self._listener.join()
        self._socket.shutdown()

    def pressed(self) -> list[dict[str, Any]]:
        """The actions of all presses so far, oldest first."""
        found = [one.payload for one in self.received if one.payload.get("type") == "block_actions"]
        return [action for payload in found for action in payload["actions"]]

    def submitted(self) -> list[dict[str, Any]]:
        """The state of each submitted form, oldest first."""
        found = [one.payload for one in self.received if one.payload.get("type") == "view_submission"]
        return [payload["view"]["state"]["values"] for payload in found]

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                message = json.loads(self._socket.recv())
            except websocket.WebSocketTimeoutException:
                continue
            if "envelope_id" in message:
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        envelope = Envelope(message["type"], message["payload"])
        self.received.append(envelope)
        if self.silent:
            return
        answer = self.answer(envelope)
        acknowledgement = {"envelope_id": message["envelope_id"]} | ({"payload": answer} if answer else {})
        self._socket.send(json.dumps(acknowledgement))


@pytest.fixture
def soon() -> Callable[..., Any]:
    return wait_until


@pytest.fixture
def world(tmp_path: Path) -> World:
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST, encoding="utf-8")
    world = World(seed=7, now=FRIDAY, manifest=path)
    world.slack.rates.post_interval_s = 0
    person, zone = world.slack.add_person, "America/New_York"
    person("Maya Lind", "maya@example.com", zone, title="Account executive", roles=["rep"], id="UMAYA")
    person("Omar Diaz", "omar@example.com", "Europe/Berlin", title="Sales manager", id="UOMAR")
    world.slack.add_channel("renewals", ["UMAYA", "UOMAR"], id="CRENEW")
    return world


@pytest.fixture
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def app(world: World, server: SandboxServer) -> Iterator[TinyApp]:
    app = TinyApp(world, server)
    wait_until(lambda: world.slack.sockets.connection_count == 1)
    yield app
    app.close()


@pytest.fixture
def dm(world: World) -> str:
    """The id of Maya's conversation with the app."""
    return world.slack.dm_of("UMAYA").id


class Chromium:
    """One browser for the tests of this folder that a worker runs in a row: starting one costs more than a test.

    It is closed before a test from elsewhere: Playwright's event loop runs in this thread as long as it is open.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser: Browser | None = None

    def browser(self) -> Browser:
        if self._browser is None:
            path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
            if path is None:
                pytest.skip("no Chromium on this machine (looked for " + ", ".join(CHROMIUM) + ")")
            playwright = self._open.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            self._open.callback(self._browser.close)
        return self._browser

    def close(self) -> None:
        self._open.close()
        self._browser = None


CHROMIUM_OF_THIS_WORKER = Chromium()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None, None, None]:
    yield
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        CHROMIUM_OF_THIS_WORKER.close()


@pytest.fixture
def chromium() -> Browser:
    return CHROMIUM_OF_THIS_WORKER.browser()


Look = Callable[..., Page]


@pytest.fixture
def look(chromium: Browser, server: SandboxServer) -> Iterator[Look]:
    """Open the page as a person at a place; no script on it may fail and no dialog may pop up."""
    problems: list[str] = []
    contexts = []

    def open_page(place: str = "dm", *, user: str = "UMAYA", phone: bool = False) -> Page:
        context = chromium.new_context(viewport=PHONE if phone else DESK, has_touch=phone)
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
        page.goto(f"{server.url}/#/as/{user}/{place}")
        page.get_by_test_id("person-switch").wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []

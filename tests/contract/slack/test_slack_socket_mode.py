"""Bolt over Socket Mode against the sandbox: a burst is acknowledged in time, none lost; start and stop are quick."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bot.logs import LOGGER
from bot.settings import Settings
from bot.slack.bolt import create_app, socket_mode
from bot.slack.gateway import SlackGateway
from bot.slack.views.blocks import actions, button, section
from sandbox.server import SandboxServer, World
from tests.unhurried import wait_until

PRESSES = 60
TRIES = 20  # one of them is not disturbed by what else the machine does


def test_a_burst_of_presses_is_acknowledged_in_time(
    world: World, server: SandboxServer, slack_settings: Settings, gateway: SlackGateway
) -> None:
    app = create_app(slack_settings, gateway)
    handled: list[str] = []

    @app.action("log_review")
    def handle(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        handled.append(body["trigger_id"])
        ack()

    handler = socket_mode(app, slack_settings)
    handler.connect()
    try:
        wait_until(handler.client.is_connected)
        row = actions([button("Done", "log_review", "x")], "row")
        posted = gateway.post(gateway.open_dm("UANA"), "Due", [section("Due"), row], "k")
        container = {"type": "message", "channel": posted.channel, "ts": posted.ts}
        press = {"container": container, "block_id": "row", "action_id": "log_review"}

        with httpx.Client(base_url=server.url, timeout=60) as ana, ThreadPoolExecutor(10) as fingers:

            def press_once(_: int) -> Any:
                return ana.post("/people/UANA/actions", json=press).json()

            began = time.process_time()
            outcomes = list(fingers.map(press_once, range(PRESSES)))
            worked = time.process_time() - began
    finally:
        handler.close()
    assert [outcome["acked"] for outcome in outcomes] == [True] * PRESSES
    assert worked < 3  # of both sides together, for all of them
    assert len(set(handled)) == len(handled) == PRESSES
    # Bolt quietens itself, not what the product says.
    assert logging.getLogger(LOGGER).level == logging.NOTSET


def test_text_arrives_whole_and_is_not_checked_byte_by_byte_in_python(
    slack_settings: Settings, server: SandboxServer, gateway: SlackGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[int] = []
    monkeypatch.setattr("websocket._abnf.validate_utf8", lambda data: checked.append(len(data)) or True)
    raw_text = SimpleNamespace(loads=json.loads, dumps=partial(json.dumps, ensure_ascii=False))
    monkeypatch.setattr("sandbox.slack.socket_mode.json", raw_text)
    seen: list[str] = []
    app = create_app(slack_settings, gateway)

    @app.action("log_review")
    def handle(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        seen.append(body["message"]["blocks"][0]["text"]["text"])
        ack()

    handler = socket_mode(app, slack_settings)
    handler.connect()
    try:
        wait_until(handler.client.is_connected)
        text = "Zoë und Søn – 東京 🎉 " * 100
        row = actions([button("Done", "log_review", "x")], "row")
        posted = gateway.post(gateway.open_dm("UANA"), "Due", [section(text), row], "k")
        container = {"type": "message", "channel": posted.channel, "ts": posted.ts}
        press = {"container": container, "block_id": "row", "action_id": "log_review"}
        answer = httpx.post(f"{server.url}/people/UANA/actions", json=press, timeout=60).json()
    finally:
        handler.close()
    assert answer["acked"] is True
    assert [one.strip() for one in seen] == [text.strip()]
    assert checked == []  # 9 ms in Python for the press on a long list, with everything else waiting


def test_it_opens_one_connection_and_neither_start_nor_stop_waits(
    world: World,
    slack_settings: Settings,
    server: SandboxServer,
    gateway: SlackGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    took: list[float] = []
    while len(took) < TRIES and min(took, default=1.0) > 0.4:
        handler = socket_mode(create_app(slack_settings, gateway), slack_settings)
        started = time.monotonic()
        handler.connect()
        wait_until(lambda: world.slack.sockets.connection_count == 1)
        handler.close()
        took.append(time.monotonic() - started)
        wait_until(lambda: world.slack.sockets.connection_count == 0)
        opened = world.journal.entries(service="slack", method="apps.connections.open")
        assert len(opened) == len(took)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert min(took) <= 0.4, took  # the SDK's own waits take up to 0.5 s at the start and 1 s at the end


def test_it_stops_while_the_socket_is_opened_and_nothing_answers(
    slack_settings: Settings, gateway: SlackGateway
) -> None:
    handler = socket_mode(create_app(slack_settings, gateway), slack_settings)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(10)
        handler.client.wss_uri = f"ws://127.0.0.1:{silent.getsockname()[1]}/"
        handler.connect()
        connection, _ = silent.accept()
        with connection:
            handler.close()  # else it would wait for the silent one until the test's own limit
    assert not handler.client.current_session_runner.is_alive()

"""Bolt over Socket Mode against the sandbox: a burst of presses is acknowledged in time, none lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from bot.logs import LOGGER
from bot.settings import Settings
from bot.slack.bolt import create_app, socket_mode
from bot.slack.gateway import SlackGateway
from bot.slack.views.blocks import actions, button, section
from sandbox.server import SandboxServer, World

PRESSES = 60


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

        with httpx.Client(base_url=server.url, timeout=20) as ana, ThreadPoolExecutor(10) as fingers:

            def press_once(_: int) -> Any:
                return ana.post("/people/UANA/actions", json=press).json()

            outcomes = list(fingers.map(press_once, range(PRESSES)))
    finally:
        hanging_up = time.monotonic()
        handler.close()
    assert time.monotonic() - hanging_up < 5
    assert [outcome["acked"] for outcome in outcomes] == [True] * PRESSES
    assert max(outcome["ms"] for outcome in outcomes) < 3000
    assert len(set(handled)) == len(handled) == PRESSES
    # Bolt quietens itself, not what the product says.
    assert logging.getLogger(LOGGER).level == logging.NOTSET


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)

"""The gateway against the sandbox, over HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.services.ports import Parcel
from bot.settings import Settings
from bot.slack.courier import Rendered, SlackCourier
from bot.slack.gateway import SlackGateway
from bot.slack.views.blocks import section
from sandbox.faults import FaultRule
from sandbox.server import SandboxServer, World

MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = World(seed=3, now=MORNING)
    world.slack.rates.post_interval_s = 0
    world.slack.add_person("Ana Ruiz", "Ana@Example.com", "America/New_York", id="UANA")
    world.slack.add_person("Ben Cole", "ben@example.com", "Europe/Berlin", id="UBEN")
    world.slack.add_channel("renewals", ["UANA"], id="CRENEW")
    return world


@pytest.fixture
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def slack_settings(world: World, server: SandboxServer) -> Settings:
    return Settings(
        slack_bot_token=world.slack.bot_token,
        slack_app_token=world.slack.app_token,
        slack_signing_secret=world.slack.signing_secret,
        slack_api_url=server.slack_api_url,
    )


@pytest.fixture
def gateway(slack_settings: Settings) -> SlackGateway:
    return SlackGateway(slack_settings)


@pytest.fixture
def a_parcel() -> Callable[..., Parcel]:
    def make(**changes: Any) -> Parcel:
        usual: dict[str, Any] = {
            "id": 1,
            "service": "slack",
            "kind": "digest",
            "recipient": "person:1",
            "slot": "2026-11-23",
            "target": "person:1",
            "payload": {},
            "fact_id": None,
            "attempts": 1,
            "created_at": MORNING,
            "lease_token": "t",
            "lease_until": SystemClock().elapsed() + timedelta(minutes=1),
        }
        return Parcel(**{**usual, **changes})

    return make


@pytest.fixture
def courier_of(gateway: SlackGateway) -> Callable[..., SlackCourier]:
    """A courier whose every message is the same, except for what is changed."""

    def make(**changes: Any) -> SlackCourier:
        usual: dict[str, Any] = {"text": "Due", "blocks": [section("Due")], "user": "UANA", "message_id": 4}
        drawn = Rendered(**{**usual, **changes})
        return SlackCourier(gateway, lambda _: drawn, SystemClock())

    return make


@pytest.fixture
def fault(world: World) -> Callable[..., str]:
    """Put one fault of Slack in force."""

    def add(method: str, **rule: Any) -> str:
        return world.faults.add(FaultRule(service="slack", method=method, **rule))

    return add

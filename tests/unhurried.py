"""The patience that tests have: what has to happen may take as long as it takes on a machine that has other work.

A test fails because of what does not happen, never because of when. So what hurries the assistant and Slack
in the field is given many times as long here. A test of such a time sets it itself; that what is shipped
has the right ones is shown by `SHIPPED`, which keeps them.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import TypeVar

import httpx

from sandbox.server import World

PATIENCE = 60.0  # seconds for what has to happen; whoever waits in vain has failed anyway
T = TypeVar("T")
SHIPPED: dict[str, float] = {}
_UNHURRIED: dict[str, dict[str, float]] = {
    "sandbox.slack.delivery": {"ACK_SECONDS": 30.0},
    "sandbox.slack.triggers": {"TRIGGER_SECONDS": 30.0},
    "bot.slack.gateway": {"LISTENER_SECONDS": 20, "COURIER_SECONDS": 40},  # less than the outbox's lease
    "bot.slack.bolt": {"LISTENER_SECONDS": 20, "COURIER_SECONDS": 40},
}


def wait_until(done: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Wait until `done` answers something true, and answer that. Fails the test when it never does."""
    until = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
    return found


def bring_what_is_late(world: World) -> None:
    """HubSpot's webhooks that are still under way arrive now."""
    hooks = world.hubspot.webhooks
    with hooks._changed:
        hooks._elapsed = lambda: time.monotonic() + 24 * 3600
        hooks._changed.notify_all()


def take_your_time() -> None:
    """Have nobody hurry: for this process, before its first test."""
    for module, values in _UNHURRIED.items():
        found = importlib.import_module(module)
        for name, value in values.items():
            SHIPPED[f"{module}.{name}"] = getattr(found, name)
            setattr(found, name, value)
    for wait in ("connect", "read", "write", "pool"):
        setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, wait, PATIENCE)

"""Accepted, and then not a word until the read times out: looked up before any second try (FAULTS 4, 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.slack import gateway
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


def test_a_morning_that_was_taken_and_never_confirmed_is_there_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "COURIER_SECONDS", 1)
    with living(database_url, "2026-11-23 08:30", connected=False) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        silent = {"service": "slack", "method": "chat.postMessage", "times": 1, "silence_after_accept": True}
        silent["silence_limit_s"] = 600
        team.http.post("/control/faults", json=silent).raise_for_status()
        team.tick("mornings")  # it is not waited for ever
        wait_out(team, lambda: posts(team) and "conversations.history" in methods(team))
        assert len(team.messages("ana")) == 1
        assert posts(team) == 1


def methods(team: Living) -> list[str]:
    return [entry.method for entry in team.world.journal.entries(kind="request")]


def posts(team: Living) -> int:
    return methods(team).count("chat.postMessage")


def wait_out(team: Living, done: Callable[[], object]) -> None:
    """The back-off of the service and of its row ends."""
    for _ in range(6):
        team.clock.let_pass(timedelta(minutes=2, seconds=5))
        team.deliver()
    assert done()

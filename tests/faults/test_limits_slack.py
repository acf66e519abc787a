"""Slack says "not so fast": nothing to that target before the time asked, others go on, no thread sleeps
(FAULTS 6).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.faults.evidence import calls, rows
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
LIMITED: dict[str, Any] = {"status": 429, "body": {"ok": False, "error": "ratelimited"}}


def morning(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")


def test_what_is_asked_is_obeyed_for_that_target_only(team: Living, strike: Callable[..., str]) -> None:
    strike("slack", "chat.postMessage", headers={"Retry-After": "300"}, times=1, **LIMITED)
    morning(team)  # a thread that slept would sleep beyond the test's own limit
    assert team.messages("ana") == []
    assert len(team.messages("maria", team.managers_channel)) == 1
    team.clock.let_pass(timedelta(seconds=285))
    team.deliver()
    assert team.messages("ana") == []
    team.clock.let_pass(timedelta(seconds=17))
    team.deliver()
    assert len(team.messages("ana")) == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {}], ids=["0", "absent"])
def test_without_a_time_to_wait_it_backs_off(
    team: Living, strike: Callable[..., str], headers: dict[str, str]
) -> None:
    limit = strike("slack", "chat.postMessage", headers=headers, **LIMITED)
    morning(team)
    for _ in range(30):
        team.clock.let_pass(timedelta(seconds=10))
        team.deliver()
    # Two targets, each with waits that double: in five minutes some twenty tries, not one each tick.
    assert 6 <= calls(team, "slack", "chat.postMessage") <= 40
    team.world.faults.remove(limit)
    team.clock.let_pass(timedelta(minutes=3))
    team.deliver()
    assert len(team.messages("ana")) == 1


def test_asked_to_wait_for_ever_the_digest_is_dropped_with_its_reason(
    team: Living, strike: Callable[..., str]
) -> None:
    """Nothing waits for ever, and a morning that is over is not told any more."""
    strike("slack", "chat.postMessage", headers={"Retry-After": "9" * 20}, times=1, **LIMITED)
    morning(team)
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    assert team.messages("ana") == []
    team.clock.let_pass(timedelta(days=1, seconds=2))
    team.deliver()
    (message,) = team.messages("ana")
    assert message["text"].startswith("Acme Dental")
    past, today = rows(team, "digest", "ana")
    assert (past.state, past.reason) == ("dropped", "past its use")
    assert (today.slot, today.state) == ("2026-11-24", "sent")

"""HubSpot says "not so fast", or "nobody I know": it is obeyed, our own facts go on, an admin hears once
(FAULTS 7, 23).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler import run_job
from tests.faults.evidence import calls, newest_entry, rows
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


def limited(policy: str) -> dict[str, Any]:
    return {"status": 429, "body": {"status": "error", "errorType": "RATE_LIMIT", "policyName": policy}}


def a_day(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")


@pytest.mark.parametrize(("policy", "seconds"), [("SECONDLY", 1), ("TEN_SECONDLY_ROLLING", 3)])
def test_short_limits_are_waited_for(
    team: Living, strike: Callable[..., str], policy: str, seconds: int
) -> None:
    a_day(team)
    team.press("ana", "log_call:no_answer", "Acme")
    strike("hubspot", times=1, **limited(policy))
    since = newest_entry(team)
    team.let_undo_pass()
    assert calls(team, "hubspot", since=since) == 1
    team.clock.let_pass(timedelta(seconds=seconds + 1))
    team.deliver()
    assert len(team.records("calls")) == 1


def test_the_daily_limit_pauses_the_sync_until_it_is_reset(team: Living, strike: Callable[..., str]) -> None:
    a_day(team)
    limit = strike("hubspot", headers={"Retry-After": "7200"}, **limited("DAILY"))
    for _ in range(5):
        team.tick("sync", "alarms")
    since = newest_entry(team)
    team.clock.let_pass(timedelta(minutes=110))
    team.go("2026-11-24 08:30")
    team.tick("sync", "mornings", "alarms")
    assert calls(team, "hubspot", since=since) == 0
    assert len(team.messages("ana")) == 2  # the day goes on from our own facts
    told = [message["text"] for message in team.messages("adam")]
    assert len(told) == 1 and "daily limit" in told[0]
    team.world.faults.remove(limit)
    team.clock.let_pass(timedelta(minutes=12))
    team.account("Bay Bakery", MONDAY)
    team.tick("sync", "alarms")
    assert calls(team, "hubspot", since=since) > 0
    assert "Bay Bakery" in team.command("ana", "log bay")
    assert len(team.messages("adam")) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_hubspot_rejects(team: Living, strike: Callable[..., str], status: int) -> None:
    """Stops at once, keeps the queue, tells an admin in Slack, and goes on after the mend."""
    a_day(team)
    rejected = strike("hubspot", status=status, body={"status": "error", "message": "no"})
    assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    since = newest_entry(team)
    team.let_undo_pass()
    for _ in range(4):
        team.clock.let_pass(timedelta(seconds=30))
        team.deliver()
    assert calls(team, "hubspot", since=since) == 1
    assert "hubspot" in team.assistant.sender.halted
    assert run_job(team.assistant, "sync")
    team.tick("alarms", "alarms")
    (told,) = team.messages("adam")
    assert str(status) in told["text"]
    team.world.faults.remove(rejected)
    team.clock.let_pass(timedelta(minutes=6))
    team.deliver()
    assert len(team.records("calls")) == 1
    assert [row.state for row in rows(team, "activity")] == ["sent"]
    assert team.assistant.sender.halted == {}
    assert run_job(team.assistant, "sync")


@pytest.mark.parametrize("lost", ["token", "scope"])
def test_a_token_that_slack_rejects(team: Living, lost: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing can be told in Slack then: the log says it at once, and the queue waits for the mend."""
    slack = team.world.slack
    (slack.revoke_token if lost == "token" else lambda: slack.remove_scope("chat:write"))()
    a_day(team)
    assert "slack" in team.assistant.sender.halted
    since = newest_entry(team)
    for _ in range(8):
        team.clock.let_pass(timedelta(seconds=30))
        team.tick("mornings")
    assert calls(team, "slack", since=since) == 0
    assert any(
        "outbox.halted" in record.getMessage() and record.levelname == "ERROR" for record in caplog.records
    )
    (slack.restore_token if lost == "token" else lambda: slack.add_scope("chat:write"))()
    team.clock.let_pass(timedelta(minutes=6))
    team.deliver()
    assert len(team.messages("ana")) == 1
    assert len(team.messages("maria", team.managers_channel)) == 1

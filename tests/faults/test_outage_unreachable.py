"""A rep or a channel that cannot be written to: skipped with its reason, told to somebody, never hammered
(FAULTS 22).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.faults.evidence import calls, newest_entry, rows
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


def morning(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")


def nothing_more_is_tried(team: Living) -> None:
    since = newest_entry(team)
    for _ in range(20):
        team.clock.let_pass(timedelta(minutes=10))
        team.tick("mornings", "manager_mornings", "during_day", "alarms")
    assert calls(team, "slack", "chat.postMessage", since=since) == 0


def test_a_rep_whom_slack_has_deactivated(team: Living) -> None:
    """Known to the directory: no digest, a reason, and the items are on the manager's list the same morning."""
    team.world.slack.deactivate(team.ids["ana"])
    team.tick("people")
    morning(team)
    assert [(row.state, row.reason) for row in rows(team, "digest", "ana")] == [
        ("dropped", "deactivated in Slack")
    ]
    said = team.seen("maria", team.managers_channel)
    assert "Ana Reyes: deactivated in Slack" in said and "Acme Dental" in said
    nothing_more_is_tried(team)


@pytest.mark.parametrize("code", ["user_disabled", "cannot_dm_bot", "messages_tab_disabled"])
def test_a_rep_whom_slack_refuses_at_the_moment(team: Living, strike: Callable[..., str], code: str) -> None:
    """Deactivated a minute ago, or has blocked the app: the manager's message says so the same morning."""
    strike("slack", "conversations.open", status=200, body={"ok": False, "error": code})
    morning(team)
    (row,) = rows(team, "digest", "ana")
    assert row.state == "dead" and code in (row.reason or "")
    team.tick("alarms", "alarms")
    said = team.seen("maria", team.managers_channel)
    assert said.count("Ana Reyes could not be told this morning") == 1 and "Acme Dental" in said
    nothing_more_is_tried(team)


@pytest.mark.parametrize("how", ["archived", "not in it"])
def test_a_manager_channel_that_takes_nothing(team: Living, how: str) -> None:
    """The manager and the admins hear of it by another way."""
    if how == "archived":
        team.world.slack.archive(team.managers_channel)
    else:
        team.world.slack.remove_app(team.managers_channel)
        team.world.slack.remove_scope("chat:write.public")
    morning(team)
    (row,) = rows(team, "manager_morning", f"channel:{team.managers_channel}")
    assert row.state == "dead" and row.reason
    assert len(team.messages("ana")) == 1
    for _ in range(3):
        team.tick("alarms")
    assert "manager" in team.seen("maria") and len(team.messages("maria")) == 1
    assert len(team.messages("adam")) == 1
    nothing_more_is_tried(team)

"""A host that slept, was started late, or whose clock jumps: today's digest once, and no date without a reason
(FAULTS 13, 14).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import scheduler
from tests.faults.evidence import rows
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


def book(team: Living) -> None:
    team.account("Acme Dental", MONDAY - timedelta(days=1))
    team.account("Bay Bakery", MONDAY - timedelta(days=14))


def wake(team: Living, local: str) -> None:
    """What a host does on waking, twice over: every job once."""
    team.go(local)
    for _ in range(2):
        for name in scheduler.JOBS:
            assert scheduler.run_job(team.assistant, name), name
    team.deliver()


def outcomes(team: Living) -> list[tuple[str, str]]:
    """The digests of the rep by date: sent, or why not."""
    return [(row.slot, row.reason or row.state) for row in rows(team, "digest", "ana")]


def mornings_seen(team: Living) -> int:
    return sum(": " in message["text"] for message in team.messages("ana"))


def test_asleep_from_six_to_twenty_to_ten(team: Living) -> None:
    book(team)
    wake(team, "2026-11-23 06:00")
    assert team.messages("ana") == []
    wake(team, "2026-11-23 09:40")
    assert outcomes(team) == [("2026-11-23", "sent")]
    assert len(team.messages("ana")) == 1
    assert len(team.messages("maria", team.managers_channel)) == 1


def test_asleep_over_the_cut_off_and_then_for_two_days(team: Living) -> None:
    book(team)
    wake(team, "2026-11-23 08:30")
    wake(team, "2026-11-24 12:01")  # noon is too late for a morning
    wake(team, "2026-11-27 08:31")  # two days, one of them Thanksgiving
    said = dict(outcomes(team))
    assert list(said) == [f"2026-11-{day}" for day in range(23, 28)]
    assert said["2026-11-23"] == said["2026-11-27"] == "sent"
    assert all(said[f"2026-11-{day}"] != "sent" for day in (24, 25, 26))
    assert len([m for m in team.messages("ana") if "late" in m["text"] or "due" in m["text"]]) >= 2


def test_deployed_at_one_minute_past(team: Living) -> None:
    """Several processes start at once, and again: one message."""
    book(team)
    team.go("2026-11-23 08:31")
    for _ in range(3):
        team.assistant = team.another_assistant()
        wake(team, "2026-11-23 08:31")
    assert len(team.messages("ana")) == 1
    assert len(team.messages("maria", team.managers_channel)) == 1


def test_the_clock_jumps_back_and_forward(team: Living) -> None:
    book(team)
    wake(team, "2026-11-23 09:00")
    team.press("ana", "log_call:no_answer", "Bay")
    before = len(team.messages("ana")), len(team.messages("maria", team.managers_channel))
    wake(team, "2026-11-23 07:00")
    assert team.command("ana", "today")
    wake(team, "2026-11-23 08:30")
    wake(team, "2026-11-23 09:05")
    sent = [message for message in team.messages("ana") if not message.get("ephemeral")]
    assert (len(sent), len(team.messages("maria", team.managers_channel))) == before
    wake(team, "2026-11-25 09:05")  # a day is left out
    wake(team, "2026-11-24 09:05")  # and comes after all
    wake(team, "2026-11-25 09:10")
    assert [slot for slot, _ in outcomes(team)] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert outcomes(team)[0][1] == outcomes(team)[2][1] == "sent"
    assert "not running" in outcomes(team)[1][1]
    calls = team.records("calls")
    team.let_undo_pass()
    assert len(team.records("calls")) == max(1, len(calls))

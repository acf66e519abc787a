"""A missing report: told at once, acknowledged in the same DM, and the rep sees when; nobody else may answer it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Refusal
from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(team: Living) -> Living:
    """Ana has two accounts in her morning and misses the reports of one."""
    team.account("Acme Dental", MONDAY)
    team.account("Bay & Sons", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:02")
    team.tick("mornings")
    team.press("ana", "report_missing", "Acme")
    return team


def acknowledge(team: Living, who: str, message: dict[str, Any]) -> dict[str, Any]:
    """Press *Acknowledge* with a value that stood on Walt's message, from wherever."""
    block = next(b for b in message["blocks"] if b["type"] == "actions")
    container = {"type": "message", "channel": team.dm(who), "ts": team.messages(who)[-1]["ts"]}
    value = {"type": "button", "value": block["elements"][0]["value"]}
    return team.act(who, container, "x", "acknowledge_report", value=value, forge=True)


def refusals(team: Living) -> list[tuple[str, str]]:
    with team.assistant.work.store.read() as session:
        return [(one.action, one.why) for one in session.scalars(select(Refusal))]


def test_the_rep_sees_when_it_was_told_and_when_acknowledged(team: Living) -> None:
    assert "Report missing told to Walt Dean 09:02 · Ana Reyes" in team.seen("ana")
    (told,) = team.messages("walt")
    assert told["text"] == "Acme Dental: report missing, says Ana Reyes"
    assert "Put out Mon 23 Nov. Told you 09:02." in words(told)

    team.go("2026-11-23 09:10")
    team.press("walt", "acknowledge_report")

    assert "Report missing told to Walt Dean 09:02, acknowledged 09:10 · Ana Reyes" in team.seen("ana")
    (told,) = team.messages("walt")
    assert "Acknowledged 09:10 · Walt Dean" in words(told)
    assert not any(block["type"] == "actions" for block in told["blocks"])
    assert "Account review" in team.seen("ana")  # it stays due
    team.let_undo_pass()
    assert len(team.records("notes")) == 1  # the acknowledgement is between the two of them


def test_it_is_told_once_until_it_is_acknowledged(team: Living) -> None:
    team.press("ana", "report_missing", "Acme")
    assert len(team.messages("walt")) == 1
    assert "was told 09:02 and has not acknowledged it yet" in team.seen("ana")
    team.press("walt", "acknowledge_report")
    team.press("ana", "report_missing", "Acme")
    assert len(team.messages("walt")) == 2


def test_days_later_it_can_still_be_acknowledged_once(team: Living) -> None:
    (told,) = team.messages("walt")
    team.go("2026-11-26 10:00")
    team.press("walt", "acknowledge_report")
    (now,) = team.messages("walt")
    assert "Acknowledged 10:00 · Walt Dean" in words(now) and "Told you Mon 23 Nov 09:02." in words(now)
    acknowledge(team, "walt", told)
    assert "Walt Dean acknowledged it 10:00." in team.seen("walt")


def test_what_the_rep_takes_back_asks_for_no_answer(team: Living) -> None:
    (told,) = team.messages("walt")
    team.press("ana", "undo_fact", "Acme")
    (now,) = team.messages("walt")
    assert "no report is missing, Ana Reyes took it back" in words(now)
    acknowledge(team, "walt", told)
    assert "the rep has taken this back" in team.seen("walt")


def test_nobody_else_acknowledges_it(team: Living) -> None:
    (told,) = team.messages("walt")
    for who in ("ben", "maria", "ana"):
        team.command(who, "help")  # something of ours to press on
        acknowledge(team, who, told)
        assert "Only a department manager acknowledges a missing report" in team.seen(who)
    assert refusals(team) == [("acknowledge_report", "not_department")] * 3
    assert "acknowledged" not in words(team.messages("ana")[0])
    assert words(team.messages("walt")[0]) == words(told)

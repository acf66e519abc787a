"""An account that is named like an outcome: `log NAME` is never taken for a log of something else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.store.tables import Fact
from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(team: Living) -> Living:
    for account in ("Best Email", "Bay Bakery", "Bay Busy Bees", "No Answer Ltd"):
        team.account(account, MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    return team


def logged(team: Living) -> list[str]:
    with team.assistant.work.store.read() as session:
        return [fact.outcome or fact.kind for fact in session.scalars(select(Fact).order_by(Fact.id))]


@pytest.mark.parametrize("say", ["command", "message"])
def test_what_may_be_a_name_is_asked_and_nothing_is_logged(team: Living, say: str) -> None:
    def answer(text: str) -> str:
        if say == "command":
            return team.command("ana", text) + words(team.messages("ana")[-1])
        team.say("ana", text)
        return words(team.messages("ana")[-1])

    for text, names in {
        "log best email": ["Best Email"],
        "log bay busy": ["Bay Bakery", "Bay Busy Bees"],
        "log no answer": ["No Answer Ltd"],
    }.items():
        said = answer(text)
        # A message is read as plain words, whose question need not name the account again.
        assert "What happened?" in said or all(name in said for name in names), (text, said)
    assert logged(team) == []


def test_what_can_only_be_an_outcome_is_logged(team: Living) -> None:
    team.command("ana", "log no answer ltd no answer")
    team.command("ana", "log best email busy")
    assert logged(team) == ["no_answer", "busy"]

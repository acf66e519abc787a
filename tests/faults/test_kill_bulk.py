"""kill -9 between two accounts of one confirmation: the next press finishes the rest and doubles nothing (FAULTS 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from bot.store.tables import Fact, RunRow
from tests.faults.checker import findings
from tests.faults.process import Order, Processes
from tests.living import Living, listening, living, words

MONDAY = date(2026, 11, 23)
ACCOUNTS = ("Acme Dental", "Bay Bakery", "Cove Cafe")


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana's morning has come; nobody listens yet."""
    with living(database_url, connected=False, undo_seconds=0) as found:
        for account in ACCOUNTS:
            found.account(account, MONDAY)
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def called(team: Living) -> list[str]:
    with team.assistant.work.store.read() as session:
        logged = session.scalars(select(Fact.run_id).where(Fact.kind == "call").order_by(Fact.id))
        return [session.get_one(RunRow, run_id).account for run_id in logged]


def test_killed_after_the_first_of_three_accounts(team: Living, processes: Processes) -> None:
    order = Order(team.settings, team.policy, team.clock.now(), dies_at="click.after_commit_before_ack")
    pid = processes.start(order)
    team.press("ana", "open_several")
    team.press_in_form("ana", "choose_several:all")
    team.choose("ana", "outcome", "several_outcome", "no_answer")
    assert team.submit("ana")["acked"]
    answer = team.submit("ana")
    processes.wait_until_killed(pid)
    assert not answer["acked"] and answer["error"]
    assert called(team) == ["Acme Dental"]
    with listening(team, team.assistant):
        assert team.submit("ana")["acked"]
    assert "Logged on 3 accounts" in words(team.form("ana"))
    team.let_undo_pass()
    assert called(team) == list(ACCOUNTS)
    assert len(team.records("calls")) == 3
    assert findings(team, mornings=[MONDAY]) == {}

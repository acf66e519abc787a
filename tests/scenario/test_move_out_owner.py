"""With a new owner set, what moves out is given to them in HubSpot, and comes back to its rep (PLAYBOOK 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.config import Config
from sandbox.hubspot.owners import Owner
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY_30 = date(2026, 10, 25)


def with_a_house(team: Living, usual: Config) -> Config:
    """The house owns what East moves out; nobody in Slack has its e-mail."""
    owner = Owner(id="900", email="House@team.example", first_name="The", last_name="House", user_id=90)
    team.world.hubspot.add_owner(owner)
    east = replace(usual.teams[0], moved_out_owner="house@team.example")
    return replace(usual, teams=(east, *usual.teams[1:]))


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, config=with_a_house) as found:
        found.account("Thirty One", DAY_30)
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings", "manager_mornings")
        yield found


def deal(team: Living) -> tuple[str, str]:
    (one,) = team.records("deals")
    return one["dealstage"], one["hubspot_owner_id"]


def settle(team: Living, *jobs: str) -> None:
    team.clock.let_pass(timedelta(seconds=20))
    team.tick(*jobs)


def test_the_new_owner_is_written_with_the_move_and_the_rep_with_the_giving_back(team: Living) -> None:
    team.go("2026-11-23 17:30")
    team.tick("move_outs")
    settle(team)
    assert deal(team) == ("renewal_moved_out", "900")
    assert "Thirty One" in team.messages("ana")[-1]["text"]
    settle(team, "sync")
    team.go("2026-11-24 08:30")
    team.tick("sync", "mornings", "manager_mornings")
    settle(team)
    moved = words(team.messages("maria", team.managers_channel)[-1]).partition("*Moved out*")[2]
    assert "Thirty One" in moved  # still of the team it was taken from
    team.press("olga", "take_back_move_out", "Thirty", channel=team.managers_channel)
    settle(team)
    assert deal(team) == ("renewal_moved_out", "900"), "another team's manager has no say"
    team.press("maria", "take_back_move_out", "Thirty", channel=team.managers_channel)
    settle(team, "sync")
    settle(team, "sync")
    assert deal(team) == ("renewal_put_out", team.owners["ana"])
    assert "Thirty One" in team.command("ana", "log thirty one")


def test_an_owner_whom_hubspot_does_not_know_stops_no_move(team: Living) -> None:
    team.world.hubspot.owners.clear()
    team.go("2026-11-23 17:30")
    team.tick("move_outs")
    settle(team)
    assert deal(team) == ("renewal_moved_out", team.owners["ana"])

"""A decision to keep an account stands on the managers' list with its date and reason, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.store.tables import Refusal
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url) as team:
        team.account("Thirty One", date(2026, 10, 25))  # day 30 is today
        morning(team, "2026-11-23")
        team.press("maria", "open_keep", "Thirty One", channel=team.managers_channel)
        team.submit("maria", reason={"value": "They sign next week"}, when={"value": "Friday"})
        settle(team)
        yield team


def morning(team: Living, day: str) -> None:
    team.tick("sync")
    team.go(f"{day} 08:30")
    team.tick("mornings", "manager_mornings")
    settle(team)


def settle(team: Living) -> None:
    team.clock.let_pass(timedelta(seconds=20))
    team.deliver()


def the_list(team: Living) -> str:
    return words(team.messages("maria", team.managers_channel)[-1])


def test_a_kept_account_stays_on_the_list_with_its_date_and_reason(team: Living):
    said = the_list(team)
    assert "*Kept*" in said and "until Fri 27 Nov · They sign next week" in said and "1 kept" in said
    assert "to decide" not in said
    morning(team, "2026-11-24")
    assert "*Kept*" in the_list(team)  # since yesterday's list
    morning(team, "2026-11-25")
    assert "*Kept*" not in the_list(team)  # no news any more


def test_taken_back_it_is_to_be_decided_again_and_hubspots_note_is_gone(team: Living):
    assert any("They sign next week" in note["hs_note_body"] for note in team.records("notes"))
    team.press("maria", "take_back_keep", "", channel=team.managers_channel)
    settle(team)
    said = the_list(team)
    assert "1 move-out to decide" in said and "*Kept*" not in said
    assert not any("They sign next week" in note["hs_note_body"] for note in team.records("notes"))
    team.go("2026-11-23 17:30")
    team.tick("move_outs")
    settle(team)
    assert "*Moved out*" in the_list(team)


def test_on_a_later_day_the_managers_card_takes_it_back(team: Living):
    morning(team, "2026-11-25")
    assert "Do not keep" in team.command("maria", "thirty one")
    team.press("maria", "take_back_keep")
    settle(team)
    assert "Kept until" not in team.command("maria", "thirty one")


def test_a_rep_may_not_and_a_second_press_says_so(team: Living):
    message = team.messages("maria", team.managers_channel)[-1]
    block = next(one for one in message["blocks"] if one["block_id"].endswith(":kept"))
    given = {"type": "button", "value": block["accessory"]["value"]}
    place = {"type": "message", "channel": team.managers_channel, "ts": message["ts"]}
    for who in ("ana", "olga"):
        team.act(who, place, block["block_id"], "take_back_keep", value=given, forge=True)
    assert "*Kept*" in the_list(team)
    with team.assistant.work.store.read() as session:
        assert [row.action for row in session.scalars(select(Refusal))] == ["take_back_keep"] * 2
    for _ in range(2):
        team.act("maria", place, block["block_id"], "take_back_keep", value=given, forge=True)
    assert "not kept by this decision any more" in team.seen("maria", team.managers_channel)

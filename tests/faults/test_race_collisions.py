"""Two acts that wait for each other's rows: the database takes one back, and that one is done again by itself."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.store.tables import Fact
from tests.living import Living
from tests.racing import somebody_in_the_way

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


def test_a_press_that_was_taken_back_is_done_again(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    with somebody_in_the_way(team.assistant.work.store, "FROM runs WHERE runs.id IN") as met:
        answer = team.press("ana", "log_call:no_answer", "Acme")
    assert met and answer["acked"]
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(Fact.kind)).all() == ["call"]
    assert "busy" not in team.seen("ana") and "went wrong" not in team.seen("ana")

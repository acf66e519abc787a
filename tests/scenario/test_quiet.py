"""What each rep was sent unasked is counted by day and kind, and the admin sees it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cli.quiet import table
from bot.services.outgoing.quiet import read_quiet
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


def test_messages_are_counted_by_rep_day_and_kind_and_shown_to_the_admin(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.account("Came Later", MONDAY)
    team.go("2026-11-23 10:00")
    team.tick("sync", "during_day")
    team.command("ana", "today")
    team.command("ana", "remind acme in 1 hour")
    team.press("ana", "log_call:no_answer", "Acme Dental")  # redrawn in place: no message more
    team.go("2026-11-23 11:01")
    team.tick("reminders")
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    with team.assistant.work.store.read() as session:
        days = read_quiet(team.assistant.work, session, 2)
    told = {(day.name, day.on): dict(day.counts) for day in days}
    assert told["Ana Reyes", MONDAY] == {"digest": 1, "new_runs": 1}
    assert told["Ana Reyes", date(2026, 11, 24)] == {"digest": 1}
    assert not any(name == "Maria Lopez" for name, _ in told)
    assert table(days) == [
        "rep        day             messages",
        "Ana Reyes  Mon 2026-11-23  2 (1 digest, 1 new_runs)",
        "Ana Reyes  Tue 2026-11-24  1 (1 digest)",
    ]
    assert "Ana Reyes: 2 yesterday, 1 today" in home_of(team, "adam")
    assert "unasked" not in home_of(team, "ana")


def home_of(team: Living, who: str) -> str:
    path = f"/people/{team.ids[who]}/home"
    team.http.post(f"{path}/open", json={}).raise_for_status()

    def drawn() -> bool:
        team.deliver()
        return team.http.get(path).raise_for_status().json()["view"] is not None

    wait_until(drawn)
    return words(team.http.get(path).raise_for_status().json()["view"])

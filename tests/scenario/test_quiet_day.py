"""Over a day with messages of all kinds, what the admin is shown is what Slack saw arrive unasked."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from bot.services.outgoing.quiet import read_quiet
from bot.store.tables import Fact, RunRow
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
ASKED = {"reminder", "today", "answer", "note"}  # what somebody asked for, and alarms to the admin


def arrived(team: Living, who: str) -> Counter[str]:
    """What Slack took for a person's conversation with the assistant, by the kind that its key names."""
    found: Counter[str] = Counter()
    for one in team.world.journal.entries(service="slack", method="chat.postMessage"):
        if one.accepted and one.body["channel"] == team.dm(who):
            key = one.body["metadata"]["event_payload"]["key"]
            found[key.partition("|")[0]] += 1
    return found


def test_the_admin_is_shown_what_arrived(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.account("Beta Cafe", date(2026, 11, 19))
    team.account("Gamma Gym", date(2026, 11, 16))
    taken_down = team.account("Delta Inn", date(2026, 11, 5))
    team.account("Of Ben", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    team.command("ana", "defer gamma gym until tomorrow: back then")
    team.account("Came Later", MONDAY)
    team.go("2026-11-23 10:00")
    team.tick("sync", "during_day")
    team.command("ana", "remind acme in 1 hour")
    team.press("ana", "log_call:no_answer", "Acme Dental")
    team.command("ana", "log beta cafe no answer")
    team.say("ana", "what's due?")
    team.press("ana", "report_missing", "Acme Dental")
    team.go("2026-11-23 11:01")
    team.tick("reminders", "during_day")
    team.go("2026-11-23 13:05")
    team.tick("during_day")  # the second call of Beta Cafe
    with team.assistant.work.store.write() as session:  # the site goes down, as HubSpot tells it
        run = session.scalars(select(RunRow).where(RunRow.deal_id == taken_down)).one()
        at = team.world.clock.now()
        session.add(
            Fact(
                key="down",
                run_id=run.id,
                kind="site_down",
                at=at,
                recorded_at=at,
                source="hubspot",
                surface="sync",
            )
        )
        run.next_look_on = MONDAY
    team.go("2026-11-23 14:00")
    team.tick("during_day")
    team.go("2026-11-23 17:05")
    team.tick("during_day")  # a put-out day that is still blank
    seen = {who: arrived(team, who) for who in ("ana", "ben", "walt", "maria")}
    unasked = {
        who: {kind: count for kind, count in kinds.items() if kind not in ASKED}
        for who, kinds in seen.items()
    }
    with team.assistant.work.store.read() as session:
        told = {
            day.name: dict(day.counts)
            for day in read_quiet(team.assistant.work, session, 1)
            if day.on == MONDAY and day.counts
        }
    names = {"ana": "Ana Reyes", "ben": "Ben Stone", "walt": "Walt Dean", "maria": "Maria Lopez"}
    assert told == {names[who]: counts for who, counts in unasked.items() if counts}
    assert {"digest", "new_runs", "second_calls", "takedown", "undocumented"} <= set(unasked["ana"])
    assert set(seen["ana"]) & ASKED, "something was asked for, too, and is not counted"
    total = sum(unasked["ana"].values())
    assert f"Ana Reyes: 0 yesterday, {total} today" in home_of(team, "adam")
    team.go("2026-11-24 09:00")
    assert f"Ana Reyes: {total} yesterday, 0 today" in home_of(team, "adam")


def home_of(team: Living, who: str) -> str:
    path = f"/people/{team.ids[who]}/home"
    before = str(team.http.get(path).json()["view"])
    team.http.post(f"{path}/open", json={}).raise_for_status()

    def drawn() -> bool:
        team.deliver()
        return str(team.http.get(path).json()["view"]) != before

    wait_until(drawn)
    return words(team.http.get(path).json()["view"])

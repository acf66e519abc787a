"""The checker itself: each list names what was put wrong on purpose."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.store.facts import add_fact
from bot.store.tables import Fact, Person
from tests.faults.checker import LISTS, findings
from tests.living import Living

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_list_finds_its_fault(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    deal = team.account("Bay Bakery", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    assert findings(team, mornings=[MONDAY]) == {}

    portal, slack = team.world.hubspot, team.assistant.slack
    portal.archive("calls", team.records("calls")[0]["id"])
    (digest,) = team.world.journal.entries(method="chat.postMessage")
    key = digest.body["metadata"]["event_payload"]["key"]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "again"}}
    team.go("2026-11-23 14:00")  # past the rep's noon
    slack.post(team.dm("ben"), "again", [section], key)
    slack.post(team.dm("ben"), "of nobody", [section], "digest|person:9|2026-11-23")
    portal.update("deals", deal, {"dealstage": "renewal_closed_won"})
    with team.assistant.work.store.write() as session:
        (call,) = session.scalars(select(Fact))
        olga = session.scalars(select(Person).where(Person.email == "olga@team.example")).one()
        now = team.clock.now()
        times = {"at": now, "recorded_at": now, "source": "slack", "surface": "button"}
        add_fact(
            session,
            key="slack:press:x#0",
            run_id=call.run_id,
            kind="email",
            actor_id=olga.id,
            step="s",
            **times,
        )
    found = findings(team, mornings=[MONDAY, date(2026, 11, 24)])
    assert set(found) == set(LISTS)
    assert any("records of fact" in one for one in found["lost"])
    assert any("no digest and no reason for ana" in one for one in found["lost"])
    assert any(key in one for one in found["doubled"]) and any(key in one for one in found["wrong_recipient"])
    assert any("person:9" in one for one in found["unexpected"])
    assert any("Bay Bakery is open here and won" in one for one in found["stale"])

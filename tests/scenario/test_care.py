"""The takedown chain: email, Customer Care's confirmation, and the customer told at once (PLAYBOOK 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.facts import add_fact
from bot.store.tables import Refusal, RunRow
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUT_OUT = date(2026, 11, 2)


def asked(team: Living) -> None:
    """Customer Care was asked on Monday 23 Nov at 09:00: the takedown email went out that morning."""
    team.account("Acme Dental", PUT_OUT, renewal_expiration_date="2026-11-10")
    team.tick("sync")
    sent_before(team, "call", "2026-11-17T15:00+00:00", outcome="no_answer")
    sent_before(team, "cancellation_email", "2026-11-17T15:05+00:00")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    team.go("2026-11-23 09:00")
    press_guarded(team)


def sent_before(team: Living, kind: str, at: str, **more: Any) -> None:
    """A fact of last week."""
    instant = datetime.fromisoformat(at)
    with team.assistant.work.store.write() as session:
        run = session.scalars(select(RunRow)).one()
        add_fact(
            session,
            key=f"test:{kind}",
            run_id=run.id,
            kind=kind,
            at=instant,
            recorded_at=instant,
            source="slack",
            surface="button",
            **more,
        )


def press_guarded(team: Living) -> None:
    team.press("ana", "open_guarded_email", "Acme")
    ticked = {
        "selected_options": [{"value": team.form("ana")["blocks"][-1]["element"]["options"][0]["value"]}]
    }
    answer = team.submit("ana", checked=ticked)
    assert answer["acked"] and not answer.get("error"), answer


def confirm(team: Living, who: str = "cara") -> dict[str, Any]:
    team.press(who, "confirm_site_down", channel=team.care_channel)
    answer = team.submit(who, checked=ticked(team, who), note={"value": "Switched off at 10:12"})
    assert answer["acked"] and not answer.get("error"), answer
    return answer


def ticked(team: Living, who: str) -> dict[str, Any]:
    """The tick of the form that is open."""
    elements = [block["element"] for block in team.form(who)["blocks"] if block.get("block_id") == "checked"]
    return {"selected_options": [{"value": elements[0]["options"][0]["value"]}]}


def request(team: Living) -> str:
    team.clock.let_pass(timedelta(seconds=5))
    team.deliver()
    (message,) = team.messages("cara", team.care_channel)
    return words(message)


def test_the_takedown_email_asks_customer_care_once(team: Living):
    asked(team)
    text = request(team)
    assert "Please take down the website of" in text and "Acme Dental* · Ana Reyes" in text
    assert "expired Tue 10 Nov 2026" in text


def test_care_confirms_and_the_rep_is_told_in_the_same_minute(team: Living):
    asked(team)
    before = len(team.messages("ana"))
    team.go("2026-11-23 09:10")
    confirm(team)
    team.deliver()
    (told,) = team.messages("ana")[before:]
    assert "Site down: contact the customer now" in words(told)
    assert told["text"] == "Site down: contact the customer now: Acme Dental"
    assert "Down since 09:10 · Cara Finn" in request(team) and "The site is down…" not in request(team)
    team.tick("during_day", "during_day")
    assert len(team.messages("ana")) == before + 1


def test_home_of_customer_care_lists_what_waits_and_takes_the_answer(team: Living):
    home_says(team, "cara", "No request is waiting")
    asked(team)
    view = home_says(team, "cara", "*1 site to take down:*")
    assert "Acme Dental* · Ana Reyes" in words(view)
    assert "Asked Mon 23 Nov · contract expired Tue 10 Nov" in words(view)
    before = len(team.messages("ana"))
    row = view["blocks"][-1]
    team.act("cara", {"type": "view", "view_id": view["id"]}, row["block_id"], "confirm_site_down")
    answer = team.submit("cara", checked=ticked(team, "cara"))
    assert answer["acked"] and not answer.get("error"), answer
    home_says(team, "cara", "No request is waiting", opens=False)  # drawn anew by what she pressed
    assert len(team.messages("ana")) == before + 1


def home_says(team: Living, who: str, said: str, *, opens: bool = True) -> dict[str, Any]:
    """Home as soon as it says so, after opening its tab."""
    found: dict[str, Any] = {}

    def drawn() -> bool:
        team.clock.let_pass(timedelta(seconds=5))
        team.deliver()
        found.update(team.http.get(f"/people/{team.ids[who]}/home").json()["view"] or {})
        return bool(found) and said in words(found)

    if opens:
        team.http.post(f"/people/{team.ids[who]}/home/open", json={}).raise_for_status()
    wait_until(drawn)
    return found


@pytest.mark.parametrize("when", ["2026-11-26 11:00", "2026-11-28 23:30"])
def test_on_a_holiday_and_at_night_all_the_same(team: Living, when: str):
    asked(team)
    before = len(team.messages("ana"))
    team.go(when)
    confirm(team)
    team.deliver()
    assert len(team.messages("ana")) == before + 1


@pytest.mark.parametrize("who", ["ana", "maria", "walt", "olga"])
def test_only_customer_care_may_say_that_a_site_is_down(team: Living, who: str):
    asked(team)
    before = len(team.messages("ana"))
    team.press(who, "confirm_site_down", channel=team.care_channel)
    assert team.http.get(f"/people/{team.ids[who]}/views").json() == []
    assert "Only Customer Care may confirm" in team.seen(who, team.care_channel)
    team.deliver()
    assert len(team.messages("ana")) == before
    with team.assistant.work.store.read() as session:
        assert [row.action for row in session.scalars(select(Refusal))] == ["confirm_site_down"]


def test_confirming_twice_is_once(team: Living):
    asked(team)
    team.press("cara", "confirm_site_down", channel=team.care_channel)
    path = f"/people/{team.ids['cara']}/views/{team.form('cara')['id']}/submit"
    values = {"checked": {"field": {"type": "checkboxes", **ticked(team, "cara")}}}
    for _ in range(2):
        team.http.post(path, json={"values": values})
        team.deliver()
    before = len(team.messages("ana"))
    assert "The site is down…" not in request(team)
    team.deliver()
    assert len(team.messages("ana")) == before


def test_two_working_days_without_an_answer_are_told_to_the_manager_until_it_comes(team: Living):
    asked(team)

    def morning(day: str) -> str:
        team.clock.let_pass(timedelta(seconds=5))
        team.go(f"{day} 08:30")
        team.tick("manager_mornings")
        return words(team.messages("maria", team.managers_channel)[-1])

    assert "Customer Care has not answered" not in morning("2026-11-24")
    late = morning("2026-11-25")
    assert (
        "Acme Dental* · Ana Reyes · asked Mon 23 Nov" in late.partition("Customer Care has not answered")[2]
    )
    assert "1 takedown waiting for Customer Care" in late
    assert "asked Mon 23 Nov" in morning("2026-11-27")
    confirm(team)
    team.clock.let_pass(timedelta(seconds=5))
    team.deliver()
    assert "not answered" not in words(team.messages("maria", team.managers_channel)[-1])
    assert "not answered" not in morning("2026-11-30")


def test_how_long_customer_care_may_take_is_a_setting(team: Living):
    team.policy = replace(team.policy, care_answer_working_days=1)
    team.assistant = team.another_assistant()
    asked(team)
    team.clock.let_pass(timedelta(seconds=5))
    team.go("2026-11-24 08:30")
    team.tick("manager_mornings")
    assert "Customer Care has not answered" in words(team.messages("maria", team.managers_channel)[-1])


def test_a_takedown_email_that_was_undone_stops_the_request(team: Living):
    asked(team)
    team.press("ana", "undo_fact", "Acme")
    assert "Do not take down" in request(team) and "The site is down…" not in request(team)
    team.go("2026-11-25 08:30")
    team.tick("manager_mornings")
    assert "not answered" not in words(team.messages("maria", team.managers_channel)[-1])


def test_once_the_site_is_down_the_takedown_email_cannot_be_undone(team: Living):
    asked(team)
    (digest,) = team.messages("ana")
    block = next(one for one in digest["blocks"] if "undo_fact" in str(one.get("accessory")))
    confirm(team)
    team.deliver()
    assert not any("undo_fact" in str(message["blocks"]) for message in team.messages("ana"))
    place = {"type": "message", "channel": team.dm("ana"), "ts": digest["ts"]}
    value = {"type": "button", "value": block["accessory"]["value"]}
    team.act("ana", place, block["block_id"], "undo_fact", value=value, forge=True)
    assert "the site is down already, so this cannot be undone" in team.seen("ana")
    assert "Down since" in request(team)


def test_a_run_that_left_the_rep_tells_whoever_owns_it_then(team: Living):
    """After lost or moved out the customer is told all the same (PLAYBOOK 3.1)."""
    asked(team)
    (deal,) = team.records("deals")
    team.world.hubspot.update("deals", deal["id"], {"dealstage": "renewal_closed_lost"})
    team.world.hubspot.update("deals", deal["id"], {"hubspot_owner_id": team.owners["ben"]})
    team.go("2026-11-24 10:00")
    team.tick("sync")
    confirm(team)
    team.deliver()
    assert "Acme Dental" in team.messages("ben")[-1]["text"]

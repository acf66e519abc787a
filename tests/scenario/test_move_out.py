"""Day 28 to 30: previewed, kept or moved, told, and given back (PLAYBOOK 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Refusal
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY_28, DAY_29, DAY_30 = date(2026, 10, 27), date(2026, 10, 26), date(2026, 10, 25)  # put out, seen on 23 Nov


@pytest.fixture
def started(team: Living) -> Iterator[Living]:
    """An account on day 28, one on day 29 and two on day 30; Monday's messages are out."""
    team.account("Twenty Eight", DAY_28)
    team.account("Twenty Nine", DAY_29)
    team.account("Thirty One", DAY_30)
    team.account("Thirty Two", DAY_30)
    morning(team)
    yield team


def morning(team: Living, day: str = "2026-11-23") -> None:
    team.tick("sync")
    team.go(f"{day} 08:30")
    team.tick("mornings", "manager_mornings")


def evening(team: Living, day: str = "2026-11-23", hour: str = "17:30") -> None:
    team.go(f"{day} {hour}")
    team.tick("move_outs")
    settle(team)


def settle(team: Living) -> None:
    team.clock.let_pass(timedelta(seconds=20))
    team.deliver()


def manager_list(team: Living) -> str:
    settle(team)
    return words(team.messages("maria", team.managers_channel)[-1])


def press(team: Living, who: str, action: str, on: str) -> dict[str, Any]:
    return team.press(who, action, on, channel=team.managers_channel)


def keep(team: Living, who: str, on: str, until: str) -> dict[str, Any]:
    press(team, who, "open_keep", on)
    return team.submit(who, reason={"value": "They sign next week"}, when={"value": until})


def to_decide(text: str) -> str:
    """Of the manager's message what waits for a decision."""
    return text.partition("*Day 30:")[2].partition("*Overdue:")[0]


def stage(team: Living, account: str) -> str:
    (deal,) = [deal for deal in team.records("deals") if deal["dealname"] == account]
    return deal["dealstage"]


def refusals(team: Living) -> list[tuple[str, str]]:
    with team.assistant.work.store.read() as session:
        return [(row.action, row.why) for row in session.scalars(select(Refusal))]


def test_days_28_and_29_are_previewed_with_the_reason_and_day_30_has_its_decisions(started: Living):
    text = manager_list(started)
    due, _, ahead = text.partition("About to move out")
    why = "no future appointment and not in negotiation"
    assert f"Twenty Eight* · Ana Reyes · 140 USD/month · day 30 is Wed 25 Nov · {why}" in ahead
    assert (
        f"Twenty Nine* · Ana Reyes · 140 USD/month · day 30 is Tue 24 Nov · {why} · nothing logged" in ahead
    )
    assert "Day 30: they move out at 17:30, unless you keep them" in due
    assert "Thirty One" in due and "Keep…" in due and "Move out now" in due
    assert "Day 30 is Wed 25 Nov" in started.seen("ana")  # the rep is told, too


def test_nobody_kept_it_so_it_moves_at_the_end_of_the_managers_day(started: Living):
    evening(started, hour="17:29")
    assert stage(started, "Thirty One") == "renewal_put_out"
    before = len(started.messages("ana"))
    evening(started)
    evening(started)
    for account in ("Thirty One", "Thirty Two"):
        assert stage(started, account) == "renewal_moved_out"
    assert stage(started, "Twenty Nine") == "renewal_put_out"
    notes = [note["hs_note_body"] for note in started.records("notes")]
    assert len(notes) == 2
    assert all("Moved out: Day 30 without a future appointment" in note for note in notes)
    told = started.messages("ana")[before:]
    assert len(told) == 1, "the rep is told once, of both"
    assert told[0]["text"] == "Moved out on day 30: Thirty One; Thirty Two"
    moved = manager_list(started).partition("*Moved out*")[2]
    assert "Thirty One" in moved and "nobody kept it" in moved and "Give back" in moved


def test_a_kept_account_stays_until_its_date_and_the_rep_reads_so(started: Living):
    keep(started, "maria", "Thirty One", "friday")
    text = manager_list(started)
    assert "Thirty One" not in to_decide(text)
    evening(started)
    assert stage(started, "Thirty One") == "renewal_put_out"
    assert stage(started, "Thirty Two") == "renewal_moved_out"
    morning(started, "2026-11-27")
    assert "Kept by your manager until Fri 27 Nov" in words(started.messages("ana")[-1])
    evening(started, "2026-11-27")
    assert stage(started, "Thirty One") == "renewal_put_out"
    morning(started, "2026-11-30")
    assert "Thirty One" in to_decide(manager_list(started))
    evening(started, "2026-11-30")
    assert stage(started, "Thirty One") == "renewal_moved_out"


def test_keeping_needs_a_reason_and_a_coming_date(started: Living):
    press(started, "maria", "open_keep", "Thirty One")
    for reason, when in (
        ("", "friday"),
        ("   ", "friday"),
        ("Signs soon", "yesterday"),
        ("Signs soon", "soonish"),
    ):
        answer = started.submit("maria", reason={"value": reason}, when={"value": when})
        assert answer.get("error") == "incomplete" or answer["response"]["response_action"] == "errors", (
            answer
        )
    evening(started)
    assert stage(started, "Thirty One") == "renewal_moved_out"


def test_move_out_now_moves_and_tells_at_once(started: Living):
    before = len(started.messages("ana"))
    press(started, "maria", "move_out_now", "Thirty One")
    settle(started)
    assert stage(started, "Thirty One") == "renewal_moved_out"
    assert "Thirty One" in started.messages("ana")[before]["text"]
    assert any("Decided by Maria Lopez" in note["hs_note_body"] for note in started.records("notes"))
    assert "Thirty One* · Ana Reyes · 08:30 · by Maria Lopez" in manager_list(started)


def test_the_department_manager_may_decide_too(started: Living):
    press(started, "walt", "move_out_now", "Thirty One")
    keep(started, "walt", "Thirty Two", "friday")
    evening(started)
    assert stage(started, "Thirty One") == "renewal_moved_out"
    assert stage(started, "Thirty Two") == "renewal_put_out"


@pytest.mark.parametrize("who", ["olga", "ben", "ana", "cara"])
def test_nobody_else_decides_and_each_try_is_audited(started: Living, who: str):
    press(started, who, "move_out_now", "Thirty One")
    press(started, who, "open_keep", "Thirty One")
    if started.http.get(f"/people/{started.ids[who]}/views").json():
        started.submit(who, reason={"value": "mine"}, when={"value": "friday"})
    settle(started)
    assert stage(started, "Thirty One") == "renewal_put_out"
    assert len(refusals(started)) == 2
    assert {why for _, why in refusals(started)} == {"not_yours"}
    assert "nothing was changed" in started.seen(who, started.managers_channel).lower()
    evening(started)
    assert stage(started, "Thirty One") == "renewal_moved_out"  # not kept by them


@pytest.mark.parametrize("who", ["ana", "olga"])
def test_only_a_manager_gives_back(started: Living, who: str):
    evening(started)
    press(started, who, "take_back_move_out", "Thirty One")
    settle(started)
    assert stage(started, "Thirty One") == "renewal_moved_out"
    assert refusals(started) == [("take_back_move_out", "not_yours")]


def test_a_manager_gives_back_and_it_is_decided_anew(started: Living):
    evening(started)
    press(started, "maria", "take_back_move_out", "Thirty One")
    evening(started, hour="17:35")  # the same evening again: it does not move a second time
    assert stage(started, "Thirty One") == "renewal_put_out"
    assert len(started.records("notes")) == 1
    assert "Thirty One" in to_decide(manager_list(started))
    morning(started, "2026-11-24")
    text = manager_list(started)
    assert "Thirty One" in to_decide(text)
    assert "Thirty Two" in text.partition("*Moved out*")[2]  # and what moved in the evening is told
    press(started, "maria", "take_back_move_out", "Thirty Two")  # the day after
    settle(started)
    assert stage(started, "Thirty Two") == "renewal_put_out"
    evening(started, "2026-11-24")
    assert stage(started, "Thirty One") == "renewal_moved_out"


def test_keep_pressed_on_what_is_decided_by_now_says_so_and_shows_the_fresh_list(started: Living):
    list_of = started.messages("maria", started.managers_channel)[-1]
    block = next(b for b in list_of["blocks"] if b["type"] == "actions" and "open_keep" in str(b["elements"]))
    keep_button = next(one for one in block["elements"] if one["action_id"] == "open_keep")
    press(started, "maria", "move_out_now", "Thirty One")
    settle(started)
    started.act(
        "maria",
        {"type": "message", "channel": started.managers_channel, "ts": list_of["ts"]},
        block["block_id"],
        "open_keep",
        value={"type": "button", "value": keep_button["value"]},
        forge=True,
    )
    settle(started)
    seen = started.seen("maria", started.managers_channel)
    assert "Thirty One: no move-out is due any more. Nothing was changed." in seen
    assert not started.http.get(f"/people/{started.ids['maria']}/views").json()


def test_two_managers_at_once_one_decision(started: Living):
    shown = started.messages("walt", started.managers_channel)[-1]
    keep(started, "maria", "Thirty One", "friday")
    block = next(
        block
        for block in shown["blocks"]
        if block["type"] == "actions" and any(e["action_id"] == "move_out_now" for e in block["elements"])
    )
    element = next(e for e in block["elements"] if e["action_id"] == "move_out_now")
    container = {"type": "message", "channel": started.managers_channel, "ts": shown["ts"]}
    started.act(
        "walt", container, block["block_id"], "move_out_now", value={"value": element["value"]}, forge=True
    )
    settle(started)
    assert stage(started, "Thirty One") == "renewal_put_out"
    assert "is kept until" in started.seen("walt", started.managers_channel)


def test_confirm_moves_nothing_by_itself(database_url: str):
    with living(database_url, policy={"move_out": "confirm"}) as team:
        team.account("Thirty One", DAY_30)
        morning(team)
        assert "Day 30: keep it or move it out; nothing moves by itself" in manager_list(team)
        evening(team)
        evening(team, "2026-11-24")
        assert stage(team, "Thirty One") == "renewal_put_out"
        press(team, "maria", "move_out_now", "Thirty One")
        settle(team)
        assert stage(team, "Thirty One") == "renewal_moved_out"


def test_an_appointment_or_a_negotiation_exempts_a_deferral_does_not(team: Living):
    team.account("Talks Today", DAY_30, dealstage="renewal_in_negotiation")
    team.account("Meets Monday", DAY_30)
    team.account("Away Ltd", DAY_30)
    morning(team)
    team.press("ana", "open_connected", "Meets")
    team.choose("ana", "result", "result_chosen", "meeting_on")
    answer = team.submit(
        "ana",
        result={"selected_option": {"value": "meeting_on"}},
        starts_on={"selected_date": "2026-11-30"},
        starts_at={"selected_time": "10:00"},
        note={"value": "Renewal talk"},
    )
    assert not answer.get("error"), answer
    team.press("ana", "open_more", "Away")
    team.press_in_form("ana", "open_defer")
    form = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "when": {"value": "2 december"},
        "note": {"value": "Back in December"},
    }
    team.submit("ana", **form)
    team.submit("ana", **form)  # warned that it passes day 30, and sure
    due = to_decide(manager_list(team))
    assert "Away Ltd" in due and "deferred until Wed 2 Dec" in due
    assert "Talks Today" not in due and "Meets Monday" not in due
    evening(team)
    assert stage(team, "Meets Monday") == "renewal_put_out"
    assert stage(team, "Talks Today") == "renewal_in_negotiation"
    assert stage(team, "Away Ltd") == "renewal_moved_out"


def test_whoever_slept_through_the_day_moves_nothing_nobody_saw(team: Living):
    team.account("Thirty One", DAY_30)
    team.tick("sync")
    team.go("2026-11-23 18:00")
    team.tick("move_outs", "manager_mornings", "move_outs")
    evening(team, hour="18:05")
    assert stage(team, "Thirty One") == "renewal_put_out"
    assert "Thirty One" in to_decide(manager_list(team))
    morning(team, "2026-11-24")
    evening(team, "2026-11-24")
    assert stage(team, "Thirty One") == "renewal_moved_out"


def test_day_30_on_a_day_off_waits_for_the_managers_next_working_day(team: Living):
    team.account("Holiday Inn", date(2026, 10, 28))  # day 30 is Thanksgiving
    team.tick("sync")
    for day in ("2026-11-25", "2026-11-26"):
        morning(team, day)
        evening(team, day)
    assert stage(team, "Holiday Inn") == "renewal_put_out"
    morning(team, "2026-11-27")
    evening(team, "2026-11-27")
    assert stage(team, "Holiday Inn") == "renewal_moved_out"


def test_a_rep_in_another_zone_is_told_and_their_run_moves_at_the_managers_hour(team: Living):
    team.account("London Lights", DAY_30, owner="ben")
    morning(team)
    team.go("2026-11-23 17:31", "Europe/London")
    team.tick("move_outs")
    settle(team)
    assert stage(team, "London Lights") == "renewal_put_out"
    evening(team)
    assert stage(team, "London Lights") == "renewal_moved_out"
    assert "London Lights" in team.messages("ben")[-1]["text"]


def test_hubspot_being_down_moves_it_here_and_there_later(started: Living):
    rule = started.http.post("/control/faults", json={"service": "hubspot", "method": "*", "status": 503})
    assert rule.status_code == 200, rule.text
    evening(started)
    assert "*Moved out*" in manager_list(started)
    started.http.delete("/control/faults")
    started.clock.let_pass(timedelta(minutes=30))
    started.deliver()
    assert stage(started, "Thirty One") == "renewal_moved_out"


def test_the_rep_hears_of_a_move_out_ahead_though_nothing_is_to_do(team: Living):
    team.account("Away Ltd", date(2026, 10, 28))
    morning(team)
    team.press("ana", "open_more", "Away")
    team.press_in_form("ana", "open_defer")
    form = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "when": {"value": "2 december"},
        "note": {"value": "Back in December"},
    }
    team.submit("ana", **form)
    team.submit("ana", **form)
    morning(team, "2026-11-24")
    text = words(team.messages("ana")[-1])
    assert "Away Ltd" in text and "Deferred until Wed 2 Dec" in text and "Day 30 is Thu 26 Nov" in text
    morning(team, "2026-11-27")  # day 31: by now it is the manager's
    assert "nothing is due" in words(team.messages("ana")[-1])

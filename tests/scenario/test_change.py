"""Change: what was logged is said anew; HubSpot's one record follows, and history keeps both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.faults import FaultRule
from sandbox.hubspot.catalogue import SPOKE_WITH_GATEKEEPER
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
UPSERT = "POST /crm/objects/2026-09/calls/batch/upsert"


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        team.press("ana", "log_call:no_answer", "Acme")
        yield team


def open_change(team: Living, who: str = "ana") -> None:
    """Two taps from the list: *More…*, *Change…*."""
    team.press(who, "open_more")
    team.press_in_form(who, "open_change")


def change(team: Living, outcome: str, note: str = "") -> dict[str, Any]:
    open_change(team)
    return fill(team, outcome, note)


def fill(team: Living, outcome: str, note: str = "", who: str = "ana") -> dict[str, Any]:
    return team.submit(who, outcome={"selected_option": {"value": outcome}}, note={"value": note})


def settle(team: Living) -> None:
    for _ in range(4):
        team.clock.let_pass(timedelta(minutes=15))
        team.deliver()


def digest(team: Living) -> str:
    return words(team.messages("ana")[0])


def calls(team: Living) -> list[tuple[str, str]]:
    return [(call["hs_call_disposition"], call.get("hs_call_body", "")) for call in team.records("calls")]


def test_before_it_left_the_create_carries_the_new_content(team: Living):
    open_change(team)
    shown = {block["block_id"]: block.get("element", {}) for block in team.form("ana")["blocks"]}
    assert shown["outcome"]["initial_option"]["value"] == "no_answer"
    fill(team, "left_voicemail", "Called her mobile")
    assert "Left voicemail 08:30, changed" in digest(team) and "“Called her mobile”" in digest(team)
    assert "No answer 08:30" not in digest(team)
    assert "First email (2 of 2)" in digest(team)  # still one call
    change(team, "busy", "Called her mobile")
    team.let_undo_pass()
    assert calls(team) == [(BUSY, "Called her mobile")]
    settle(team)
    team.tick("sync")
    assert calls(team) == [(BUSY, "Called her mobile")]
    assert digest(team).count("changed · ") == 1
    assert "Busy 08:30, changed" in team.command("ana", "acme")


def test_what_has_left_is_changed_and_undo_brings_it_back(team: Living):
    team.let_undo_pass()
    (made,) = team.records("calls")
    change(team, f"own:{SPOKE_WITH_GATEKEEPER}", "Front desk")
    assert "Spoke with gatekeeper 08:30, changed" in digest(team)
    team.let_undo_pass()
    assert calls(team) == [(SPOKE_WITH_GATEKEEPER, "Front desk")]
    assert team.records("calls")[0]["id"] == made["id"]
    assert "· in HubSpot" in digest(team)
    change(team, "left_voicemail", "")
    change(team, "busy", "")  # the one before has not left yet
    team.let_undo_pass()
    assert calls(team) == [(BUSY, "")]
    team.tick("sync")
    team.press("ana", "undo_fact")
    assert "Left voicemail 08:30" in digest(team) and "changed" not in digest(team)
    team.let_undo_pass()
    assert calls(team) == [(VOICEMAIL, "")]
    team.press("ana", "undo_fact")
    team.let_undo_pass()
    assert calls(team) == [] and "First call (1 of 2)" in digest(team)


def test_while_the_create_is_unanswered_nothing_is_doubled(team: Living):
    team.world.faults.add(FaultRule(service="hubspot", method=UPSERT, drop_after_accept=True, times=1))
    team.let_undo_pass()
    assert len(calls(team)) == 1  # it arrived, and nobody knows
    change(team, "left_voicemail", "Again")
    settle(team)
    assert calls(team) == [(VOICEMAIL, "Again")]
    assert "· in HubSpot" in digest(team)


def test_a_create_with_the_new_content_whose_answer_is_lost_is_found_again_and_taken_back(team: Living):
    team.world.faults.add(FaultRule(service="hubspot", method=UPSERT, drop_after_accept=True, times=1))
    change(team, "left_voicemail", "Again")
    settle(team)
    assert calls(team) == [(VOICEMAIL, "Again")]
    team.press("ana", "undo_fact")
    team.press("ana", "undo_fact")
    settle(team)
    assert calls(team) == []


def test_what_somebody_made_of_it_in_hubspot_stands(team: Living):
    team.let_undo_pass()
    (made,) = team.records("calls")
    change(team, "left_voicemail")
    body = {"properties": {"hs_call_disposition": BUSY}}
    team.http.patch(f"/control/crm/calls/{made['id']}", json=body).raise_for_status()
    settle(team)
    assert [outcome for outcome, _ in calls(team)] == [BUSY]
    team.tick("sync")
    settle(team)
    assert "Choose by Tue 24 Nov" in digest(team)
    team.press("ana", "keep_theirs", "Acme")
    team.clock.let_pass(timedelta(minutes=1))
    team.tick("sync")
    assert "Busy 08:30" in digest(team)


def test_what_cannot_be_changed_is_said_in_a_sentence(team: Living):
    same = change(team, "no_answer")
    assert "This is what is logged already" in str(same)
    fill(team, "busy")
    old = team.messages("ana")[0]
    team.press("ana", "open_more")
    more = team.form("ana")
    block = next(one for one in more["blocks"] if one["block_id"] == "logged")
    team.http.post(f"/people/{team.ids['ana']}/views/{more['id']}/close")
    value = {"type": "button", "value": block["accessory"]["value"]}
    container = {"type": "message", "channel": team.dm("ana"), "ts": old["ts"]}

    def press_again(who: str = "ana") -> None:
        act = {"value": value, "forge": True}
        team.act(who, container, block["block_id"], "open_change", **act)

    press_again("ben")
    assert not team.http.get(f"/people/{team.ids['ben']}/views").json()
    press_again()
    fill_late = team.form("ana")["id"]
    assert fill_late
    team.press("ana", "undo_fact")
    assert "undone or changed already" in str(fill(team, "left_voicemail"))
    press_again()
    assert "undone or changed already" in team.seen("ana")
    open_change(team)
    team.go("2026-11-24 08:31")
    assert "more than 24 hours ago" in str(fill(team, "left_voicemail"))
    settle(team)
    assert [outcome for outcome, _ in calls(team)] == [NO_ANSWER]


def test_on_the_next_day_the_card_offers_it_within_the_hours(team: Living):
    team.let_undo_pass()
    team.go("2026-11-24 08:10")
    team.command("ana", "acme")
    team.press("ana", "open_change")
    fill(team, "busy", "From the card")
    settle(team)
    assert calls(team) == [(BUSY, "From the card")]
    team.go("2026-11-24 08:40")
    assert "Change…" not in team.command("ana", "acme")


def test_for_how_long_is_a_setting(database_url: str):
    with living(database_url, policy={"change_hours": 2}) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        team.command("ana", "log acme no answer")
        team.go("2026-11-23 10:29")
        assert "Change…" in team.command("ana", "acme")
        team.press("ana", "open_change")
        team.go("2026-11-23 10:31")
        assert "more than 2 hours ago" in str(fill(team, "busy"))
        assert "Change…" not in team.command("ana", "acme")


def test_an_account_that_is_done_opens_its_card_which_offers_it(team: Living):
    team.press("ana", "log_email", "Acme")
    team.press("ana", "log_review", "Acme")
    assert "open_more" not in str(team.messages("ana")[0]["blocks"])  # nothing is due
    team.press("ana", "open_card", "Acme")
    team.press_in_form("ana", "open_change")
    assert "Change the review" in str(team.form("ana")["blocks"])
    fill(team, "", "All looked at")
    assert "“All looked at”" in str(team.form("ana")["blocks"])
    assert "Account reviewed 08:30, changed · Ana Reyes · “All looked at”" in digest(team)

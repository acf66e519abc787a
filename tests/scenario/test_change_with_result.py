"""A conversation that was logged with its result: said better without losing it, and undone step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.config import Config
from bot.services.runs.call_outcomes import keep_outcome_names
from sandbox.hubspot.catalogue import SPOKE_WITH_GATEKEEPER
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    def config(_: Living, usual: Config) -> Config:
        return replace(usual, hubspot=replace(usual.hubspot, call_outcomes={SPOKE_WITH_GATEKEEPER: True}))

    with living(database_url, config=config) as team:
        team.account("Acme Dental", date(2026, 11, 23))
        team.tick("sync")
        with team.assistant.work.store.write() as session:
            keep_outcome_names(session, {SPOKE_WITH_GATEKEEPER: "Spoke with gatekeeper"})
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        team.press("ana", "open_connected", "Acme")
        team.choose("ana", "result", "result_chosen", "call_back_on")
        team.submit("ana", when={"value": "wednesday"}, note={"value": "On holiday"})
        yield team


def change(team: Living, **values: object) -> str:
    team.command("ana", "acme")
    team.press("ana", "open_change")
    shown = str(team.form("ana")["blocks"])
    answer = team.submit("ana", **values)  # type: ignore[arg-type]
    assert answer.get("response") == {}, answer
    return shown


def card(team: Living) -> str:
    return team.command("ana", "acme")


def test_outcome_and_note_are_changed_and_the_result_stays(team: Living):
    team.let_undo_pass()
    shown = change(
        team,
        outcome={"selected_option": {"value": f"own:{SPOKE_WITH_GATEKEEPER}"}},
        note={"value": "Her assistant: on holiday"},
    )
    assert "What came of it stays as it is" in shown and "No answer" not in shown
    assert "Spoke with gatekeeper: deferred until Wed 25 Nov; logged 08:30, changed" in card(team)
    team.let_undo_pass()
    (call,), (task,) = team.records("calls"), team.records("tasks")  # one record each, the call's changed
    assert call["hs_call_disposition"] == SPOKE_WITH_GATEKEEPER
    assert "Her assistant" in call["hs_call_body"] and task["hs_task_status"] == "NOT_STARTED"
    team.tick("sync")
    assert card(team).count("deferred until Wed 25 Nov; logged 08:30, changed") == 1


def test_undo_takes_back_the_change_and_then_all_that_was_logged_together(team: Living):
    change(team, note={"value": "Away until Wednesday"})
    team.press("ana", "undo_fact")
    assert "Connected: deferred until Wed 25 Nov; logged 08:30 · Ana Reyes · “On holiday”" in card(team)
    team.press("ana", "undo_fact")
    assert "eferred" not in card(team) and "Nothing logged yet" in card(team)
    team.let_undo_pass()
    assert team.records("calls") == [] and team.records("tasks") == []


def test_an_undo_button_of_before_the_change_takes_nothing_back(team: Living):
    old = next(block for block in team.messages("ana")[0]["blocks"] if block["block_id"].count(":logged:"))
    change(team, note={"value": "Away until Wednesday"})
    given = {"type": "button", "value": old["accessory"]["value"]}
    place = {"type": "message", "channel": team.dm("ana"), "ts": team.messages("ana")[0]["ts"]}
    team.act("ana", place, old["block_id"], "undo_fact", value=given, forge=True)
    assert "undone or changed already" in team.seen("ana")
    assert "Connected: deferred until Wed 25 Nov; logged 08:30, changed" in card(team)

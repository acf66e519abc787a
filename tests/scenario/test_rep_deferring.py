"""Deferring: refused, read back, warned, documented, and its task in HubSpot (issue "The morning", section 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


def morning(team: Living, at: str = "2026-11-23 08:30") -> None:
    team.tick("sync")
    team.go(at)
    team.tick("mornings")


def digest(team: Living) -> str:
    return words(team.messages("ana")[0])


def open_form(team: Living, on: str = "Acme") -> None:
    """`/renewal defer` opens the same form as the row's *More…*."""
    team.command("ana", f"defer {on}")
    assert team.form("ana")["callback_id"] == "defer_form"


def fill(team: Living, when: str = "", until: str | None = None, note: str = "On holiday") -> dict[str, Any]:
    values: dict[str, dict[str, Any]] = {
        "reason": {"selected_option": {"value": "out_of_town"}},
        "note": {"value": note},
    }
    values |= {"when": {"value": when}} if when else {}
    values |= {"until": {"selected_date": until}} if until else {}
    return team.submit("ana", **values)


def test_words_are_read_back_in_the_form_before_it_is_sent(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    open_form(team)
    form = team.form("ana")
    place = {"type": "view", "view_id": form["id"]}
    team.act("ana", place, "when", "when_typed", value={"value": "next friday"})
    assert "Read as Fri 4 Dec 2026." in words(team.form("ana"))
    team.act("ana", place, "when", "when_typed", value={"value": "4/12"})
    assert "can be read as Sat 4 Dec 2027 or" in words(team.form("ana")) or " or " in words(team.form("ana"))


REFUSED: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"when": "yesterday"}, "when", "not later than today"),
    ({"until": "2026-11-23"}, "when", "not later than today"),
    ({"when": "whenever"}, "when", "cannot read"),
    ({"when": "1/2"}, "when", " or "),
    ({}, "when", "until when"),
    ({"when": "friday", "until": "2026-11-27"}, "when", "once"),
    ({"when": "friday", "note": "   "}, "note", "note"),
)


def test_what_cannot_be_is_refused_at_its_field_and_changes_nothing(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    for entered, block, said in REFUSED:
        open_form(team)
        answer = fill(team, **entered)
        errors = (answer.get("response") or {}).get("errors") or answer.get("errors") or {}
        assert said.lower() in errors[block].lower(), answer
        view = team.form("ana")["id"]
        team.http.post(f"/people/{team.ids['ana']}/views/{view}/close").raise_for_status()
    team.let_undo_pass()
    assert team.records("tasks") == []
    assert "First call (1 of 2)" in digest(team)


def test_a_deferral_documents_the_day_and_has_its_task_which_a_call_back_completes(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    open_form(team)
    answer = fill(team, "wednesday")
    assert "Acme Dental: deferred until Wed 25 Nov 2026." in words(answer["response"]["view"])
    assert "Deferred until Wed 25 Nov" in digest(team) and "“On holiday”" in digest(team)
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert task["hs_task_status"] == "NOT_STARTED"
    assert task["hubspot_owner_id"] == team.owners["ana"]
    assert task["hs_timestamp"].startswith("2026-11-25T13:30")
    team.go("2026-11-23 16:45")
    team.tick("during_day")
    assert len([m for m in team.messages("ana") if "blank" in words(m)]) == 0
    team.go("2026-11-25 08:30")
    team.tick("mornings")
    assert "Call back as agreed* · back from a deferral" in words(team.messages("ana")[-1])
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert task["hs_task_status"] == "COMPLETED"


def test_a_deferral_that_is_replaced_has_its_task_completed(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    for when in ("wednesday", "friday"):
        open_form(team)
        fill(team, when)
        team.let_undo_pass()
    assert "Deferred until Fri 27 Nov" in digest(team)
    statuses = {task["hs_timestamp"][:10]: task["hs_task_status"] for task in team.records("tasks")}
    assert statuses == {"2026-11-25": "COMPLETED", "2026-11-27": "NOT_STARTED"}


def test_past_day_30_is_warned_of_once_and_then_accepted(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    open_form(team)
    answer = fill(team, "15 jan")
    warned = words(team.form("ana"))
    assert "Fri 15 Jan 2027 is past day 30 (Tue 22 Dec 2026)" in warned, answer
    assert "does not exempt from the move-out" in warned
    assert "Deferred" not in digest(team)
    fill(team, "15 jan")
    assert "Deferred until Fri 15 Jan 2027" in digest(team)
    team.let_undo_pass()
    assert len(team.records("tasks")) == 1


def test_another_date_past_day_30_is_warned_of_again(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    open_form(team)
    fill(team, "15 jan")
    fill(team, "1 feb")
    assert "Mon 1 Feb 2027 is past day 30" in words(team.form("ana"))
    assert "Deferred" not in digest(team)


def test_what_ended_a_deferral_is_undone_and_its_task_is_open_again(team: Living):
    """Replaced and back, then called and back, then called: each time the task follows."""
    team.account("Acme Dental", MONDAY)
    morning(team)

    def status() -> str:
        team.let_undo_pass()
        return {task["hs_timestamp"][:10]: task["hs_task_status"] for task in team.records("tasks")}[
            "2026-11-25"
        ]

    team.command("ana", "defer acme until wednesday: Away")
    assert status() == "NOT_STARTED"
    team.go("2026-11-23 09:00")
    team.command("ana", "defer acme until thursday: Away for longer")
    assert status() == "COMPLETED"
    shown = next(m for m in team.messages("ana") if "until Thu 26 Nov" in words(m))
    place = {"type": "message", "channel": team.dm("ana"), "ts": shown["ts"]}
    (last,) = [
        b["block_id"]
        for b in shown["blocks"]
        if "until Thu 26 Nov" in words({"blocks": [b]}) and "undo_fact" in str(b.get("accessory"))
    ]
    team.act("ana", place, last, "undo_fact")
    assert status() == "NOT_STARTED"
    assert len(team.records("tasks")) == 1
    morning(team, "2026-11-25 08:30")
    team.press("ana", "log_call:no_answer", "Acme")
    assert status() == "COMPLETED"
    team.press("ana", "undo_fact")
    assert status() == "NOT_STARTED"
    team.press("ana", "log_call:no_answer", "Acme")
    assert status() == "COMPLETED"


def test_undo_of_a_deferral_takes_its_task_away(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team)
    open_form(team)
    fill(team, "wednesday")
    team.let_undo_pass()
    assert len(team.records("tasks")) == 1
    team.press("ana", "undo_fact", "Acme")
    team.let_undo_pass()
    assert team.records("tasks") == []
    assert "First call (1 of 2)" in digest(team)

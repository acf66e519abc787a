"""Each outcome in at most three taps - each open, each pick, each submit - with eight outcomes of the portal's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.config import Config
from bot.services.runs.call_outcomes import keep_outcome_names
from bot.slack.words import LOST_REASONS
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
OWN = {f"0000000{n}-aaaa-4bbb-8ccc-00000000000{n}": f"Own outcome {n}" for n in range(1, 9)}
CONTACT = list(OWN)[-2:]
NOTE = {"note": {"value": "What was said"}}
TYPED = ("plain_text_input",)


class Taps:
    """A person's taps since `start`; what is typed is not counted."""

    def __init__(self, team: Living, who: str = "ana") -> None:
        self.team, self.who, self.count = team, who, 0

    def press(self, action_id: str, on: str) -> None:
        self.count += 1
        self.team.press(self.who, action_id, on)

    def press_in_form(self, action_id: str) -> None:
        self.count += 1
        self.team.press_in_form(self.who, action_id)

    def pick(self, value: str, action_id: str = "happened") -> None:
        """Choose among radio buttons: a menu would take a tap more."""
        self.count += 1
        for block in self.team.form(self.who)["blocks"]:
            element = block.get("element", {})
            if element.get("action_id") == action_id and value in str(element.get("options")):
                assert element["type"] == "radio_buttons"
                self.team.choose(self.who, block["block_id"], action_id, value)
                return
        raise AssertionError(f"{value} is not offered in {self.team.form(self.who)}")

    def submit(self, **values: dict[str, Any]) -> dict[str, Any]:
        """What is picked on the way is counted, what is typed is not; a form with an error would be no outcome."""
        kinds = {
            block["block_id"]: block["element"]["type"]
            for block in self.team.form(self.who)["blocks"]
            if block["type"] == "input"
        }
        assert set(values) <= set(kinds), f"{set(values) - set(kinds)} is not in the form"
        self.count += 1 + sum(kinds[block_id] not in TYPED for block_id in values)
        answer = self.team.submit(self.who, **values)
        assert answer.get("acked") and not answer.get("response", {}).get("errors"), answer
        return answer


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    def config(_: Living, usual: Config) -> Config:
        return replace(usual, hubspot=replace(usual.hubspot, call_outcomes=dict.fromkeys(CONTACT, True)))

    with living(database_url, config=config) as team:
        for name in ("Acme", "Beta", "Delta"):
            team.account(name, MONDAY)
        team.tick("sync")
        with team.assistant.work.store.write() as session:
            keep_outcome_names(session, OWN)
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        yield team


def undo(team: Living) -> None:
    """Take back what was logged, so that the same call is due again."""
    team.press("ana", "undo_fact", "Acme")


def radio(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


def test_every_outcome_of_a_call_takes_at_most_three_taps(team: Living):
    def one_tap(taps: Taps, outcome: str) -> None:
        taps.press(f"log_call:{outcome}", "Acme")

    def from_more(taps: Taps, choice: str) -> None:
        taps.press("open_more", "Acme")
        taps.pick(choice)
        typed = {"starts": {"value": "thu 14:00"}} if choice == "meeting" else {}
        taps.submit(**NOTE, **typed)

    def result(taps: Taps, result: str) -> None:
        taps.press("open_connected", "Acme")
        taps.pick(result, "result_chosen")
        typed = {"meeting_on": {"starts": {"value": "thu 14:00"}}, "call_back_on": {"when": {"value": "thu"}}}
        taps.submit(**NOTE, **typed.get(result, {}))

    def lost(taps: Taps, reason: str) -> None:
        taps.press("open_connected", "Acme")
        taps.submit(lost_reason=radio(reason), **NOTE)

    ways: list[tuple[Any, str, str]] = [
        (one_tap, "no_answer", "No answer"),
        (one_tap, "left_voicemail", "Left voicemail"),
        (from_more, "call:no_answer", "No answer"),
        (from_more, "call:left_live_message", "Left live message"),
        (from_more, "call:busy", "Busy"),
        (from_more, "call:wrong_number", "Wrong number"),
        *((from_more, f"call:own:{key}", name) for key, name in OWN.items()),
        (from_more, "replied", "Customer replied"),
        (from_more, "called_in", "Customer called in"),
        (from_more, "meeting", "Meeting booked: appointment on Thu 26 Nov at 14:00"),
        (from_more, "note", "Note"),
        (result, "meeting_on", "Connected: appointment on Thu 26 Nov at 14:00"),
        (result, "call_back_on", "Connected: deferred until Thu 26 Nov"),
        (result, "in_negotiation", "Connected: in negotiation"),
        (result, "won", "Connected: won"),
        (result, "nothing_yet", "Connected"),
        *((lost, reason, "Connected: lost") for reason in LOST_REASONS),
    ]
    for way, what, said in ways:
        taps = Taps(team)
        way(taps, what)
        assert f":white_check_mark: {said}" in team.seen("ana"), what
        assert taps.count <= 3, f"{what} takes {taps.count} taps"
        undo(team)
        assert f":white_check_mark: {said}" not in team.seen("ana"), what


def test_every_outcome_of_an_appointment_takes_at_most_three_taps(team: Living):
    def held(taps: Taps, result: str) -> None:
        taps.press("open_held", "Acme")
        taps.pick(result, "result_chosen")
        typed = {"meeting_on": {"starts": {"value": "fri 9:30"}}, "call_back_on": {"when": {"value": "fri"}}}
        taps.submit(**NOTE, **typed.get(result, {}))

    def held_lost(taps: Taps, reason: str) -> None:
        taps.press("open_held", "Acme")
        taps.submit(lost_reason=radio(reason), **NOTE)

    def press(taps: Taps, status: str) -> None:
        taps.press(f"log_appointment:{status}", "Acme")

    def with_a_note(taps: Taps, choice: str) -> None:
        taps.press("open_more", "Acme")
        taps.pick(choice)
        taps.submit(**NOTE)

    def moved(taps: Taps, words: str) -> None:
        taps.press("open_moved", "Acme")
        taps.submit(starts={"value": words}, **NOTE)

    first = Taps(team)
    first.press("open_more", "Acme")
    first.pick("meeting")
    first.submit(starts={"value": "9:00"})
    team.go("2026-11-24 08:30")
    team.tick("mornings")
    ways: list[tuple[Any, str, str]] = [
        *((held, result, "Appointment held") for result in ("meeting_on", "call_back_on", "in_negotiation")),
        *((held, result, "Appointment held") for result in ("won", "nothing_yet")),
        *((held_lost, reason, "Appointment held: lost") for reason in LOST_REASONS),
        (press, "no_show", "Customer did not show up"),
        (press, "canceled", "Appointment canceled"),
        (with_a_note, "appointment:no_show", "Customer did not show up"),
        (with_a_note, "appointment:canceled", "Appointment canceled"),
        (moved, "thu 11:00", "Appointment on Thu 26 Nov at 11:00"),
    ]
    for way, what, said in ways:
        taps = Taps(team)
        way(taps, what)
        assert f":white_check_mark: {said}" in team.seen("ana"), what
        assert taps.count <= 3, f"{what} takes {taps.count} taps"
        undo(team)


def test_deferring_takes_three_taps_from_the_list_and_from_the_card(team: Living):
    taps = Taps(team)
    taps.press("open_more", "Acme")
    taps.press_in_form("open_defer")
    taps.submit(when={"value": "thursday"}, note={"value": "Asked to wait"})
    assert taps.count == 3 and "Deferred until Thu 26 Nov" in team.seen("ana")


def test_two_choices_in_two_groups_leave_the_last_one(team: Living):
    own = f"call:own:{next(iter(OWN))}"
    taps = Taps(team)
    taps.press("open_more", "Acme")
    taps.pick("call:busy")
    taps.pick(own)
    chosen = [
        block["element"]["initial_option"]["value"]
        for block in team.form("ana")["blocks"]
        if block["block_id"].startswith("choice") and "initial_option" in block["element"]
    ]
    assert chosen == [own]
    taps.submit()
    assert "Own outcome 1 08:30" in team.seen("ana") and "Busy" not in team.seen("ana")


def test_two_choices_sent_before_the_form_was_drawn_again_are_asked_back(team: Living):
    team.press("ana", "open_more", "Acme")
    both = {"choice": radio("call:busy"), "choice:2:0": radio(f"call:own:{next(iter(OWN))}")}
    answer = team.submit("ana", **both)
    assert set(answer["response"]["errors"]) == {"choice", "choice:2:0"}
    assert "Busy 08:30" not in team.seen("ana")
    # The form is still open: choosing one again leaves only that one.
    team.choose("ana", "choice:2:0", "happened", both["choice:2:0"]["selected_option"]["value"])
    assert team.submit("ana")["response"] == {}
    assert "Own outcome 1 08:30" in team.seen("ana")

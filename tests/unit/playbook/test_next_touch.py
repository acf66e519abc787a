"""What comes next on a run on which nothing is due now."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playbook.next_touch import next_touch

TRIED = "11-02 10:00 call no_answer"


def coming(desk: Any, now: str) -> str | None:
    found = next_touch(desk.run, desk.calendar, desk.at(now), desk.policy)
    return None if found is None else f"{found[0]:%m-%d} {found[1].step}"


def test_the_next_working_day_of_the_rhythm(desk: Any) -> None:
    done = desk.facts("11-02 09:00 review", TRIED, "11-02 11:00 email")
    assert coming(done, "11-02 12:00") == "11-03 opening_call"
    assert coming(done.away("11-03", "11-05"), "11-02 12:00") == "11-06 follow_up_call"


@pytest.mark.parametrize(("until", "next_on"), [("11-18", "11-18"), ("11-21", "11-23"), ("12-30", "12-30")])
def test_the_call_back_after_a_deferral_however_far(desk: Any, until: str, next_on: str) -> None:
    assert coming(desk.facts(TRIED).deferred("11-02 11:00", until), "11-02 12:00") == f"{next_on} callback"


def test_before_the_put_out_date_its_first_day(desk: Any) -> None:
    assert coming(desk, "10-20 12:00") == "11-02 review"
    assert coming(desk, "06-20 12:00") == "11-02 review"


def test_the_check_in_of_a_negotiation(desk: Any) -> None:
    talking = desk.stage("negotiation").facts("11-02 10:00 call connected")
    assert coming(talking, "11-02 12:00") == "11-09 check_in"


def test_the_next_step_after_a_response(desk: Any) -> None:
    assert coming(desk.facts("11-02 10:00 call connected"), "11-02 12:00") == "11-03 next_step"


@pytest.mark.parametrize("stage", ["won", "lost", "moved_out"])
def test_nothing_on_a_closed_run(desk: Any, stage: str) -> None:
    assert coming(desk.stage(stage), "11-02 12:00") is None

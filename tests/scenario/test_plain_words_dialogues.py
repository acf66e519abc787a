"""A question of the assistant's is continued by a short answer, in the DM, in threads, and by nobody else or later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.living import Living, living, wait_until, words

MONDAY = date(2026, 11, 23)
NAMES = (
    "Acme Dental",
    "Acme Garage",
    "Beta Foods",
    "Gamma",
    "Delta",
    "Epsilon",
    "Zeta",
    "Theta",
    "Iota",
    "Kappa",
    "Lambda",
)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """One team for all cases, each on accounts of its own, on Monday 23 Nov 2026, 08:30 in New York."""
    path = tmp_path_factory.mktemp("dialogues") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}") as found:
        for name in NAMES:
            found.account(name, MONDAY)
        found.account("Solo", MONDAY, owner="ben")
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def seen_in(team: Living, who: str, thread: str | None) -> list[dict[str, Any]]:
    path = f"/people/{team.ids[who]}/conversations/{team.dm(who)}"
    params = {"limit": "500"} | ({"thread_ts": thread} if thread else {})
    found: list[dict[str, Any]] = team.http.get(path, params=params).json()["messages"]
    return found


def say(team: Living, text: str, who: str = "ana", thread: str | None = None) -> dict[str, Any]:
    """Write in the DM or in a thread of it; the newest answer there."""
    path = f"/people/{team.ids[who]}/conversations/{team.dm(who)}/messages"
    before = {message["ts"] for message in seen_in(team, who, thread)}
    body = {"text": text} | ({"thread_ts": thread} if thread else {})
    team.http.post(path, json=body).raise_for_status()

    def answers() -> list[dict[str, Any]]:
        team.deliver()
        new = [one for one in seen_in(team, who, thread) if one["ts"] not in before]
        return [one for one in new if one.get("bot_id")]

    wait_until(answers)
    return answers()[-1]


def as_it_is_now(team: Living, message: dict[str, Any], thread: str | None = None) -> str:
    return words(next(one for one in seen_in(team, "ana", thread) if one["ts"] == message["ts"]))


def card_of(team: Living, account: str) -> str:
    return words(say(team, f"status of {account}"))


def test_which_account_is_answered_by_its_name_and_a_yes_logs_it_once(team: Living):
    asked = say(team, "left vm, try again thursday")
    assert "Which account?" in words(asked)
    read_back = say(team, "beta")
    assert "*Beta Foods* · Left voicemail · not again before Thu 26 Nov" in words(read_back)
    done = say(team, "yes")
    assert "Logged: *Beta Foods* · Left voicemail" in words(done)
    now = as_it_is_now(team, read_back)
    assert ":white_check_mark: Left voicemail" in now and "Deferred until Thu 26 Nov" in now
    assert "nothing was logged" in words(say(team, "yes"))
    team.let_undo_pass()
    assert len(team.records("calls")) == 1


def test_the_second_one_is_that_of_the_buttons_and_the_question_loses_them(team: Living):
    asked = say(team, "acme no answer")
    assert "Acme Dental: No answer" in words(asked)
    read_back = say(team, "the second one")
    assert "*Acme Garage* · No answer" in words(read_back)
    left = as_it_is_now(team, asked)
    assert "You went on below" in left and "Acme Dental: No answer" not in left
    old = next(block for block in asked["blocks"] if block["type"] == "actions")
    first = old["elements"][0]
    place = {"type": "message", "channel": team.dm("ana"), "ts": asked["ts"]}
    value = {"type": "button", "value": first["value"]}
    team.act("ana", place, old["block_id"], first["action_id"], value=value, forge=True)
    assert "You went on in words from here" in team.seen("ana")
    assert "No answer 08:30" not in card_of(team, "acme garage")


def test_when_is_answered_by_a_day_or_an_hour(team: Living):
    assert "When?" in words(say(team, "gamma is out"))
    assert "*Gamma* · deferred until Thu 26 Nov" in words(say(team, "thursday"))
    assert "deferred until Fri 27 Nov" in words(say(team, "no, friday"))
    assert "Logged" in words(say(team, "log it"))
    assert "Deferred until Fri 27 Nov" in card_of(team, "gamma")
    assert "When?" in words(say(team, "remind me of delta"))
    assert "*Delta* · reminder today at 15:00" in words(say(team, "3pm"))
    assert "Done: *Delta* · reminder today at 15:00" in words(say(team, "ok"))


def test_no_and_another_outcome_changes_what_is_read_back_and_no_alone_ends_it(team: Living):
    first = say(team, "epsilon no answer")
    assert "*Epsilon* · Left voicemail" in words(say(team, "no, voicemail"))
    assert "You went on below" in as_it_is_now(team, first)
    assert "All right, nothing was logged." in words(say(team, "no"))
    assert "nothing was logged" in words(say(team, "yes"))
    shown = card_of(team, "epsilon")
    assert "No answer 08:30" not in shown and "Left voicemail 08:30" not in shown


def test_something_new_or_a_list_ends_the_question(team: Living):
    say(team, "zeta no answer")
    say(team, "status of theta")
    assert "no open question" in words(say(team, "yes"))
    say(team, "zeta no answer")
    say(team, "week")
    assert "no open question" in words(say(team, "log it please"))
    assert "No answer 08:30" not in card_of(team, "zeta")


def test_a_question_ends_after_a_quarter_of_an_hour_and_with_the_day(team: Living):
    say(team, "no answer")
    team.clock.let_pass(timedelta(minutes=14))
    assert "*Theta* · No answer" in words(say(team, "theta"))
    team.clock.let_pass(timedelta(minutes=16))
    assert "no open question" in words(say(team, "yes"))
    assert "No answer 08:30" not in card_of(team, "theta")


def test_a_thread_has_a_question_of_its_own(team: Living):
    card = say(team, "status of iota")
    asked = say(team, "left a message", thread=card["ts"])
    assert "What happened?" in words(asked)
    assert "no open question" in words(say(team, "yes"))
    answer = say(team, "voicemail", thread=card["ts"])
    assert "*Iota* · Left voicemail" in words(answer)
    assert "Logged: *Iota*" in words(say(team, "yes", thread=card["ts"]))
    assert "Left voicemail 08:30" in card_of(team, "iota")


def test_the_thread_that_a_person_begins_is_about_what_was_shown_in_it(team: Living):
    root = team.http.post(
        f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}/messages", json={"text": "help"}
    ).json()["ts"]
    assert "Kappa" in words(say(team, "status of kappa", thread=root))
    assert "*Kappa* · No answer" in words(say(team, "no answer", thread=root))


def test_in_the_thread_of_a_list_the_account_is_known_only_when_it_shows_one(team: Living):
    say(team, "today", who="ben")
    wait_until(lambda: "Solo" in team.seen("ben"))
    digest = next(one for one in seen_in(team, "ben", None) if "Solo" in words(one))
    assert "*Solo* · No answer" in words(say(team, "no answer", who="ben", thread=digest["ts"]))
    long = next(one for one in seen_in(team, "ana", None) if f"{len(NAMES)} accounts" in words(one))
    assert "Which account?" in words(say(team, "no answer", thread=long["ts"]))
    assert "*Lambda* · No answer" in words(say(team, "lambda", thread=long["ts"]))


def test_nobody_answers_for_another(team: Living):
    say(team, "lambda no answer")
    assert "no open question" in words(say(team, "yes", who="ben"))
    assert "*Lambda* · Busy" in words(say(team, "actually, busy"))


def test_the_same_event_twice_answers_once(team: Living):
    team.let_undo_pass()
    before = len(team.records("calls"))
    say(team, "lambda busy")
    rule = {"service": "slack", "method": "events_api", "duplicate": 3, "times": 1}
    team.http.post("/control/faults", json=rule).raise_for_status()
    say(team, "yes")
    team.let_undo_pass()
    assert len(team.records("calls")) == before + 1


def test_a_command_reads_plain_words_and_answers_the_asker_alone(team: Living):
    said = team.command("ana", "delta left vm, try again thursday")
    assert "*Delta* · Left voicemail · not again before Thu 26 Nov" in said
    team.press("ana", "log_said")
    assert ":white_check_mark: Left voicemail 08:30" in team.seen("ana")
    team.command("ana", "beta called in")
    done = words(say(team, "yes"))
    assert "Logged: *Beta Foods* · Customer called in" in done and "Write `undo`" in done
    assert "Press Undo" in words(say(team, "undo"))
    assert "Which account do you mean?" in team.command("ana", "acme no answer")
    assert "Which account do you mean?" not in team.seen("ben")
    assert "what's due" not in team.command("ana", "what's due?")
    assert "I do not know" in team.command("ana", "lorem ipsum dolor")


def test_a_question_of_yesterday_is_over(team: Living):
    say(team, "theta no answer")
    team.go("2026-11-24 08:40")
    assert "no open question" in words(say(team, "yes"))
    assert "No answer 08" not in card_of(team, "theta")

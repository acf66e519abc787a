"""Plain words in the DM and in threads: read back, logged once, changed, refused; questions are answered."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.living import Living, living, wait_until, words

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """One team for all cases, each on accounts of its own, on Monday 23 Nov 2026, 08:30 in New York."""
    path = tmp_path_factory.mktemp("plain") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}") as found:
        for name in (
            "Acme Dental",
            "Acme Garage",
            "Beta Foods",
            "Gamma",
            "Delta",
            "Epsilon",
            "Zeta",
            "Theta",
            "Iota",
        ):
            found.account(name, MONDAY)
        for name in ("Kappa", "Lambda", "Omicron", "Sigma", "Old Mill", "No Answer Ltd"):
            found.account(name, MONDAY)
        found.account("Foreign Foods", MONDAY, owner="ben")
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def say(team: Living, text: str, who: str = "ana") -> dict[str, Any]:
    """Write in the DM; the answer. (The page of messages that people read holds only the newest.)"""
    path = f"/people/{team.ids[who]}/conversations/{team.dm(who)}/messages"
    before = {message["ts"] for message in team.messages(who)}
    team.http.post(path, json={"text": text}).raise_for_status()

    def answers() -> list[dict[str, Any]]:
        team.deliver()
        new = [message for message in team.messages(who) if message["ts"] not in before]
        return [message for message in new if message.get("bot_id")]

    wait_until(answers)
    return answers()[-1]


def now_says(team: Living, message: dict[str, Any], who: str = "ana") -> str:
    """What the same message says by now."""
    return words(next(one for one in team.messages(who) if one["ts"] == message["ts"]))


def press_on(team: Living, message: dict[str, Any], action_id: str, who: str = "ana", **more: Any) -> None:
    """Press a button of this very message."""
    block = next(
        block
        for block in message["blocks"]
        if any(element.get("action_id") == action_id for element in block.get("elements", []))
    )
    place = {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}
    team.act(who, place, block["block_id"], action_id, **more)


def button_of(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    elements = [element for block in message["blocks"] for element in block.get("elements", [])]
    return next(element for element in elements if element.get("action_id") == action_id)


def logged_on(team: Living, account: str) -> str:
    """What the card of an account says now."""
    return words(say(team, f"status of {account}"))


def test_it_reads_back_and_logs_nothing_before_it_is_confirmed(team: Living):
    for text, shown in [
        ("beta no answer", "Beta Foods* · No answer"),
        ("left vm for acme dental, try again thursday", "Left voicemail · not again before Thu 26 Nov 2026"),
        ("beta is out until the 14th", "deferred until Mon 14 Dec 2026"),
        ("beta replied: wants a <quote>", "Customer replied"),
        ("beta meeting booked thursday 2pm", "Appointment booked · appointment Thu 26 Nov at 14:00"),
        ("spoke to beta", "Connected · nothing agreed yet"),
        ("remind me of beta at 3", "reminder today at 15:00"),
    ]:
        said = words(say(team, text))
        assert shown in said, said
    assert "“wants a &lt;quote&gt;”" in words(say(team, "beta replied: wants a <quote>"))
    team.let_undo_pass()
    assert team.records("calls") == [] and team.records("tasks") == []


def test_log_it_logs_once_and_can_be_undone(team: Living):
    answer = say(team, "gamma left vm, try again thursday")
    press_on(team, answer, "log_said")
    shown = now_says(team, answer)
    assert ":white_check_mark: Left voicemail" in shown and "eferred until Thu 26 Nov" in shown
    old = button_of(answer, "log_said")
    press_on(team, answer, "log_said", value={"type": "button", "value": old["value"]}, forge=True)
    assert "logged or changed already" in team.seen("ana")
    team.let_undo_pass()
    calls = len(team.records("calls"))
    assert calls == 1 and len(team.records("tasks")) == 1
    fresh = next(one for one in team.messages("ana") if one["ts"] == answer["ts"])
    undo = next(
        block for block in fresh["blocks"] if block.get("accessory", {}).get("action_id") == "undo_fact"
    )
    place = {"type": "message", "channel": team.dm("ana"), "ts": answer["ts"]}
    team.act("ana", place, undo["block_id"], "undo_fact")
    shown = now_says(team, answer)
    assert ":white_check_mark:" not in shown and "Deferred until" not in shown and "First call" in shown
    team.let_undo_pass()
    assert len(team.records("calls")) == calls - 1


def test_every_kind_is_logged_as_it_was_read_back(team: Living):
    for account, text, shown in [
        ("Delta", "delta busy", "Busy 08:30"),
        ("Epsilon", "epsilon replied: wants a quote", "Customer replied 08:30"),
        ("Theta", "theta meeting booked thursday 2pm", "Appointment on Thu 26 Nov at 14:00"),
        ("Iota", "iota is on vacation until the 14th", "eferred until Mon 14 Dec"),
        ("Kappa", "spoke to kappa, call back wednesday", "eferred until Wed 25 Nov"),
        ("Lambda", "reviewed lambda", "Account reviewed 08:30"),
        ("Omicron", "note on omicron: ask for Tom", "“ask for Tom”"),
    ]:
        answer = say(team, text)
        press_on(team, answer, "log_said")
        assert shown in now_says(team, answer), (text, now_says(team, answer))
        assert shown in logged_on(team, account)


def test_appointments_negotiation_and_missing_reports_are_logged_too(team: Living):
    for text, shown in [
        ("theta meeting moved to friday 10am", "Appointment on Fri 27 Nov at 10:00"),
        ("theta canceled the meeting", "Appointment canceled"),
        ("gamma is in negotiation", "in negotiation"),
    ]:
        answer = say(team, text)
        press_on(team, answer, "log_said")
        assert shown in now_says(team, answer), (text, now_says(team, answer))
    answer = say(team, "gamma no show")
    press_on(team, answer, "log_said")
    assert "has no appointment without a result" in team.seen("ana")
    answer = say(team, "reports missing for sigma")
    press_on(team, answer, "log_said")
    assert "Sigma" in team.seen("walt")
    said = words(say(team, "sent the cancellation email to sigma"))
    assert "from its preview" in said and "Sigma" in said and "Log it" not in said
    said = words(say(team, "sigma lost"))
    assert "Is *Sigma* lost?" in said and "Lost…" in said and "Log it" not in said


def test_a_reminder_comes_at_its_hour(team: Living):
    answer = say(team, "remind me of sigma in an hour")
    press_on(team, answer, "log_said")
    team.go("2026-11-23 09:31")
    team.tick("reminders")
    last = words(team.messages("ana")[-1])
    team.go("2026-11-23 09:31")
    assert "You asked to be reminded" in last and "Sigma" in last


def test_which_account_is_asked_and_the_chosen_one_is_read_back(team: Living):
    answer = say(team, "acme no answer")
    assert "Which account do you mean?" in words(answer)
    assert "Acme Dental: No answer" in words(answer) and "Acme Garage: No answer" in words(answer)
    press_on(team, answer, "choose_said:1")
    asked = next(one for one in team.messages("ana") if one["ts"] == answer["ts"])
    assert "*Acme Garage* · No answer" in words(asked)
    assert "No answer 0" not in logged_on(team, "acme garage")
    press_on(team, asked, "log_said")
    assert "No answer 09:31 · Ana Reyes" in logged_on(team, "acme garage")
    assert "No answer 09:31" not in logged_on(team, "acme dental")


def test_change_opens_the_fitting_form_filled_in(team: Living):
    answer = say(team, "old mill is out until the 14th: knee surgery")
    press_on(team, answer, "change_said")
    form = team.form("ana")
    assert form["callback_id"] == "defer_form"
    filled = {block.get("block_id"): block.get("element", {}) for block in form["blocks"]}
    assert filled["until"]["initial_date"] == "2026-12-14"
    assert filled["reason"]["initial_option"]["value"] == "out_of_town"
    assert filled["note"]["initial_value"] == "knee surgery"
    team.submit(
        "ana",
        reason={"selected_option": {"value": "out_of_town"}},
        until={"selected_date": "2026-12-15"},
        note={"value": "knee surgery"},
    )
    assert "Deferred until Tue 15 Dec" in now_says(team, answer)
    press_on(
        team,
        answer,
        "log_said",
        value={"type": "button", "value": button_of(answer, "log_said")["value"]},
        forge=True,
    )
    assert "Mon 14 Dec" not in logged_on(team, "old mill")


def test_questions_are_answered_and_what_is_not_understood_says_what_can_be_done(team: Living):
    assert re.search(r"Mon 23 Nov: \d+ accounts", words(say(team, "what's due?")))
    assert "Zeta" in words(say(team, "status of zeta"))
    for text in (
        "no answer",
        "zeta no answer twice?",
        "lorem ipsum",
        "should i call zeta",
        "zeta is out",
        "zeta not busy",
    ):
        team.let_undo_pass()
        before = len(team.records("calls"))
        say(team, text)
        team.let_undo_pass()
        assert len(team.records("calls")) == before
    assert "I did not understand that" in words(say(team, "lorem ipsum"))
    assert "acme no answer" in words(say(team, "lorem ipsum"))
    assert "preview" in words(say(team, "sent the cancellation email to zeta"))
    assert "Foreign" not in words(say(team, "foreign foods no answer")).replace("“foreign, foods”", "")


def test_help_says_that_plain_words_are_understood(team: Living):
    assert "left vm for acme, try again Thursday" in words(say(team, "help"))


def test_a_command_of_words_logs_at_once_only_what_it_says(team: Living):
    assert "Wrong number 09:31" in words(say(team, "log zeta wrong number"))
    said = words(say(team, "log zeta not busy"))
    assert "Busy 09:31" not in said


def test_a_command_to_log_in_words_of_ones_own_is_read_back(team: Living):
    for text in ("log no answer on epsilon", "log left vm for epsilon", "Log busy at epsilon"):
        answer = say(team, text)
        assert "I will log: *Epsilon*" in words(answer), text
        assert "I will log: *Epsilon*" in team.command("ana", text), text
    assert "I will log" not in words(say(team, "log epsilon"))  # its buttons


def in_thread(team: Living, ts: str, text: str) -> dict[str, Any]:
    """Write in a thread of the DM; the answer there."""
    path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}"

    def replies() -> list[dict[str, Any]]:
        team.deliver()
        found: list[dict[str, Any]] = team.http.get(path, params={"thread_ts": ts}).json()["messages"][1:]
        return found

    before = len(replies())
    team.http.post(f"{path}/messages", json={"text": text, "thread_ts": ts}).raise_for_status()
    wait_until(lambda: len(replies()) > before + 1)
    return replies()[-1]


def test_in_the_thread_of_a_touch_the_account_is_left_out(team: Living):
    card = say(team, "status of epsilon")
    answer = in_thread(team, card["ts"], "left vm")
    assert "*Epsilon* · Left voicemail" in words(answer)
    press_on(team, answer, "log_said")
    assert "Left voicemail 09:31" in logged_on(team, "epsilon")
    answer = in_thread(team, card["ts"], "beta no answer")
    assert "Which account do you mean?" in words(answer)
    path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}"
    everything = team.http.get(path, params={"limit": 500}).json()["messages"]
    digest = next(message for message in everything if "15 accounts" in words(message))
    answer = in_thread(team, digest["ts"], "no answer")
    assert "Which account?" in words(answer)


def test_a_read_back_of_somebody_else_or_of_another_day_logs_nothing(team: Living):
    answer = say(team, "zeta left vm")
    value = {"type": "button", "value": button_of(answer, "log_said")["value"]}
    press_on(team, answer, "log_said", who="ben", value=value, forge=True)
    assert "Left voicemail 09:31" not in logged_on(team, "zeta")
    team.go("2026-11-24 09:00")
    press_on(team, answer, "log_said")
    assert "You wrote this on Monday 23 November" in team.seen("ana")
    assert "Left voicemail 09:00" not in logged_on(team, "zeta")

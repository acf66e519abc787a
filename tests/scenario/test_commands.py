"""`/renewal today | log | defer | help`, and the same words to the assistant, from anywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.living import Living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


@pytest.fixture
def team(team: Living) -> Living:
    """The team at work, with a morning's book."""
    team.account("Acme Dental", MONDAY)
    team.account("Acme Garage", MONDAY)
    team.account("Bay & Sons", MONDAY)
    team.account("Foreign Foods", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    return team


def answers(team: Living, who: str = "ana", channel: str | None = None) -> list[dict[str, Any]]:
    """What only this person sees there."""
    return [message for message in team.messages(who, channel) if message["ephemeral"]]


def test_help_names_every_command(team: Living):
    said = team.command("ana", "help")
    assert all(f"/renewal {verb}" in said for verb in ("today", "log", "defer", "help"))


def test_a_typo_is_answered_with_what_may_be_meant(team: Living):
    for typed, meant in [("tody", "today"), ("lgo acme", "log"), ("hlep", "help"), ("deffer acme", "defer")]:
        assert f"Did you mean `{meant}`?" in team.command("ana", typed)


def test_nonsense_points_to_help(team: Living):
    said = team.command("ana", "<@U1> sing & dance")
    assert "I do not know" in said and "`/renewal help`" in said
    assert "<@U1>" not in said


@pytest.mark.parametrize("where", ["dm", "channel"])
def test_today_asked_for_privately_stays_usable(team: Living, where: str):
    channel = team.dm("ana") if where == "dm" else team.managers_channel
    said = team.command("ana", "today", channel)
    assert "3 accounts are due today:" in said
    shown = answers(team, channel=channel)[-1]
    assert "First call (1 of 2)" in words(shown)
    assert "Acme Dental" not in team.seen("ben", channel) if where == "channel" else True
    team.press("ana", "log_call:no_answer", "Bay", channel)
    assert "No answer 08:30 · Ana Reyes" in words(answers(team, channel=channel)[-1])
    team.press("ana", "open_connected", "Acme Dental", channel)
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    team.submit("ana", result={"selected_option": {"value": "in_negotiation"}})
    redrawn = words(answers(team, channel=channel)[-1])
    assert "Connected: in negotiation 08:30" in redrawn
    assert "No answer 08:30 · Ana Reyes" in team.seen("ana")  # the digest too
    team.let_undo_pass()
    assert "· in HubSpot" in words(answers(team, channel=channel)[-1])


def test_today_with_nothing_due_is_one_line(team: Living):
    assert "You have no renewals of your own" in team.command("cara", "today")
    assert "Your team's list comes to its channel" in team.command("maria", "today")


def test_log_shows_the_account_and_what_is_pressed_on_it_draws_it_again(team: Living):
    said = team.command("ana", "log bay")
    assert "Bay &amp; Sons" in said and "First call (1 of 2)" in said
    team.press("ana", "log_call:left_voicemail", "Bay")
    (card,) = answers(team)
    assert "Left voicemail 08:30 · Ana Reyes" in words(card) and "First email (2 of 2)" in words(card)
    team.press("ana", "undo_fact", "Bay")
    (card,) = answers(team)
    assert "First call (1 of 2)" in words(card) and "Left voicemail 08:30" not in words(card)


def test_log_with_what_happened_logs_it_at_once(team: Living):
    for typed, shown in [
        ("log bay no answer", "No answer 08:30 · Ana Reyes"),
        ("log bay & sons vm", "Left voicemail 08:30 · Ana Reyes"),
        ("LOG Bay BUSY", "Busy 08:30 · Ana Reyes"),
        ("log bay left live message", "Left live message 08:30 · Ana Reyes"),
        ("log bay wrong number", "Wrong number 08:30 · Ana Reyes"),
        ("log bay email sent", "Email sent 08:30 · Ana Reyes"),
        ("log bay review done", "Account reviewed 08:30 · Ana Reyes"),
        ("log bay replied", "Customer replied 08:30 · Ana Reyes"),
        ("log bay called in", "Customer called in 08:30 · Ana Reyes"),
    ]:
        assert shown in team.command("ana", typed)
        assert shown in words(team.messages("ana")[0])
        team.press("ana", "undo_fact", "Bay")
        assert shown not in words(team.messages("ana")[0])


def test_log_connected_opens_the_form_and_says_what_it_saved(team: Living):
    team.command("ana", "log bay connected")
    team.choose("ana", "result", "result_chosen", "nothing_yet")
    answer = team.submit("ana", result={"selected_option": {"value": "nothing_yet"}})
    assert "Bay &amp; Sons: saved." in words(answer["response"]["view"])
    assert "Connected 08:30" in words(team.messages("ana")[0])


def test_several_accounts_are_asked_back_and_the_chosen_one_is_opened(team: Living):
    said = team.command("ana", "log acme")
    assert "2 accounts match “acme”. Which one do you want to log something on?" in said
    team.press("ana", "choose_account:log", "Garage")
    assert "Acme Garage" in words(team.form("ana"))
    answer = team.submit("ana", choice={"selected_option": {"value": "call:busy"}})
    assert "Acme Garage: saved." in words(answer["response"]["view"])
    assert "Busy 08:30" in words(team.messages("ana")[0])


def test_a_foreign_account_is_as_unknown_as_one_that_does_not_exist(team: Living):
    for typed in ["log foreign foods", "defer foreign", "log nobody at all", "log foreign no answer"]:
        said = team.command("ana", typed)
        assert "No account in your book is called" in said
        assert "Foreign Foods" not in said and "Ben" not in said
        team.let_undo_pass()
        assert team.records("calls") == []


def test_without_an_account_it_says_how_to_write_it(team: Living):
    for typed in ["log", "defer", "log   ", "defer until friday: away"]:
        said = team.command("ana", typed)
        assert "/renewal" in said and ("Which account?" in said or "No account" in said)


def test_defer_in_one_line_is_read_back(team: Living):
    said = team.command("ana", "defer bay until next friday: Tom & Ann are away")
    assert "Bay &amp; Sons is deferred until Fri 4 Dec 2026." in said
    assert "“Tom &amp; Ann are away”" in words(team.messages("ana")[0])
    team.let_undo_pass()
    (task,) = team.records("tasks")
    assert "Tom &amp; Ann are away" in task["hs_task_body"] or "Tom & Ann are away" in task["hs_task_body"]


def test_defer_in_one_line_is_refused_with_a_sentence(team: Living):
    for typed, said in [
        ("defer bay until friday", "needs a note"),
        ("defer bay until friday:", "needs a note"),
        ("defer bay until yesterday: away", "not later than today"),
        ("defer bay until 3/4: away", " or "),
        ("defer bay until later: away", "cannot read"),
    ]:
        assert said in team.command("ana", typed)
        team.let_undo_pass()
        assert team.records("tasks") == []


def test_the_same_words_work_as_a_message_and_the_answer_stays_alive(team: Living):
    team.say("ana", "log bay")
    card = team.messages("ana")[-1]
    assert not card["ephemeral"] and "Bay &amp; Sons" in words(card)
    team.press("ana", "log_call:no_answer", "Bay")
    card = team.messages("ana")[-1]
    assert "No answer 08:30 · Ana Reyes" in words(card)
    before = len(team.messages("ana"))
    team.say("ana", "today")
    asked, answer = team.messages("ana")[before:]
    assert asked["text"] == "today" and "3 accounts" in words(
        answer
    )  # the list, and no line that announces it
    team.say("ana", "defer garage until wednesday: painting")
    assert "Acme Garage is deferred until Wed 25 Nov 2026." in team.seen("ana")
    team.say("ana", "what is this")
    assert "`/renewal help`" in words(team.messages("ana")[-1])


def test_in_a_thread_where_commands_do_not_work_the_words_do(team: Living):
    (digest,) = team.messages("ana")
    path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}"
    body = {"text": "log bay busy", "thread_ts": digest["ts"]}
    team.http.post(f"{path}/messages", json=body).raise_for_status()
    from tests.living import wait_until

    def answered() -> bool:
        team.deliver()
        found = team.http.get(path, params={"thread_ts": digest["ts"]}).json()["messages"]
        return any("Busy 08:30" in words(message) for message in found[1:])

    wait_until(answered)


def test_a_stranger_is_told_why_nothing_works(team: Living):
    stranger = team.world.slack.add_person(
        "Sam Stranger", "sam@else.example", "America/New_York", roles=[]
    ).id
    team.ids["sam"] = stranger
    assert "I do not know you yet" in team.command("sam", "today")
    assert "I do not know you yet" in team.command("sam", "log bay no answer")

"""Files, changed and deleted messages, and Slack's agent pane: what people send beside plain new words."""

from __future__ import annotations

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
    """One team for all cases, on Monday 23 Nov 2026, 08:30 in New York."""
    path = tmp_path_factory.mktemp("messages") / "renewals.sqlite3"
    shutil.copy(sqlite_template, path)
    with living(f"sqlite:///{path}") as found:
        for name in ("Acme Dental", "Acme Garage", "Beta Foods", "Gamma", "Delta"):
            found.account(name, MONDAY)
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        found.deliver()
        yield found


def place(team: Living, who: str = "ana") -> str:
    return f"/people/{team.ids[who]}/conversations/{team.dm(who)}"


def seen_in(team: Living, thread: str | None = None) -> list[dict[str, Any]]:
    params = {"limit": "500"} | ({"thread_ts": thread} if thread else {})
    found: list[dict[str, Any]] = team.http.get(place(team), params=params).json()["messages"]
    return found


def answers_to(team: Living, act: Any) -> dict[str, Any]:
    """Do something in the DM; the newest answer to it."""
    before = {message["ts"] for message in seen_in(team)}
    act().raise_for_status()

    def found() -> list[dict[str, Any]]:
        team.deliver()
        return [one for one in seen_in(team) if one["ts"] not in before and one.get("bot_id")]

    wait_until(found)
    return found()[-1]


def say(team: Living, text: str) -> tuple[str, dict[str, Any]]:
    """Write; the message's own ts and the answer."""
    said: list[str] = []

    def act() -> Any:
        response = team.http.post(f"{place(team)}/messages", json={"text": text})
        said.append(response.json()["ts"])
        return response

    answer = answers_to(team, act)
    return said[0], answer


def share(team: Living, text: str, *names: str) -> dict[str, Any]:
    body = {"text": text, "files": [{"name": name, "size": 9} for name in names]}
    return answers_to(team, lambda: team.http.post(f"{place(team)}/files", json=body))


def change(team: Living, ts: str, text: str) -> dict[str, Any]:
    return answers_to(team, lambda: team.http.patch(f"{place(team)}/messages/{ts}", json={"text": text}))


def now_says(team: Living, message: dict[str, Any]) -> str:
    return words(next(one for one in seen_in(team) if one["ts"] == message["ts"]))


def test_the_words_beside_a_file_are_read_and_the_file_is_said_not_to_be_kept(team: Living):
    answer = words(share(team, "beta no answer", "quote.pdf"))
    assert "*Beta Foods* · No answer" in answer and "Log it" in answer
    assert "I keep no files: “quote.pdf”" in answer and "HubSpot" in answer
    alone = words(share(team, "", "a<!channel>.pdf", "b.png", "c.png", "d.png"))
    assert "“a&lt;!channel&gt;.pdf”, “b.png”, “c.png” and 1 more went nowhere" in alone
    assert "did not understand" not in alone


def test_changed_words_are_read_in_the_place_of_the_old_ones(team: Living):
    ts, first = say(team, "gamma busy")
    answer = change(team, ts, "gamma left vm")
    assert "*Gamma* · Left voicemail" in words(answer)
    assert "You changed your message" in now_says(team, first)
    assert "Log it" not in now_says(team, first)


def test_words_that_were_logged_are_not_logged_again_when_they_are_changed(team: Living):
    ts, _ = say(team, "delta no answer")
    say(team, "yes")
    team.let_undo_pass()
    before = len(team.records("calls"))
    assert "the change logged nothing" in words(change(team, ts, "delta no answer, left vm"))
    ts, _ = say(team, "log delta busy")
    assert "A command counts as it was sent first" in words(change(team, ts, "log delta wrong number"))
    team.let_undo_pass()
    assert len(team.records("calls")) == before + 1


def test_a_deleted_message_takes_its_read_back_along(team: Living):
    ts, first = say(team, "gamma wrong number")
    team.http.delete(f"{place(team)}/messages/{ts}").raise_for_status()

    def gone() -> bool:
        team.deliver()
        return "You deleted your message" in now_says(team, first)

    wait_until(gone)
    assert "no open question" in words(say(team, "yes")[1])


def test_an_old_message_that_is_changed_is_left_alone(team: Living):
    ts, _ = say(team, "help")
    team.go("2026-11-23 21:00")
    before = len(seen_in(team))
    team.http.patch(f"{place(team)}/messages/{ts}", json={"text": "gamma busy"}).raise_for_status()
    assert "*Gamma*" in words(say(team, "gamma no answer")[1])
    assert len(seen_in(team)) == before + 2
    team.go("2026-11-23 21:01")


def test_the_undo_is_asked_for_in_so_many_words_above_the_card(team: Living):
    _, answer = say(team, "undo")
    assert answer["blocks"][0]["text"]["text"] == "Press Undo beside what you want to take back."


def test_a_reminder_for_one_of_several_accounts_keeps_its_hour(team: Living):
    assert "Which account do you mean?" in team.command("ana", "remind acme tomorrow 9:00")
    team.press("ana", "choose_said:0")
    shown = team.seen("ana")
    assert "reminder Tue 24 Nov at 09:00" in shown
    team.press("ana", "log_said")
    team.go("2026-11-24 09:01")
    team.tick("reminders")
    team.deliver()
    assert "You asked to be reminded" in team.seen("ana")


def look_at_messages(team: Living, who: str) -> None:
    team.http.post(f"/people/{team.ids[who]}/messages/open").raise_for_status()


def prompts(team: Living, who: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = team.http.get(f"{place(team, who)}/prompts").json()["prompts"]
    return found


def test_the_agent_pane_offers_what_fits_the_persons_day(team: Living):
    look_at_messages(team, "ana")
    wait_until(lambda: any("no answer" in one["message"] for one in prompts(team, "ana")))
    own = prompts(team, "ana")
    assert own[0] == {"title": "What's due?", "message": "What's due?"} and len(own) <= 4
    call = next(one for one in own if "no answer" in one["message"])
    assert call["title"].startswith("Log no answer on ")
    account = call["message"].removesuffix(" no answer")
    assert f"*{account}* · No answer" in words(say(team, call["message"])[1])
    look_at_messages(team, "maria")
    wait_until(lambda: any(one["message"] == "team" for one in prompts(team, "maria")))
    assert all(one["message"] != "team" for one in own)


def test_without_the_pane_nothing_else_changes_and_it_is_asked_once(team: Living):
    slack = team.world.slack
    slack.remove_scope("assistant:write")
    try:
        look_at_messages(team, "ana")
        wait_until(lambda: not team.assistant.slack.has_agent_pane)
        assert "*Gamma* · Busy" in words(say(team, "gamma busy")[1])
        asked = team.world.journal.entries(service="slack", method="assistant.threads.setSuggestedPrompts")
        count = len(asked)
        prompts(team, "ana")
        say(team, "help")
        assert (
            len(team.world.journal.entries(service="slack", method="assistant.threads.setSuggestedPrompts"))
            == count
        )
    finally:
        slack.add_scope("assistant:write")

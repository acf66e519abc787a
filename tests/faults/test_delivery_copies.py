"""The same event or click delivered two to four times, also to two processes: one effect, every copy acknowledged
(FAULTS 1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.store.facts import lock_run
from bot.store.tables import RunRow
from sandbox.journal import Entry
from tests.faults.checker import findings
from tests.faults.left_behind import key_of
from tests.living import Living, listening, wait_until

MONDAY = date(2026, 11, 23)
ACCOUNTS = ("Acme Dental", "Bay Bakery", "Cove Cafe", "Dune Design", "Elm Energy")
Strike = Callable[..., str]


def morning(team: Living) -> None:
    for account in ACCOUNTS:
        team.account(account, MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")


def copies(team: Living, method: str, since: int) -> list[Entry]:
    """What was handed over of people's acts since."""
    entries = team.world.journal.entries(kind="delivery", method=method, since_seq=since)
    return [entry for entry in entries if key_of(entry) is not None]


def newest(team: Living) -> int:
    return team.world.journal.entries()[-1].seq


def test_acts_delivered_again_and_again_to_two_processes(team: Living, strike: Strike) -> None:
    morning(team)
    twin = team.another_assistant()
    with listening(team, twin):
        since = newest(team)
        for method, times in (("interactive", 3), ("slash_commands", 2), ("events_api", 4)):
            strike("slack", method, duplicate=times)

        team.press("ana", "log_call:no_answer", "Acme")
        team.press("ana", "log_call:left_voicemail", "Bay")
        team.press("ana", "undo_fact", "Bay")
        team.press("ana", "open_connected", "Cove")
        submit(team, "nothing_yet", note="Will think about it")
        team.command("ana", "log Dune no answer")
        team.say("ana", "log Elm left voicemail")
        # Four presses, a choice in the form, and the form itself.
        expected = {"interactive": 3 * 6, "slash_commands": 2, "events_api": 4}
        wait_until(lambda: all(len(copies(team, method, since)) >= n for method, n in expected.items()))
        wait_until(lambda: not team.world.slack.dispatcher._tasks)  # a copy too many would be under way
        team.deliver()
        for method, times in expected.items():
            handed_over = copies(team, method, since)
            assert len(handed_over) == times
            assert all(entry.accepted for entry in handed_over)
            assert {entry.fields["connection"] for entry in handed_over} == {1, 2}
        team.let_undo_pass()
    logged = sorted(call["hs_call_title"].rpartition(" - ")[2] for call in team.records("calls"))
    assert logged == ["Acme Dental", "Cove Cafe", "Dune Design", "Elm Energy"]
    assert len(team.http.get(f"/people/{team.ids['ana']}/views").json()) == 0
    assert findings(team, mornings=[MONDAY]) == {}


def submit(team: Living, result: str, **more: Any) -> None:
    team.choose("ana", "result", "result_chosen", result)
    values = {name: {"value": value} for name, value in more.items()}
    answer = team.submit("ana", result={"selected_option": {"value": result}}, **values)
    assert answer["acked"] and not answer["response"], answer


def test_an_event_that_was_not_acknowledged_comes_again_and_counts_once(team: Living) -> None:
    """Handled and not heard of: Slack delivers it again, on the other connection, with a retry number."""
    morning(team)
    twin = team.another_assistant()
    dispatcher = team.world.slack.dispatcher
    dispatcher.ack_seconds, usual = 0.4, dispatcher.ack_seconds
    with listening(team, twin), team.assistant.work.store.write() as session:
        for run in session.scalars(select(RunRow)):
            lock_run(session, run.id)  # nobody can commit meanwhile
        since = newest(team)
        path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}/messages"
        team.http.post(path, json={"text": "log Acme no answer"}).raise_for_status()
        wait_until(lambda: len(copies(team, "events_api", since)) >= 1)
        dispatcher.ack_seconds = usual
    with listening(team, twin):
        wait_until(lambda: any(e.accepted for e in copies(team, "events_api", since)))
        team.deliver()
        first, *again = copies(team, "events_api", since)
        assert not first.accepted and first.fields["error"] == "timeout"
        assert [e.fields["retry_attempt"] for e in again] == list(range(1, len(again) + 1))
    team.let_undo_pass()
    assert len(team.records("calls")) == 1
    found = findings(team, mornings=[MONDAY])
    found.pop("late", None)  # the first try was answered late, on purpose
    assert found == {}

"""kill -9 around the commit of a click: no acknowledgement and no effect, or exactly one effect (FAULTS 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Fact
from tests.faults.checker import findings
from tests.faults.process import Order, Processes
from tests.living import Living, listening, living, wait_until

MONDAY = date(2026, 11, 23)
RESULT = {"result": {"selected_option": {"value": "in_negotiation"}}, "note": {"value": "Likes it"}}


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana's morning has come; nobody listens yet."""
    with living(database_url, connected=False, undo_seconds=0) as found:
        found.account("Acme Dental", MONDAY)
        found.account("Bay Bakery", MONDAY)
        found.tick("sync")
        found.go("2026-11-23 08:30")
        found.tick("mornings")
        yield found


def order(team: Living, dies_at: str) -> Order:
    return Order(team.settings, team.policy, team.clock.now(), dies_at=dies_at)


def facts(team: Living) -> list[tuple[str, str | None]]:
    with team.assistant.work.store.read() as session:
        return [(fact.kind, fact.outcome) for fact in session.scalars(select(Fact).order_by(Fact.id))]


def press(team: Living, account: str) -> dict[str, Any]:
    return team.press("ana", "log_call:no_answer", account)


def test_killed_before_the_commit(team: Living, processes: Processes) -> None:
    pid = processes.start(order(team, "click.before_commit"))
    answer = press(team, "Acme")
    processes.wait_until_killed(pid)
    assert not answer["acked"] and answer["error"]
    assert facts(team) == []
    assert findings(team, mornings=[MONDAY]) == {}
    with listening(team, team.assistant):
        assert press(team, "Acme")["acked"]
    team.let_undo_pass()
    assert facts(team) == [("call", "no_answer")]
    assert findings(team, mornings=[MONDAY]) == {}


def test_killed_after_the_commit_and_before_the_acknowledgement(team: Living, processes: Processes) -> None:
    """A click, and a message: Slack delivers the message again, the person presses again."""
    pid = processes.start(order(team, "click.after_commit_before_ack"))
    device = shown_button(team)
    answer = press(team, "Acme")
    processes.wait_until_killed(pid)
    assert not answer["acked"] and answer["error"]
    assert facts(team) == [("call", "no_answer")]

    pid = processes.start(order(team, "click.after_commit_before_ack"))
    path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}/messages"
    team.http.post(path, json={"text": "log Bay left voicemail"}).raise_for_status()
    processes.wait_until_killed(pid)
    with listening(team, team.assistant):
        assert team.act("ana", **device)["acked"]
        wait_until(lambda: len(facts(team)) == 2 and retried(team))
        team.let_undo_pass()
    assert "already logged by Ana Reyes 08:30" in team.seen("ana")
    assert facts(team) == [("call", "no_answer"), ("call", "left_voicemail")]
    assert len(team.records("calls")) == 2
    assert findings(team, mornings=[MONDAY]) == {}


def shown_button(team: Living) -> dict[str, Any]:
    """The first *No answer*, as a device goes on showing it that has not heard of the redraw."""
    (message,) = team.messages("ana")
    for block in message["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == "log_call:no_answer":
                container = {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}
                where = {
                    "container": container,
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                }
                return {**where, "value": {"type": "button", "value": element["value"]}, "forge": True}
    raise AssertionError("there is no such button")


def retried(team: Living) -> bool:
    """The message was delivered a second time and acknowledged."""
    entries = team.world.journal.entries(kind="delivery", method="events_api")
    return any(e.accepted and e.fields["retry_attempt"] and "Bay" in str(e.body["payload"]) for e in entries)


def test_a_form_whose_answer_died_is_submitted_again(team: Living, processes: Processes) -> None:
    """The form stays open; the second submission changes nothing and closes it."""
    pid = processes.start(order(team, "click.after_commit_before_ack"))
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "in_negotiation")
    answer = team.submit("ana", **RESULT)
    processes.wait_until_killed(pid)
    assert not answer["acked"]
    assert facts(team) == [("call", "connected"), ("stage", "negotiation")]
    with listening(team, team.assistant):
        assert team.submit("ana", **RESULT)["acked"]
        team.let_undo_pass()
    assert team.http.get(f"/people/{team.ids['ana']}/views").json() == []
    assert facts(team) == [("call", "connected"), ("stage", "negotiation")]
    assert findings(team, mornings=[MONDAY]) == {}


def test_a_close_whose_answer_died_is_submitted_again(team: Living, processes: Processes) -> None:
    """One close and one deal of the next term, however often the form is sent."""
    pid = processes.start(order(team, "click.after_commit_before_ack"))
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "won")
    answer = team.submit("ana")
    processes.wait_until_killed(pid)
    assert not answer["acked"]
    with listening(team, team.assistant):
        assert team.submit("ana")["acked"]
        team.let_undo_pass()
    assert facts(team) == [("call", "connected"), ("stage", "won")]
    next_terms = [one for one in team.records("deals") if "renewal 20" in one["dealname"]]
    assert [one["renewal_expiration_date"] for one in next_terms] == ["2027-12-13"]
    assert findings(team, mornings=[MONDAY]) == {}

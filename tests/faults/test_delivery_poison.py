"""A row that can never leave: set aside with its reason while the others go on in order, seen by `renewals outbox`,
and sent after all once it is mended (FAULTS 24).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.cli import main
from bot.store.outbox import enqueue
from bot.store.tables import OutboxRow
from tests.faults.checker import findings
from tests.living import Living

MONDAY = date(2026, 11, 23)
UPSERT = "POST /crm/objects/calls/batch/upsert"
NOT_VALID = {"status": "error", "category": "VALIDATION_ERROR", "message": "Property values were not valid"}
Outbox = Callable[..., str]


@pytest.fixture
def outbox(team: Living, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Outbox:
    """`renewals outbox WORDS`; answers what it printed."""
    monkeypatch.setenv("DATABASE_URL", team.settings.database_url)
    monkeypatch.delenv("RENEWALS_CONFIG", raising=False)

    def run(*words: str) -> str:
        capsys.readouterr()
        assert main(["outbox", *words]) == 0
        return capsys.readouterr().out

    return run


def note(team: Living, who: str, said: str, kind: str = "note") -> int:
    """A plain notice on its way to a person; its row's id."""
    work, user = team.assistant.work, team.ids[who]
    with work.store.write() as session:
        row = enqueue(
            session,
            service="slack",
            kind=kind,
            recipient=f"user:{user}",
            slot=None,
            target=f"user:{user}",
            now=work.now(),
            elapsed=work.elapsed(),
            payload={"user": user, "text": said},
        )
    assert row is not None
    return row


def carry(team: Living, row_id: int, payload: str) -> None:
    """Put something else into a row, as a mishap or a mend would."""
    changed = text("UPDATE outbox SET payload = :payload WHERE id = :id")
    with team.assistant.work.store.write() as session:
        session.execute(changed, {"payload": payload, "id": row_id})


def reasons(team: Living) -> dict[int, str]:
    with team.assistant.work.store.read() as session:
        dead = session.execute(select(OutboxRow.id, OutboxRow.reason).where(OutboxRow.state == "dead"))
        return {row.id: row.reason for row in dead}


def said_to(team: Living, who: str) -> list[str]:
    return [message["text"] for message in team.messages(who)]


def test_a_row_that_cannot_be_read_delays_nobody(team: Living, outbox: Outbox) -> None:
    # PostgreSQL keeps no half JSON; there it is JSON of a shape that no version ever wrote.
    broken = '{"user": "U1", "te' if team.assistant.work.store.dialect == "sqlite" else '["?"]'
    poison = note(team, "ana", "first")
    for number in range(3):
        note(team, "ana", f"later {number}")
        note(team, "ben", f"other {number}")
    carry(team, poison, broken)
    team.deliver()
    assert said_to(team, "ana") == ["later 0", "later 1", "later 2"]
    assert said_to(team, "ben") == ["other 0", "other 1", "other 2"]
    assert reasons(team) == {poison: "what it carries cannot be read"}
    assert f"set aside: {poison} note to user:{team.ids['ana']}: what it carries cannot be read" in outbox()

    assert f"Row {poison} will be sent again" in outbox("--retry", str(poison))
    team.deliver()
    assert poison in reasons(team)  # nobody has mended it

    carry(team, poison, json.dumps({"user": team.ids["ana"], "text": "first"}))
    outbox("--retry", str(poison))
    team.deliver()
    assert said_to(team, "ana")[-1] == "first" and reasons(team) == {}
    assert findings(team) == {}


def test_what_makes_a_courier_stumble_is_given_up_after_some_tries(team: Living, outbox: Outbox) -> None:
    poison = note(team, "ana", "of no message", kind="redraw")
    note(team, "ana", "after it")
    note(team, "ben", "other")
    team.deliver()
    assert said_to(team, "ben") == ["other"] and said_to(team, "ana") == []
    for _ in range(8):
        team.clock.let_pass(timedelta(minutes=3))
        team.deliver()
    assert said_to(team, "ana") == ["after it"]
    given_up = "the courier failed: KeyError (given up after 8 tries)"
    assert reasons(team) == {poison: given_up}
    assert given_up in outbox()
    assert findings(team, set_aside=[poison]) == {}


def test_three_megabytes_to_slack_and_always_400_from_hubspot(
    team: Living, outbox: Outbox, strike: Callable[..., str]
) -> None:
    for account in ("Acme Dental", "Bay Bakery", "Cove Cafe"):
        team.account(account, MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    big = note(team, "ana", "x" * 3_000_000)
    note(team, "ana", "after it")
    strike("hubspot", UPSERT, times=1, status=400, body=NOT_VALID)
    team.press("ana", "log_call:no_answer", "Acme")
    team.let_undo_pass()
    for account in ("Bay", "Cove"):
        team.press("ana", "log_call:no_answer", account)
    team.let_undo_pass()
    assert "after it" in said_to(team, "ana")
    assert len(team.records("calls")) == 2
    dead = reasons(team)
    (refused,) = [row for row, reason in dead.items() if reason == NOT_VALID["message"]]
    assert set(dead) <= {refused, big}  # cut to what Slack takes, or set aside
    assert findings(team, mornings=[MONDAY], set_aside=dead) == {}

    printed = outbox("--retry", str(refused))
    assert f"Row {refused} will be sent again" in printed
    team.deliver()
    assert len(team.records("calls")) == 3
    assert findings(team, mornings=[MONDAY], set_aside=set(dead) - {refused}) == {}


def test_a_row_is_retried_by_its_number_only(
    team: Living, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", team.settings.database_url)
    sent = note(team, "ana", "sent already")
    team.deliver()
    assert main(["outbox", "--retry", str(sent)]) == 1
    assert "is not set aside" in capsys.readouterr().err
    team.deliver()
    assert said_to(team, "ana") == ["sent already"]

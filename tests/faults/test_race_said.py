"""*Log it* pressed from two devices at the same instant: what was read back is logged once (FAULTS 20)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.store.tables import Fact
from tests.living import Living, listening, wait_until, words

PRESSES = 6


def test_log_it_pressed_at_the_same_instant_logs_once(team: Living) -> None:
    team.account("Gamma", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.say("ana", "gamma left vm, try again wednesday")
    message, button = next(
        (message, element | {"block_id": block["block_id"]})
        for message in reversed(team.messages("ana"))
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("action_id") == "log_said"
    )
    place = {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]}
    value = {"type": "button", "value": button["value"]}
    team.carries = False
    with listening(team, team.another_assistant()), ThreadPoolExecutor(PRESSES) as fingers:
        presses = [
            fingers.submit(team.act, "ana", place, button["block_id"], "log_said", value=value, forge=True)
            for _ in range(PRESSES)
        ]
        assert all(press.result()["acked"] for press in presses)
    wait_until(
        lambda: (team.deliver(), "Left voicemail: deferred until Wed 25 Nov" in read_back(team, message))[1]
    )
    with team.assistant.work.store.read() as session:
        kinds = sorted(fact.kind for fact in session.scalars(select(Fact)))
    assert kinds == ["call", "deferral"]
    team.let_undo_pass()
    assert len(team.records("calls")) == len(team.records("tasks")) == 1


def read_back(team: Living, message: dict[str, Any]) -> str:
    """What the message that was pressed says now."""
    return next(words(one) for one in team.messages("ana") if one["ts"] == message["ts"])

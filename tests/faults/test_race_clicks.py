"""Twenty presses at once on one touch, from two devices, and a form: one outcome, the others hear whose (FAULTS 20)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.store.tables import Fact
from tests.faults.checker import findings
from tests.living import Living, listening, wait_until

MONDAY = date(2026, 11, 23)
PRESSES = 20
SAID = "already logged by Ana Reyes 08:30"


def test_twenty_presses_on_one_touch_and_a_form(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.say("ana", "today")  # the other device shows the same list once more
    phone, laptop = filter(None, (buttons(message, team.dm("ana")) for message in team.messages("ana")))
    team.press("ana", "open_connected", "Acme")
    team.choose("ana", "result", "result_chosen", "nothing_yet")
    team.carries = False
    with listening(team, team.another_assistant()), ThreadPoolExecutor(PRESSES + 1) as fingers:
        form = fingers.submit(team.submit, "ana", result={"selected_option": {"value": "nothing_yet"}})
        presses = [
            fingers.submit(team.act, "ana", **(laptop if number % 2 else phone)[number // 2 % 2])
            for number in range(PRESSES)
        ]
        assert all(press.result()["acked"] for press in presses)
        assert form.result()["acked"]
    team.deliver()
    wait_until(lambda: (team.deliver(), private(team) >= PRESSES - 1)[1])
    with team.assistant.work.store.read() as session:
        (call,) = session.scalars(select(Fact).where(Fact.kind == "call"))
    heard = Counter(SAID in message["text"] for message in team.messages("ana") if message["ephemeral"])
    closed = not form.result()["response"]
    assert heard == {True: PRESSES if closed else PRESSES - 1}
    assert closed == (call.outcome == "connected") and (closed or SAID in str(form.result()["response"]))
    wait_until(lambda: (team.let_undo_pass(), team.records("calls"))[1])  # perhaps at a second try
    assert len(team.records("calls")) == 1
    assert findings(team, mornings=[MONDAY]) == {}


def buttons(message: dict[str, Any], channel: str) -> list[dict[str, Any]]:
    """*No answer* and *Left voicemail* in a message, pressed as shown there, redrawn meanwhile or not."""
    return [
        {
            "container": {"type": "message", "channel": channel, "ts": message["ts"]},
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "value": {"type": "button", "value": element["value"]},
            "forge": True,
        }
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("action_id", "").startswith("log_call:")
    ]


def private(team: Living) -> int:
    return sum(message["ephemeral"] for message in team.messages("ana"))

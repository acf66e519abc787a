"""What a manager decides about an account on day 28 to 30 and beyond: keep it, or move it out."""

from __future__ import annotations

from datetime import date

from bot.playbook.assessment import MoveOut, MoveOutStatus
from bot.slack import ids
from bot.slack.views.blocks import Element, button, confirmation


def decision_buttons(gate: MoveOut, kept_until: date | None, ref: str, account: str) -> list[Element]:
    """The decisions that are open now: none before day 28, *Move out now* only when it is due."""
    if gate.status not in (MoveOutStatus.PREVIEW, MoveOutStatus.DUE):
        return []
    both = both_decisions(kept_until, ref, account)
    return both if gate.status is MoveOutStatus.DUE and kept_until is None else both[:1]


def both_decisions(kept_until: date | None, ref: str, account: str) -> list[Element]:
    """*Keep…* and *Move out now*, which asks again before it counts."""
    question = confirmation(
        "Move out now?",
        "The account is taken from its rep and the deal's stage changes in HubSpot. A manager can undo it.",
        "Move out",
        danger=True,
    )
    keep = "Keep…" if kept_until is None else "Keep longer…"
    return [
        button(keep, ids.OPEN_KEEP, ref, about=account),
        button("Move out now", ids.MOVE_OUT_NOW, ref, about=account, style="danger", confirm=question),
    ]

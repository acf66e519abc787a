"""The form that changes what was logged: its call outcome and its note, as they are now."""

from __future__ import annotations

from typing import Final

from bot.playbook.run import CONNECTED
from bot.services.acts.change import ToChange
from bot.slack import ids
from bot.slack.text import name
from bot.slack.views.blocks import (
    MOST_OPTIONS,
    Block,
    chosen,
    context,
    input_block,
    modal,
    options,
    section,
)
from bot.slack.views.result_modal import note_block
from bot.slack.words import CALL_OUTCOMES

_NOUNS: Final = {"call": "call", "email": "email", "reply": "reply", "review": "review", "note": "note"}


def change_modal(found: ToChange, private_metadata: str) -> Block:
    """`private_metadata` is the ChangeRef."""
    what = _NOUNS.get(found.kind, "entry")
    blocks = [section(f"Change the {what} on *{name(found.account)}*.")]
    if found.outcome is not None:
        ours = {key: label for key, label in CALL_OUTCOMES.items() if (key == CONNECTED) == found.contact}
        offered = ours | dict(found.own)
        chooser = {
            "type": "static_select",
            "action_id": ids.FIELD,
            "options": options(dict(list(offered.items())[:MOST_OPTIONS])),
        }
        blocks.append(input_block("What happened?", ids.OUTCOME_BLOCK, chosen(chooser, found.outcome)))
    blocks.append(note_block(optional=found.kind != "note", note=found.note))
    if found.with_result:
        kept = "What came of it stays as it is. To change that, undo the entry, and log it again."
        blocks.append(context(kept, "result_kept"))
    elif found.kind == "call":
        blocks.append(context("Whether you reached somebody is not changed here: undo it, and log it again."))
    return modal("Change", ids.CHANGE_FORM, blocks, private_metadata, submit="Save")

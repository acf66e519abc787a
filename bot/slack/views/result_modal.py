"""The form that asks what came of a conversation: a call that connected, or an appointment that was held.

Only the inputs of the chosen result are shown: choosing one asks the server to draw the form again, so that
on a phone nobody scrolls past fields that do not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from bot.playbook.run import CONNECTED
from bot.slack import ids
from bot.slack.fields import LONGEST_WHEN
from bot.slack.forms import LONGEST_NOTE
from bot.slack.text import name
from bot.slack.views.blocks import (
    MOST_OPTIONS,
    Block,
    Element,
    chosen,
    context,
    date_picker,
    input_block,
    modal,
    options,
    section,
    text_input,
    time_picker,
)
from bot.slack.words import CALL_OUTCOMES, LOST_REASONS, RESULTS

WHEN_EXAMPLES: Final = "Monday, in 2 weeks, 15 Jan, end of month"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form when it opens, because it was said before."""

    choice: str | None = None  # the reason of a deferral, or what happened
    until: date | None = None
    starts_at: time | None = None
    note: str | None = None


NOTHING: Final = Filled()


def connected_modal(
    account: str,
    private_metadata: str,
    *,
    result: str | None = None,
    meeting_on: date | None = None,
    filled: Filled = NOTHING,
    portal_outcomes: Mapping[str, str] | None = None,
    outcome: str = CONNECTED,
) -> Block:
    """`result` is the one chosen so far; `meeting_on` the day that the date picker starts with.

    `portal_outcomes` are HubSpot's own that mean contact, {key: name}; `outcome` is the one that is chosen.
    """
    blocks = _result_blocks(f"You reached *{name(account)}*.", result, meeting_on, filled)
    if portal_outcomes:
        offered = {CONNECTED: CALL_OUTCOMES[CONNECTED], **portal_outcomes}
        choices = options(dict(list(offered.items())[:MOST_OPTIONS]))
        chooser: Element = {"type": "static_select", "action_id": ids.FIELD, "options": choices}
        blocks.insert(1, input_block("Call outcome", ids.OUTCOME_BLOCK, chosen(chooser, outcome)))
    return modal("Connected", ids.CONNECTED_FORM, blocks, private_metadata, submit="Log call")


def held_modal(
    account: str, private_metadata: str, *, result: str | None = None, meeting_on: date | None = None
) -> Block:
    """Like `connected_modal`, for an appointment that was held."""
    blocks = _result_blocks(f"You met *{name(account)}*.", result, meeting_on, NOTHING)
    return modal("Appointment held", ids.HELD_FORM, blocks, private_metadata, submit="Log")


def start_blocks(meeting_on: date | None, starts_at: time | None = None) -> list[Block]:
    """Day and time of an appointment, in the reader's zone."""
    return [
        input_block("Day", ids.STARTS_ON_BLOCK, date_picker(ids.FIELD, meeting_on)),
        input_block("Time (yours)", ids.STARTS_AT_BLOCK, time_picker(ids.FIELD, starts_at or time(10))),
    ]


def when_blocks(label: str, read_back: str | None = None, *, until: date | None = None) -> list[Block]:
    """A date in words or picked. `read_back` is the sentence that says how the words were understood."""
    words = text_input(ids.WHEN_TYPED, LONGEST_WHEN, placeholder=WHEN_EXAMPLES)
    words["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    blocks = [
        input_block(label, ids.WHEN_BLOCK, words, optional=True, dispatch=True),
        input_block("Or pick the date", ids.UNTIL_BLOCK, date_picker(ids.FIELD, until), optional=True),
    ]
    if read_back is not None:
        blocks.append(context(read_back, "read_back"))
    return blocks


def note_block(
    label: str = "Note", *, optional: bool = True, hint: str | None = None, note: str | None = None
) -> Block:
    """`note` is what stands in it already."""
    element = text_input(ids.FIELD, LONGEST_NOTE, multiline=True, initial=note)
    return input_block(label, ids.NOTE_BLOCK, element, optional=optional, hint=hint)


def _result_blocks(intro: str, result: str | None, meeting_on: date | None, filled: Filled) -> list[Block]:
    choices = options(RESULTS)
    radio: Element = {"type": "radio_buttons", "action_id": ids.RESULT_CHOSEN, "options": choices}
    if result in RESULTS:
        radio["initial_option"] = next(choice for choice in choices if choice["value"] == result)
    blocks = [section(intro), input_block("What came of it?", ids.RESULT_BLOCK, radio, dispatch=True)]
    if result == "meeting_on":
        blocks += start_blocks(meeting_on, filled.starts_at)
    elif result == "call_back_on":
        blocks += when_blocks("Call back when?", until=filled.until)
    elif result == "lost":
        reasons = {"type": "static_select", "action_id": ids.FIELD, "options": options(LOST_REASONS)}
        blocks.append(input_block("Why is it lost?", ids.LOST_REASON_BLOCK, reasons))
    needed = result == "lost"
    label = "What did the customer say?" if needed else "Note"
    return [*blocks, note_block(label, optional=not needed, note=filled.note)]

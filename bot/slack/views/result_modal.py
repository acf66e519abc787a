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
from bot.slack.views.terms import OfferedTerms, terms_blocks
from bot.slack.words import CALL_OUTCOMES, LOST_REASONS, RESULTS

MOST_RADIO: Final = 10
START_EXAMPLES: Final = "Thursday 14:00, or tomorrow 9am"
LEFT_OPEN: Final = "Left open, it is nothing yet: the next step is due on your next working day."
WHEN_EXAMPLES: Final = "Monday, in 2 weeks, 15 Jan, end of month"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form when it opens, because it was said before."""

    choice: str | None = None  # the reason of a deferral, or what happened
    until: date | None = None
    starts_at: time | None = None
    note: str | None = None
    terms: OfferedTerms | None = None  # what the form of a won renewal proposes


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
        kind = "radio_buttons" if len(choices) <= MOST_RADIO else "static_select"
        chooser: Element = {"type": kind, "action_id": ids.FIELD, "options": choices}
        blocks.insert(1, input_block("Call outcome", ids.OUTCOME_BLOCK, chosen(chooser, outcome)))
    return modal("Connected", ids.CONNECTED_FORM, blocks, private_metadata, submit="Log call")


def held_modal(
    account: str,
    private_metadata: str,
    *,
    result: str | None = None,
    meeting_on: date | None = None,
    filled: Filled = NOTHING,
) -> Block:
    """Like `connected_modal`, for an appointment that was held."""
    blocks = _result_blocks(f"You met *{name(account)}*.", result, meeting_on, filled)
    return modal("Appointment held", ids.HELD_FORM, blocks, private_metadata, submit="Log")


def start_blocks(meeting_on: date | None, starts_at: time | None = None) -> list[Block]:
    """Day and time of an appointment, in the reader's zone: typed in words, or picked."""
    words = text_input(ids.FIELD, LONGEST_WHEN, placeholder=START_EXAMPLES)
    day, hour = date_picker(ids.FIELD, meeting_on), time_picker(ids.FIELD, starts_at or time(10))
    return [
        input_block("When?", ids.STARTS_BLOCK, words, optional=True),
        input_block("Or pick the day", ids.STARTS_ON_BLOCK, day, optional=True),
        input_block("Time (yours)", ids.STARTS_AT_BLOCK, hour, optional=True),
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


def next_step_blocks(
    result: str | None, offered: Mapping[str, str], block_id: str, label: str, filled: Filled = NOTHING
) -> list[Block]:
    """The chooser of the next step, and the inputs of the one that is chosen."""
    radio: Element = {"type": "radio_buttons", "action_id": ids.RESULT_CHOSEN, "options": options(offered)}
    chooser = input_block(label, block_id, chosen(radio, result), dispatch=True)
    return [chooser, *result_fields(result, None, filled)]


def result_fields(result: str | None, meeting_on: date | None, filled: Filled) -> list[Block]:
    """The inputs that a result needs."""
    if result == "meeting_on":
        return start_blocks(meeting_on, filled.starts_at)
    if result == "call_back_on":
        return when_blocks("Call back when?", until=filled.until)
    if result == "won":
        return terms_blocks(filled.terms or OfferedTerms())
    return [_lost_block("Why is it lost?", optional=False)] if result == "lost" else []


def _result_blocks(intro: str, result: str | None, meeting_on: date | None, filled: Filled) -> list[Block]:
    """As long as nothing is chosen, the reasons of a loss stand beside the results: one tap less."""
    radio: Element = {"type": "radio_buttons", "action_id": ids.RESULT_CHOSEN, "options": options(RESULTS)}
    open_yet = result not in RESULTS
    chooser = chosen(radio, result)
    blocks = [
        section(intro),
        input_block(
            "What came of it?",
            ids.RESULT_BLOCK,
            chooser,
            dispatch=True,
            optional=open_yet,
            hint=LEFT_OPEN if open_yet else None,
        ),
        *result_fields(result, meeting_on, filled),
    ]
    needed = result == "lost"
    label = "What did the customer say?" if needed else "Note"
    blocks.append(note_block(label, optional=not needed, note=filled.note))
    return [*blocks, _lost_block("Or lost: why? (with a note)", optional=True)] if open_yet else blocks


def _lost_block(label: str, *, optional: bool) -> Block:
    reasons = {"type": "radio_buttons", "action_id": ids.FIELD, "options": options(LOST_REASONS)}
    return input_block(label, ids.LOST_REASON_BLOCK, reasons, optional=optional)

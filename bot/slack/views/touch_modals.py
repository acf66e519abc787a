"""The smaller forms of a touch: defer, more, an appointment that moved, keeping an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.services.models import AccountLine
from bot.services.reminders import Later
from bot.slack import ids
from bot.slack.forms import LONGEST_NOTE
from bot.slack.text import day_words, escaped, name
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import (
    MOST_OPTIONS,
    Block,
    Element,
    actions,
    button,
    chosen,
    context,
    input_block,
    link_button,
    modal,
    options,
    section,
    text_input,
)
from bot.slack.views.result_modal import NOTHING, Filled, note_block, start_blocks, when_blocks
from bot.slack.words import CALL_OUTCOMES, DEFER_REASONS

MOST_RADIO = 10


def defer_modal(
    account: str,
    private_metadata: str,
    *,
    read_back: str | None = None,
    warning: str | None = None,
    filled: Filled = NOTHING,
) -> Block:
    """Reason, return date, note.

    `read_back` says how a date in words was understood, `warning` what the date leads to (it passes day 30):
    both plain sentences.
    """
    reasons = {"type": "static_select", "action_id": ids.FIELD, "options": options(DEFER_REASONS)}
    read_words = None if read_back is None else escaped(read_back, 300)
    hint = "The manager reads here where the renewal stands."
    blocks = [
        section(f"No touches on *{name(account)}* before the date you set."),
        input_block("Why?", ids.REASON_BLOCK, chosen(reasons, filled.choice)),
        *when_blocks("Back when?", read_words, until=filled.until),
        note_block(optional=False, hint=hint, note=filled.note),
    ]
    if warning is not None:
        blocks.append(section(f":warning: {escaped(warning, 500)}", "warning"))
    return modal("Defer", ids.DEFER_FORM, blocks, private_metadata, submit="Defer")


def more_modal(
    line: AccountLine,
    private_metadata: str,
    *,
    later: Mapping[Later, datetime],
    portal_outcomes: Mapping[str, str] | None = None,
    filled: Filled = NOTHING,
) -> Block:
    """Everything that has no button of its own. `portal_outcomes` are HubSpot's own: {outcome: name}.

    What has a form of its own stands on top, one tap away, and the reminders below: `later` says when each
    would come, in the reader's zone. The option values are what MoreForm parses;
    `private_metadata` is the TouchRef, the value of the buttons too.
    """
    calls = {key: label for key, label in CALL_OUTCOMES.items() if key != "connected"} | dict(
        portal_outcomes or {}
    )
    choices = {
        **{f"call:{key}": f"Call: {label}" for key, label in calls.items()},
        "replied": "The customer replied by email",
        "called_in": "The customer called in",
        "note": "Only a note",
    }
    offered = options(dict(list(choices.items())[:MOST_OPTIONS]))
    kind = "radio_buttons" if len(offered) <= MOST_RADIO else "static_select"
    chooser = {"type": kind, "action_id": ids.FIELD, "options": offered}
    forms = [
        button("Defer…", ids.OPEN_DEFER, private_metadata),
        button("Connected…", ids.OPEN_CONNECTED, private_metadata),
    ]
    forms.append(button("Open account", ids.OPEN_CARD, private_metadata))
    if line.url is not None and line.url.startswith("https://") and len(line.url) <= 3000:
        forms.append(link_button("Open in HubSpot", ids.OPEN_ACCOUNT, line.url))
    blocks = [
        section(linked_name(line)),
        actions(forms, "forms"),
        input_block("Or log what happened", ids.CHOICE_BLOCK, chosen(chooser, filled.choice)),
        note_block(note=filled.note),
        context("Or be shown it again later; that moves no date:", "later"),
        actions(_reminders(later, private_metadata), "reminders"),
    ]
    return modal("More", ids.MORE_FORM, blocks, private_metadata)


def _reminders(later: Mapping[Later, datetime], value: str) -> list[Element]:
    """A button for each hour on offer, which says when it would come."""
    today = (later[Later.HOUR] - timedelta(hours=1)).date()
    labels = {Later.HOUR: "In 1 hour", Later.AFTERNOON: "This afternoon, 14:00"}
    morning = later[Later.MORNING].date()
    soon = (morning - today).days == 1
    labels[Later.MORNING] = "Tomorrow, 9:00" if soon else f"{day_words(morning, today)}, 9:00"
    return [button(labels[one], ids.remind(one), value) for one in later]


def moved_modal(account: str, private_metadata: str, *, meeting_on: date | None = None) -> Block:
    """The appointment's new day and time."""
    blocks = [section(f"When is the appointment with *{name(account)}* now?"), *start_blocks(meeting_on)]
    return modal("Appointment moved", ids.MOVED_FORM, blocks, private_metadata)


def keep_modal(account: str, owner: str | None, moves_on: date, private_metadata: str) -> Block:
    """Why an account stays with its rep beyond day 30, and until when."""
    whose = f" with {name(owner, 60)}" if owner else ""
    blocks = [
        section(f"*{name(account)}* stays{whose}."),
        context(f"Day 30 is {day_words(moves_on)}."),
        input_block("Why?", ids.REASON_BLOCK, text_input(ids.FIELD, LONGEST_NOTE, multiline=True)),
        *when_blocks("Keep until?"),
    ]
    return modal("Keep", ids.KEEP_FORM, blocks, private_metadata, submit="Keep")

"""The smaller forms of a touch: defer, more, an appointment that moved, keeping an account."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.playbook.assessment import Step
from bot.services.acts.reminders import Later
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.forms import LONGEST_NOTE
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words, escaped, name, plural
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import (
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
from bot.slack.views.logged import change_button, logged_words, newest_changeable
from bot.slack.views.result_modal import (
    MOST_RADIO,
    NOTHING,
    Filled,
    next_step_blocks,
    note_block,
    start_blocks,
    when_blocks,
)
from bot.slack.words import CALL_OUTCOMES, DEFER_REASONS, NEXT_STEPS, RESULTS

# The groups of *More…*; HubSpot's own outcomes take as many from the last on as they need.
APPOINTMENT_GROUP: Final = 1
OWN_GROUP: Final = 2
MOST_GROUPS: Final = 20
OTHERS: Final = {
    "replied": "The customer replied by email",
    "called_in": "The customer called in",
    "meeting": "A meeting is booked…",
    "note": "Only a note",
}
MISSED: Final = {
    "appointment:no_show": "The customer did not show up",
    "appointment:canceled": "The appointment was canceled",
}


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
    reasons = {"type": "radio_buttons", "action_id": ids.FIELD, "options": options(DEFER_REASONS)}
    read_words = None if read_back is None else escaped(read_back, 300)
    hint = "The manager reads here where the renewal stands."
    blocks = [
        section(f"No touches on *{name(account)}* before the date you set."),
        input_block("Why?", ids.REASON_BLOCK, chosen(reasons, filled.choice or "other")),
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
    own: Mapping[str, str] | None = None,
    contact: Container[str] = (),
    filled: Filled = NOTHING,
    result: str | None = None,
    drawn: Mapping[int, int] | None = None,
) -> Block:
    """Everything that has no button of its own, each one tap away: no menu has to be opened first.

    `own` are HubSpot's own call outcomes, {key: name}, `contact` those of them by which somebody was reached.
    What is chosen (`filled.choice`) brings the next step, of which `result` is chosen so far. `drawn` says how
    often each group was emptied, because something was chosen in another one. `later` says when each reminder
    would come, in the reader's zone. The option values are what MoreForm parses; `private_metadata` is the
    TouchRef, the value of the buttons too.
    """
    forms = [
        button("Defer…", ids.OPEN_DEFER, private_metadata),
        button("Connected…", ids.OPEN_CONNECTED, private_metadata),
    ]
    forms.append(button("Open account", ids.OPEN_CARD, private_metadata))
    if line.url is not None and line.url.startswith("https://") and len(line.url) <= 3000:
        forms.append(link_button("Open in HubSpot", ids.OPEN_ACCOUNT, line.url))
    blocks = [section(linked_name(line)), actions(forms, "forms")]
    groups = _groups(line, own or {})
    for group, (label, choices) in groups.items():
        radio = {"type": "radio_buttons", "action_id": ids.HAPPENED, "options": options(choices)}
        block_id = ids.choice_block(group, (drawn or {}).get(group, 0))
        chooser = chosen(radio, filled.choice)
        several = len(groups) > 1
        blocks.append(input_block(label, block_id, chooser, optional=several, dispatch=True))
    shown = sum(len(choices) for group, (_, choices) in groups.items() if group >= OWN_GROUP)
    if len(own or {}) > shown:
        rest = plural(len(own or {}) - shown, "more call outcome")
        blocks.append(context(f"+{rest} of HubSpot's: log the call there.", "more_outcomes"))
    now = later[Later.HOUR] - timedelta(hours=1)
    blocks += [
        *_next_step(filled, result, contact),
        note_block(note=filled.note),
        context("Or be shown it again later; that moves no date:", "later"),
        actions(_reminders(later, now.date(), private_metadata), "reminders"),
        *_logged_last(line, now, private_metadata),
    ]
    return modal("More", ids.MORE_FORM, blocks, private_metadata)


def drawn_in(view: Mapping[str, Any], kept: str | None = None) -> dict[int, int]:
    """How often each group of an open *More…* was emptied; once more for all but `kept`, a block id."""
    blocks = [str(block.get("block_id", "")) for block in view.get("blocks", ())]
    shown = {block_id: found for block_id in blocks if (found := ids.group_of(block_id)) is not None}
    return {
        group: drawn + (kept is not None and block_id != kept) for block_id, (group, drawn) in shown.items()
    }


def _groups(line: AccountLine, own: Mapping[str, str]) -> dict[int, tuple[str, dict[str, str]]]:
    """What can be logged, by group: its label, and {value: name}; no more in each than radio buttons may show."""
    calls = {f"call:{key}": f"Call: {label}" for key, label in CALL_OUTCOMES.items() if key != "connected"}
    groups = {0: ("Or log what happened", calls | OTHERS)}
    if any(touch.step is Step.APPOINTMENT_OUTCOME for touch in line.touches):
        groups[APPOINTMENT_GROUP] = ("Or the appointment", MISSED)
    named = [(f"call:{key}", f"Call: {label}") for key, label in own.items()][: MOST_GROUPS * MOST_RADIO]
    for start in range(0, len(named), MOST_RADIO):
        label = "Or a call outcome of HubSpot's own" if start == 0 else "More of HubSpot's own"
        groups[OWN_GROUP + start // MOST_RADIO] = (label, dict(named[start : start + MOST_RADIO]))
    return groups


def _next_step(filled: Filled, result: str | None, contact: Container[str]) -> list[Block]:
    """What the chosen choice asks for: of a meeting day and time, of all but a note what comes next."""
    kind, _, outcome = (filled.choice or "").partition(":")
    if kind == "meeting":
        return start_blocks(None, filled.starts_at)
    if kind in ("replied", "called_in") or outcome in contact:
        offered, block_id, label = RESULTS, ids.RESULT_BLOCK, "What came of it?"
    elif kind in ("call", "appointment"):
        offered, block_id, label = NEXT_STEPS, ids.NEXT_BLOCK, "What comes next?"
    else:
        return []
    start = result if result in offered else "nothing_yet"
    return next_step_blocks(start, offered, block_id, label, filled)


def _logged_last(line: AccountLine, now: datetime, private_metadata: str) -> list[Block]:
    """What was logged last, while it can be said anew."""
    entry = newest_changeable(line)
    if entry is None:
        return []
    change = change_button(line, entry, TouchRef.decode(private_metadata).message_id)
    return [section(f"Or change what was logged last:\n{logged_words(entry, now)}", "logged", change)]


def _reminders(later: Mapping[Later, datetime], today: date, value: str) -> list[Element]:
    """A button for each hour on offer, which says when it would come."""
    labels = {Later.HOUR: "In 1 hour", Later.AFTERNOON: "This afternoon, 14:00"}
    morning = later[Later.MORNING].date()
    soon = (morning - today).days == 1
    labels[Later.MORNING] = "Tomorrow, 9:00" if soon else f"{day_words(morning, today)}, 9:00"
    return [button(labels[one], ids.remind(one), value) for one in later]


def moved_modal(account: str, private_metadata: str, *, meeting_on: date | None = None) -> Block:
    """The appointment's new day and time."""
    blocks = [section(f"When is the appointment with *{name(account)}* now?"), *start_blocks(meeting_on)]
    return modal("Appointment moved", ids.MOVED_FORM, [*blocks, note_block()], private_metadata)


def meeting_modal(account: str, private_metadata: str) -> Block:
    """A meeting that the customer agreed to, wherever: it becomes an appointment."""
    blocks = [section(f"A meeting with *{name(account)}* is agreed."), *start_blocks(None), note_block()]
    return modal("Meeting booked", ids.MEETING_FORM, blocks, private_metadata, submit="Log meeting")


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

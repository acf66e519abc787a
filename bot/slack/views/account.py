"""One account in a message: who and what, what to do in plain words, its buttons, and what was logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.playbook.assessment import MoveOutStatus, Step, Touch
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words, escaped, link, moment_words, name, phone, since_words
from bot.slack.views.away_reply import LONGEST_IN_LIST, away_buttons, away_quote, away_words
from bot.slack.views.blocks import Block, Element, actions, button, section
from bot.slack.views.buttons import action_row
from bot.slack.views.crm_changes import changes_words
from bot.slack.views.logged import MOST_SHOWN, logged_blocks, logged_words
from bot.slack.views.stage import stage_buttons, stage_words
from bot.slack.words import BLOCKED, STAGES, STEPS

MOST_TOUCHES = 5
LONGEST_URL = 100
MOST_BLOCKS_PER_ACCOUNT = 1 + 1 + MOST_SHOWN  # what is to do, its buttons, what was logged
MOST_CHARACTERS_PER_ACCOUNT = 1400  # asserted by a test with the longest of everything


def account_blocks(line: AccountLine, on: date, now: datetime, message_id: int | None) -> list[Block]:
    """A run's part of a message that speaks of local date `on`; `now` in the reader's zone."""
    if line.gone is not None:
        words = f"~{name(line.account)}~ · {escaped(line.gone, 120)}"
        return [section(words, ids.run_block(line.run_id))]
    touches = line.touches[:MOST_TOUCHES]
    facts = [_title(line, on), _contact(line) if touches else None]
    facts += [_touch_words(line, touch, on, now) for touch in touches]
    if len(line.touches) > MOST_TOUCHES:
        facts.append(f"+{len(line.touches) - MOST_TOUCHES} more")
    facts += [_rest(line, on) if not touches else None, _move_out(line, on), stage_words(line, on)]
    if any(entry.not_taken is not None for entry in line.logged):
        line = replace(line, away=None, changes=())  # one decision at a time: the card has all
    # Here one thing more takes the place of an entry of the day's log.
    changes = changes_words(line.changes, now, shown=1) if line.away is None else None
    facts.append(changes)
    if line.away is not None:
        facts.append(away_words(line.away, on))
        if not line.away.sure:  # a person has to read it: "no longer with us"
            facts.append(away_quote(line.away, LONGEST_IN_LIST) or None)
    row = action_row(replace(line, touches=touches), on, now, message_id)
    if fitting := stage_buttons(line, on, message_id):
        shared = row[0]["elements"] if row else []
        row = [actions([*shared, *fitting], ids.run_block(line.run_id, "actions"))]
    opens = None if touches else _open_button(line, on, message_id)
    return [
        section("\n".join(fact for fact in facts if fact), ids.run_block(line.run_id), opens),
        *away_buttons(line, on, message_id),
        *row,
        *logged_blocks(
            line, now, message_id, most=MOST_SHOWN - (line.away is not None or changes is not None)
        ),
    ]


def linked_name(line: AccountLine) -> str:
    """The account's name, bold, linked to its deal in HubSpot when there is one."""
    url = line.url if line.url is not None and len(line.url) <= LONGEST_URL else None
    return f"*{link(url, name(line.account))}*"


def step_of(touch: Touch) -> str:
    """The step in plain words with its slot: "first call (1 of 2)"."""
    words = STEPS[touch.step]
    return f"{words} ({touch.slot} of {touch.of})" if touch.slot and touch.of else words


def touch_summary(touch: Touch, on: date) -> str:
    """A touch for a notification: "first call (1 of 2), late since Mon 2 Nov"."""
    late = f", late {since_words(touch.due_on, on)}" if touch.overdue(on) else ""
    return step_of(touch) + late


def account_words(line: AccountLine, on: date, now: datetime) -> str:
    """The account and where it stands, for a notification: "Acme: first email (2 of 2); No answer 10:05 · Ana"."""
    if line.gone is not None:
        return f"{name(line.account)}: {escaped(line.gone, 120)}"
    said = [touch_summary(touch, on) for touch in line.touches[:MOST_TOUCHES]]
    if not said:
        said = [_rest(line, on) or "done"]
    said += [logged_words(entry, now) for entry in line.logged[-1:]]
    return f"{name(line.account)}: {'; '.join(said)}"


def title_parts(line: AccountLine) -> list[str]:
    """The account's name, for whom the reader covers, its playbook day and its price, as far as they are known."""
    parts = [linked_name(line)]
    if line.covers_for is not None:
        parts.append(f"for {escaped(line.covers_for, 40)}, on leave")
    if line.playbook_day is not None:
        parts.append(
            f"day {line.playbook_day} of 30" if line.playbook_day <= 30 else f"day {line.playbook_day}"
        )
    if line.price:
        parts.append(escaped(line.price, 30))
    return parts


def _open_button(line: AccountLine, on: date, message_id: int | None) -> Element:
    """Where nothing is due there is no *More…*: the card has all that can be done, and what was logged."""
    ref = TouchRef(line.run_id, None, on, message_id or None).encode()
    return button("Open…", ids.OPEN_CARD, ref, about=line.account)


def _title(line: AccountLine, on: date) -> str:
    # What is done is short: its card says the rest.
    parts = title_parts(line if line.touches else replace(line, price=None))
    if line.touches:
        expires = day_words(line.expires_on, on) if line.expires_on else "not known"
        parts.append(f"{'expired' if line.expires_on and line.expires_on < on else 'expires'} {expires}")
    if line.stage == "negotiation":
        parts.append("in negotiation")
    return " · ".join(parts)


def _contact(line: AccountLine) -> str:
    known = [escaped(line.contact_name, 40)] if line.contact_name else []
    known.append(phone(line.contact_phone) if line.contact_phone else "no phone number in HubSpot")
    return ":telephone_receiver: " + " · ".join(known)


def _touch_words(line: AccountLine, touch: Touch, on: date, now: datetime) -> str:
    words = step_of(touch)
    parts = [f"• *{words[0].upper()}{words[1:]}*"]
    if touch.overdue(on):
        parts.append(f"late {since_words(touch.due_on, on)}")
    if touch.not_before is not None and now < touch.not_before:
        parts.append(f"from {moment_words(touch.not_before, now)}")
    if touch.step in (Step.APPOINTMENT_TODAY, Step.APPOINTMENT_OUTCOME) and line.appointment_at is not None:
        parts.append(moment_words(line.appointment_at, now))
    if line.returning and touch.step is Step.CALLBACK:
        parts.append("back from a deferral")
    if touch.blocked is not None:
        parts.append(f":no_entry: {BLOCKED.get(touch.blocked, escaped(touch.blocked.replace('_', ' '), 80))}")
    return " · ".join(parts)


def _rest(line: AccountLine, on: date) -> str | None:
    """Why there is nothing to do on it."""
    if line.stage in ("won", "lost", "moved_out"):
        return STAGES[line.stage]
    if line.deferred_until is not None:
        return f"Deferred until {day_words(line.deferred_until, on)}"
    if line.appointment_at is not None:
        return f"Appointment on {day_words(line.appointment_at.date(), on)} at {line.appointment_at:%H:%M}"
    return None if line.logged else "Nothing to do now"


def _move_out(line: AccountLine, on: date) -> str | None:
    move_out = line.move_out
    if move_out is None or move_out.status not in (MoveOutStatus.PREVIEW, MoveOutStatus.DUE):
        return None
    if line.kept_until is not None:
        return f":hourglass: Kept by your manager until {day_words(line.kept_until, on)}"
    mend = "book an appointment or negotiate, or it moves out"
    if move_out.status is MoveOutStatus.PREVIEW:
        return f":hourglass: Day 30 is {day_words(move_out.on, on)}: {mend}"
    return f":hourglass: Day 30 is reached: {mend}"

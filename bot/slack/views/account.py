"""One account in a message: who and what, what to do in plain words, its buttons, and what was logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.playbook.assessment import MoveOutStatus, Step, Touch
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.text import day_words, escaped, link, moment_words, name, phone, since_words
from bot.slack.views.blocks import Block, section
from bot.slack.views.buttons import action_row
from bot.slack.views.logged import MOST_SHOWN, logged_blocks
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
    facts = [_title(line), _contact(line) if touches else None]
    facts += [_touch_words(line, touch, on, now) for touch in touches]
    if len(line.touches) > MOST_TOUCHES:
        facts.append(f"+{len(line.touches) - MOST_TOUCHES} more")
    facts += [_rest(line, on) if not touches else None, _move_out(line, on)]
    row = action_row(replace(line, touches=touches), on, now, message_id)
    room = MOST_BLOCKS_PER_ACCOUNT - 1 - len(row)
    return [
        section("\n".join(fact for fact in facts if fact), ids.run_block(line.run_id)),
        *row,
        *logged_blocks(line.run_id, line.logged, now, message_id, room),
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


def _title(line: AccountLine) -> str:
    parts = title_parts(line)
    expires = day_words(line.expires_on) if line.expires_on else "not known"
    parts.append(f"expires {expires}")
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

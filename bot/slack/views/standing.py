"""Where a renewal stands, in one sentence: "Day 6 of 30, 1 of 2 contacts today, call back Wed 4 Nov"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.playbook.assessment import MoveOutStatus, State, Step, Touch
from bot.services.showing.card_models import AccountCard, Coming, Progress
from bot.slack.text import day_words, escaped, moment_words, plural, since_words
from bot.slack.words import STAGES, STEPS

LAST_DAY = 30
MOST_NAMED = 3  # touches that are due at once
# What stands before them in the sentence says the rest.
_SHORT = {
    Step.CALLBACK: "call back",
    Step.CHECK_IN: "check-in call",
    Step.SECOND_CALL: "second call",
    Step.TAKEDOWN_CALL: "call to the customer whose site is down",
    Step.TAKEDOWN_EMAIL_NOTICE: "email to the customer whose site is down",
}


def standing_words(card: AccountCard) -> str:
    """One sentence of mrkdwn, without a full stop."""
    line = card.line
    if line.gone is not None:
        return escaped(line.gone[0].upper() + line.gone[1:], 120)
    parts = [_day(card)]
    if card.line.state is State.NEGOTIATION:
        parts.append("in negotiation")
    if line.deferred_until is not None:
        parts.append("deferred")
    done = _done(card.progress)
    if done is not None and line.state not in (State.CLOSED, State.NOT_STARTED):
        parts.append(done)
    if card.coming is not None:
        parts.append(_coming(card, card.coming))
    elif line.state not in (State.CLOSED, State.NOT_STARTED):
        parts.append("nothing due")
    parts += _gate(card)
    return ", ".join(part for part in parts if part)


def _day(card: AccountCard) -> str:
    line = card.line
    if line.state is State.CLOSED:
        return STAGES.get(line.stage, escaped(line.stage, 40))
    if line.playbook_day is None:
        return f"Put out on {day_words(line.put_out_on, card.on)}"
    if line.playbook_day > LAST_DAY:
        return f"Day {line.playbook_day}"
    return f"Day {line.playbook_day} of {LAST_DAY}"


def _done(progress: Progress) -> str | None:
    if progress.per == "week" and progress.wanted:
        return f"{progress.done} of {progress.wanted} calls this week"
    if progress.wanted == 1:
        return f"{progress.done} of 1 contact today"
    if progress.wanted:
        return f"{progress.done} of {progress.wanted} contacts today"
    return f"{plural(progress.done, 'contact')} today" if progress.done else None


def _coming(card: AccountCard, coming: Coming) -> str:
    touch = coming.touch
    if touch is None:
        return f"appointment {day_words(coming.on, card.on)} at {coming.at:%H:%M}" if coming.at else ""
    step = _step(touch)
    if touch.blocked is not None:
        return f"{step} blocked"
    if coming.at is not None:
        return f"{step} from {moment_words(coming.at, card.now)}"
    if not coming.now:
        return f"{step} {day_words(coming.on, card.on)}"
    if touch.step is Step.APPOINTMENT_TODAY and card.line.appointment_at is not None:
        return f"appointment today at {card.line.appointment_at:%H:%M}"
    due = [one for one in card.line.touches if one.not_before is None or one.not_before <= card.now]
    return _due_now(due[:MOST_NAMED], card.on)


def _due_now(touches: Sequence[Touch], on: date) -> str:
    """ "account review and first call late since Fri 20 Nov, cancellation email now": what shares a date together."""
    since: dict[date | None, list[str]] = {}
    for touch in touches:
        if touch.blocked is None:
            since.setdefault(touch.due_on if touch.overdue(on) else None, []).append(_step(touch))
    return ", ".join(
        f"{' and '.join(steps)} {'now' if day is None else f'late {since_words(day, on)}'}"
        for day, steps in since.items()
    )


def _step(touch: Touch) -> str:
    """Without its slot: how many are done is said before."""
    return _SHORT.get(touch.step, STEPS[touch.step])


def _gate(card: AccountCard) -> list[str]:
    gate = card.line.move_out
    if card.line.kept_until is not None:
        return [f"kept until {day_words(card.line.kept_until, card.on)}"]
    if gate is None or gate.status not in (MoveOutStatus.PREVIEW, MoveOutStatus.DUE):
        return []
    return [f"moves out {day_words(gate.on, card.on)}"]

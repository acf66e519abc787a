"""All touches of a run in its state (PLAYBOOK 3 and 4)."""

from datetime import date

from bot.playbook.assessment import State, Step, Touch, TouchKind, touch
from bot.playbook.known import Known, NotBefore
from bot.playbook.outreach import outreach_touches
from bot.playbook.policy import Policy
from bot.playbook.run import Stage
from bot.playbook.state import next_step_due_on
from bot.playbook.takedown import takedown_contact


def touches_in(state: State, known: Known, policy: Policy, returning: NotBefore | None) -> list[Touch]:
    """Takedown contact first, then what the state asks for on a working day.

    `returning` is the deferral that the run comes back from, if it does. Raises NoWorkingDay.
    """
    contact = None if known.run.stage is Stage.WON else takedown_contact(known)
    first = [] if contact is None else [contact]
    if not known.calendar.is_working_day(known.on):
        return first
    due = _due_in(state, known, policy)
    if returning is not None and state in (State.NEGOTIATION, State.RESPONDED, State.OUTREACH):
        due = _with_callback(due, known.calendar.roll(returning.until))
    return first + due


def _due_in(state: State, known: Known, policy: Policy) -> list[Touch]:
    if state is State.APPOINTMENT:
        return _appointment_touches(known)
    if state is State.NEGOTIATION:
        return _if_reached(Step.CHECK_IN, check_in_due_on(known, policy), known.on)
    if state is State.RESPONDED and known.last_response is not None:
        return _if_reached(Step.NEXT_STEP, next_step_due_on(known, known.last_response.on), known.on)
    if state is State.OUTREACH:
        return outreach_touches(known, policy)
    return []


def check_in_due_on(known: Known, policy: Policy) -> date:
    """Working days after the last attempt or response, or after the put-out date. Raises NoWorkingDay."""
    last = known.last_attempt_or_response
    quiet_since = known.run.put_out_on if last is None else last.on
    return known.calendar.add_working_days(quiet_since, policy.check_in_after_working_days)


def _appointment_touches(known: Known) -> list[Touch]:
    earliest = known.scheduled[0]
    if earliest.at <= known.now:
        return [touch(Step.APPOINTMENT_OUTCOME, earliest.on)]
    if earliest.on == known.on:
        return [touch(Step.APPOINTMENT_TODAY, earliest.on)]
    return []


def _if_reached(step: Step, due_on: date, on: date) -> list[Touch]:
    return [touch(step, due_on)] if due_on <= on else []


def _with_callback(due: list[Touch], due_on: date) -> list[Touch]:
    """The first call becomes the call back that was promised; without a call, it comes last."""
    callback = touch(Step.CALLBACK, due_on)
    for index, one in enumerate(due):
        if one.kind is TouchKind.CALL:
            return [*due[:index], callback, *due[index + 1 :]]
    return [*due, callback]

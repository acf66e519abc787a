"""The state of a run on the local date of an instant: the first of PLAYBOOK 3 that fits."""

from datetime import date

from bot.playbook.assessment import State
from bot.playbook.calendar import ONE_DAY
from bot.playbook.deferral import holding_deferral
from bot.playbook.known import Known
from bot.playbook.run import Stage

ENDED = frozenset({Stage.WON, Stage.LOST, Stage.MOVED_OUT})


def state_of(known: Known) -> State:
    """Raises NoWorkingDay when the day after a response has no working day to roll to."""
    if known.run.stage in ENDED:
        return State.CLOSED
    if known.on < known.run.put_out_on:
        return State.NOT_STARTED
    if holding_deferral(known) is not None:
        return State.DEFERRED
    if known.scheduled:
        return State.APPOINTMENT
    if known.run.stage is Stage.NEGOTIATION:
        return State.NEGOTIATION
    if awaits_next_step(known):
        return State.RESPONDED
    return State.OUTREACH


def awaits_next_step(known: Known) -> bool:
    """Whether the last response is not spent by an attempt on the working day after it, or later."""
    response, attempt = known.last_response, known.last_attempt
    if response is None:
        return False
    if attempt is None or attempt.on <= response.on:
        return True
    return attempt.on < next_step_due_on(known, response.on)


def next_step_due_on(known: Known, responded_on: date) -> date:
    """The day after the last response, rolled. Raises NoWorkingDay."""
    return known.calendar.roll(responded_on + ONE_DAY)

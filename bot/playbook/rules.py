"""The playbook as a function: facts, calendar, instant and settings in; state, touches and gates out."""

from datetime import datetime

from bot.playbook.assessment import (
    Assessment,
    Exemption,
    MoveOut,
    MoveOutStatus,
    State,
    Step,
    Touch,
    TouchKind,
)
from bot.playbook.calendar import WorkCalendar
from bot.playbook.deferral import holding_deferral, spent_deferral
from bot.playbook.known import Known, known_at
from bot.playbook.move_out import move_out_gate
from bot.playbook.policy import Policy
from bot.playbook.run import Run
from bot.playbook.state import state_of
from bot.playbook.touches import touches_in
from bot.playbook.undocumented import put_out_is_undocumented

__all__ = [
    "Assessment",
    "Exemption",
    "MoveOut",
    "MoveOutStatus",
    "State",
    "Step",
    "Touch",
    "TouchKind",
    "assess",
    "assess_known",
]


def assess(run: Run, calendar: WorkCalendar, now: datetime, policy: Policy) -> Assessment:
    """State, touches and gates of `run` at the aware instant `now`, in the zone of the rep's calendar.

    Raises ValueError for an instant without zone, and its subclass NoWorkingDay when something has to roll
    and the calendar has no working day to roll to.
    """
    return assess_known(known_at(run, calendar, now), policy)


def assess_known(known: Known, policy: Policy) -> Assessment:
    """The same for facts that are already dated and filtered."""
    state = state_of(known)
    under_way = state not in (State.CLOSED, State.NOT_STARTED)
    holding = holding_deferral(known) if state is State.DEFERRED else None
    returning = spent_deferral(known) if under_way else None
    return Assessment(
        on=known.on,
        playbook_day=known.day if known.day >= 1 else None,
        state=state,
        touches=tuple(touches_in(state, known, policy, returning)),
        move_out=move_out_gate(known) if under_way else None,
        undocumented_put_out=under_way and put_out_is_undocumented(known),
        returning=returning is not None,
        deferred_until=None if holding is None else holding.until,
    )

"""When a run is worth looking at again, so that a morning reads only those that matter."""

from collections.abc import Iterator
from datetime import date, datetime

from bot.playbook.assessment import State
from bot.playbook.calendar import ONE_DAY, WorkCalendar
from bot.playbook.deferral import holding_deferral, spent_deferral
from bot.playbook.known import Known, as_utc, known_at
from bot.playbook.move_out import preview_on
from bot.playbook.policy import Policy
from bot.playbook.rules import assess_known
from bot.playbook.run import AppointmentStatus, Run
from bot.playbook.state import next_step_due_on, state_of
from bot.playbook.touches import check_in_due_on


def next_look(run: Run, calendar: WorkCalendar, now: datetime, policy: Policy) -> date | None:
    """The first local date, today included, on which `assess` has anything worth mentioning.

    None: never without a new fact. Never later than the truth as long as facts, calendar and settings stay
    as they are; recorded facts that lie after `now` may make it earlier. Raises as `assess` does.
    """
    known = known_at(run, calendar, now)
    coming = _first_coming_fact(run, calendar, known.now)
    day: date | None = known.on
    while day is not None and (coming is None or day < coming):
        # What a day brings is seen at its end: touches go only with a new fact, and a put-out day that is
        # still blank, or an appointment that has begun, shows late in the day.
        known = known.at_end_of(day)
        if assess_known(known, policy).worth_mentioning:
            return day
        day = min(_turning_points(known, policy), default=None)
    return coming


def _first_coming_fact(run: Run, calendar: WorkCalendar, now: datetime) -> date | None:
    instants = [activity.at for activity in run.activities]
    instants += [deferral.made_at for deferral in run.deferrals]
    # A scheduled appointment is known beforehand; one that is already called held answers at its start.
    instants += [one.starts_at for one in run.appointments if one.status is AppointmentStatus.HELD]
    return min((calendar.local_date(at) for at in map(as_utc, instants) if at > now), default=None)


def _turning_points(known: Known, policy: Policy) -> Iterator[date]:
    """Dates after `known.on`, a day with nothing to mention: until the first of them nothing changes."""
    run, on = known.run, known.on
    state = state_of(known)
    if state is State.CLOSED:
        return
    gates = [run.put_out_on, preview_on(run.put_out_on), *(start.on for start in known.scheduled)]
    yield from (gate for gate in gates if gate > on)
    if state is State.NOT_STARTED:
        return
    documented_by = known.calendar.roll(run.put_out_on)
    if documented_by > on:
        yield documented_by
    if deferral := holding_deferral(known):
        yield deferral.until
    elif state is not State.APPOINTMENT or known.scheduled[0].on <= on:
        yield known.calendar.roll(max(_quiet_until(state, known, policy), on + ONE_DAY))


def _quiet_until(state: State, known: Known, policy: Policy) -> date:
    """Before this date the state itself asks for nothing; `known.on` if that cannot be said."""
    if spent_deferral(known) is not None:
        return known.on
    if state is State.NEGOTIATION:
        return check_in_due_on(known, policy)
    if state is State.RESPONDED and known.last_response is not None:
        return next_step_due_on(known, known.last_response.on)
    return known.on

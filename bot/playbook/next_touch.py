"""What comes next on a run on which nothing is due now, if nothing else happens until then."""

from datetime import date, datetime, timedelta

from bot.playbook.assessment import Touch
from bot.playbook.calendar import ONE_DAY, WorkCalendar
from bot.playbook.known import known_at
from bot.playbook.policy import Policy
from bot.playbook.rules import assess_known
from bot.playbook.run import Run

LONGEST_QUIET = timedelta(days=60)
"""Longer than any rule is silent by itself; a deferral is looked past."""


def next_touch(run: Run, calendar: WorkCalendar, now: datetime, policy: Policy) -> tuple[date, Touch] | None:
    """The first touch after the local date of `now`, and its date; None when none comes without a new fact.

    Raises as `assess` does.
    """
    known = known_at(run, calendar, now)
    starts = [known.on, run.put_out_on - ONE_DAY]
    held_until = assess_known(known, policy).deferred_until
    if held_until is not None:
        starts.append(held_until - ONE_DAY)
    day = max(starts)
    last = day + LONGEST_QUIET
    while day < last:
        day += ONE_DAY
        known = known.at_end_of(day)
        touches = assess_known(known, policy).touches
        if touches:
            return day, touches[0]
    return None

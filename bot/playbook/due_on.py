"""Since when an account lies untouched: the due date of the day's first call (PLAYBOOK 4)."""

from datetime import date

from bot.playbook.calendar import ONE_DAY
from bot.playbook.deferral import has_run_out, holds, newest_deferral
from bot.playbook.first_call import first_call
from bot.playbook.known import Known
from bot.playbook.policy import Policy


def untouched_since(known: Known, policy: Policy) -> date:
    """The first working day since the last attempt or response at whose end a call was due, else `known.on`.

    For runs in outreach. The days asked about have seen no attempt and no response, so of the state on such
    a day only the deferrals can differ from today's: appointments and stage are taken as they are now, and
    a response that is spent today was spent on them. Raises NoWorkingDay.
    """
    last = known.last_attempt_or_response
    day = known.run.put_out_on if last is None else last.on + ONE_DAY
    while day < known.on:
        if known.calendar.is_working_day(day) and _call_was_due(known, policy, day):
            return day
        day += ONE_DAY
    return known.on


def _call_was_due(known: Known, policy: Policy, day: date) -> bool:
    deferral = newest_deferral(known, by=day)
    if deferral is not None:
        if holds(deferral, known, day):
            return False
        if has_run_out(deferral, known, day):
            return True
    return first_call(known, policy, day) is not None

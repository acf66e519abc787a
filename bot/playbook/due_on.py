"""Since when an account lies untouched: the due date of the day's first call (PLAYBOOK 4)."""

from datetime import date

from bot.playbook.calendar import ONE_DAY
from bot.playbook.first_call import first_call
from bot.playbook.known import Known
from bot.playbook.policy import Policy


def untouched_since(known: Known, policy: Policy) -> date:
    """The first working day since the last attempt or response at whose end a call was due, else `known.on`.

    For a run in outreach that is not returning from a deferral. The days asked about saw neither an attempt
    nor a response, so what was due at their end needs no look at the other states: appointments and stage
    are taken as they are now, and the attempt or response that ended the last deferral, or spent the last
    response, came before them. Raises NoWorkingDay.
    """
    last = known.last_attempt_or_response
    day = known.run.put_out_on if last is None else last.on + ONE_DAY
    while day < known.on:
        if known.calendar.is_working_day(day) and first_call(known, policy, day) is not None:
            return day
        day += ONE_DAY
    return known.on

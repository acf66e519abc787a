"""The put-out date has to leave a trace (PLAYBOOK 2)."""

from bot.playbook.known import Known


def put_out_is_undocumented(known: Known) -> bool:
    """Whether the rep's day has ended on the put-out date (rolled) with no activity and no deferral by then.

    What is done later that evening still mends it. For a run that is under way. Raises NoWorkingDay.
    """
    put_out_on, documented_on = known.run.put_out_on, known.first_documented_on
    if documented_on == put_out_on:
        return False
    last_day = known.calendar.roll(put_out_on)
    if documented_on is not None and documented_on <= last_day:
        return False
    return known.now >= known.calendar.end_of_day(last_day)

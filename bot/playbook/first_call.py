"""The day's first call in outreach: which one it is, if one is due at all (PLAYBOOK 4, 1 to 4)."""

from datetime import date, timedelta
from typing import NamedTuple

from bot.playbook.assessment import Step
from bot.playbook.calendar import ONE_DAY, WorkCalendar
from bot.playbook.known import Known
from bot.playbook.policy import Policy

OPENING_DAYS = 3
DAILY_DAYS = 7
CANCELLATION_DAY = 14
RHYTHM_DAYS = 28


class FirstCall(NamedTuple):
    """The step of the day's first call, and its slot of how many."""

    step: Step
    slot: int | None
    of: int | None


def first_call(known: Known, policy: Policy, on: date) -> FirstCall | None:
    """The call due on the working day `on` on which no call was made yet. Raises NoWorkingDay.

    No call that is known may be later than `on`.
    """
    day = known.day_of(on)
    if day >= CANCELLATION_DAY and known.first_cancellation_email is None:
        turn = cancellation_turn(known)
        if on >= turn and not (known.calls and known.calls[-1].on >= turn):
            return FirstCall(Step.FINAL_CALL, None, None)
    if not known.calls or day <= OPENING_DAYS:
        if day <= DAILY_DAYS:
            return FirstCall(Step.OPENING_CALL, 1, policy.contacts_per_day)
        return FirstCall(Step.OPENING_CALL, None, None)
    if day <= DAILY_DAYS:
        return FirstCall(Step.FOLLOW_UP_CALL, 1, policy.contacts_per_day)
    if day <= RHYTHM_DAYS:
        return _weekly_call(known, policy, on)
    return None


def cancellation_turn(known: Known) -> date:
    """Day 14, rolled: from then on one more call, then the cancellation email. Raises NoWorkingDay."""
    return known.calendar.roll(known.run.put_out_on + timedelta(days=CANCELLATION_DAY - 1))


def _weekly_call(known: Known, policy: Policy, on: date) -> FirstCall | None:
    week_starts = on - timedelta(days=(known.day_of(on) - 1) % 7)
    planned = planned_days(known.calendar, week_starts, policy.calls_per_week)
    called = len({call.on for call in known.calls if week_starts <= call.on < on})
    reached = sum(1 for day in planned if day <= on)
    if reached <= called:
        return None
    return FirstCall(Step.WEEKLY_CALL, called + 1, len(planned))


def planned_days(calendar: WorkCalendar, week_starts: date, calls_per_week: int) -> list[date]:
    """The working days of a playbook week on which its calls are planned: from the first to the last."""
    week = [week_starts + ONE_DAY * offset for offset in range(7)]
    working = [day for day in week if calendar.is_working_day(day)]
    calls = min(calls_per_week, len(working))
    if calls <= 1:
        return working[:calls]
    gaps, stretch = calls - 1, len(working) - 1
    # Half a day rounds up; whole numbers, because 2.5 has to become 3 without doubt.
    return [working[(2 * index * stretch + gaps) // (2 * gaps)] for index in range(calls)]

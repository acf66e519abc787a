"""What is due on a working day in outreach (PLAYBOOK 2 and 4)."""

from datetime import datetime, timedelta

from bot.playbook.assessment import Step, Touch, touch
from bot.playbook.due_on import untouched_since
from bot.playbook.first_call import DAILY_DAYS, OPENING_DAYS, RHYTHM_DAYS, first_call
from bot.playbook.known import Known
from bot.playbook.policy import Policy
from bot.playbook.takedown import cancellation_email, takedown_email


def outreach_touches(known: Known, policy: Policy) -> list[Touch]:
    """In the order of PLAYBOOK 4. Raises NoWorkingDay."""
    calls_today = [call.at for call in known.calls if call.on == known.on]
    cancellation = cancellation_email(known)
    due = (
        _review(known),
        _after_a_call(known, policy, calls_today, cancellation)
        if calls_today
        else _first_call(known, policy),
        cancellation,
        takedown_email(known),
    )
    return [one for one in due if one is not None]


def _review(known: Known) -> Touch | None:
    if known.reviewed or known.day > DAILY_DAYS:
        return None
    return touch(Step.REVIEW, known.calendar.roll(known.run.put_out_on))


def _first_call(known: Known, policy: Policy) -> Touch | None:
    call = first_call(known, policy, known.on)
    if call is None:
        return None
    return touch(call.step, untouched_since(known, policy), slot=call.slot, of=call.of)


def _after_a_call(
    known: Known, policy: Policy, calls_today: list[datetime], cancellation: Touch | None
) -> Touch | None:
    """The second contact of the day. The call made no contact: else the run would not be in outreach."""
    wrote_today = known.last_email is not None and known.last_email.on == known.on
    if known.day <= OPENING_DAYS:
        if wrote_today or policy.contacts_per_day < 2:
            return None
        return touch(Step.OPENING_EMAIL, known.on, slot=2, of=2)
    if known.day <= DAILY_DAYS:
        if len(calls_today) > 1 or policy.contacts_per_day < 2:
            return None
        not_before = second_call_not_before(known, policy, calls_today[0])
        return touch(Step.SECOND_CALL, known.on, slot=2, of=2, not_before=not_before)
    if known.day <= RHYTHM_DAYS and not wrote_today and cancellation is None:
        return touch(Step.FOLLOW_UP_EMAIL, known.on)
    return None


def second_call_not_before(known: Known, policy: Policy, first: datetime) -> datetime:
    """Hours of elapsed time after the first call of the day, but early enough before the rep's day ends.

    `first` is in UTC, where adding hours is elapsed time; the answer is in the rep's zone.
    """
    after = first + timedelta(hours=policy.second_call_after_hours)
    latest = known.calendar.end_of_day(known.on) - timedelta(hours=policy.second_call_before_day_end_hours)
    return max(first, min(after, latest)).astimezone(known.calendar.tz)

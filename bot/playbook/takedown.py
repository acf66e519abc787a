"""Cancellation and takedown: what has to be sent, when it may be, and who is told (PLAYBOOK 3.3, 4 and 6)."""

from datetime import date, timedelta

from bot.playbook.assessment import EXPIRES_ON_MISSING, Step, Touch, touch
from bot.playbook.first_call import CANCELLATION_DAY, cancellation_turn
from bot.playbook.known import Known

TAKEDOWN_AFTER = timedelta(days=7)


def takedown_reached(expires_on: date | None, on: date) -> bool:
    """Whether `on` is the seventh day after the contract's expiration, or later: a gate, not a setting."""
    return expires_on is not None and on - expires_on >= TAKEDOWN_AFTER


def takedown_contact(known: Known) -> Touch | None:
    """The site is down and the customer was neither reached nor written to since; on any day of the week."""
    down = known.last_site_down
    if down is None:
        return None
    reached, wrote = known.last_connected_call, known.last_email
    if (reached is not None and reached.at > down.at) or (wrote is not None and wrote.at > down.at):
        return None
    tried = bool(known.calls) and known.calls[-1].at > down.at
    return touch(Step.TAKEDOWN_EMAIL_NOTICE if tried else Step.TAKEDOWN_CALL, down.on)


def cancellation_email(known: Known) -> Touch | None:
    """Due from the first call on or after day 14 (rolled) until it is sent. Raises NoWorkingDay."""
    if known.day < CANCELLATION_DAY or known.first_cancellation_email is not None:
        return None
    turn = cancellation_turn(known)
    called_on = next((call.on for call in known.calls if call.on >= turn), None)
    if called_on is None:
        return None
    run = known.run
    return touch(
        Step.CANCELLATION_EMAIL,
        known.calendar.roll(called_on),
        blocked=EXPIRES_ON_MISSING if run.expires_on is None else None,
        takedown_wording=run.hosts_site and takedown_reached(run.expires_on, known.on),
    )


def takedown_email(known: Known) -> Touch | None:
    """Due from expiration + 7 days, after the cancellation email, for a site we host that is still up."""
    run, canceled = known.run, known.first_cancellation_email
    if not run.hosts_site or run.expires_on is None or canceled is None:
        return None
    if known.takedown_email_sent or known.last_site_down is not None:
        return None
    if not takedown_reached(run.expires_on, known.on):
        return None
    due_on = known.calendar.roll(max(run.expires_on + TAKEDOWN_AFTER, canceled.on))
    return touch(Step.TAKEDOWN_EMAIL, due_on) if due_on <= known.on else None

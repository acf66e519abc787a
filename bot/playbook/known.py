"""What is known of a run at an instant: its own facts, dated in the rep's zone (PLAYBOOK 1).

Left out are facts later than the instant and what belongs to an earlier run.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from bot.playbook.calendar import WorkCalendar
from bot.playbook.run import CONNECTED, EMAIL_KINDS, ActivityKind, AppointmentStatus, Run


class Moment(NamedTuple):
    """When something happened: the instant in UTC, and the rep's local date."""

    at: datetime
    on: date


class NotBefore(NamedTuple):
    """A deferral: when it was made, and the date D before which nothing is due."""

    made: Moment
    until: date


@dataclass(slots=True)
class Known:
    """The facts that count at `now` (UTC), on the rep's local date `on`; sequences are oldest first."""

    run: Run
    calendar: WorkCalendar
    now: datetime
    on: date
    calls: list[Moment]
    deferrals: list[NotBefore]
    scheduled: list[Moment]
    last_connected_call: Moment | None = None
    last_email: Moment | None = None
    last_attempt: Moment | None = None
    last_response: Moment | None = None
    last_site_down: Moment | None = None
    first_cancellation_email: Moment | None = None
    takedown_email_sent: bool = False
    reviewed: bool = False
    first_documented_on: date | None = None

    @property
    def day(self) -> int:
        """The playbook day: 1 on the put-out date, below 1 before it."""
        return self.day_of(self.on)

    def day_of(self, day: date) -> int:
        return (day - self.run.put_out_on).days + 1

    @property
    def last_attempt_or_response(self) -> Moment | None:
        return _later(self.last_attempt, self.last_response)

    def at_end_of(self, day: date) -> "Known":
        """The same facts at the end of a day that is not before `on`, if nothing else happens until then."""
        return replace(self, on=day, now=self.calendar.last_instant(day))


def known_at(run: Run, calendar: WorkCalendar, now: datetime) -> Known:
    """What is known of `run` at the aware instant `now`. Raises ValueError for an instant without zone."""
    now = as_utc(now)
    known = Known(run, calendar, now, calendar.local_date(now), [], _deferrals(run, calendar, now), [])
    _take_activities(known)
    _take_appointments(known)
    documented = [deferral.made.on for deferral in known.deferrals if deferral.made.on >= run.put_out_on]
    if known.first_documented_on is not None:
        documented.append(known.first_documented_on)
    known.first_documented_on = min(documented, default=None)
    return known


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Two times of one zone compare by the wall clock: wrong when clocks change."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC)


def _take_activities(known: Known) -> None:
    put_out_on = known.run.put_out_on
    dated = []
    for activity in known.run.activities:
        at = as_utc(activity.at)
        if at <= known.now:
            on = known.calendar.local_date(at)
            if on >= put_out_on:
                dated.append((Moment(at, on), activity))
    dated.sort(key=lambda pair: pair[0].at)
    if dated:
        known.first_documented_on = dated[0][0].on
    for moment, activity in dated:
        kind = activity.kind
        if kind is ActivityKind.CALL:
            known.calls.append(moment)
            known.last_attempt = moment
            if activity.outcome == CONNECTED:
                known.last_connected_call = known.last_response = moment
        elif kind in EMAIL_KINDS:
            known.last_email = known.last_attempt = moment
            if kind is ActivityKind.CANCELLATION_EMAIL and known.first_cancellation_email is None:
                known.first_cancellation_email = moment
            elif kind is ActivityKind.TAKEDOWN_EMAIL:
                known.takedown_email_sent = True
        elif kind in (ActivityKind.REPLY, ActivityKind.MEETING_BOOKED):
            known.last_response = moment
        elif kind is ActivityKind.SITE_DOWN:
            known.last_site_down = moment
        elif kind is ActivityKind.REVIEW:
            known.reviewed = True


def _take_appointments(known: Known) -> None:
    """Scheduled ones, past and future; one that was held is a response at its start."""
    for appointment in known.run.appointments:
        status = appointment.status
        if status is AppointmentStatus.SCHEDULED or status is AppointmentStatus.HELD:
            at = as_utc(appointment.starts_at)
            start = Moment(at, known.calendar.local_date(at))
            if start.on < known.run.put_out_on:
                continue
            if status is AppointmentStatus.SCHEDULED:
                known.scheduled.append(start)
            elif at <= known.now:
                known.last_response = _later(known.last_response, start)
    known.scheduled.sort()


def _deferrals(run: Run, calendar: WorkCalendar, now: datetime) -> list[NotBefore]:
    deferrals = []
    for deferral in run.deferrals:
        at = as_utc(deferral.made_at)
        if at <= now and deferral.until >= run.put_out_on:
            deferrals.append(NotBefore(Moment(at, calendar.local_date(at)), deferral.until))
    # Sorting is stable: of two made at the same instant, the later in the list stays the newer.
    deferrals.sort(key=lambda deferral: deferral.made.at)
    return deferrals


def _later(one: Moment | None, other: Moment | None) -> Moment | None:
    if one is None or other is None:
        return one or other
    return max(one, other)

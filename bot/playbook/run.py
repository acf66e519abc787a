"""The facts of one run, as the rules read them (PLAYBOOK 1 and 9).

Every instant is an aware datetime; every date is a local date in the rep's zone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """Where the renewal stands now; the last three end the run."""

    OPEN = "open"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"
    MOVED_OUT = "moved_out"


class ActivityKind(StrEnum):
    """What somebody did on the run; only `CALL` carries an outcome."""

    CALL = "call"
    EMAIL = "email"
    REPLY = "reply"
    MEETING_BOOKED = "meeting_booked"
    REVIEW = "review"
    NOTE = "note"
    CANCELLATION_EMAIL = "cancellation_email"
    TAKEDOWN_EMAIL = "takedown_email"
    CARE_CONFIRMED = "care_confirmed"
    SITE_DOWN = "site_down"


class AppointmentStatus(StrEnum):
    """What became of a meeting; `SCHEDULED` in the past means that its result is not logged."""

    SCHEDULED = "scheduled"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELED = "canceled"


CONNECTED = "connected"
NO_CONTACT_OUTCOMES = ("no_answer", "left_voicemail", "left_live_message", "busy", "wrong_number")
CALL_OUTCOMES = (CONNECTED, *NO_CONTACT_OUTCOMES)

EMAIL_KINDS = frozenset({ActivityKind.EMAIL, ActivityKind.CANCELLATION_EMAIL, ActivityKind.TAKEDOWN_EMAIL})


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing done at an aware instant; `outcome` is set for calls only.

    An outcome other than `CONNECTED`, a portal's own included, is no contact.
    """

    at: datetime
    kind: ActivityKind
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting with the customer; `status` is what is known of it now."""

    starts_at: datetime
    status: AppointmentStatus


@dataclass(frozen=True, slots=True)
class Deferral:
    """ "Not before `until`", decided at the aware instant `made_at`."""

    made_at: datetime
    until: date


@dataclass(frozen=True, slots=True)
class Run:
    """One account's way through the playbook from its put-out date, with all that is recorded about it.

    Facts may be in any order, may lie after the instant of a question and may belong to an earlier run:
    the rules leave out what does not count. Only deferrals made at the same instant depend on their order.
    """

    id: str
    account: str
    put_out_on: date
    expires_on: date | None
    hosts_site: bool
    stage: Stage
    activities: tuple[Activity, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    deferrals: tuple[Deferral, ...] = ()

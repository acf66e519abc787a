"""What the rules answer about a run: its state, its touches and its gates (PLAYBOOK 3 to 5)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a run stands on a local date; PLAYBOOK 3 gives the order in which they are tried."""

    CLOSED = "closed"
    NOT_STARTED = "not_started"
    DEFERRED = "deferred"
    APPOINTMENT = "appointment"
    NEGOTIATION = "negotiation"
    RESPONDED = "responded"
    OUTREACH = "outreach"


class Step(StrEnum):
    """The named kind of a touch."""

    TAKEDOWN_CALL = "takedown_call"
    TAKEDOWN_EMAIL_NOTICE = "takedown_email_notice"
    APPOINTMENT_OUTCOME = "appointment_outcome"
    APPOINTMENT_TODAY = "appointment_today"
    CHECK_IN = "check_in"
    NEXT_STEP = "next_step"
    REVIEW = "review"
    FINAL_CALL = "final_call"
    OPENING_CALL = "opening_call"
    FOLLOW_UP_CALL = "follow_up_call"
    WEEKLY_CALL = "weekly_call"
    OPENING_EMAIL = "opening_email"
    SECOND_CALL = "second_call"
    FOLLOW_UP_EMAIL = "follow_up_email"
    CANCELLATION_EMAIL = "cancellation_email"
    TAKEDOWN_EMAIL = "takedown_email"
    CALLBACK = "callback"


class TouchKind(StrEnum):
    """What the rep does for a touch."""

    CALL = "call"
    EMAIL = "email"
    REVIEW = "review"
    MEETING = "meeting"
    LOG = "log"


KIND_OF = {
    Step.TAKEDOWN_CALL: TouchKind.CALL,
    Step.TAKEDOWN_EMAIL_NOTICE: TouchKind.EMAIL,
    Step.APPOINTMENT_OUTCOME: TouchKind.LOG,
    Step.APPOINTMENT_TODAY: TouchKind.MEETING,
    Step.CHECK_IN: TouchKind.CALL,
    Step.NEXT_STEP: TouchKind.CALL,
    Step.REVIEW: TouchKind.REVIEW,
    Step.FINAL_CALL: TouchKind.CALL,
    Step.OPENING_CALL: TouchKind.CALL,
    Step.FOLLOW_UP_CALL: TouchKind.CALL,
    Step.WEEKLY_CALL: TouchKind.CALL,
    Step.OPENING_EMAIL: TouchKind.EMAIL,
    Step.SECOND_CALL: TouchKind.CALL,
    Step.FOLLOW_UP_EMAIL: TouchKind.EMAIL,
    Step.CANCELLATION_EMAIL: TouchKind.EMAIL,
    Step.TAKEDOWN_EMAIL: TouchKind.EMAIL,
    Step.CALLBACK: TouchKind.CALL,
}

TAKEDOWN_CONTACT = frozenset({Step.TAKEDOWN_CALL, Step.TAKEDOWN_EMAIL_NOTICE})

EXPIRES_ON_MISSING = "expires_on_missing"


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing the rep has to do now.

    `slot` of `of` is "1 of 2". `due_on` is the rep's local date since when it is due; `not_before` an aware
    instant in the rep's zone, for the second call of a day. `blocked` names why it may not be done yet;
    `takedown_wording` says whether a cancellation email may announce the takedown (None on other touches).
    """

    step: Step
    kind: TouchKind
    slot: int | None
    of: int | None
    due_on: date
    not_before: datetime | None = None
    blocked: str | None = None
    takedown_wording: bool | None = None

    def overdue(self, on: date) -> bool:
        """Whether it was due before the rep's local date `on`."""
        return self.due_on < on


class MoveOutStatus(StrEnum):
    """How near the move-out is, or that something exempts the run from it."""

    AHEAD = "ahead"
    PREVIEW = "preview"
    DUE = "due"
    EXEMPT = "exempt"


class Exemption(StrEnum):
    """Why a run is not taken from its rep."""

    APPOINTMENT = "appointment"
    NEGOTIATION = "negotiation"


@dataclass(frozen=True, slots=True)
class MoveOut:
    """The gate of day 30: its date (in the calendar, not rolled) and where the run stands towards it."""

    on: date
    status: MoveOutStatus
    exempt_because: Exemption | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the rules say about a run at one instant.

    `on` is the rep's local date of that instant, `playbook_day` is None before the put-out date,
    `move_out` is None for a run that is closed or not started. `returning`: a deferral has run out and
    nobody has tried since. `deferred_until` is set in state deferred only.
    """

    on: date
    playbook_day: int | None
    state: State
    touches: tuple[Touch, ...]
    move_out: MoveOut | None
    undocumented_put_out: bool
    returning: bool
    deferred_until: date | None

    @property
    def worth_mentioning(self) -> bool:
        """Whether a digest or the manager's message has anything to say about the run."""
        return (
            bool(self.touches)
            or self.undocumented_put_out
            or (
                self.move_out is not None
                and self.move_out.status in (MoveOutStatus.PREVIEW, MoveOutStatus.DUE)
            )
        )


def touch(
    step: Step,
    due_on: date,
    *,
    slot: int | None = None,
    of: int | None = None,
    not_before: datetime | None = None,
    blocked: str | None = None,
    takedown_wording: bool | None = None,
) -> Touch:
    """A touch of the kind its step has (PLAYBOOK 4)."""
    return Touch(step, KIND_OF[step], slot, of, due_on, not_before, blocked, takedown_wording)

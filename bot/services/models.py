"""What people are shown, before it is drawn: plain values that services fill and view builders read.

All dates are local dates of the reader; instants are aware, in the reader's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.playbook.assessment import MoveOut, State, Touch
from bot.playbook.email_templates import Emails
from bot.playbook.stage_signs import Fitting
from bot.services.crm_changes import CrmChange
from bot.services.not_taken import NotTaken


@dataclass(frozen=True, slots=True)
class ReportTold:
    """Who was told that a report is missing, and who has acknowledged it, when (in the reader's zone)."""

    fact_id: int
    to: tuple[str, ...]
    untold: tuple[str, ...] = ()  # whom the message did not reach
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True)
class Tracked:
    """A logged email as HubSpot has it; `at` in the reader's zone, None: not there yet.

    Mail programs open by themselves, and people read without opening: `opens` and `clicks` prove nothing.
    """

    at: datetime | None
    opens: int | None = None
    clicks: int | None = None


@dataclass(frozen=True, slots=True)
class AwayOffer:
    """A customer's automatic answer that proposes a deferral. `says`: `until`, `last`, `back`, or empty.

    `day` is the date that it names, `until` the working day on which to call again; `sure`: it has one reading.
    `one_tap`: nothing is left to decide but yes or no.
    """

    reply_id: int
    sender: str
    says: str
    day: date | None
    sure: bool
    until: date | None
    one_tap: bool
    quote: str


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """Something logged on a run today: "No answer, 10:05 by Ana"."""

    fact_id: int
    kind: str  # playbook activity kind, `deferral`, `appointment` or `stage`
    outcome: str | None  # of a reply: `email` or `call`; the portal's own call outcome by its name
    at: datetime
    actor: str  # the person's name, or "HubSpot"
    until: date | None = None  # of a deferral
    starts_at: datetime | None = None  # of an appointment
    note: str | None = None
    undoable: bool = False
    changeable: bool = False
    changed: bool = False  # it says anew what was logged before
    crm: str = "none"  # none | waiting (saved, not yet in HubSpot) | arrived | failed | contested | kept_here
    not_taken: NotTaken | None = None  # why HubSpot does not have it, and what can be done
    then: tuple[LoggedLine, ...] = ()  # what was logged in the same go: the result of a connected call
    told: ReportTold | None = None  # of a missing report
    tracked: Tracked | None = None  # of an email, on a card where HubSpot tracks


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One run as a message shows it."""

    run_id: int
    account: str
    url: str | None  # the deal in HubSpot
    playbook_day: int | None
    state: State
    stage: str
    price: str | None  # "140 USD/month"
    put_out_on: date
    expires_on: date | None
    hosts_site: bool
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    touches: tuple[Touch, ...]
    move_out: MoveOut | None
    deferred_until: date | None = None
    returning: bool = False
    logged: tuple[LoggedLine, ...] = ()
    owner: str | None = None
    covers_for: str | None = None  # the owner on leave, whose account the reader works meanwhile
    appointment_at: datetime | None = None  # the one the touch speaks of
    gone: str | None = None  # why it is no longer this reader's: "moved to Ben", "deleted in HubSpot"
    kept_until: date | None = None  # the manager keeps it with its rep beyond day 30
    changes: tuple[CrmChange, ...] = ()  # in HubSpot, of which the reader has not been told
    kept_fact: int | None = None  # that decision
    rep: str | None = None  # who works it: the owner, or who covers
    emails: Emails = field(default_factory=Emails)  # the team's words for what the rep sends
    meeting_link: str | None = None  # where customers book a time with the rep
    away: AwayOffer | None = None  # what a customer's automatic answer proposes
    price_cents: int | None = None  # for one price_period
    currency: str = "USD"
    price_period: str = "month"
    fits: Fitting | None = None  # the stage that fits what happened, where it is another
    lags: bool = False  # and it has lagged behind for long enough to say so
    next_term_missing: bool = False  # won by somebody in HubSpot, and nobody has said what follows


@dataclass(frozen=True, slots=True)
class MissingReport:
    """Which account's report is missing, who says so, and what became of it (`entry.told`)."""

    message_id: int
    line: AccountLine
    by: str
    on: date
    now: datetime
    fact_id: int
    entry: LoggedLine | None  # None: taken back


@dataclass(frozen=True, slots=True)
class UntrackedEmail:
    """An email logged as sent whose tracked record never showed up in HubSpot (PLAYBOOK 6)."""

    run_id: int
    account: str
    url: str | None
    kind: str  # email | cancellation_email | takedown_email
    at: datetime
    by: str  # who logged it


@dataclass(frozen=True, slots=True)
class Digest:
    """A rep's morning, or a batch during the day (`kind`): what is due, in reading order."""

    message_id: int
    kind: str  # digest | second_calls | new_runs | returning | takedown | undocumented
    reader: str
    on: date
    now: datetime  # in the reader's zone
    lines: tuple[AccountLine, ...]  # of this page
    page: int
    pages: int
    total: int  # accounts over all pages
    late: int
    done: int
    next_working_day: date | None = None
    untracked: tuple[UntrackedEmail, ...] = ()  # of a morning: what the rep logged and HubSpot never saw
    several: int = 0  # accounts over all pages on which something can be logged now


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """An overdue touch as the manager sees it: since when, how long, why."""

    line: AccountLine
    touch: Touch
    working_days_late: int
    why: str  # "never called", "last attempt Tue 3 Nov", ...


@dataclass(frozen=True, slots=True)
class MoveOutLine:
    """A run on day 28 to 30 and beyond."""

    line: AccountLine
    moves_on: date
    why: str  # "no future appointment and not in negotiation"
    kept_until: date | None = None
    kept_because: str | None = None


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A run that moved out: by which fact, when (in the manager's zone), and who decided it (None: nobody)."""

    line: AccountLine
    fact_id: int
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class CareLine:
    """A site that Customer Care was asked to take down and has not."""

    line: AccountLine
    asked_on: date


@dataclass(frozen=True, slots=True)
class RepGroup:
    rep: str
    overdue: tuple[OverdueLine, ...]


@dataclass(frozen=True, slots=True)
class NewOwner:
    """An account that somebody gave another owner in HubSpot; None: nobody, or nobody whom we know."""

    account: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ManagerMorning:
    """The manager channel's one message of the morning."""

    message_id: int
    on: date
    now: datetime
    team: str
    overdue: tuple[RepGroup, ...]
    undocumented: tuple[AccountLine, ...]
    previews: tuple[MoveOutLine, ...]
    move_outs: tuple[MoveOutLine, ...]
    cleared: int  # entries of this morning that are cleared by now
    unreachable: tuple[str, ...] = ()  # who could not be told, why, and what is due there
    page: int = 0
    pages: int = 1
    moved: tuple[MovedLine, ...] = ()  # since the last message
    kept: tuple[MoveOutLine, ...] = ()  # since the last message, too
    care_late: tuple[CareLine, ...] = ()
    new_owners: tuple[NewOwner, ...] = ()
    moves_at: datetime | None = None  # when what nobody kept moves out; None: nothing moves by itself
    to_review: int = 0  # accounts of before going live that waited in the list to review this morning
    untracked: tuple[UntrackedEmail, ...] = ()
    lagging: tuple[AccountLine, ...] = ()  # whose stage lags behind what happened, and whose rep was told


@dataclass(frozen=True, slots=True)
class ReviewList:
    """What was past day 30 before the assistant went live: looked through once, at the manager's own pace."""

    message_id: int
    on: date
    now: datetime
    team: str
    lines: tuple[MoveOutLine, ...]
    decided: int
    page: int = 0
    kept: tuple[MoveOutLine, ...] = ()  # of those decided, while it lasts
    moved: tuple[MovedLine, ...] = ()  # in the order in which they moved


@dataclass(frozen=True, slots=True)
class GuardedSum:
    """The dates a rep double-checks before a cancellation or takedown email (PLAYBOOK 6)."""

    account: str
    on: date
    put_out_on: date
    expires_on: date | None
    takedown_from: date | None  # expiration + 7
    takedown_wording: bool
    blocked: tuple[str, ...] = ()  # sentences: why it may not be sent

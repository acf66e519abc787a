"""What an account's card shows, before it is drawn. Dates are local, instants in the reader's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.playbook.assessment import Touch
from bot.playbook.review_angle import Angle
from bot.playbook.satisfaction import Satisfaction
from bot.services.models import AccountLine, LoggedLine, ReportTold


@dataclass(frozen=True, slots=True)
class May:
    """What may be done on the account now by this reader."""

    work: bool = False  # log, defer, be reminded
    decide: bool = False  # keep, move out, give back
    confirm_down: bool = False
    acknowledge: int | None = None  # the fact of the missing report that waits for them
    close: tuple[str, ...] = ()  # how it may be closed now: won, lost
    reopen: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next: a touch that is due now, one of a later day, or an appointment at its time."""

    touch: Touch | None
    on: date
    at: datetime | None = None
    now: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the rhythm is done: contacts of the day on days 1-7, calls of the week on days 8-28."""

    done: int
    wanted: int | None  # None: no rhythm applies
    per: str  # day | week


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Somebody at the customer."""

    name: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Nps:
    """The last answer to the survey, and what it says today."""

    satisfaction: Satisfaction
    score: int | None = None
    on: date | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Takedown:
    """A takedown that is under way: the email went out, Customer Care was asked, or the site is down."""

    sent_on: date | None = None
    asked_on: date | None = None
    down_on: date | None = None
    reached: bool = False  # the customer was told since


@dataclass(frozen=True, slots=True)
class Brief:
    """What to know before the first call; `contacts_before`: in the year before the put-out date."""

    price: str | None
    high_value: bool | None
    reports_url: str | None
    analytics_url: str | None
    told: ReportTold | None  # of a report that is missing
    last: tuple[LoggedLine, ...]
    contacts_before: int
    nps: Nps
    angles: tuple[Angle, ...]


@dataclass(frozen=True, slots=True)
class StageJump:
    """How somebody moved the stage in HubSpot, where the playbook has no such move; HubSpot's word stands."""

    old: str
    new: str
    on: date


@dataclass(frozen=True, slots=True)
class AccountCard:
    """Where a renewal stands, for one reader; `line.gone` says why it is not theirs to see any more."""

    line: AccountLine
    on: date
    now: datetime
    may: May
    own: bool  # whether the reader is its owner
    coming: Coming | None
    progress: Progress
    contacts: tuple[ContactLine, ...]
    nps: Nps
    reports_url: str | None
    analytics_url: str | None
    history: tuple[LoggedLine, ...]  # newest first
    earlier: int  # how many more there are
    undocumented: bool
    takedown: Takedown | None = None
    brief: Brief | None = None  # while the account review is due
    move_out_fact: int | None = None  # by which the run is moved out
    set_in_hubspot: StageJump | None = None

"""Whether an account can take an outcome that is logged on several at once, and on which of its touches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Self

from bot.playbook.assessment import Assessment, State, Step, Touch, TouchKind
from bot.playbook.calendar import WorkCalendar
from bot.services.acts.acting import moment
from bot.services.acts.defer import DAY_30
from bot.services.dates import read_date, require_later, spoken
from bot.services.errors import BadField
from bot.store.book import RunRecord

EMAIL: Final = "email"
REVIEW: Final = "review"
DEFER: Final = "defer"
_KINDS: Final = {EMAIL: TouchKind.EMAIL, REVIEW: TouchKind.REVIEW}
_CLOSED: Final = ("won", "lost", "moved_out")
# Irreversible, so each is seen alone with its dates (PLAYBOOK 6).
_GUARDED: Final = (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL)


@dataclass(frozen=True, slots=True)
class Several:
    """What is logged on each of several accounts.

    `outcome`: a call outcome that made no contact (`own:ID` for the portal's), `email`, `review` or `defer`, which
    has a reason, a note and a local date, in words (`when_text`) until they are read.
    """

    outcome: str
    note: str | None = None
    reason: str | None = None
    until: date | None = None
    when_text: str | None = None

    @property
    def kind(self) -> str:
        """The kind of fact: `call`, `email`, `review`, or `defer`."""
        return self.outcome if self.outcome in (EMAIL, REVIEW, DEFER) else "call"

    def as_data(self) -> dict[str, Any]:
        """As it is kept; the date is read by then."""
        until = self.until.isoformat() if self.until else None
        return {"outcome": self.outcome, "note": self.note, "reason": self.reason, "until": until}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        until = date.fromisoformat(data["until"]) if data["until"] else None
        return cls(data["outcome"], data["note"], data["reason"], until)


@dataclass(frozen=True, slots=True)
class Judged:
    """The touch that an outcome answers (None: the run as a whole), or why it cannot; what it leads to."""

    touch: Touch | None = None
    why: str | None = None
    means: str | None = None


def read_several(wanted: Several, calendar: WorkCalendar, today: date) -> Several:
    """The same with its date read by the person's own calendar. Raises BadField (`when`)."""
    if wanted.kind != DEFER:
        return replace(wanted, reason=None, until=None, when_text=None)
    if wanted.until is None and wanted.when_text is None:
        raise BadField("when", "Say until when, for example: Monday, in 2 weeks, end of month.")
    if wanted.until is not None:
        return replace(wanted, until=require_later(wanted.until, today), when_text=None)
    return replace(wanted, until=read_date(wanted.when_text or "", today, calendar), when_text=None)


def refusal_of(run: RunRecord, said: Assessment, what: Several, now: datetime, tz: str) -> Judged:
    """What the outcome would be logged on now; hours in the sentences are of zone `tz`."""
    if run.gone_at is not None:
        return Judged(why="deleted in HubSpot, or not in the renewals pipeline any more")
    if run.stage in _CLOSED and (what.kind == DEFER or not said.touches):
        return Judged(why=f"closed ({run.stage.replace('_', ' ')})")
    if what.kind == DEFER:
        return _deferral(run, said, what.until or date.min)
    kind = _KINDS.get(what.kind, TouchKind.CALL)
    due = [touch for touch in said.touches if touch.kind is kind]
    plain = [touch for touch in due if touch.step not in _GUARDED]
    if due and not plain:
        named = due[0].step.value.replace("_", " ")
        return Judged(why=f"the {named} goes out from its preview, one account at a time")
    if not plain:
        return Judged(why=_not_due(said, what))
    ripe = [touch for touch in plain if touch.not_before is None or touch.not_before <= now]
    if not ripe:
        later = min(touch.not_before for touch in plain if touch.not_before is not None)
        return Judged(why=f"the {what.kind} is not due before {moment(later, tz, now)}")
    return Judged(touch=ripe[0])


def _deferral(run: RunRecord, said: Assessment, until: date) -> Judged:
    if until <= said.on:
        return Judged(why=f"{spoken(until)} is not later than its own today, {spoken(said.on)}")
    if run.put_out_on > until:
        return Judged(why=f"put out on {spoken(run.put_out_on)}, after the date you set")
    day_30 = run.put_out_on + DAY_30
    past = f"past day 30 ({spoken(day_30)}): it moves out all the same unless your manager keeps it"
    return Judged(means=past if until > day_30 else None)


def _not_due(said: Assessment, what: Several) -> str:
    because = ""
    if said.deferred_until is not None:
        because = f": deferred until {spoken(said.deferred_until)}"
    elif said.state is State.APPOINTMENT:
        because = ": it has an appointment"
    return f"no {what.kind} is due now{because}"

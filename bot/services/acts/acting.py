"""The one door through which a person acts on a run: locked, authorised and read afresh (FAULTS I4, I5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.playbook.assessment import Assessment, Touch
from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.services.acts.record import Known, NewFact, Origin, record
from bot.services.acts.stages import require_move
from bot.services.errors import NotYours, StaleTouch
from bot.services.outgoing.redraws import Pressed
from bot.services.people.calendars import Calendars
from bot.services.people.cover import Covers
from bot.services.people.roles import Who, audit_refusal, known_person, manages, require_may_work
from bot.services.runs.call_outcomes import outcome_names
from bot.services.runs.kept import taken_from
from bot.services.work import Work
from bot.store.book import LoadedRun, load_run, to_run
from bot.store.facts import lock_run
from bot.store.received import first_time
from bot.store.tables import Fact, Person, RunRow

GONE = (
    "I cannot find this account any more: it was deleted or left the renewals pipeline. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class TouchAt:
    """The touch a person answers: the run, its step as shown, and the local date on which it was shown."""

    run_id: int
    step: str | None
    on: date
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Click:
    """One interaction: who, its idempotency key, and through which surface it came."""

    who: Who
    key: str
    surface: str  # button | form | command | message
    response_url: str | None = None
    message_id: int | None = None  # the message that was pressed, as the button's value says
    place: tuple[str | None, str | None] = (None, None)  # where it was pressed, as Slack says: channel and ts

    @property
    def pressed(self) -> Pressed:
        return Pressed(self.message_id, *self.place, self.response_url)


@dataclass(frozen=True, slots=True)
class Acting:
    """A person with a locked run in front of them, inside one transaction."""

    work: Work
    session: Session
    click: Click
    person: Person
    owner: Person | None
    run: RunRow
    loaded: LoadedRun
    calendar: WorkCalendar
    assessment: Assessment
    repeated: bool  # the same interaction was handled before: nothing may happen again

    @property
    def today(self) -> date:
        """The run's local date now."""
        return self.assessment.on

    @property
    def touches(self) -> tuple[Touch, ...]:
        return self.assessment.touches

    def write(self, *facts: NewFact, step: str | None = None, mark: str = "") -> list[Fact]:
        """Record facts in the name of the person; once for each click, whose key they carry, and `mark`.

        Raises NotAllowed for a stage to which the run may not move; taking back one is no such move.
        """
        for fact in facts:
            if fact.kind == "stage" and fact.outcome is not None and fact.supersedes_id is None:
                may_reopen = manages(self.work.config, self.person, self.owner)
                require_move(
                    self.run.account, self.run.stage, fact.outcome, self.work.policy, manager=may_reopen
                )
        origin = Origin(
            key=f"slack:{self.click.key}{mark}",
            source="slack",
            surface=self.click.surface,
            step=step,
            pressed=self.click.pressed,
        )
        known = Known(self.loaded, self.calendar)
        return record(self.work, self.session, self.run, self.person, origin, facts, known)

    def require_due(self, at: TouchAt) -> Touch | None:
        """The touch, if it is due now. Raises StaleTouch when it is of another day, done, or gone.

        A TouchAt without a step stands for the run as a whole: then only the run has to be there.
        """
        self.require_there()
        if at.step is None:
            return None
        for touch in self.touches:
            if touch.step == at.step and at.on == self.today:
                return touch
        raise StaleTouch(self._why_stale(at))

    def require_there(self) -> None:
        """Raises StaleTouch when the deal was deleted or has left the pipeline."""
        if self.run.gone_at is not None:
            raise StaleTouch(GONE)

    def _why_stale(self, at: TouchAt) -> str:
        done = [fact for fact in self.loaded.facts if fact.step == at.step]
        if done:
            last = max(done, key=lambda fact: (fact.recorded_at, fact.id))
            by = self.session.get(Person, last.actor_id) if last.actor_id is not None else None
            own = outcome_names(self.session).get(last.reason or "") if last.kind == "call" else None
            said = own or (last.outcome or last.kind).replace("_", " ")
            when = moment(last.at, self.person.tz, self.work.now())
            name = by.name if by is not None else "HubSpot"
            return f"{self.run.account}: already logged by {name} {when} ({said}). Nothing was changed."
        if at.on != self.today:
            return (
                f"{self.run.account}: this button is of {at.on:%A} {at.on.day} {at.on:%B}."
                " Nothing was changed; `/renewal today` shows what is due now."
            )
        return f"{self.run.account}: this is not due any more. Nothing was changed."


@contextmanager
def acting(work: Work, click: Click, run_id: int, action: str) -> Iterator[Acting]:
    """Open the door: one transaction, committed at the end; the sender is woken after it.

    Raises UnknownPerson, NotYours (audited), StaleTouch when the run is gone, StoreUnavailable.
    """
    with audited(work, click, run_id, action), work.store.write() as session:
        run = lock_run(session, run_id)
        desk = _desk(work, session, click, run)
        if first_time(session, click.key, work.elapsed()):
            yield desk
        else:
            yield replace(desk, repeated=True)
    work.wake()


@contextmanager
def looking(work: Work, click: Click, run_id: int, action: str) -> Iterator[Acting]:
    """The same door for somebody who only looks (a form that opens): nothing is locked, nothing written."""
    with audited(work, click, run_id, action), work.store.read() as session:
        yield _desk(work, session, click, session.get(RunRow, run_id))


@contextmanager
def audited(work: Work, click: Click, run_id: int | None, action: str) -> Iterator[None]:
    """Keep a refusal, in a transaction of its own: the one it happened in is rolled back."""
    try:
        yield
    except NotYours:
        keep_refusal(work, click.who, action, "not_yours", run_id)
        raise


def keep_refusal(work: Work, who: Who, action: str, why: str, run_id: int | None = None) -> None:
    """Keep that somebody had no right to what they did, whatever became of it."""
    with work.store.write() as session:
        audit_refusal(session, who, run_id, action[:64], why[:64], work.now())


def _desk(work: Work, session: Session, click: Click, run: RunRow | None) -> Acting:
    person = known_person(session, click.who)
    if run is None:
        raise NotYours(GONE)
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    calendars = Calendars(session, work.config, work.now())
    rep = taken_from(session, run)
    if rep is None or not manages(work.config, person, rep):
        require_may_work(work.config, person, owner, Covers.read(session, calendars, work.now()))
    calendar = calendars.of(owner)
    loaded = load_run(session, run)
    seen = assess(to_run(loaded), calendar, work.now(), work.policy)
    return Acting(work, session, click, person, owner, run, loaded, calendar, seen, repeated=False)


def moment(instant: datetime, tz: str, now: datetime) -> str:
    """ "10:03", or "on 4 Nov at 10:03" when it is of another day; in zone `tz`."""
    there, today = instant.astimezone(ZoneInfo(tz)), now.astimezone(ZoneInfo(tz)).date()
    if there.date() == today:
        return f"{there:%H:%M}"
    return f"on {there.day} {there:%b} at {there:%H:%M}"

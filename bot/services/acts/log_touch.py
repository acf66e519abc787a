"""Logging what came of a touch: each is one transaction, and each moves the run (PLAYBOOK 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.playbook.assessment import Step
from bot.playbook.run import CONNECTED, AppointmentStatus
from bot.services.acts.acting import Acting, Click, TouchAt, acting
from bot.services.acts.care import ask_customer_care
from bot.services.acts.close_facts import lost_fact, won_fact
from bot.services.acts.guarded_email import require_unblocked
from bot.services.acts.record import NewFact
from bot.services.errors import NotAllowed, StaleTouch
from bot.services.runs.appointments import appointment_asked_for
from bot.services.runs.call_outcomes import read_outcome
from bot.services.runs.new_deals import Terms
from bot.services.work import Work


@dataclass(frozen=True, slots=True)
class Logged:
    """What was written: the account's name and the facts' ids; none when it was the same click again."""

    run_id: int
    account: str
    fact_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: `meeting_on`, `call_back_on`, `in_negotiation`, `won`, `lost`, `nothing_yet`.

    Where nobody was reached only the first two and the last are possible.
    `starts_at` goes with a meeting, `until` (the rep's local date) with a call back, `terms` with won, `reason`
    with lost.
    """

    kind: str
    note: str | None = None
    starts_at: datetime | None = None
    until: date | None = None
    reason: str | None = None
    terms: Terms | None = None


NOTHING_YET = Result("nothing_yet")
STAGE_OF_RESULT = {"in_negotiation": "negotiation", "won": "won", "lost": "lost"}


def log_call(
    work: Work, click: Click, at: TouchAt, outcome: str, note: str | None = None, then: Result = NOTHING_YET
) -> Logged:
    """A call that made no contact, and what comes next; `outcome` may be the portal's own (`own:ID`).

    Raises what `acting` raises, and StaleTouch.
    """
    with acting(work, click, at.run_id, "log_call") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        _require_open(desk)
        outcome, own_id = read_outcome(desk.session, work.config.hubspot, outcome, contact=False)
        call = NewFact("call", outcome=outcome, reason=own_id, note=note)
        return _logged(desk, call, *_next_of(then), step=at.step)


def log_connected(work: Work, click: Click, at: TouchAt, result: Result, outcome: str = CONNECTED) -> Logged:
    """A call that was contact, with what came of it; `outcome` may be the portal's own (`own:ID`)."""
    with acting(work, click, at.run_id, "log_connected") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        _require_open(desk)
        outcome, own_id = read_outcome(desk.session, work.config.hubspot, outcome, contact=True)
        call = NewFact("call", outcome=outcome, reason=own_id, note=result.note)
        return _logged(desk, call, *_facts_of(desk, result), step=at.step)


def log_email(work: Work, click: Click, at: TouchAt) -> Logged:
    """An email of the rhythm that was sent. Cancellation and takedown emails go through their guard."""
    with acting(work, click, at.run_id, "log_email") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        if at.step in (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL):
            raise NotAllowed("Check the dates in the preview first, then log this email there.")
        _require_open(desk)
        return _logged(desk, NewFact("email"), step=at.step)


def log_guarded_email(work: Work, click: Click, at: TouchAt, *, double_checked: bool) -> Logged:
    """A cancellation or takedown email that was sent: irreversible, so the guard holds here (PLAYBOOK 6)."""
    with acting(work, click, at.run_id, "log_guarded_email") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        if at.step not in (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL):
            raise StaleTouch("This email is not due any more. Nothing was logged.")
        require_unblocked(desk, takedown=at.step == Step.TAKEDOWN_EMAIL)
        if not double_checked:
            raise NotAllowed("Tick that you have double-checked the dates, then log it again.")
        logged = _logged(desk, NewFact(str(at.step)), step=at.step)
        if at.step == Step.TAKEDOWN_EMAIL:
            ask_customer_care(work, desk.session, desk.run)
        return logged


def log_review(work: Work, click: Click, at: TouchAt, note: str | None = None) -> Logged:
    """The account review is done; the note says what was looked at."""
    with acting(work, click, at.run_id, "log_review") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        return _logged(desk, NewFact("review", note=note), step=at.step)


def log_reply(
    work: Work, click: Click, at: TouchAt, how: str, note: str | None = None, then: Result = NOTHING_YET
) -> Logged:
    """The customer replied (`email`) or called in (`call`), and what came of it."""
    with acting(work, click, at.run_id, "log_reply") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(TouchAt(at.run_id, None, at.on))
        _require_open(desk)
        return _logged(desk, NewFact("reply", reason=how, note=note), *_facts_of(desk, then))


def log_meeting(
    work: Work, click: Click, at: TouchAt, starts_at: datetime, note: str | None = None
) -> Logged:
    """A meeting was booked, wherever it was agreed: a response and an appointment (PLAYBOOK 1).

    `starts_at` is an aware instant, later than now. Raises what `acting` raises, and StaleTouch.
    """
    with acting(work, click, at.run_id, "log_meeting") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(TouchAt(at.run_id, None, at.on))
        _require_open(desk)
        return _logged(desk, *_next_of(Result("meeting_on", note, starts_at)))


def log_note(work: Work, click: Click, at: TouchAt, note: str) -> Logged:
    """A note; it documents the put-out day and moves nothing else."""
    with acting(work, click, at.run_id, "log_note") as desk:
        if desk.repeated:
            return _nothing(desk)
        return _logged(desk, NewFact("note", note=note))


def log_held(work: Work, click: Click, at: TouchAt, result: Result) -> Logged:
    """An appointment was held, with what came of it."""
    with acting(work, click, at.run_id, "log_appointment") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        held = _appointment(desk, AppointmentStatus.HELD, note=result.note)
        return _logged(desk, held, *_facts_of(desk, result), step=at.step)


def log_appointment(
    work: Work, click: Click, at: TouchAt, status: str, note: str | None = None, then: Result = NOTHING_YET
) -> Logged:
    """An appointment that did not take place, `no_show` or `canceled`, and what comes next."""
    with acting(work, click, at.run_id, "log_appointment") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        missed = _appointment(desk, AppointmentStatus(status), note=note)
        return _logged(desk, missed, *_next_of(then), step=at.step)


def move_appointment(
    work: Work, click: Click, at: TouchAt, starts_at: datetime, note: str | None = None
) -> Logged:
    """An appointment was moved to another time (an aware instant, later than now)."""
    with acting(work, click, at.run_id, "log_appointment") as desk:
        if desk.repeated:
            return _nothing(desk)
        desk.require_due(at)
        moved = _appointment(desk, AppointmentStatus.SCHEDULED, starts_at=starts_at, note=note)
        return _logged(desk, moved, step=at.step)


def _facts_of(desk: Acting, result: Result) -> tuple[NewFact, ...]:
    """What a conversation's result adds: an appointment, a deferral, a stage, or nothing."""
    if result.kind == "meeting_on":
        return (NewFact("appointment", outcome="scheduled", starts_at=result.starts_at, note=result.note),)
    if result.kind == "call_back_on":
        note = result.note or "Asked to be called back."
        return (NewFact("deferral", until=result.until, reason="asked_to_wait", note=note),)
    stage = STAGE_OF_RESULT.get(result.kind)
    if stage is None or stage == desk.run.stage:
        return ()
    if stage == "won":
        return (won_fact(desk, result.terms, result.note),)
    if stage == "lost":
        return (lost_fact(result.reason, result.note),)
    return (NewFact("stage", outcome=stage, note=result.note),)


def _next_of(then: Result) -> tuple[NewFact, ...]:
    """What is agreed or planned without a conversation: a booked meeting is the customer's response."""
    if then.kind == "meeting_on":
        booked = NewFact("meeting_booked", note=then.note)
        met = NewFact("appointment", outcome="scheduled", starts_at=then.starts_at, note=then.note)
        return booked, met
    if then.kind == "call_back_on":
        return (
            NewFact("deferral", until=then.until, reason="other", note=then.note or "To be called again."),
        )
    if then.kind != NOTHING_YET.kind:
        raise NotAllowed("Nobody was reached, so this cannot have come of it. Nothing was logged.")
    return ()


def _appointment(
    desk: Acting, status: AppointmentStatus, starts_at: datetime | None = None, note: str | None = None
) -> NewFact:
    """What becomes of the appointment that the touch speaks of; it supersedes what was known of it."""
    found = appointment_asked_for(desk.loaded.facts, desk.work.now())
    if found is None:
        raise StaleTouch("There is no appointment without a result any more. Nothing was changed.")
    return NewFact(
        "appointment",
        outcome=str(status),
        starts_at=starts_at or found.starts_at,
        note=note,
        supersedes_id=found.id,
    )


def _require_open(desk: Acting) -> None:
    if desk.run.stage in ("won", "lost", "moved_out") and not desk.touches:
        raise StaleTouch(
            f"{desk.run.account} is closed ({desk.run.stage.replace('_', ' ')}). Nothing was logged."
        )


def _logged(desk: Acting, *facts: NewFact, step: str | None = None) -> Logged:
    written = desk.write(*facts, step=step)
    return Logged(desk.run.id, desk.run.account, tuple(fact.id for fact in written))


def _nothing(desk: Acting) -> Logged:
    return Logged(desk.run.id, desk.run.account, ())

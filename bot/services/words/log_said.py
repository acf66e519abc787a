"""Logging what plain words said, with its next step, in one transaction: undone in one go as well."""

from __future__ import annotations

from bot.plain_words.reading import Log
from bot.playbook.assessment import TouchKind
from bot.services.acts.acting import Acting, Click, acting
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact
from bot.services.dates import require_later, spoken
from bot.services.errors import NotAllowed, StaleTouch
from bot.services.runs.appointments import appointment_asked_for
from bot.services.work import Work
from bot.store.tables import Reminder

GUARDED = ("cancellation_email", "takedown_email")
CLOSED = ("won", "lost", "moved_out")
GUARDED_FIRST = "Check the dates in the email's preview first, then log this email there. Nothing was logged."
KIND_OF_TOUCH = {
    "email": TouchKind.EMAIL,
    "review": TouchKind.REVIEW,
    "moved": TouchKind.LOG,
    "canceled": TouchKind.LOG,
    "no_show": TouchKind.LOG,
}


def log_said(work: Work, click: Click, said: Log, text: str) -> Logged:
    """Write down what happened, on the due touch that it answers, or on the run.

    `text` is what was typed: the note of a deferral without one. Raises what `acting` raises, StaleTouch when the
    run is closed or an hour is past by now, NotAllowed, BadField (`when`).
    """
    with acting(work, click, said.run_id, "log_said") as desk:
        if desk.repeated:
            return Logged(desk.run.id, desk.run.account, ())
        if desk.run.gone_at is not None or (desk.run.stage in CLOSED and not desk.touches):
            raise StaleTouch(f"{desk.run.account} is closed. Nothing was logged.")
        facts = [*_happened(desk, said), *_next_step(desk, said, text)]
        written = desk.write(*facts, step=_answered(desk, said))
        _remind(desk, said)
        return Logged(desk.run.id, desk.run.account, tuple(fact.id for fact in written))


def _happened(desk: Acting, said: Log) -> list[NewFact]:
    match said.outcome:
        case "moved" | "canceled" | "no_show":
            return [_of_appointment(desk, said)]
        case "negotiation":
            if desk.run.stage == "negotiation":
                raise StaleTouch(f"{desk.run.account} is in negotiation already. Nothing was logged.")
            return [NewFact("stage", outcome="negotiation", note=said.note)]
        case "cancellation_email" | "takedown_email":
            raise NotAllowed(GUARDED_FIRST)
        case "email" | "review" | "note":
            return [NewFact(said.outcome, note=said.note)]
        case "replied" | "called_in":
            how = "email" if said.outcome == "replied" else "call"
            return [NewFact("reply", reason=how, note=said.note)]
        case "meeting":
            return [_appointment(said)]
        case _:
            call = NewFact("call", outcome=said.outcome, note=said.note)
            return [call, _appointment(said)] if said.starts_at is not None else [call]


def _of_appointment(desk: Acting, said: Log) -> NewFact:
    """What became of the run's appointment; it supersedes what was known of it."""
    found = appointment_asked_for(desk.loaded.facts, desk.work.now())
    if found is None or found.starts_at is None:
        raise StaleTouch(f"{desk.run.account} has no appointment without a result. Nothing was logged.")
    if said.outcome == "no_show" and found.starts_at > desk.work.now():
        raise NotAllowed(f"The appointment with {desk.run.account} is still ahead. Nothing was logged.")
    return NewFact(
        "appointment",
        outcome="scheduled" if said.outcome == "moved" else said.outcome,
        starts_at=said.starts_at or found.starts_at,
        note=said.note,
        supersedes_id=found.id,
    )


def _appointment(said: Log) -> NewFact:
    return NewFact("appointment", outcome="scheduled", starts_at=said.starts_at, note=said.note)


def _next_step(desk: Acting, said: Log, text: str) -> list[NewFact]:
    hours = [at for at in (said.remind_at, said.starts_at) if at is not None]
    if any(at <= desk.work.now() for at in hours):
        raise StaleTouch("The hour you named is past by now. Nothing was logged; write it again.")
    if said.until is None:
        return []
    require_later(said.until, desk.today)
    if desk.run.stage in CLOSED:
        raise StaleTouch(f"{desk.run.account} is closed, so there is nothing to defer. Nothing was logged.")
    if desk.run.put_out_on > said.until:
        day = spoken(desk.run.put_out_on)
        raise NotAllowed(f"The account is put out on {day}: name a later date. Nothing was logged.")
    return [NewFact("deferral", until=said.until, reason=said.reason, note=said.note or text)]


def _remind(desk: Acting, said: Log) -> None:
    if said.remind_at is not None:
        reminder = Reminder(person_id=desk.person.id, run_id=desk.run.id, due_at=said.remind_at)
        desk.session.add(reminder)


def _answered(desk: Acting, said: Log) -> str | None:
    """The step of the due touch that this answers. Raises NotAllowed where only a guarded email is due."""
    if said.outcome in ("replied", "called_in", "note", "meeting", "negotiation"):
        return None
    kind = KIND_OF_TOUCH.get(said.outcome, TouchKind.CALL)
    due = [touch.step for touch in desk.touches if touch.kind is kind]
    free = [step for step in due if step not in GUARDED]
    if due and not free:
        raise NotAllowed(GUARDED_FIRST)
    return free[0] if free else None

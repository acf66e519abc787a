"""The move-out on day 30: kept by the manager with a reason, or moved with a note that says why (PLAYBOOK 5).

Nothing moves that was not on the manager's list of that morning; what moved is told to its rep in the same
transaction, and a manager can give it back.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Team
from bot.logs import log
from bot.playbook.assessment import MoveOutStatus
from bot.services.acts.acting import Acting, Click, acting, looking
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact, Origin, record
from bot.services.acts.undo import withdraw_together
from bot.services.dates import read_date, require_later, spoken
from bot.services.errors import BadField, NotYours, StaleTouch
from bot.services.outgoing.messages import open_message
from bot.services.people.book_of import due_runs, reps_of
from bot.services.people.roles import manages
from bot.services.people.teams import manager_message_of, manager_of
from bot.services.runs.go_live import live_from, to_review
from bot.services.runs.kept import DAY_30, is_move_out, kept_fact, taken_from
from bot.services.runs.lines import Reader, Seen
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.facts import lock_run
from bot.store.tables import Fact, MessageRun, Person, RunRow

MOVED_OUT = "moved_out"  # the message to the rep, and the stage
WHY = "Day 30 without a future appointment and not in negotiation."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A run that may be kept: `moves_on` is its day 30."""

    account: str
    owner: str | None
    moves_on: date


def keep(
    work: Work, click: Click, run_id: int, *, reason: str, until: date | None, when_text: str | None
) -> tuple[Logged, date]:
    """The manager keeps a run with its rep until a date.

    Raises NotYours, BadField (`reason`, `when`), StaleTouch when the run is closed by now.
    """
    if not reason.strip():
        raise BadField("reason", "Say why the account stays with its rep.")
    with acting(work, click, run_id, "keep") as desk:
        require_manager(desk)
        day = until or read_date(when_text or "", desk.today, desk.calendar)
        require_later(day, desk.today)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ()), day
        desk.require_there()
        if desk.assessment.move_out is None:
            raise StaleTouch(f"{desk.run.account} is closed by now. Nothing was changed.")
        written = desk.write(NewFact("kept", until=day, note=reason.strip()))
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written)), day


def read_to_keep(work: Work, click: Click, run_id: int) -> ToKeep:
    """What the form that keeps a run opens with. Raises NotYours (audited), StaleTouch when no move-out is due."""
    with looking(work, click, run_id, "open_keep") as desk:
        require_manager(desk)
        desk.require_there()
        if desk.assessment.move_out is None:
            raise StaleTouch(f"{desk.run.account}: no move-out is due any more. Nothing was changed.")
        owner = desk.owner.name if desk.owner is not None else None
        return ToKeep(desk.run.account, owner, desk.assessment.move_out.on)


def take_back_keep(work: Work, click: Click, fact_id: int) -> Logged:
    """The manager takes the decision to keep a run back, while it lasts. `fact_id`: the decision.

    Raises NotYours (audited), StaleTouch when it was taken back or decided anew since.
    """
    with work.store.read() as session:
        found = session.get(Fact, fact_id)
        if found is None or found.kind != "kept":
            raise StaleTouch("There is nothing to take back here any more.")
        run_id = found.run_id
    with acting(work, click, run_id, "take_back_keep") as desk:
        require_manager(desk)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ())
        desk.require_there()
        kept = kept_fact(desk.loaded, desk.today)
        if kept is None or kept.id != fact_id:
            raise StaleTouch(
                f"{desk.run.account} is not kept by this decision any more. Nothing was changed."
            )
        written = withdraw_together(desk, found)
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written))


def move_out_now(work: Work, click: Click, run_id: int) -> Logged:
    """The manager moves a run out at once. Raises NotYours, StaleTouch when it is not due, kept or moved."""
    with acting(work, click, run_id, "move_out") as desk:
        require_manager(desk)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ())
        desk.require_there()
        gate = desk.assessment.move_out
        kept = kept_fact(desk.loaded, desk.today)
        if kept is not None and kept.until is not None:
            raise StaleTouch(
                f"{desk.run.account} is kept until {spoken(kept.until)} by now. Nothing was changed."
            )
        if gate is None or gate.status is not MoveOutStatus.DUE:
            raise StaleTouch(f"{desk.run.account}: no move-out is due any more. Nothing was changed.")
        written = desk.write(*_moved_facts(f"{WHY} Decided by {desk.person.name}."))
        _tell_rep(work, desk.session, desk.owner, written)
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written))


def take_back_move_out(work: Work, click: Click, fact_id: int) -> Logged:
    """The manager gives a moved-out run back to its rep, on whichever day. `fact_id`: the move-out.

    Raises NotYours (audited), StaleTouch when it was given back or moved on since.
    """
    with work.store.read() as session:
        found = session.get(Fact, fact_id)
        if found is None or not is_move_out(found):
            raise StaleTouch("There is nothing to give back here any more.")
        run_id = found.run_id
    with acting(work, click, run_id, "take_back_move_out") as desk:
        require_manager(desk)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ())
        desk.require_there()
        if desk.run.stage != MOVED_OUT or fact_id not in {fact.id for fact in desk.loaded.facts}:
            raise StaleTouch(f"{desk.run.account} is not moved out any more. Nothing was changed.")
        written = withdraw_together(desk, found)
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written))


def move_out_due(work: Work) -> int:
    """With `move_out = "auto"`: what nobody kept moves at the end of the manager's working day."""
    if work.policy.move_out != "auto":
        return 0
    moved = 0
    for on, run_ids in _listed_and_due(work):
        try:
            moved += _move_all(work, on, run_ids)
        except Exception as error:  # noqa: BLE001 - one rep's failure never stops the others
            log(_log, logging.ERROR, "move_out.failed", runs=run_ids, error=error)
    if moved:
        work.wake()
    return moved


def _listed_and_due(work: Work) -> list[tuple[date, list[int]]]:
    """By rep: the runs to move, with the manager's date; only where the manager's working day has ended."""
    found: dict[tuple[date, int], list[int]] = {}
    with work.store.read() as session:
        start, reader = live_from(work, session), Reader(work, session)
        for team in work.config.teams if start is not None else ():
            calendar = reader.calendars.own(manager_of(session, team))
            on = work.now().astimezone(calendar.tz).date()
            ends = calendar.end_of_day(on) if calendar.is_working_day(on) else None
            if ends is None or work.now() < ends:
                continue
            listed = _listed(session, team, on, ends)
            reps = [rep.id for rep in reps_of(session, work.config) if work.config.team_of(rep.email) == team]
            for loaded in due_runs(session, reps, on) if listed else ():
                one = reader.see(loaded)
                if loaded.row.id in listed and is_due(one) and not to_review(loaded, start):
                    found.setdefault((on, loaded.row.owner_id or 0), []).append(loaded.row.id)
    return [(on, sorted(run_ids)) for (on, _), run_ids in sorted(found.items())]


def _listed(session: Session, team: Team, on: date, ends: datetime) -> frozenset[int]:
    """The runs whose move-out stood on the team's list in time for somebody to keep them.

    None without a list: whoever slept through the day, or has no channel, cannot have decided.
    """
    message = manager_message_of(session, team, on)
    if message is None or message.ts is None or datetime.fromisoformat(message.data["at"]) >= ends:
        return frozenset()
    due = frozenset(message.data.get("due", ()))
    shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
    return due.intersection(session.scalars(shown))


def is_due(one: Seen) -> bool:
    """Whether a run moves out unless somebody keeps it."""
    gate = one.assessment.move_out
    return (
        gate is not None
        and gate.status is MoveOutStatus.DUE
        and kept_fact(one.loaded, one.assessment.on) is None
    )


def _move_all(work: Work, on: date, run_ids: Sequence[int]) -> int:
    """Move one rep's runs, each looked at again under its lock, and tell the rep: one transaction."""
    written: list[Fact] = []
    with work.store.write() as session:
        owner = None
        for run_id in run_ids:
            run = lock_run(session, run_id)
            (loaded,) = load_runs(session, RunRow.id == run_id)
            if run is None or not is_due(Reader(work, session).see(loaded)):
                continue
            # Once a day: what a manager gives back in the evening is decided anew the next day.
            origin = Origin(key=f"move_out:{run_id}:{on}", source="system", surface="job")
            written += record(work, session, run, None, origin, _moved_facts(WHY))
            owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
        _tell_rep(work, session, owner, written)
    return sum(is_move_out(fact) for fact in written)


def _tell_rep(work: Work, session: Session, owner: Person | None, written: Sequence[Fact]) -> None:
    """What was taken from a rep in one go, as one message."""
    moved = [fact for fact in written if is_move_out(fact)]
    if not moved or owner is None or owner.slack_user_id is None or not owner.active:
        return
    open_message(
        work,
        session,
        kind=MOVED_OUT,
        recipient=f"person:{owner.id}",
        slot=f"fact:{moved[0].id}",
        on=local_date(work.now(), owner.tz),
        run_ids=[fact.run_id for fact in moved],
        person=owner,
    )


def _moved_facts(why: str) -> tuple[NewFact, ...]:
    return (NewFact("note", note=f"Moved out: {why}"), NewFact("stage", outcome=MOVED_OUT, reason=DAY_30))


def require_manager(desk: Acting) -> None:
    """Raises NotYours for anybody but the team's manager and the department managers."""
    if not manages(desk.work.config, desk.person, taken_from(desk.session, desk.run) or desk.owner):
        raise NotYours("Only the team's manager decides about move-outs. Nothing was changed.")

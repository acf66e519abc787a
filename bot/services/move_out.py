"""The move-out on day 30: kept by the manager with a reason, or moved with a note that says why (PLAYBOOK 5)."""

from __future__ import annotations

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.logs import log
from bot.playbook.assessment import MoveOutStatus
from bot.services.acting import Acting, Click, acting
from bot.services.book_of import due_runs, reps_of
from bot.services.dates import read_date, require_later
from bot.services.errors import BadField, NotYours, StaleTouch
from bot.services.go_live import is_legacy, live_from
from bot.services.lines import Reader, Seen
from bot.services.log_touch import Logged
from bot.services.record import NewFact, Origin, record
from bot.services.roles import manages
from bot.services.work import Work
from bot.store.book import FactRow, LoadedRun, load_runs
from bot.store.facts import lock_run
from bot.store.tables import RunRow

WHY = "Day 30 without a future appointment and not in negotiation."

_log = logging.getLogger(__name__)


def kept_fact(loaded: LoadedRun, on: date) -> FactRow | None:
    """The manager's decision to keep the run, while it lasts (its last day included)."""
    kept = [fact for fact in loaded.facts if fact.kind == "kept"]
    newest = max(kept, key=lambda fact: (fact.at, fact.id), default=None)
    return newest if newest is not None and newest.until is not None and newest.until >= on else None


def keep(
    work: Work, click: Click, run_id: int, *, reason: str, until: date | None, when_text: str | None
) -> tuple[Logged, date]:
    """The manager keeps a run with its rep until a date. Raises NotYours, BadField (`reason`, `when`)."""
    if not reason.strip():
        raise BadField("reason", "Say why the account stays with its rep.")
    with acting(work, click, run_id, "keep") as desk:
        _require_manager(desk)
        day = until or read_date(when_text or "", desk.today, desk.calendar)
        require_later(day, desk.today)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ()), day
        written = desk.write(NewFact("kept", until=day, note=reason.strip()))
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written)), day


def move_out_now(work: Work, click: Click, run_id: int) -> Logged:
    """The manager moves a run out at once. Raises NotYours, StaleTouch when it is not due or already moved."""
    with acting(work, click, run_id, "move_out") as desk:
        _require_manager(desk)
        if desk.repeated:
            return Logged(run_id, desk.run.account, ())
        gate = desk.assessment.move_out
        if gate is None or gate.status is not MoveOutStatus.DUE:
            raise StaleTouch(f"{desk.run.account}: no move-out is due any more. Nothing was changed.")
        written = desk.write(*_moved_facts())
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written))


def move_out_due(work: Work) -> int:
    """With `move_out = "auto"`: what nobody kept moves at the end of the manager's working day."""
    if work.policy.move_out != "auto":
        return 0
    moved = 0
    for one in _due_now(work):
        try:
            moved += _move(work, one.loaded.row.id)
        except Exception as error:  # noqa: BLE001 - one run's failure never stops the others
            log(_log, logging.ERROR, "move_out.failed", run=one.loaded.row.id, error=type(error).__name__)
    if moved:
        work.wake()
    return moved


def _due_now(work: Work) -> list[Seen]:
    """The runs whose move-out is due and whose manager's working day has ended."""
    from bot.services.manager import manager_of  # manager.py shows what is decided here

    found = []
    with work.store.read() as session:
        start, reader = live_from(work, session), Reader(work, session)
        for team in work.config.teams:
            manager = manager_of(session, team)
            calendar = reader.calendars.of(manager)
            local = work.now().astimezone(calendar.tz)
            ended = local >= datetime.combine(local.date(), calendar.day_ends, ZoneInfo(calendar.tz.key))
            if start is None or not calendar.is_working_day(local.date()) or not ended:
                continue
            reps = [rep.id for rep in reps_of(session, work.config) if work.config.team_of(rep.email) == team]
            for loaded in due_runs(session, reps, local.date()):
                one = reader.see(loaded)
                if is_due(one) and not is_legacy(loaded.row, start):
                    found.append(one)
    return found


def is_due(one: Seen) -> bool:
    """Whether a run moves out unless somebody keeps it."""
    gate = one.assessment.move_out
    return (
        gate is not None
        and gate.status is MoveOutStatus.DUE
        and kept_fact(one.loaded, one.assessment.on) is None
    )


def _move(work: Work, run_id: int) -> int:
    """Move one run, looked at again under its lock."""
    with work.store.write() as session:
        run = lock_run(session, run_id)
        (loaded,) = load_runs(session, RunRow.id == run_id)
        if run is None or not is_due(Reader(work, session).see(loaded)):
            return 0
        origin = Origin(key=f"move_out:{run_id}:{run.version}", source="system", surface="job")
        record(work, session, run, None, origin, _moved_facts())
        return 1


def _moved_facts() -> tuple[NewFact, ...]:
    return (NewFact("note", note=f"Moved out: {WHY}"), NewFact("stage", outcome="moved_out", reason="day_30"))


def _require_manager(desk: Acting) -> None:
    if not manages(desk.work.config, desk.person, desk.owner):
        raise NotYours("Only the team's manager decides about move-outs. Nothing was changed.")

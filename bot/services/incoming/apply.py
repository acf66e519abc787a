"""Applying what was read, so that a bad record delays no other (FAULTS I7)."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.logs import LOGGER, log
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import Applied
from bot.services.outgoing.crm_out import finish_tasks
from bot.services.outgoing.redraws import redraw_runs
from bot.services.runs.looking import look_again
from bot.services.work import Work
from bot.store.errors import Collided, StoreError, StoreUnavailable
from bot.store.tables import RunRow

logger = logging.getLogger(LOGGER)

# Whatever is in one record, the others are not its fault. It is listed, and tried again.
_ONE_RECORDS_FAULT = (StoreError, SQLAlchemyError, ValueError, TypeError, LookupError)


ApplySome = Callable[[Session, Sequence[str]], Iterable[tuple[str, Applied]]]


def one_by_one(apply: Callable[[Session, str], Applied | None]) -> ApplySome:
    """For what is applied to each id alone."""

    def some(session: Session, ids: Sequence[str]) -> Iterable[tuple[str, Applied]]:
        return [(one, applied) for one in ids if (applied := apply(session, one)) is not None]

    return some


def apply_all(
    work: Work, ids: Sequence[str], apply: ApplySome, what: str, report: SyncReport
) -> list[tuple[str, Applied]]:
    """Apply these ids in one transaction; when that fails, each in its own, so that only the bad ones fail, and
    nobody stands in the way of somebody else for long.

    Answers those that are runs now or changed one. What cannot be applied is in `report.failed`. Raises
    StoreUnavailable.
    """
    if not ids:
        return []
    before = copy.deepcopy(report)
    try:
        return _together(work, ids, apply)
    except StoreUnavailable as error:
        if not isinstance(error, Collided):
            raise
        log(logger, logging.WARNING, "sync.collided", kind=what, records=len(ids))
        report.restore(before)
    except _ONE_RECORDS_FAULT:
        report.restore(before)
    done: list[tuple[str, Applied]] = []
    for one in ids:
        before = copy.deepcopy(report)
        try:
            done.extend(_together(work, (one,), apply))
        except StoreUnavailable:
            raise
        except _ONE_RECORDS_FAULT as error:
            report.restore(before)
            log(logger, logging.WARNING, "sync.failed", kind=what, id=one, error=error)
            report.failed[f"{what} {one}"] = f"could not be taken over ({type(error).__name__})"
    return done


def _together(work: Work, ids: Sequence[str], apply: ApplySome) -> list[tuple[str, Applied]]:
    with work.store.write() as session:
        done = list(apply(session, ids))
        follow_up(work, session, {applied.run_id for _, applied in done if applied.new or applied.changed})
    return done


def follow_up(work: Work, session: Session, run_ids: Collection[int]) -> None:
    """What follows from changed runs, in their transaction: version, next look, tasks done, messages drawn."""
    if not run_ids:
        return
    session.flush()
    read = {
        loaded.row.id: (loaded, calendar)
        for loaded, calendar in look_again(work, session, run_ids, work.now())
    }
    for run in session.scalars(select(RunRow).where(RunRow.id.in_(tuple(run_ids)))):
        run.version += 1
        finish_tasks(work, session, run, *read[run.id])
    redraw_runs(work, session, run_ids)

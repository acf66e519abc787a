"""Applying what was read, one record a transaction: a bad one delays no other (FAULTS I7)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.services.crm_out import finish_tasks
from bot.services.looking import look_again
from bot.services.redraws import redraw_runs
from bot.services.sync_report import SyncReport
from bot.services.sync_runs import Applied
from bot.services.work import Work
from bot.store.errors import StoreError, StoreUnavailable
from bot.store.tables import RunRow

logger = logging.getLogger(__name__)


def one_by_one(
    work: Work,
    ids: Iterable[str],
    apply: Callable[[Session, str], Applied | None],
    what: str,
    report: SyncReport,
) -> Iterator[tuple[str, Applied]]:
    """Apply each id in a transaction of its own; answers those that changed something.

    One that cannot be applied is in `report.failed`. Raises StoreUnavailable.
    """
    for one in ids:
        try:
            with work.store.write() as session:
                applied = apply(session, one)
                if applied is not None and (applied.new or applied.changed):
                    follow_up(work, session, (applied.run_id,))
        except StoreUnavailable:
            raise
        except (StoreError, SQLAlchemyError, ValueError, TypeError, LookupError) as error:
            # Whatever is in this record, the others are not its fault. It is listed, and tried again.
            named = {"action": "sync.failed", "record": f"{what} {one}", "error": type(error).__name__}
            logger.warning("sync failed for one record", extra=named)
            report.failed[f"{what} {one}"] = f"could not be taken over ({type(error).__name__})"
            continue
        if applied is not None:
            yield one, applied


def follow_up(work: Work, session: Session, run_ids: Collection[int]) -> None:
    """What follows from changed runs, in their transaction: the next look, tasks done, messages redrawn."""
    if not run_ids:
        return
    session.flush()
    look_again(work, session, run_ids, work.now())
    for run in session.scalars(select(RunRow).where(RunRow.id.in_(tuple(run_ids)))):
        finish_tasks(work, session, run)
    redraw_runs(work, session, run_ids)

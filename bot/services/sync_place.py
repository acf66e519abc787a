"""Where an activity belongs: which run of which deal it is about."""

from __future__ import annotations

from datetime import UTC, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.services.crm import CrmActivity
from bot.services.sync_runs import BOOK
from bot.store.tables import RunRow

OPEN_STAGES = ("open", "negotiation")


def run_for(session: Session, activity: CrmActivity) -> RunRow | None:
    """The run that an activity belongs to: by its deal, else by company or contact when that names exactly
    one.

    Of several runs the newest that was put out by then, open ones first.
    """
    day = activity.at.astimezone(UTC).date() + timedelta(days=1)  # no zone is further ahead
    if activity.deal_ids:
        linked = list(
            session.scalars(
                select(RunRow)
                .where(RunRow.book == BOOK, RunRow.deal_id.in_(activity.deal_ids))
                .order_by(RunRow.put_out_on.desc(), RunRow.id)
            )
        )
        if linked:
            return min(
                linked,
                key=lambda run: (run.gone_at is not None, run.put_out_on > day, run.stage not in OPEN_STAGES),
            )
    named = [
        *([RunRow.company_id.in_(activity.company_ids)] if activity.company_ids else ()),
        *([RunRow.contact_id.in_(activity.contact_ids)] if activity.contact_ids else ()),
    ]
    if not named:
        return None
    is_open = (RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES))
    found = list(session.scalars(select(RunRow).where(*is_open, or_(*named))))
    if len(found) != 1:
        return None
    run = found[0]
    if run.company_id is not None:
        beside = select(func.count()).select_from(RunRow).where(*is_open, RunRow.company_id == run.company_id)
        if session.scalar(beside) != 1:
            return None
    return run

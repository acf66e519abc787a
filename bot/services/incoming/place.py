"""Where an activity belongs: which run of which deal it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from bot.services.crm import CrmActivity
from bot.services.incoming.runs import BOOK
from bot.store.facts import lock_runs
from bot.store.tables import AutomaticReply, CrmRecord, Fact, RunContact, RunRow

OPEN_STAGES = ("open", "negotiation")


def run_for(session: Session, activity: CrmActivity) -> RunRow | None:
    """The run that an activity belongs to: by its deal, else by company or contact when that names exactly
    one.

    Of several runs the newest that was put out by then, open ones first.
    """
    if activity.deal_ids:
        linked = linked_run(activity, runs_of_deals(session, activity.deal_ids))
        if linked is not None:
            return linked
    named = [
        *([RunRow.company_id.in_(activity.company_ids)] if activity.company_ids else ()),
        *([RunRow.contact_id.in_(activity.contact_ids)] if activity.contact_ids else ()),
        *([RunRow.id.in_(_runs_of_further(activity.contact_ids))] if activity.contact_ids else ()),
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


def _runs_of_further(contact_ids: Collection[str]) -> Select[int]:
    return select(RunContact.run_id).where(RunContact.contact_id.in_(contact_ids))


def runs_of_deals(session: Session, deal_ids: Collection[str]) -> dict[str, list[RunRow]]:
    """The runs of these deals, the newest first; deals without one are left out."""
    wanted = select(RunRow).where(RunRow.book == BOOK, RunRow.deal_id.in_(deal_ids))
    found: dict[str, list[RunRow]] = {}
    for run in session.scalars(wanted.order_by(RunRow.put_out_on.desc(), RunRow.id)):
        found.setdefault(run.deal_id, []).append(run)
    return found


def best_run(at: datetime, runs: Iterable[RunRow]) -> RunRow:
    """Of these runs, of which there is one at least, the newest that was put out at that instant, open ones first."""
    day = at.astimezone(UTC).date() + timedelta(days=1)  # no zone is further ahead
    return min(
        sorted(runs, key=lambda run: (-run.put_out_on.toordinal(), run.id)),
        key=lambda run: (run.gone_at is not None, run.put_out_on > day, run.stage not in OPEN_STAGES),
    )


def linked_run(activity: CrmActivity, runs: Mapping[str, list[RunRow]]) -> RunRow | None:
    """The best run of the activity's deals, if these have any."""
    linked = [run for deal_id in activity.deal_ids for run in runs.get(deal_id, ())]
    return best_run(activity.at, linked) if linked else None


def lock_runs_about(
    session: Session, object_type: str, ids: Collection[str], activities: Iterable[CrmActivity]
) -> None:
    """Lock the runs that these records belong to, as far as is known, before any of them is looked at.

    What another process is writing of them is then seen, and two that read the same records do not wait for
    each other.
    """
    deal_ids = {deal_id for one in activities for deal_id in one.deal_ids}
    carried = select(Fact.run_id).join(CrmRecord, CrmRecord.fact_id == Fact.id)
    carried = carried.where(CrmRecord.object_type == object_type, CrmRecord.object_id.in_(ids))
    answers = select(AutomaticReply.run_id).where(AutomaticReply.object_id.in_(ids))
    linked = select(RunRow.id).where(RunRow.book == BOOK, RunRow.deal_id.in_(deal_ids))
    lock_runs(session, session.scalars(union(carried, answers, linked)).all())

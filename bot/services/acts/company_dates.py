"""Dates that a portal keeps on the company as well: where they disagree with the deal's, a person confirms
(PLAYBOOK 6).

What the company says is kept as audited changes of the run: the newest one holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Acting
from bot.services.crm import CrmDeal
from bot.store.tables import RunChange, RunRow

OF_COMPANY = {"company_expires_on": "expires_on", "company_put_out_on": "put_out_on"}


def keep_company_dates(session: Session, run: RunRow, deal: CrmDeal, now: datetime) -> bool:
    """Keep what the company says now (`now` in business time); whether that has changed."""
    said = {field: change.new for field, change in _newest(session, run.id).items()}
    changes = list(_changes(run.id, said, deal, now))
    session.add_all(changes)
    return bool(changes)


def first_company_dates(run_id: int, deal: CrmDeal, now: datetime) -> list[RunChange]:
    """What the company says at the beginning of a run (`now` in business time)."""
    return list(_changes(run_id, {}, deal, now))


def _changes(
    run_id: int, said: Mapping[str, str | None], deal: CrmDeal, now: datetime
) -> Iterator[RunChange]:
    for field in OF_COMPANY:
        value = getattr(deal, field)
        before, after = said.get(field), value.isoformat() if value is not None else None
        if before != after:
            yield RunChange(run_id=run_id, field=field, old=before, new=after, at=now, source="hubspot")


def differing(desk: Acting) -> Iterator[tuple[str, str | None, str]]:
    """The dates on which deal and company disagree and nobody has confirmed the deal's since: field, deal's,
    company's."""
    run = desk.run
    confirmed = [fact.recorded_at for fact in desk.loaded.facts if fact.kind == "dates_confirmed"]
    for field, theirs in _newest(desk.session, run.id).items():
        own = OF_COMPANY[field]
        value = getattr(run, own)
        ours = value.isoformat() if value is not None else None
        if theirs.new is None or theirs.new == ours:
            continue
        moved = select(RunChange.at).where(RunChange.run_id == run.id, RunChange.field == own)
        since = max([theirs.at, *desk.session.scalars(moved)])
        if not any(at >= since for at in confirmed):
            yield own, ours, theirs.new


def _newest(session: Session, run_id: int) -> dict[str, RunChange]:
    """What the company said last, by field."""
    found = session.scalars(
        select(RunChange)
        .where(RunChange.run_id == run_id, RunChange.field.in_(tuple(OF_COMPANY)))
        .order_by(RunChange.id)
    )
    return {change.field: change for change in found}

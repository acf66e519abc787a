"""Activities that nobody has seen yet, of deals that are in the book: their facts are written in a few statements.

Whatever needs a second look is left to `facts.apply_activity`: records that are known or our own, emails that
may be the tracked ones of what a rep logged, and what is linked to no deal of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.run import EMAIL_KINDS
from bot.services.crm import CrmActivity
from bot.services.incoming.facts import key_of, known_as, new_fact
from bot.services.incoming.place import linked_run, runs_of_deals
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.tracked import tracking_of
from bot.store.tables import CrmRecord, Fact


def begin_facts(
    session: Session, activities: Sequence[CrmActivity], reading: Reading, report: SyncReport
) -> dict[str, int]:
    """Write the facts of those that are plain to see; {activity id: run id}. Their runs are locked by the caller."""
    plain = [one for one in activities if one.facts and one.deal_ids and not one.problems]
    known = known_as(session, plain)
    plain = [one for one in plain if one.id not in known]
    runs = runs_of_deals(session, {deal_id for one in plain for deal_id in one.deal_ids})
    placed = [(one, run) for one in plain if (run := linked_run(one, runs)) is not None]
    logged = _with_logged_emails(session, {run.id for _, run in placed})
    placed = [(one, run) for one, run in placed if one.object_type != "emails" or run.id not in logged]
    written: list[tuple[CrmActivity, Fact]] = []
    for activity, run in placed:
        for what in activity.facts:
            key = key_of(activity.object_type, activity.id, what.part)
            fact = Fact(**new_fact(key, run.id, activity, what, reading))
            session.add(fact)
            if what is activity.facts[0]:
                written.append((activity, fact))
        report.facts_new += len(activity.facts)
    session.flush()
    session.add_all(
        CrmRecord(
            fact_id=fact.id,
            object_type=activity.object_type,
            object_id=activity.id,
            linked_at=reading.now,
            ours=False,
            **tracking_of(activity),
        )
        for activity, fact in written
    )
    return {activity.id: fact.run_id for activity, fact in written}


def _with_logged_emails(session: Session, run_ids: set[int]) -> set[int]:
    """Those of these runs on which somebody logged an email."""
    wanted = select(Fact.run_id).where(
        Fact.run_id.in_(run_ids), Fact.kind.in_(tuple(EMAIL_KINDS)), Fact.source != BOOK
    )
    return set(session.scalars(wanted))

"""Tracked emails that came before the rep logged them: counted once all the same (PLAYBOOK 6)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.playbook.run import EMAIL_KINDS
from bot.services.incoming.facts import unmatched_email
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.tracking import redraw_told
from bot.services.work import Work
from bot.store.facts import lock_run, withdraw
from bot.store.tables import CrmRecord, Fact


def match_logged_emails(work: Work, session: Session, reading: Reading, report: SyncReport) -> list[int]:
    """Hand the record of a tracked email to the logged one nearest to it; answers the runs that changed.

    The fact that stood for the tracked record is withdrawn: the logged one knows more (which step it was).
    """
    within = timedelta(hours=work.policy.email_match_hours)
    logged_lately = select(Fact.run_id).where(
        Fact.kind.in_(tuple(EMAIL_KINDS)), Fact.source != BOOK, Fact.recorded_at >= reading.now - 2 * within
    )
    later = aliased(Fact)
    superseded = select(later.id).where(later.supersedes_id == Fact.id).exists()
    tracked = session.execute(
        select(Fact, CrmRecord)
        .join(CrmRecord, CrmRecord.fact_id == Fact.id)
        .where(
            Fact.kind == "email",
            Fact.source == BOOK,
            Fact.at >= reading.now - 3 * within,
            Fact.run_id.in_(logged_lately),
            ~superseded,
        )
        .order_by(Fact.at, Fact.id)
    ).all()
    changed = []
    for fact, record in tracked:
        lock_run(session, fact.run_id)
        logged = unmatched_email(session, fact.run_id, fact.at, within)
        if logged is None:
            continue
        withdraw(session, fact, at=reading.now, source=BOOK, surface="sync", reason="logged in Slack as well")
        record.fact_id = logged.id
        session.flush()
        redraw_told(work, session, logged)
        report.emails_matched += 1
        changed.append(fact.run_id)
    return changed

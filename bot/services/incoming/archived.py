"""The recycling bin: archiving changes no date and hides from search, so what lies in it is leafed through.

The bin lists by id, not by when something was thrown in. So each pass reads one page of each type from where the
last one came to, round and round: with n records of a type in the bin a deletion is noticed n/100 passes later at
the latest, or by the daily re-reading of all that is open, whichever comes first. What was deleted for good lies in
no bin: the daily re-reading misses it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.services.crm import ACTIVITY_TYPES, CrmReader
from bot.services.incoming.apply import apply_all, one_by_one
from bot.services.incoming.facts import remove_activity
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import Applied, Reading, runs_of
from bot.services.incoming.scope import known_deals, known_records
from bot.services.incoming.take_over import deal_gone
from bot.services.work import Work


def leaf_through(
    work: Work, crm: CrmReader, marks: Mapping[str, str], reading: Reading, report: SyncReport
) -> dict[str, str]:
    """One page of each type's bin from these marks on; answers the marks to go on from: none, the beginning.

    Raises CrmError and StoreUnavailable.
    """
    after: dict[str, str] = {}

    def deal(session: Session, deal_id: str) -> Applied | None:
        return deal_gone(session, runs_of(session, [deal_id])[deal_id], reading.now, report)

    for object_type in ("deals", *ACTIVITY_TYPES):
        page = crm.archived(object_type, marks.get(object_type))
        if page.after is not None:
            after[object_type] = page.after

        def record(session: Session, record_id: str, kind: str = object_type) -> Applied | None:
            run_id = remove_activity(session, kind, record_id, reading, report)
            return None if run_id is None else Applied(run_id, changed=True)

        with work.store.read() as session:
            known = (
                known_deals(session, page.items)
                if object_type == "deals"
                else known_records(session, object_type, page.items)
            )
        apply, what = (deal, "deal") if object_type == "deals" else (record, object_type)
        apply_all(work, known, one_by_one(apply), what, report)
    return after

"""The recycling bin: archiving changes no date and hides from search, so what lies in it is leafed through.

The bin lists by id, not by when something was thrown in. So a page of a type is read from where the last one came
to, round and round: with n records of a type in the bin a deletion is noticed n/100 pages later at the latest, or by
the daily re-reading of all that is open, whichever comes first. What was deleted for good lies in no bin: the daily
re-reading misses it.

The minute's pass reads a page of the deals, as nobody is to be sent to an account that is gone, and of one type of
activity in turn; a pass that somebody asks for, of all types.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.services.crm import ACTIVITY_TYPES, CrmReader
from bot.services.incoming.apply import apply_all, one_by_one
from bot.services.incoming.facts import remove_activity
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import Applied, Reading, runs_of
from bot.services.incoming.scope import known_deals, known_records
from bot.services.incoming.take_over import deal_gone
from bot.services.sync_state import SyncState
from bot.services.work import Work


def leaf_through(
    work: Work, crm: CrmReader, state: SyncState, reading: Reading, report: SyncReport, *, briefly: bool
) -> SyncState:
    """A page of each bin from where the last one ended, or of the deals' and the next one's only (`briefly`).

    Answers where it stands then. Raises CrmError and StoreUnavailable.
    """
    turn = state.bin_turn % len(ACTIVITY_TYPES)
    wanted = (ACTIVITY_TYPES[turn],) if briefly else ACTIVITY_TYPES
    after = dict(state.archived)

    def deal(session: Session, deal_id: str) -> Applied | None:
        return deal_gone(session, runs_of(session, [deal_id])[deal_id], reading.now, report)

    for object_type in ("deals", *wanted):
        page = crm.archived(object_type, after.pop(object_type, None))
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
    return replace(state, archived=after, bin_turn=turn + 1)

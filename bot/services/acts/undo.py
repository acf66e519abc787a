"""Undo: what was logged in one go is withdrawn in one go, here and in HubSpot; history keeps both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Acting, Click, acting
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact
from bot.services.errors import NotAllowed, NotYours, StaleTouch
from bot.services.outgoing.crm_deals import take_back_deals
from bot.services.outgoing.crm_out import take_back
from bot.services.people.roles import manages
from bot.services.runs.changeable import entry_of, first_logged
from bot.services.runs.history import FINAL, UNDONE, is_change, one_go, too_late
from bot.services.runs.kept import is_move_out, taken_from
from bot.services.work import Work
from bot.store.marks import mark_to_read
from bot.store.tables import CrmRecord, Fact, RunChange, RunRow


def undo(work: Work, click: Click, fact_id: int) -> Logged:
    """Withdraw a logged fact and what was logged together with it.

    Only what was logged in Slack, on the same local day, by the person or for a manager. Raises StaleTouch when
    it is undone already, NotAllowed, NotYours, StoreUnavailable.
    """
    with work.store.read() as session:
        found = session.get(Fact, fact_id)
        if found is None:
            raise NotYours("There is nothing to undo here any more.")
        run_id = found.run_id
    with acting(work, click, run_id, "undo") as desk:
        if desk.repeated:
            return Logged(run_id, desk.run.account, ())
        desk.require_there()
        live = {fact.id for fact in desk.loaded.facts}
        together = _logged_together(desk, found)
        if found.id not in live:
            raise StaleTouch(f"{desk.run.account}: this was undone or changed already.")
        if any(fact.source != "slack" or fact.kind in FINAL for fact in together):
            raise NotAllowed("Only what was logged in Slack can be undone here; change this one in HubSpot.")
        if any(too_late(fact.kind, desk.loaded.facts) for fact in together):
            raise NotAllowed(f"{desk.run.account}: the site is down already, so this cannot be undone.")
        if any(fact.kind == "kept" or is_move_out(fact) for fact in together) and not manages(
            work.config, desk.person, taken_from(desk.session, desk.run) or desk.owner
        ):
            raise NotYours("Only the team's manager decides about move-outs. Nothing was changed.")
        if any(desk.calendar.local_date(_logged_at(desk, fact)) != desk.today for fact in together):
            raise NotAllowed(
                "This was logged on another day. Log a correction instead, or change it in HubSpot."
            )
        written = withdraw_together(desk, found)
        return Logged(run_id, desk.run.account, tuple(fact.id for fact in written))


def withdraw_together(desk: Acting, found: Fact) -> list[Fact]:
    """Withdraw what was written in one go with `found`, here and in HubSpot; what is not live stays as it is."""
    live = {fact.id for fact in desk.loaded.facts}
    corrections = []
    for fact in _logged_together(desk, found):
        if fact.id in live:
            correction = _correction(desk.session, desk.run, fact)
            take_back(desk.work, desk.session, desk.run, fact, wholly=correction.kind == "withdrawn")
            if fact.kind in ("stage", "new_deal"):
                before = correction.outcome if correction.kind == "stage" else None
                take_back_deals(desk.work, desk.session, desk.run, fact, before or desk.run.stage)
            if correction.kind == "withdrawn":
                _read_again(desk.session, fact)
            corrections.append(correction)
    return desk.write(*corrections, step=found.step if is_change(found) else None)


def _read_again(session: Session, fact: Fact) -> None:
    """An email that HubSpot tracked went out, whatever became of its entry here: the next pass counts it by itself."""
    tracked = select(CrmRecord.object_id).where(
        CrmRecord.fact_id == fact.id, CrmRecord.object_type == "emails", CrmRecord.ours.is_(False)
    )
    if (object_id := session.scalar(tracked)) is not None:
        mark_to_read(session, [("emails", object_id)])


def _logged_at(desk: Acting, fact: Fact) -> datetime:
    """A change is undone on the day of the change, all else on the day on which it was logged first."""
    return fact.recorded_at if is_change(fact) else first_logged(desk.loaded, fact)


def _correction(session: Session, run: RunRow, fact: Fact) -> NewFact:
    """What supersedes an undone fact: what it had changed as it was, else nothing at all."""
    if fact.kind == "stage":
        if run.stage != fact.outcome:
            # Somebody has moved it since, in HubSpot: that is not ours to take back.
            return NewFact("withdrawn", supersedes_id=fact.id)
        before = _stage_before(session, run.id, fact)
        return NewFact("stage", outcome=before, reason=UNDONE, supersedes_id=fact.id)
    earlier = session.get(Fact, fact.supersedes_id) if fact.supersedes_id is not None else None
    if fact.kind == "appointment" and earlier is not None:
        return NewFact(
            "appointment",
            at=earlier.at,
            outcome=earlier.outcome,
            starts_at=earlier.starts_at,
            reason=UNDONE,
            supersedes_id=fact.id,
        )
    if is_change(fact) and earlier is not None:
        return NewFact(
            earlier.kind,
            at=earlier.at,
            outcome=earlier.outcome,
            reason=earlier.reason,
            note=earlier.note,
            supersedes_id=fact.id,
        )
    return NewFact("withdrawn", supersedes_id=fact.id)


def _logged_together(desk: Acting, found: Fact) -> list[Fact]:
    """The facts of one entry; of a change only itself, so that what it said before comes back."""
    facts = desk.session.scalars(select(Fact).where(Fact.run_id == found.run_id).order_by(Fact.id))
    if is_change(found):
        return [fact for fact in facts if one_go(fact) == one_go(found)]
    live, entry = {fact.id for fact in desk.loaded.facts}, entry_of(desk.loaded, found)
    return [fact for fact in facts if fact.id in live and entry_of(desk.loaded, fact) == entry]


def _stage_before(session: Session, run_id: int, fact: Fact) -> str:
    """The stage that the run had before a stage fact moved it."""
    change = session.scalar(
        select(RunChange)
        .where(RunChange.run_id == run_id, RunChange.field == "stage", RunChange.new == fact.outcome)
        .order_by(RunChange.id.desc())
        .limit(1)
    )
    return (change.old if change is not None else None) or "open"

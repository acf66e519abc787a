"""The manager's decisions on a move-out: kept until a date, or moved (PLAYBOOK 5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.book import FactRow, LoadedRun
from bot.store.tables import Fact, Person, RunChange, RunRow

DAY_30 = "day_30"
MOVED_OUT = "moved_out"
TAKEN_FROM = "taken_from"  # the audited change: from which HubSpot owner, to whose e-mail


def kept_fact(loaded: LoadedRun, on: date) -> FactRow | None:
    """The manager's decision to keep the run, while it lasts (its last day included)."""
    kept = [fact for fact in loaded.facts if fact.kind == "kept"]
    newest = max(kept, key=lambda fact: (fact.at, fact.id), default=None)
    return newest if newest is not None and newest.until is not None and newest.until >= on else None


def was_kept(loaded: LoadedRun) -> bool:
    """Whether a manager has ever decided to keep the run."""
    return any(fact.kind == "kept" for fact in loaded.facts)


def moved_out_fact(loaded: LoadedRun) -> FactRow | None:
    """The move-out that holds: the run is moved out, by this fact; None when it is not, or not by us."""
    moved = [fact for fact in loaded.facts if is_move_out(fact)]
    return moved[-1] if moved and loaded.row.stage == "moved_out" else None


def taken_from(session: Session, run: RunRow) -> Person | None:
    """The rep from whom a run that is moved out was taken; None when it kept its owner.

    Their manager still decides about it, whoever owns it now.
    """
    crm_owner_id = owner_before(session, run) if run.stage == MOVED_OUT else None
    if crm_owner_id is None:
        return None
    return session.scalar(select(Person).where(Person.crm_owner_id == crm_owner_id))


def owner_before(session: Session, run: RunRow) -> str | None:
    """The HubSpot owner from whom the run was taken the last time."""
    taken = select(RunChange.old).where(RunChange.run_id == run.id, RunChange.field == TAKEN_FROM)
    return session.scalar(taken.order_by(RunChange.id.desc()).limit(1))


def is_move_out(fact: Fact | FactRow) -> bool:
    """Whether the fact is the stage that a move-out wrote."""
    return fact.kind == "stage" and fact.outcome == "moved_out" and fact.reason == DAY_30

"""Writing facts: append-only, each happening once, each fact superseded at most once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.errors import AlreadySuperseded
from bot.store.inserts import insert_row
from bot.store.tables import Fact, RunRow

AT_ONCE = 5_000  # a statement takes so many parameters at most, and some more


def lock_run(session: Session, run_id: int) -> RunRow | None:
    """The run as it is now, locked until the transaction ends; None when there is no such run.

    On SQLite the transaction of `Store.write()` is the lock.
    """
    return next(iter(lock_runs(session, [run_id])), None)


def lock_runs(session: Session, run_ids: Collection[int]) -> list[RunRow]:
    """These runs as they are now, by id, locked until the transaction ends.

    Whoever needs several takes all of them here, at once: in one order nobody waits for somebody who waits for them.
    Rows that only name a run, like what a message shows, can be written meanwhile: its id never changes.
    """
    if not run_ids:
        return []
    session.flush()  # or what was changed before would be read over
    wanted = sorted(set(run_ids))
    found: list[RunRow] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = select(RunRow).where(RunRow.id.in_(wanted[start : start + AT_ONCE])).order_by(RunRow.id)
        locked = some.with_for_update(key_share=True).execution_options(populate_existing=True)
        found += session.scalars(locked)
    return found


def add_fact(
    session: Session,
    *,
    key: str,
    run_id: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    source: str,
    surface: str,
    actor_id: int | None = None,
    outcome: str | None = None,
    until: date | None = None,
    starts_at: datetime | None = None,
    step: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    supersedes_id: int | None = None,
) -> Fact | None:
    """Write a fact; None when the same happening (`key`) is written already, whoever wrote it.

    `at` and `recorded_at` are aware instants of business time. Raises AlreadySuperseded when another fact
    supersedes the same one: of two racing corrections one wins and the transaction of the other stays usable.
    """
    values = {
        "key": key,
        "run_id": run_id,
        "kind": kind,
        "at": at,
        "recorded_at": recorded_at,
        "source": source,
        "surface": surface,
        "actor_id": actor_id,
        "outcome": outcome,
        "until": until,
        "starts_at": starts_at,
        "step": step,
        "reason": reason,
        "note": note,
        "supersedes_id": supersedes_id,
    }
    fact_id = insert_row(session, Fact, values)
    fact = session.get(Fact, fact_id) if fact_id is not None else None
    if fact is not None:
        return fact
    if session.scalar(select(Fact.id).where(Fact.key == key)) is not None or supersedes_id is None:
        return None
    raise AlreadySuperseded(
        supersedes_id, session.scalar(select(Fact.id).where(Fact.supersedes_id == supersedes_id))
    )


def withdraw(
    session: Session,
    fact: Fact,
    *,
    at: datetime,
    source: str,
    surface: str,
    actor_id: int | None = None,
    reason: str | None = None,
) -> Fact:
    """Undo a fact: it stays, superseded by one that says nothing itself. `at` is business time.

    Raises AlreadySuperseded when it was corrected or undone before.
    """
    undo = add_fact(
        session,
        key=f"withdraw:{fact.id}",
        run_id=fact.run_id,
        kind="withdrawn",
        at=at,
        recorded_at=at,
        source=source,
        surface=surface,
        actor_id=actor_id,
        reason=reason,
        supersedes_id=fact.id,
    )
    if undo is None:
        raise AlreadySuperseded(fact.id, session.scalar(select(Fact.id).where(Fact.supersedes_id == fact.id)))
    return undo

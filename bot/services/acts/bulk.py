"""Logging on several accounts at once what a plan says, each account looked at and logged for itself.

Each is a transaction of its own under a key of the plan and the account, so that a submission that is doubled, or
delivered again after the process died half-way, finishes the rest and doubles nothing.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from bot.logs import log
from bot.services.acts.acting import Click, TouchAt, acting, audited
from bot.services.acts.bulk_plan import Plan, Planned, own_message, plan_of, read_plan
from bot.services.acts.defer import defer
from bot.services.acts.one_of_several import DEFER, refusal_of
from bot.services.acts.record import NewFact
from bot.services.acts.undo import undo
from bot.services.errors import DomainError, NotAllowed, StoreError
from bot.services.outgoing.messages import locked_message
from bot.services.runs.call_outcomes import read_outcome
from bot.services.work import Work
from bot.store.tables import Fact

# Slack waits three seconds for an answer; what is left by then is logged with one more press.
MOST_TIME: Final = timedelta(seconds=2)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one account: `fact_id` of what was logged, or why not; neither: it is still to be done."""

    run_id: int
    account: str | None
    fact_id: int | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One line for each chosen account. `undone`: these are the lines of taking it all back."""

    plan: Plan
    lines: tuple[Done, ...]
    undone: bool = False

    @property
    def done(self) -> tuple[Done, ...]:
        return tuple(one for one in self.lines if one.fact_id is not None)

    @property
    def left(self) -> tuple[Done, ...]:
        return tuple(one for one in self.lines if one.fact_id is None and one.refused is None)


def log_plan(work: Work, click: Click, plan_id: int) -> Result:
    """Log what was confirmed, each account checked once more; again: the same lines, and nothing is doubled.

    What is not done within MOST_TIME is left for another call. Raises UnknownPerson, NotYours (audited),
    StaleTouch, StoreUnavailable.
    """
    with audited(work, click, None, "log_several"), work.store.read() as session:
        message = own_message(work, session, click, plan_id)
        plan, kept = plan_of(session, message), message.data.get("refused")
    if kept is None:
        logged = _facts_of(work, plan)
        todo = [one for one in plan.ready if one.run_id not in logged]
        refused, left = _each(work, todo, lambda quiet, one: _log_one(quiet, click, plan, one))
        if not left:
            _close(work, plan_id, refused)
    else:
        refused = {int(run_id): why for run_id, why in kept}
        left = frozenset()
    facts = _facts_of(work, plan)
    return Result(plan, tuple(_done(one, refused, facts, left) for one in plan.accounts))


def undo_plan(work: Work, click: Click, plan_id: int) -> Result:
    """Undo exactly what a plan has logged, each as its own *Undo* would. Raises what `log_plan` raises."""
    plan = read_plan(work, click, plan_id)
    facts = _facts_of(work, plan)
    logged = [one for one in plan.accounts if one.run_id in facts]

    def undo_one(quiet: Work, one: Planned) -> None:
        once = replace(click, key=f"{_key(plan, one)}:undo", surface="form")
        undo(quiet, once, facts[one.run_id])

    taken_back = _withdrawn(work, facts.values())
    refused, left = _each(work, [one for one in logged if facts[one.run_id] not in taken_back], undo_one)
    return Result(plan, tuple(_done(one, refused, facts, left) for one in logged), undone=True)


def _log_one(work: Work, click: Click, plan: Plan, one: Planned) -> None:
    """One account. Raises DomainError with the reason when it cannot take the outcome any more."""
    what = plan.several
    at = TouchAt(one.run_id, one.step, one.on)
    once = Click(click.who, _key(plan, one), "form")
    if what.kind == DEFER:
        defer(
            work,
            once,
            at,
            reason=what.reason or "other",
            note=what.note or "",
            until=what.until,
            warned_of=what.until,
        )
        return
    with acting(work, once, one.run_id, "log_several") as desk:
        if desk.repeated:
            return
        desk.require_due(at)
        judged = refusal_of(desk.loaded.row, desk.assessment, what, work.now(), desk.person.tz)
        if judged.why is not None:
            raise NotAllowed(judged.why)
        outcome = own_id = None
        if what.kind == "call":
            outcome, own_id = read_outcome(desk.session, work.config.hubspot, what.outcome, contact=False)
        desk.write(NewFact(what.kind, outcome=outcome, reason=own_id, note=what.note), step=one.step)


def _each(
    work: Work, accounts: Sequence[Planned], act: Callable[[Work, Planned], None]
) -> tuple[dict[int, str], frozenset[int]]:
    """Act on one account after the other: why some refused, and which there was no time for.

    One account's failure stops no other; only the database's own trouble stops all, to be delivered again.
    """
    quiet = replace(work, wake=lambda: None)  # messages are drawn again once, after all of it
    ends_at = work.elapsed() + MOST_TIME
    refused: dict[int, str] = {}
    left: list[int] = []
    try:
        for number, one in enumerate(accounts):
            if number and work.elapsed() >= ends_at:
                left.append(one.run_id)
                continue
            try:
                act(quiet, one)
            except StoreError:
                raise
            except DomainError as error:
                refused[one.run_id] = error.sentence.removeprefix(f"{one.account}: ")
            except Exception as error:  # noqa: BLE001 - one bad account delays no other (FAULTS I7)
                refused[one.run_id] = _unexpected(one.run_id, error)
    finally:
        work.wake()
    return refused, frozenset(left)


def _unexpected(run_id: int, error: Exception) -> str:
    reference = secrets.token_hex(3)
    log(_log, logging.ERROR, "several.failed", error=error, run_id=run_id, reference=reference)
    return f"something went wrong here. Log it alone; if that fails too, tell your admin {reference}."


def _done(one: Planned, refused: dict[int, str], facts: dict[int, int], left: frozenset[int]) -> Done:
    why = refused.get(one.run_id, one.refused)
    if why is not None or one.run_id in left:
        return Done(one.run_id, one.account, refused=why)
    return Done(one.run_id, one.account, fact_id=facts.get(one.run_id))


def _key(plan: Plan, one: Planned) -> str:
    return f"bulk:{plan.plan_id}:{one.run_id}"


def _facts_of(work: Work, plan: Plan) -> dict[int, int]:
    """What the plan has logged: {run id: fact id}."""
    keys = {f"slack:{_key(plan, one)}#0": one.run_id for one in plan.accounts}
    with work.store.read() as session:
        rows = session.execute(select(Fact.key, Fact.id).where(Fact.key.in_(keys)))
        return {keys[row.key]: row.id for row in rows}


def _withdrawn(work: Work, fact_ids: Iterable[int]) -> frozenset[int]:
    wanted = select(Fact.supersedes_id).where(
        Fact.kind == "withdrawn", Fact.supersedes_id.in_(tuple(fact_ids))
    )
    with work.store.read() as session:
        return frozenset(one for one in session.scalars(wanted) if one is not None)


def _close(work: Work, plan_id: int, refused: dict[int, str]) -> None:
    """The plan is done: what was refused stays refused, and the note is with the accounts now."""
    with work.store.write() as session:
        message = locked_message(session, plan_id)
        if message is not None and "refused" not in message.data:
            several = message.data["several"] | {"note": None}
            message.data = message.data | {"refused": list(refused.items()), "several": several}

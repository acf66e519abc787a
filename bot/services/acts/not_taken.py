"""What HubSpot did not take: tried again or dropped; and where both sides chose: HubSpot's is kept, or ours written.

By whoever logged it, the account's owner or cover, their manager, or an admin. Each decision is kept with the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from bot.services.acts.acting import GONE, Click, audited
from bot.services.acts.record import move_stage
from bot.services.errors import NotYours, StaleTouch
from bot.services.not_taken import ANSWER_WITHIN
from bot.services.outgoing.redraws import redraw_runs
from bot.services.people.calendars import Calendars
from bot.services.people.cover import Covers
from bot.services.people.roles import known_person, may_work
from bot.services.people.user_groups import is_named
from bot.services.runs.crm_changes import DECIDED, NOBODY_CHOSE
from bot.services.runs.not_taken import DROPPED_BY, contest_of, set_aside
from bot.services.work import Work
from bot.store.facts import lock_run
from bot.store.marks import mark_to_read
from bot.store.outbox import drop, replay
from bot.store.received import first_time
from bot.store.tables import Fact, OutboxRow, Person, RunChange, RunRow

NOT_YOURS = (
    "Whoever logged this, the account's owner, their manager or an admin can decide it. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class _Open:
    session: Session
    person: Person
    run: RunRow
    fact: Fact
    row: OutboxRow


def try_again(work: Work, click: Click, fact_id: int) -> None:
    """Send what was refused once more; it is looked up first. Raises NotYours (audited), StaleTouch, UnknownPerson."""
    with _decided(work, click, fact_id, "try_again") as found:
        if found is not None:
            _keep(work, found, "tried again")
            replay(found.session, found.row.id, elapsed=work.elapsed())


def drop_entry(work: Work, click: Click, fact_id: int) -> None:
    """Leave it at that: our fact stands, and HubSpot will not have it. Raises as `try_again` does."""
    with _decided(work, click, fact_id, "drop_entry") as found:
        if found is not None:
            _keep(work, found, "dropped")
            _drop(work, found.session, found.row, f"{DROPPED_BY}{found.person.name}")


def keep_theirs(work: Work, click: Click, fact_id: int) -> None:
    """What stands in HubSpot holds; the next sync takes it over. Raises as `try_again` does."""
    with _decided(work, click, fact_id, "keep_theirs", contested=True) as found:
        if found is not None:
            _keep(work, found, "HubSpot's kept")
            _keep_theirs(work, found.session, found.row, f"HubSpot's kept by {found.person.name}")


def write_mine(work: Work, click: Click, fact_id: int) -> None:
    """Ours is written over what was shown beside it; over nothing else. Raises as `try_again` does."""
    with _decided(work, click, fact_id, "write_mine", contested=True) as found:
        if found is not None:
            theirs = contest_of(found.row) or {}
            _keep(work, found, "ours written")
            row, elapsed = found.row, work.elapsed()
            row.payload = row.payload | {"instead_of": theirs.get("raw") or {}}
            row.result, row.reason, row.settled_at = {}, None, None
            row.state, row.attempts, row.faults = "pending", 0, 0
            row.next_try_at = row.look_at = elapsed
            if found.fact.kind == "stage" and found.fact.outcome is not None:
                move_stage(found.session, found.run, found.fact.outcome, work.now(), "slack", found.person)
                found.run.version += 1


def send_again(work: Work, row_id: int) -> bool:
    """An admin gives a row of any service another chance; False if it was not set aside."""
    with work.store.write() as session:
        row = _by_admin(work, session, row_id, "tried again by an admin")
        done = row is not None and replay(session, row_id, elapsed=work.elapsed())
    work.wake()
    return done


def leave_at_that(work: Work, row_id: int, why: str) -> bool:
    """An admin decides that a row of any service will not be sent; False if it was not set aside.

    Where both sides had changed the same thing, HubSpot's is kept.
    """
    reason = f"{DROPPED_BY}an admin" + (f": {why}" if why else "")
    with work.store.write() as session:
        row = _by_admin(work, session, row_id, reason)
        if row is None:
            return False
        if contest_of(row) is not None:
            _keep_theirs(work, session, row, f"HubSpot's kept, {reason}")
        else:
            _drop(work, session, row, reason)
    work.wake()
    return True


def _by_admin(work: Work, session: Session, row_id: int, decided: str) -> OutboxRow | None:
    """The row that was set aside, its decision kept with the run that it is about."""
    wanted = select(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.state == "dead")
    # What it carries may be why it was set aside: it is not read.
    row = session.scalar(wanted.options(defer(OutboxRow.payload)).with_for_update())
    fact = session.get(Fact, row.fact_id) if row is not None and row.fact_id is not None else None
    if row is not None and fact is not None:
        session.add(_change(work, session.get_one(RunRow, fact.run_id), row, decided, None))
        redraw_runs(work, session, [fact.run_id])
    return row


def close_contests(work: Work) -> int:
    """Where nobody chose within a day HubSpot's stays, and that is said on the account; how many."""
    closed = 0
    with work.store.write() as session:
        late = select(OutboxRow, Fact).join(Fact, Fact.id == OutboxRow.fact_id)
        late = late.where(*set_aside(), OutboxRow.settled_at <= work.elapsed() - ANSWER_WITHIN)
        # What another process is closing, or somebody is deciding this moment, is passed over.
        late = late.order_by(OutboxRow.id).limit(1000).with_for_update(of=OutboxRow, skip_locked=True)
        for row, fact in session.execute(late):
            if contest_of(row) is None:
                continue
            run = session.get_one(RunRow, fact.run_id)
            session.add(_change(work, run, row, NOBODY_CHOSE, None))
            _keep_theirs(work, session, row, NOBODY_CHOSE)
            redraw_runs(work, session, [run.id])
            closed += 1
    if closed:
        work.wake()
    return closed


@contextmanager
def _decided(
    work: Work, click: Click, fact_id: int, action: str, *, contested: bool = False
) -> Iterator[_Open | None]:
    """The row that was set aside, locked and authorised; None when this very press was handled before."""
    with work.store.read() as session:
        known = session.get(Fact, fact_id)
        run_id = known.run_id if known is not None else None
    with audited(work, click, run_id, action), work.store.write() as session:
        person = known_person(session, click.who)
        run = lock_run(session, run_id) if run_id is not None else None
        fact = session.get(Fact, fact_id)
        if run is None or fact is None:
            raise NotYours(NOT_YOURS)
        _require_may_decide(work, session, person, run, fact)
        if not first_time(session, click.key, work.elapsed()):
            yield None
            return
        row = session.scalar(
            select(OutboxRow)
            .where(*set_aside(), OutboxRow.fact_id == fact_id)
            .order_by(OutboxRow.id.desc())
            .limit(1)
            .with_for_update()
        )
        redraw_runs(work, session, [run.id], click.pressed)
        if run.gone_at is not None:
            raise StaleTouch(GONE)
        if row is None or (contest_of(row) is not None) != contested:
            raise StaleTouch(
                f"{run.account}: this was decided already, or it has arrived. Nothing was changed."
            )
        if session.scalar(select(Fact.id).where(Fact.supersedes_id == fact_id)) is not None:
            raise StaleTouch(f"{run.account}: this was undone or changed since. Nothing was changed.")
        yield _Open(session, person, run, fact, row)
    work.wake()


def _require_may_decide(work: Work, session: Session, person: Person, run: RunRow, fact: Fact) -> None:
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    covers = Covers.read(session, Calendars(session, work.config, work.now()), work.now())
    if person.id == fact.actor_id or is_named(person, work.config.admins):
        return
    if not may_work(work.config, person, owner, covers):
        raise NotYours(NOT_YOURS)


def _keep(work: Work, found: _Open, decided: str) -> None:
    found.session.add(_change(work, found.run, found.row, decided, found.person))


def _change(work: Work, run: RunRow, row: OutboxRow, decided: str, person: Person | None) -> RunChange:
    change = RunChange(run_id=run.id, field=DECIDED, old=row.reason, new=decided, at=work.now())
    change.source, change.actor_id = ("slack", person.id) if person is not None else ("system", None)
    return change


def _drop(work: Work, session: Session, row: OutboxRow, reason: str) -> None:
    drop(session, row.id, reason=reason, elapsed=work.elapsed())


def _keep_theirs(work: Work, session: Session, row: OutboxRow, reason: str) -> None:
    """HubSpot's holds: the next pass of the sync reads it, though nothing has changed there since."""
    theirs = contest_of(row) or {}
    if theirs.get("id"):
        mark_to_read(session, [(theirs["type"], theirs["id"])])
    _drop(work, session, row, reason)

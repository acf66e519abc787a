"""Reading runs with their facts: two statements, however many runs, and plain rows instead of ORM objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from bot.playbook.run import Activity, ActivityKind, Appointment, AppointmentStatus, Deferral, Run, Stage
from bot.store.tables import Fact, RunRow


class RunRecord(NamedTuple):
    """A run as stored; the columns of `RunRow`."""

    id: int
    book: str
    deal_id: str
    put_out_on: date
    account: str
    stage: str
    expires_on: date | None
    hosts_site: bool
    price_cents: int | None
    price_period: str
    currency: str
    owner_id: int | None
    crm_owner_id: str | None
    owner_since: datetime | None
    company_id: str | None
    contact_id: str | None
    contact_name: str | None
    contact_phone: str | None
    contact_email: str | None
    created_at: datetime
    gone_at: datetime | None
    next_look_on: date | None
    version: int


class FactRow(NamedTuple):
    """A fact as stored; the columns of `Fact`."""

    id: int
    key: str
    run_id: int
    kind: str
    at: datetime
    recorded_at: datetime
    source: str
    surface: str
    actor_id: int | None
    outcome: str | None
    until: date | None
    starts_at: datetime | None
    step: str | None
    reason: str | None
    note: str | None
    supersedes_id: int | None


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """A run with its facts in the order they were written.

    `facts` are those that hold: neither superseded nor an undo. `all_facts` is the whole history.
    """

    row: RunRecord
    facts: tuple[FactRow, ...]
    all_facts: tuple[FactRow, ...]


RUNS_AT_ONCE = 5_000
ROWS_AT_ONCE = 1_000
# The tables' own columns: with the mapped ones SQLAlchemy compares all of them anew for each result.
_RUNS = select(*(RunRow.__table__.c[name] for name in RunRecord._fields))
_FACTS_ALONE = select(*(Fact.__table__.c[name] for name in FactRow._fields))
_FACTS = _FACTS_ALONE.join(RunRow, RunRow.id == Fact.run_id)
_KINDS = {kind.value: kind for kind in ActivityKind}


def runs_query(*where: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """The statement that finds the runs. No ORDER BY: it would make SQLite walk the owner's whole index."""
    return _RUNS.where(*where)


def facts_query(*where: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """The statement that finds their facts, by the same criterion: no list of ids that grows with the
    book.
    """
    return _FACTS.where(*where)


def load_runs(session: Session, *where: ColumnElement[bool]) -> list[LoadedRun]:
    """The runs for which `where` holds (conditions on RunRow), by id, with all their facts; two
    statements.
    """
    session.flush()
    runs = sorted(map(RunRecord._make, _fetched(session, runs_query(*where))))
    facts: dict[int, list[FactRow]] = {run.id: [] for run in runs}
    for fact in map(FactRow._make, _fetched(session, facts_query(*where))):
        # Outside one snapshot (a PostgreSQL write transaction) the second statement may see a newer run.
        if fact.run_id in facts:
            facts[fact.run_id].append(fact)
    return [_loaded(run, facts[run.id]) for run in runs]


def load_run(session: Session, run: RunRow) -> LoadedRun:
    """One run that is at hand already, with all its facts; one statement."""
    session.flush()
    found = _fetched(session, _FACTS_ALONE.where(Fact.run_id == run.id))
    return _loaded(_record_of(run), list(map(FactRow._make, found)))


def with_facts(loaded: LoadedRun, run: RunRow, written: Iterable[Fact]) -> LoadedRun:
    """The run as it is after facts were written on it, without reading it again."""
    new = [FactRow(*(getattr(fact, name) for name in FactRow._fields)) for fact in written]
    return _loaded(_record_of(run), [*loaded.all_facts, *new])


def _record_of(run: RunRow) -> RunRecord:
    return RunRecord(*(getattr(run, name) for name in RunRecord._fields))


def id_ranges(session: Session) -> Iterator[ColumnElement[bool]]:
    """Conditions that part the whole book by id, so that what reads all of it holds only a part at a time."""
    last = session.scalar(select(func.max(RunRow.id))) or 0
    for after in range(0, last, RUNS_AT_ONCE):
        yield and_(RunRow.id > after, RunRow.id <= after + RUNS_AT_ONCE)


def _fetched(session: Session, statement: Select[tuple[object, ...]]) -> Iterator[Row[tuple[object, ...]]]:
    """The rows, many at a time: a result that is iterated asks the driver for one after the other."""
    return chain.from_iterable(session.connection().execute(statement).partitions(ROWS_AT_ONCE))


def _loaded(run: RunRecord, facts: list[FactRow]) -> LoadedRun:
    facts.sort()
    superseded = {fact.supersedes_id for fact in facts}
    holding = tuple(fact for fact in facts if fact.id not in superseded and fact.kind != "withdrawn")
    return LoadedRun(run, holding, tuple(facts))


def to_run(loaded: LoadedRun) -> Run:
    """The run as the playbook reads it: the facts that hold, and the stage as it is now."""
    row = loaded.row
    return Run(
        id=str(row.id),
        account=row.account,
        put_out_on=row.put_out_on,
        expires_on=row.expires_on,
        hosts_site=row.hosts_site,
        stage=Stage(row.stage),
        activities=tuple(_activities(loaded.facts)),
        appointments=tuple(
            Appointment(fact.starts_at, AppointmentStatus(fact.outcome or AppointmentStatus.SCHEDULED))
            for fact in loaded.facts
            if fact.kind == "appointment" and fact.starts_at is not None
        ),
        deferrals=tuple(
            Deferral(fact.at, fact.until)
            for fact in loaded.facts
            if fact.kind == "deferral" and fact.until is not None
        ),
    )


def _activities(facts: tuple[FactRow, ...]) -> Iterator[Activity]:
    for fact in facts:
        kind = _KINDS.get(fact.kind)
        if kind is not None:
            yield Activity(fact.at, kind, fact.outcome if kind is ActivityKind.CALL else None)

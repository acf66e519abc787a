"""Taking over a book of renewals from a file, for teams without HubSpot: rows keyed by id, nothing half-imported.

Importing again updates what the book says (dates, price, owner, contact); what was logged is never touched, and
rows that are gone from the file are listed, not deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.incoming.book_rows import BookRow
from bot.services.outgoing.redraws import redraw_runs
from bot.services.runs.looking import look_again
from bot.services.runs.run_details import keep_details
from bot.services.work import Work
from bot.store.tables import Person, RunChange, RunRow

BOOK = "import"
AT_ONCE = 1000  # runs in one statement
AUDITED = frozenset({"put_out_on", "expires_on", "stage", "price_cents", "hosts_site", "owner_id"})


@dataclass(slots=True)
class ImportReport:
    """What an import did. `gone`: accounts of open runs that the file no longer has."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    unmatched_owners: list[str] = field(default_factory=list)


def import_book(work: Work, rows: Sequence[BookRow]) -> ImportReport:
    """Write all rows in one transaction; `rows` are read and checked before (see `book_rows`)."""
    report = ImportReport()
    with work.store.write() as session:
        owners = _owners(session, rows)
        runs = {run.deal_id: run for run in _runs(session)}  # the newest of each id
        same = {(run.deal_id, run.put_out_on): run for run in _runs(session)}
        said = _stages_said(session)
        touched = []
        for row in rows:
            run = same.get((row.id, row.put_out_on), runs.get(row.id))
            if taken := _take_over(work, session, row, run, owners.get(row.owner_email), said, report):
                touched.append(taken.id)
        for part in range(0, len(touched), AT_ONCE):
            look_again(work, session, touched[part : part + AT_ONCE], work.now())
            redraw_runs(work, session, touched[part : part + AT_ONCE])
        known = {row.id for row in rows}
        report.gone = sorted(
            run.account
            for run in runs.values()
            if run.deal_id not in known and run.stage in ("open", "negotiation")
        )
        report.unmatched_owners = sorted(
            {row.owner_email for row in rows if row.owner_email and not _reachable(owners[row.owner_email])}
        )
    work.wake()
    return report


def _owners(session: Session, rows: Sequence[BookRow]) -> dict[str, Person]:
    """The people named as owners; whoever is not known yet is met in Slack's directory later."""
    found = {person.email: person for person in session.scalars(select(Person))}
    for row in rows:
        if row.owner_email and row.owner_email not in found:
            person = Person(email=row.owner_email, name=row.owner_email.partition("@")[0], tz="UTC")
            session.add(person)
            found[row.owner_email] = person
    session.flush()
    return found


def _reachable(person: Person) -> bool:
    return person.active and person.slack_user_id is not None


def _runs(session: Session) -> list[RunRow]:
    """The book's runs, oldest first."""
    return list(session.scalars(select(RunRow).where(RunRow.book == BOOK).order_by(RunRow.put_out_on)))


def _stages_said(session: Session) -> dict[int, str | None]:
    """What the file said last of the stage, for the runs whose stage was changed since they were new."""
    changes = select(RunChange).where(RunChange.field == "stage").order_by(RunChange.id)
    said: dict[int, str | None] = {}
    for change in session.scalars(changes):
        said.setdefault(change.run_id, change.old)
        if change.source == BOOK:
            said[change.run_id] = change.new
    return said


def _take_over(
    work: Work,
    session: Session,
    row: BookRow,
    run: RunRow | None,
    owner: Person | None,
    said: Mapping[int, str | None],
    report: ImportReport,
) -> RunRow | None:
    """One row: a new run, or what it changes on the one that is there; None when nothing changed."""
    now = work.now()
    if run is None or _begins_anew(run, row.put_out_on):
        run = RunRow(
            book=BOOK,
            deal_id=row.id,
            created_at=now,
            version=0,
            owner_since=None,
            **_values(row, owner),
        )
        session.add(run)
        session.flush()
        keep_details(session, run.id, row.details)
        report.new += 1
        return run
    changes = {name: value for name, value in _values(row, owner).items() if getattr(run, name) != value}
    if row.stage in (None, said.get(run.id)):
        changes.pop("stage", None)  # nothing new: what was logged since stands
    if not keep_details(session, run.id, row.details) and not changes:
        report.unchanged += 1
        return None
    for name, value in changes.items():
        if name in AUDITED:
            old = getattr(run, name)
            session.add(
                RunChange(run_id=run.id, field=name, old=_text(old), new=_text(value), at=now, source=BOOK)
            )
        setattr(run, name, value)
    if "owner_id" in changes:
        run.owner_since = now
    run.version += 1
    report.changed += 1
    return run


def _begins_anew(run: RunRow, put_out_on: date) -> bool:
    """Whether a later put-out date opens the next term's run instead of correcting this one's."""
    closed = run.stage in ("won", "lost", "moved_out")
    expired = run.expires_on is not None and put_out_on > run.expires_on
    return put_out_on > run.put_out_on and (closed or expired)


def _values(row: BookRow, owner: Person | None) -> dict[str, object]:
    return {
        "put_out_on": row.put_out_on,
        "account": row.account,
        "expires_on": row.expires_on,
        "stage": row.stage or "open",
        "hosts_site": row.hosts_site,
        "price_cents": row.price_cents,
        "price_period": row.price_period,
        "currency": row.currency,
        "owner_id": owner.id if owner else None,
        "contact_name": row.contact,
        "contact_phone": row.phone,
        "contact_email": row.email,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)

"""The team board: for each rep how the book stands, so that a manager never has to ask."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.playbook.assessment import MoveOutStatus, State
from bot.services.book_of import OPEN_STAGES, reps_of
from bot.services.dates import spoken
from bot.services.go_live import unowned
from bot.services.home.gates import gates_of
from bot.services.home.models import Board, BoardRow, GateKind
from bot.services.lines import Reader, Seen, is_late, monthly_cents, today_facts
from bot.services.roles import manages
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Person, RunRow


def managed_reps(work: Work, session: Session, person: Person) -> list[Person]:
    """The reps whom the person manages, by name; none for a rep."""
    reps = [rep for rep in reps_of(session, work.config) if manages(work.config, person, rep)]
    return sorted(reps, key=lambda rep: (rep.name.casefold(), rep.id))


def read_board(
    work: Work, session: Session, person: Person, reps: Sequence[Person], page: int, rows: int
) -> Board:
    """A page of `rows` reps."""
    reader = Reader(work, session)
    pages = max(1, -(-len(reps) // rows))
    page = min(max(0, page), pages - 1)
    shown = reps[page * rows : (page + 1) * rows]
    loaded = load_runs(
        session,
        RunRow.owner_id.in_([rep.id for rep in shown]),
        RunRow.stage.in_(OPEN_STAGES),
        RunRow.gone_at.is_(None),
    )
    seen: dict[int, list[Seen]] = {rep.id: [] for rep in shown}
    for one in map(reader.see, loaded):
        seen[one.loaded.row.owner_id or 0].append(one)
    own = (
        select(func.count()).select_from(RunRow).where(RunRow.owner_id == person.id, RunRow.gone_at.is_(None))
    )
    return Board(
        reader_id=person.id,
        on=work.now().astimezone(reader.calendars.of(person).tz).date(),
        rows=tuple(_row(reader, rep, seen[rep.id]) for rep in shown),
        page=page,
        pages=pages,
        has_own_book=bool(session.scalar(own)),
        without_owner=len(unowned(session)) if manages(work.config, person, None) else 0,
    )


def _row(reader: Reader, rep: Person, seen: Sequence[Seen]) -> BoardRow:
    at_risk: dict[str, int] = {}
    for one in seen:
        if _is_at_risk(one):
            row = one.loaded.row
            worth = monthly_cents(row.price_cents, row.price_period)
            at_risk[row.currency] = at_risk.get(row.currency, 0) + worth
    return BoardRow(
        person_id=rep.id,
        name=rep.name,
        away=_away(reader, rep),
        open=len(seen),
        due=sum(bool(one.assessment.touches) for one in seen),
        late=sum(is_late(one.assessment) for one in seen),
        done_today=sum(bool(today_facts(one)) for one in seen),
        deferred=sum(one.assessment.state is State.DEFERRED for one in seen),
        day_14=sum(_stands_at(one, GateKind.DAY_14) for one in seen),
        day_30=sum(_moves(one) for one in seen),
        at_risk_cents=at_risk,
    )


def _stands_at(one: Seen, kind: GateKind) -> bool:
    """Whether that gate is reached and not met."""
    return any(gate.kind is kind and gate.on <= one.assessment.on for gate in gates_of(one))


def _moves(one: Seen) -> bool:
    """Day 28 or later, with nothing that exempts."""
    gate = one.assessment.move_out
    return gate is not None and gate.status in (MoveOutStatus.PREVIEW, MoveOutStatus.DUE)


def _is_at_risk(one: Seen) -> bool:
    return is_late(one.assessment) or _moves(one)


def _away(reader: Reader, rep: Person) -> str | None:
    """That the rep is on leave today, until when, and who covers."""
    today = reader.now.astimezone(reader.calendars.of(rep).tz).date()
    for absence in reader.calendars.absences(rep):
        if absence.holds(today):
            cover = reader.people.get(absence.cover_id) if absence.cover_id is not None else None
            who = f"{cover.name} covers" if cover is not None else "nobody covers"
            return f"on leave until {spoken(absence.days.last)}, {who}"
    return None

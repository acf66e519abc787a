"""The team board: for each rep how the book stands, so that a manager never has to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.playbook.assessment import MoveOutStatus, State
from bot.services.home.away import away_of
from bot.services.home.gates import gates_of
from bot.services.home.models import Board, BoardRow, GateKind, Standing
from bot.services.home.worked import closed_today, worked_today
from bot.services.people.book_of import OPEN_STAGES, reps_of
from bot.services.people.roles import manages
from bot.services.runs.go_live import unowned
from bot.services.runs.lines import Reader, Seen, is_late
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
    """A page of `rows` reps, those with most that is late first; the team's sum is of all of them."""
    reader = Reader(work, session)
    owner_ids = frozenset(rep.id for rep in reps)
    loaded = load_runs(
        session,
        RunRow.owner_id.in_(sorted(owner_ids)),
        RunRow.stage.in_(OPEN_STAGES),
        RunRow.gone_at.is_(None),
    )
    seen = _by_owner(reps, map(reader.see, loaded))
    closed = _by_owner(reps, closed_today(reader, owner_ids))
    board = [
        BoardRow(rep.id, rep.name, away_of(reader, rep), _standing(seen[rep.id], closed[rep.id]))
        for rep in reps
    ]
    board.sort(key=lambda row: -row.standing.late)  # those who are level stay by name
    pages = max(1, -(-len(board) // rows))
    page = min(max(0, page), pages - 1)
    own = (
        select(func.count()).select_from(RunRow).where(RunRow.owner_id == person.id, RunRow.gone_at.is_(None))
    )
    return Board(
        reader_id=person.id,
        on=work.now().astimezone(reader.calendars.of(person).tz).date(),
        team=_standing(_all(seen), _all(closed)),
        rows=tuple(board[page * rows : (page + 1) * rows]),
        reps=len(board),
        page=page,
        pages=pages,
        has_own_book=bool(session.scalar(own)),
        without_owner=len(unowned(session)) if manages(work.config, person, None) else 0,
        owner_ids=owner_ids,
    )


def _by_owner(reps: Sequence[Person], seen: Iterable[Seen]) -> dict[int, list[Seen]]:
    found: dict[int, list[Seen]] = {rep.id: [] for rep in reps}
    for one in seen:
        found[one.loaded.row.owner_id or 0].append(one)
    return found


def _all(books: Mapping[int, Sequence[Seen]]) -> list[Seen]:
    return [one for book in books.values() for one in book]


def _standing(seen: Sequence[Seen], closed: Sequence[Seen]) -> Standing:
    """`closed`: won or lost today, which counts as worked and as nothing else."""
    at_risk: dict[str, int] = {}
    for one in seen:
        if _is_at_risk(one):
            currency = one.loaded.row.currency
            at_risk[currency] = at_risk.get(currency, 0) + one.monthly_cents
    return Standing(
        open=len(seen),
        due=sum(bool(one.assessment.touches) for one in seen),
        late=sum(is_late(one.assessment) for one in seen),
        done_today=worked_today(seen) + len(closed),
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

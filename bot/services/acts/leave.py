"""Leave from a first to a last day, with or without the colleague who covers. It ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Click, audited
from bot.services.acts.status_leave import answer_by_leave
from bot.services.dates import spoken
from bot.services.errors import BadField, NotYours, StaleTouch
from bot.services.outgoing.redraws import redraw_books
from bot.services.people.people import lock_people
from bot.services.people.roles import known_person, manages
from bot.services.runs.looking import look_again_at
from bot.services.work import Work, local_date
from bot.store.received import first_time
from bot.store.tables import LeaveDays, Person

LONGEST = timedelta(days=365)
FIRST, LAST, COVER = "first", "last", "cover"  # the form's fields


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """A leave that is on or to come, as its person reads it."""

    id: int
    first_on: date
    last_on: date
    cover: str | None
    on_now: bool


def take_leave(
    work: Work, click: Click, first_on: date, last_on: date, cover_id: int | None, of: int | None = None
) -> None:
    """Enter leave, both days included, for oneself or (`of`) for a rep whom the person manages.

    Raises BadField (`first`, `last`, `cover`), NotYours, UnknownPerson.
    """
    with audited(work, click, None, "take_leave"), work.store.write() as session:
        person = _whose(work, session, click, of)
        # Both, in one order: of two who enter each other as their cover one is away first.
        lock_people(session, Person.id.in_({person.id, cover_id} - {None}))
        if not first_time(session, click.key, work.elapsed()):
            return
        today = local_date(work.now(), person.tz)
        _require_days(first_on, last_on, today)
        taken = _standing(session, person, today)
        clash = next((one for one in taken if one.first_on <= last_on and first_on <= one.last_on), None)
        if clash is not None:
            raise BadField(
                FIRST,
                f"There is leave from {spoken(clash.first_on)} to {spoken(clash.last_on)} already."
                " End that one first, or choose other days.",
            )
        if cover_id is not None:
            _require_cover(session, person, cover_id, first_on, last_on)
        session.add(
            LeaveDays(
                person_id=person.id,
                first_on=first_on,
                last_on=last_on,
                cover_id=cover_id,
                entered_at=work.now(),
            )
        )
        session.flush()
        answer_by_leave(work, session, person, first_on, last_on)
        _show(work, session, person, cover_id)
    work.wake()


def end_leave(work: Work, click: Click, leave_id: int) -> None:
    """End a leave: one to come is taken back, one that is on ended yesterday; days that passed stay leave.

    Raises StaleTouch when it is over already, NotYours, UnknownPerson.
    """
    with audited(work, click, None, "end_leave"), work.store.write() as session:
        found = session.get(LeaveDays, leave_id)
        person = _whose(work, session, click, found.person_id if found is not None else None)
        lock_people(session, Person.id == person.id)
        if not first_time(session, click.key, work.elapsed()):
            return
        leave = session.scalar(
            select(LeaveDays).where(LeaveDays.id == leave_id),
            execution_options={"populate_existing": True},
        )
        today = local_date(work.now(), person.tz)
        if leave is None or leave.last_on < today:
            raise StaleTouch("This leave is over already. Nothing was changed.")
        cover_id = leave.cover_id
        if leave.first_on < today:
            leave.last_on = today - timedelta(days=1)
        else:
            session.delete(leave)
        session.flush()
        _show(work, session, person, cover_id)
    work.wake()


def _show(work: Work, session: Session, person: Person, cover_id: int | None) -> None:
    """What is due changes for both, and so do the Homes that show it."""
    look_again_at(work, session, [person.id], work.now())
    redraw_books(work, session, [person.id] if cover_id is None else [person.id, cover_id])


@dataclass(frozen=True, slots=True)
class LeaveRead:
    """What the form for leave shows. `whose` is None for one's own; `today` is the absent person's date."""

    whose: str | None
    today: date
    taken: tuple[LeaveLine, ...]
    colleagues: dict[int, str]


def read_leave(work: Work, click: Click, of: int | None = None) -> LeaveRead:
    """A person's leave and who might cover. Raises NotYours, UnknownPerson."""
    with audited(work, click, None, "open_leave"), work.store.read() as session:
        person = _whose(work, session, click, of)
        own = known_person(session, click.who).id == person.id
        return LeaveRead(
            None if own else person.name,
            local_date(work.now(), person.tz),
            leave_lines(work, session, person),
            {one.id: one.name for one in possible_covers(session, person)},
        )


def leave_lines(work: Work, session: Session, person: Person) -> tuple[LeaveLine, ...]:
    """The person's leave that is on or to come, earliest first."""
    today = local_date(work.now(), person.tz)
    names = {one.id: one.name for one in session.scalars(select(Person))}
    return tuple(
        LeaveLine(
            one.id,
            one.first_on,
            one.last_on,
            names.get(one.cover_id) if one.cover_id is not None else None,
            one.first_on <= today,
        )
        for one in _standing(session, person, today)
    )


def possible_covers(session: Session, person: Person) -> list[Person]:
    """The colleagues who may cover: everybody else whom the assistant can reach, by name."""
    reachable = select(Person).where(Person.active, Person.slack_user_id.is_not(None), Person.id != person.id)
    return list(session.scalars(reachable.order_by(Person.name, Person.id)))


def _whose(work: Work, session: Session, click: Click, of: int | None) -> Person:
    """Whose leave it is; somebody else's only for their manager."""
    person = known_person(session, click.who)
    if of is None or of == person.id:
        return person
    other = session.get(Person, of)
    if other is None or not manages(work.config, person, other):
        raise NotYours("Only the person and their manager enter leave. Nothing was changed.")
    return other


def _standing(session: Session, person: Person, today: date) -> list[LeaveDays]:
    wanted = select(LeaveDays).where(LeaveDays.person_id == person.id, LeaveDays.last_on >= today)
    return list(session.scalars(wanted.order_by(LeaveDays.first_on)))


def _require_days(first_on: date, last_on: date, today: date) -> None:
    if last_on < first_on:
        raise BadField(LAST, f"The last day is before the first, {spoken(first_on)}. Choose a later one.")
    if last_on < today:
        raise BadField(LAST, f"These days are over: today is {spoken(today)}.")
    if last_on - first_on > LONGEST:
        raise BadField(LAST, "Leave is entered for a year at most. Choose an earlier last day.")
    if first_on > today + LONGEST:
        raise BadField(FIRST, f"{spoken(first_on)} is more than a year away. Choose an earlier day.")


def _require_cover(session: Session, person: Person, cover_id: int, first_on: date, last_on: date) -> None:
    """The cover is reachable and works on those days; nobody covers for who covers for them."""
    cover = session.get(Person, cover_id)
    if cover is None or cover_id not in {one.id for one in possible_covers(session, person)}:
        raise BadField(COVER, "Choose a colleague who is in Slack and known to the assistant.")
    away = session.scalar(
        select(LeaveDays).where(
            LeaveDays.person_id == cover_id, LeaveDays.first_on <= last_on, LeaveDays.last_on >= first_on
        )
    )
    if away is not None:
        raise BadField(
            COVER,
            f"{cover.name} is on leave from {spoken(away.first_on)} to {spoken(away.last_on)}."
            " Choose somebody else, or split your leave.",
        )

"""Who works a book today: its owner, or the colleague who covers while the owner is on leave.

The owner stays the owner; the digest and the buttons go to the cover, and it ends by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.people.calendars import Absence, Calendars
from bot.services.work import local_date
from bot.store.tables import Person


class Covers:
    """Who covers whom at an instant; each absence is judged by the date of the one who is absent."""

    def __init__(self, calendars: Calendars, people: Mapping[int, Person], now: datetime) -> None:
        self._people = people
        self._away: dict[int, Absence] = {}
        for person_id in calendars.covered_people():
            person = people.get(person_id)
            if person is None:
                continue
            today = local_date(now, person.tz)
            held = [one for one in calendars.absences(person) if one.cover_id in people and one.holds(today)]
            if held:
                self._away[person_id] = held[0]

    @classmethod
    def read(cls, session: Session, calendars: Calendars, now: datetime) -> Self:
        """The same without people at hand: they are read only when anybody's leave is covered at all."""
        if not calendars.covered_people():
            return cls(calendars, {}, now)
        return cls(calendars, {person.id: person for person in session.scalars(select(Person))}, now)

    def worker_of(self, owner: Person | None) -> Person | None:
        """Who works the owner's runs now. A cover who is away and covered in turn hands on; two who cover
        each other do not.
        """
        worker, passed = owner, set[int]()
        while worker is not None and worker.id in self._away and worker.id not in passed:
            passed.add(worker.id)
            worker = self._people[self._away[worker.id].cover_id or worker.id]
        return worker

    def books_of(self, person: Person) -> frozenset[int]:
        """The owners whose runs the person works now: themselves unless covered, and those they cover."""
        owners = {owner_id for owner_id in self._away if self._works(person, self._people[owner_id])}
        return frozenset(owners | ({person.id} if self._works(person, person) else set()))

    def workers(self) -> tuple[Person, ...]:
        """Everybody who covers a colleague now."""
        found = (self.worker_of(self._people[owner_id]) for owner_id in self._away)
        return tuple({one.id: one for one in found if one is not None and one.id not in self._away}.values())

    def since(self, owner: Person | None) -> datetime | None:
        """When the absence was entered that hands the owner's runs to somebody else now (business time)."""
        absence = self._away.get(owner.id) if owner is not None else None
        return absence.entered_at if absence is not None else None

    def absence_of(self, owner: Person | None) -> Absence | None:
        """The covered leave that the owner is on now."""
        return self._away.get(owner.id) if owner is not None else None

    def _works(self, person: Person, owner: Person) -> bool:
        worker = self.worker_of(owner)
        return worker is not None and worker.id == person.id


def everybody(reps: Sequence[Person], covers: Covers) -> list[Person]:
    """The reps and, for as long as it lasts, whoever else covers one of them."""
    known = {rep.id for rep in reps}
    return [*reps, *(one for one in covers.workers() if one.id not in known)]

"""Which records HubSpot's webhooks named: only their ids, for values are always read by id.

A webhook makes nothing true. One that is lost is made good by the next pass, which asks for changes all the same;
one that comes twice, or late, only has a record read once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.services.crm import ACTIVITY_TYPES
from bot.store.marks import mark_to_read
from bot.store.tables import CrmMark

MARKED_TYPES = ("deals", "companies", "contacts", *ACTIVITY_TYPES)
# What one pass reads; the others wait for the next one, or are found among the changes before.
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A record to be read."""

    object_type: str
    object_id: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What waited when a pass looked: {record: how often it had been named}."""

    seen: dict[Mark, int] = field(default_factory=dict)

    def of(self, object_type: str) -> tuple[str, ...]:
        """The ids of one type."""
        return tuple(mark.object_id for mark in self.seen if mark.object_type == object_type)


def keep_marks(session: Session, marks: Collection[Mark]) -> None:
    """Note these records as to be read; one that is noted already is named once more."""
    mark_to_read(session, ((one.object_type, one.object_id) for one in marks))


def waiting(session: Session) -> Marks:
    """What is to be read now."""
    wanted = select(CrmMark).order_by(CrmMark.object_type, CrmMark.object_id).limit(MOST_AT_ONCE)
    return Marks({Mark(row.object_type, row.object_id): row.times for row in session.scalars(wanted)})


def forget_marks(session: Session, marks: Marks) -> None:
    """These were read; what was named again meanwhile stays."""
    for mark, times in marks.seen.items():
        session.execute(
            delete(CrmMark).where(
                CrmMark.object_type == mark.object_type,
                CrmMark.object_id == mark.object_id,
                CrmMark.times == times,
            )
        )


def of_marked_types(named: Iterable[Mark]) -> frozenset[Mark]:
    """Those that a pass reads."""
    return frozenset(one for one in named if one.object_type in MARKED_TYPES)

"""Since when to ask the CRM for changes, so that its search index may lag and clocks may jump."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Marks of earlier reads: (elapsed time of the read, latest change seen by then in the CRM's time).

    A record is found by search only some moments after it changed. So a read starts from what was seen at
    least
    `OVERLAP` of elapsed time ago, and from `OVERLAP` before that in the CRM's own time. Elapsed time counts
    because business time may jump a day between a change and its turning up.
    """

    marks: tuple[tuple[datetime, datetime], ...] = ()

    def since(self, now: datetime, elapsed: datetime) -> datetime | None:
        """From which change on to ask; None when nothing was ever read. `now` is business time.

        After a clock went back, changes are dated before those already seen: as far before now as time has passed
        since that read, at most. (One that went back and then far forward between two reads is not noticed; the
        daily re-reading finds what was dated in between.)
        """
        if not self.marks:
            return None
        old = [mark for mark in self.marks if mark[0] <= elapsed - OVERLAP]
        read_at, seen = old[-1] if old else self.marks[0]
        return min(seen, now - max(elapsed - read_at, timedelta())) - OVERLAP

    def moved(self, latest: datetime | None, now: datetime, elapsed: datetime) -> Cursor:
        """With the mark of a read that began at `elapsed` and saw changes up to `latest`."""
        known = [seen for _, seen in self.marks[-1:]]
        seen = min(max([*known, latest]) if known and latest else latest or (known or [now])[0], now)
        old = [mark for mark in self.marks if mark[0] <= elapsed - OVERLAP][-1:]
        recent = [mark for mark in self.marks if elapsed - OVERLAP < mark[0] <= elapsed]
        return Cursor((*old, *recent, (elapsed, seen)))

    def to_json(self) -> list[list[str]]:
        """For the settings table."""
        return [[read_at.isoformat(), seen.isoformat()] for read_at, seen in self.marks]

    @classmethod
    def from_json(cls, value: Any) -> Cursor:
        """From the settings table."""
        return cls(tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in value or ()))


def cursors_from(value: Mapping[str, Any]) -> dict[str, Cursor]:
    """All cursors by object type."""
    return {name: Cursor.from_json(marks) for name, marks in value.items()}

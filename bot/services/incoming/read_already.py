"""Which of the changes that a search finds again and again were read already.

A search asks from a little before the latest change on, so the last records that changed are found by every pass until
something newer happens: after ten thousand edits at once, all of those. Each is read by passes for a while, as what was
read first may be older than what the search had told, and then no more until its date changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.services.sync_cursor import OVERLAP

Found = dict[
    str, tuple[datetime, datetime]
]  # id -> when it changed, and the elapsed time when that was first read


class ReadAlready:
    """Remembers it for one process; another one, or the next, reads once more."""

    def __init__(self) -> None:
        self._known: dict[str, Found] = {}
        self._now: dict[str, Found] = {}

    def unread(self, object_type: str, changed: Mapping[str, datetime], began: datetime) -> tuple[str, ...]:
        """The ids of those still to be read by a pass that began at this elapsed time."""
        known, now = self._known.get(object_type, {}), self._now.setdefault(object_type, {})
        for record_id, at in changed.items():
            before = known.get(record_id)
            now[record_id] = before if before is not None and before[0] == at else (at, began)
        return tuple(record_id for record_id in changed if began - now[record_id][1] <= OVERLAP)

    def keep(self) -> None:
        """The pass came to its end: what it found was read."""
        self._known |= self._now
        self._now = {}

    def forget(self) -> None:
        """The pass was stopped: what it found may not have been read."""
        self._now = {}

"""An entry that is not in HubSpot: refused there, or standing against what somebody chose there meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A choice that nobody makes within a day is made for HubSpot: it is the system of record.
ANSWER_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Contest:
    """Both sides changed the same thing. `what`: stage, outcome, starts_at, task, or a property's own name."""

    what: str
    ours: str | None
    theirs: str
    at: datetime | None  # since when it stands there, in the reader's zone
    until: datetime  # HubSpot's stays when nobody has chosen by then


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why the entry of this fact did not arrive, and what can be done: try again or drop it, or choose."""

    fact_id: int
    reason: str
    contest: Contest | None = None

"""What passes between the outbox and the couriers: a claimed row, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed outbox row, leased to one sender until its lease ends."""

    id: int
    service: str
    kind: str
    recipient: str
    slot: str
    target: str
    payload: dict[str, Any]
    fact_id: int | None
    attempts: int
    created_at: datetime
    lease_token: str
    lease_until: datetime  # elapsed time; past it somebody else may have the row
    unknown: bool = False  # an earlier try may have arrived: look it up before sending again


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived. `result` is kept with the row (channel and ts, or the HubSpot id)."""

    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It did not arrive; try later. `after` as the remote asked, else None for back-off with jitter.

    `scope` says what waits: `row` (this row may be at fault: set aside after some tries), `target` (same
    channel or deal), or `service` (5xx, refused connections, account-wide limits: one row probes, the
    others wait).
    """

    reason: str
    after: timedelta | None = None
    scope: str = "row"


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived (connection lost after sending): looked up before any second try."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The remote will never take it: set aside with the reason, visible and replayable."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """Nothing has to leave any more (undone, superseded, past its use)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halted:
    """The remote takes nothing from us at all (token revoked, scope removed): the whole queue waits."""

    reason: str


@dataclass(frozen=True, slots=True)
class Contested:
    """Somebody changed the same thing at the remote meanwhile: nothing was written, and a person has to choose.

    `theirs` is kept with the row: what stands there now, in our terms (`said`) and as the remote has it (`raw`).
    """

    reason: str
    theirs: dict[str, Any]


Delivery = Sent | TryAgain | Unknown | Refused | NotNeeded | Halted | Contested


def too_late() -> TryAgain:
    """This process slept beyond the row's lease: another may have sent it, so it is not sent from here."""
    return TryAgain("the lease ended before it was sent", scope="target")

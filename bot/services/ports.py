"""What is remote, as Protocols: the clock, and the couriers that carry outbox rows to Slack and HubSpot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    """Two times: business time may be moved (the sandbox does), elapsed time never."""

    def now(self) -> datetime:
        """Business time, aware UTC: what the playbook, mornings and deadlines read."""
        ...

    def elapsed(self) -> datetime:
        """The machine's own time, aware UTC: for leases, back-off and `Retry-After`."""
        ...


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
    unknown: bool = False  # an earlier try may have arrived: look it up before sending again


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived. `result` is kept with the row (channel and ts, or the HubSpot id)."""

    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It did not arrive; try later. `after` as the remote asked, else None for back-off with jitter.

    `scope` says what waits: `row`, `target` (same channel or deal), or `service`.
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


Delivery = Sent | TryAgain | Unknown | Refused | NotNeeded | Halted


class Courier(Protocol):
    """Carries the outbox rows of one service. Never raises for what the remote does; has its own time-outs."""

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send it. When `parcel.unknown`, look for it at the remote first and answer Sent if it is there."""
        ...

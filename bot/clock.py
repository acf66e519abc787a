"""The only place that reads the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two times: business time may be moved (the sandbox does), elapsed time never."""

    def now(self) -> datetime:
        """Business time, aware UTC: what the playbook, mornings and deadlines read."""
        ...

    def elapsed(self) -> datetime:
        """The machine's own time, aware UTC: for leases, back-off and `Retry-After`."""
        ...


def _machine_time() -> datetime:
    return datetime.now(UTC)


class SystemClock:
    """The machine's time for both; `now` puts another source of business time in its place.

    `now` must answer aware instants; they are turned into UTC.
    """

    def __init__(self, now: Callable[[], datetime] = _machine_time) -> None:
        self._now = now

    def now(self) -> datetime:
        """Business time, aware UTC. Raises ValueError when the source answers a naive time."""
        instant = self._now()
        if instant.tzinfo is None:
            raise ValueError(f"the source of business time answered a naive time: {instant.isoformat()}")
        return instant.astimezone(UTC)

    def elapsed(self) -> datetime:
        """The machine's own time, aware UTC; comparable between processes, which leases need."""
        return _machine_time()

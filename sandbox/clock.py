"""The sandbox's business time: a clock that can be set and jumps.

Elapsed time (trigger ids, redelivery, rate limits, latencies) never uses this clock: see `Elapsed`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Elapsed = Callable[[], float]
"""Seconds on a clock that never jumps, `time.monotonic` by default."""


class SandboxClock:
    """Business time that runs on with real time from the instant it was last set to."""

    def __init__(self, now: datetime | None = None, elapsed: Elapsed = time.monotonic) -> None:
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._subscribers: list[Callable[[], None]] = []
        self._base = _as_utc(now) if now is not None else datetime.now(UTC)
        self._mark = elapsed()

    def now(self) -> datetime:
        """The current business instant, aware, in UTC."""
        with self._lock:
            return self._base + timedelta(seconds=self._elapsed() - self._mark)

    def set(self, instant: datetime) -> datetime:
        """Jump to `instant` (forward or back). Raises ValueError when it has no zone."""
        moved_to = _as_utc(instant)
        with self._lock:
            self._base, self._mark = moved_to, self._elapsed()
        self._tell()
        return moved_to

    def advance(self, by: timedelta) -> datetime:
        """Jump by `by` (which may be negative) and answer the new instant."""
        with self._lock:
            mark = self._elapsed()
            self._base += timedelta(seconds=mark - self._mark) + by
            self._mark = mark
            moved_to = self._base
        self._tell()
        return moved_to

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each jump, in the thread that made it."""
        with self._lock:
            self._subscribers.append(callback)

    def _tell(self) -> None:
        with self._lock:
            subscribers = list(self._subscribers)
        for callback in subscribers:
            callback()


def _as_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(
            f"The clock needs an instant with a zone, such as 2026-11-23T08:30:00Z; got {instant}."
        )
    return instant.astimezone(UTC)

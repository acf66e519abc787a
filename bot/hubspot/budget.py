"""How many calls a window of elapsed time may hold; searches have a tighter one of their own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.services.crm_errors import RateLimited
from bot.store.pace import Pace, reserve
from bot.store.session import Store

TEN_SECONDS: Final = 10.0
SMALLEST_PLAN: Final = 100  # calls in ten seconds, until HubSpot's answers say that there are more
SEARCHES: Final = 5  # in a second


class Budget(Protocol):
    """Who wants to call takes one first."""

    def take(self, patient: bool) -> None:
        """Use up one call; wait for room when `patient`. Raises RateLimited when not."""
        ...

    def allow(self, calls: int) -> None:
        """HubSpot says that its window holds so many calls."""
        ...


class OwnBudget:
    """At most nine in ten of what HubSpot allows in any `seconds` of elapsed time, for this process alone."""

    def __init__(
        self,
        name: str,
        calls: int,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name, self._seconds = name, seconds
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._taken: deque[float] = deque()
        self.allow(calls)

    def allow(self, calls: int) -> None:
        """HubSpot says that its window holds so many calls; the rest is left to others."""
        self._calls = max(1, calls * 9 // 10)

    def take(self, patient: bool) -> None:
        """Use up one call; wait for room when `patient`. Raises RateLimited when not."""
        while (wait := self._try()) > 0:
            if not patient:
                raise RateLimited(self._name, timedelta(seconds=wait))
            self._sleep(wait)

    def _try(self) -> float:
        with self._lock:
            now = self._monotonic()
            while self._taken and now - self._taken[0] >= self._seconds:
                self._taken.popleft()
            if len(self._taken) < self._calls:
                self._taken.append(now)
                return 0.0
            return self._seconds - (now - self._taken[0])


class SharedBudget:
    """One pace for all processes of the installation, kept in the database.

    In any window go at most the burst and what the pace lets through meanwhile: a little below HubSpot's limit.
    Calls are reserved a few at a time, and those that are not used within a second are lost.
    """

    def __init__(
        self,
        store: Store,
        elapsed: Callable[[], datetime],
        name: str,
        calls: int,
        seconds: float,
        *,
        at_a_time: int = 2,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store, self._elapsed, self._sleep = store, elapsed, sleep
        self._name, self._seconds, self._at_a_time = name, seconds, at_a_time
        self._lock = threading.Lock()
        self._held, self._held_until = 0, elapsed()
        self.allow(calls)

    def allow(self, calls: int) -> None:
        """HubSpot says that its window holds so many calls; some are left over for those that go late."""
        burst = max(self._at_a_time, calls // 20)
        through = max(1.0, calls * 0.97 - burst)
        self._pace = Pace(self._name, timedelta(seconds=self._seconds / through), burst)

    def take(self, patient: bool) -> None:
        """Use up one call; wait for room when `patient`. Raises RateLimited when not, and StoreUnavailable."""
        with self._lock:
            if not self._held or self._elapsed() > self._held_until:
                self._reserve(patient)
            self._held -= 1

    def _reserve(self, patient: bool) -> None:
        with self._store.write(patient=True) as session:
            wait = reserve(session, self._pace, self._at_a_time, self._elapsed(), patient=patient)
        if wait and not patient:
            raise RateLimited(f"{self._name} of all processes", wait)
        if wait:
            self._sleep(wait.total_seconds())
        self._held, self._held_until = self._at_a_time, self._elapsed() + timedelta(seconds=1)

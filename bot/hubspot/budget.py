"""How many calls a window of elapsed time may hold; searches have a tighter one of their own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from bot.services.crm_errors import RateLimited


class Budget:
    """At most `calls` in any `seconds` of elapsed time, shared by the threads of a process."""

    def __init__(
        self,
        name: str,
        calls: int,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name, self._calls, self._seconds = name, calls, seconds
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._taken: deque[float] = deque()

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

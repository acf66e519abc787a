"""How long the outbox waits before another try, and when it gives a row up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """Back-off doubles from `first_wait` up to `longest_backoff`, with full jitter drawn by `chance` (0 to
    1).

    What a remote asks for (`Retry-After`) is obeyed up to `longest_wait`: nothing waits for ever. A row that
    fails `poison_after` times by its own fault is set aside, and whatever the service cannot answer while it
    takes others is the row's own fault. So is one that may have arrived, after `unknown_looks` looks of which
    the service answered none. A halted service is tried every `halt_probe`.
    """

    first_wait: timedelta = timedelta(seconds=2)
    longest_backoff: timedelta = timedelta(seconds=120)
    longest_wait: timedelta = timedelta(days=1)
    poison_after: int = 8
    unknown_looks: int = 300
    halt_probe: timedelta = timedelta(minutes=5)
    chance: Callable[[], float] = random.random

    def backoff(self, failures: int) -> timedelta:
        """A random wait up to the ceiling of this many failures; a tenth of `first_wait` at the least."""
        ceiling = min(self.longest_backoff, self.first_wait * (1 << min(max(failures, 1) - 1, 20)))
        return max(ceiling * self.chance(), self.first_wait / 10)

    def wait(self, failures: int, after: timedelta | None) -> timedelta:
        """As the remote asked, and up to half a `first_wait` more so that not all come back at once.

        When it asked for nothing, or for no wait at all, back-off decides.
        """
        if after is None or after <= timedelta():
            return self.backoff(failures)
        return min(after, self.longest_wait) + self.first_wait / 2 * self.chance()

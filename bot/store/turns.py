"""Whose turn it is to write where only one can: people before workers, each in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

# So many people go ahead of a worker who waits; then it is the worker's turn, or redraws would never come.
PEOPLE_IN_A_ROW: Final = 5


class Turns:
    """A lock that is handed on in order. `patient` waiters (who carry the outbox) let the others go ahead."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: tuple[deque[threading.Event], deque[threading.Event]] = (deque(), deque())
        self._in_a_row = 0

    def take(self, timeout: float, *, patient: bool = False) -> bool:
        """Wait for the turn, at most `timeout` seconds; False when it did not come."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            line = self._waiting[patient]
            line.append(mine)
        try:
            came = mine.wait(timeout)
        except BaseException:  # the process is told to end: nobody may wait for a turn that is not taken
            if not self._left(line, mine):
                self.hand_on()
            raise
        return came or not self._left(line, mine)

    def hand_on(self) -> None:
        """End the turn; the next begins at once."""
        with self._guard:
            people, workers = self._waiting
            if people and not (workers and self._in_a_row >= PEOPLE_IN_A_ROW):
                self._in_a_row += 1
                people.popleft().set()
            elif workers:
                self._in_a_row = 0
                workers.popleft().set()
            else:
                self._in_a_row = 0
                self._taken = False

    def _left(self, line: deque[threading.Event], mine: threading.Event) -> bool:
        """Leave the line; False when the turn was handed over in the very moment in which we gave up."""
        with self._guard:
            if mine not in line:
                return False
            line.remove(mine)
            return True

"""Tests that measure time have the machine to themselves: while one runs, the other workers wait.

A test marked `alone` starts when the tests that are under way have ended; those to come wait until it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks on this system: each test runs as it comes
    fcntl = None  # type: ignore[assignment]

MARK = "alone"


class Turns:
    """Two locks in a folder that all workers of a run share. Without a folder there is nobody to wait for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if fcntl is not None else None

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[None]:
        """Run with the others, or alone. Who is to be alone keeps the door shut, so that nobody overtakes."""
        if self._folder is None:
            yield
            return
        with (self._folder / "door.lock").open("a") as door, (self._folder / "room.lock").open("a") as room:
            fcntl.flock(door, fcntl.LOCK_EX)
            if alone:
                fcntl.flock(room, fcntl.LOCK_EX)
            else:
                fcntl.flock(door, fcntl.LOCK_UN)
                fcntl.flock(room, fcntl.LOCK_SH)
            try:
                yield
            finally:  # said, not left to closing: processes that a test forked hold the files open too
                fcntl.flock(room, fcntl.LOCK_UN)
                fcntl.flock(door, fcntl.LOCK_UN)

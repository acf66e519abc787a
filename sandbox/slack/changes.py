"""Who is watching, and what changed for them: the source of the page's server-sent events."""

from __future__ import annotations

import asyncio
import threading
from typing import Literal

What = Literal["messages", "views", "home", "clock", "crm", "traffic", "people"]
Change = tuple[What, str | None]
"""What changed and, for messages, the channel."""


class Watcher:
    """Gathers the changes for one open page; equal ones are told once."""

    def __init__(self, user: str, loop: asyncio.AbstractEventLoop) -> None:
        self.user = user
        self._loop = loop
        self._pending: dict[Change, None] = {}
        self._arrived = asyncio.Event()
        self._ended = False

    def tell(self, change: Change) -> None:
        """Add a change; from any thread."""
        self._loop.call_soon_threadsafe(self._add, change)

    async def next_changes(self) -> list[Change]:
        """Wait until something changed; answers all of it, nothing when the server stops."""
        if not self._ended:
            await self._arrived.wait()
        self._arrived.clear()
        changes = list(self._pending)
        self._pending.clear()
        return changes

    def end(self) -> None:
        """Tell nothing more; from any thread."""
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ended = True
        self._arrived.set()

    def _add(self, change: Change) -> None:
        self._pending[change] = None
        self._arrived.set()


class Changes:
    """All open pages. Safe to tell from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []

    def watch(self, user: str) -> Watcher:
        """A watcher for `user` in the running event loop; end it with `unwatch`."""
        watcher = Watcher(user, asyncio.get_running_loop())
        with self._lock:
            self._watchers.append(watcher)
        return watcher

    def unwatch(self, watcher: Watcher) -> None:
        """Tell this watcher nothing more."""
        with self._lock:
            self._watchers.remove(watcher)

    def end(self) -> None:
        """End all watchers: the server stops."""
        with self._lock:
            for watcher in self._watchers:
                watcher.end()

    def tell(self, what: What, *, channel: str | None = None, user: str | None = None) -> None:
        """Something changed: for `user`, or for everybody."""
        with self._lock:
            for watcher in self._watchers:
                if user in (None, watcher.user):
                    watcher.tell((what, channel))

"""What the sandbox accepted and delivered: the evidence that the checkers read after a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sandbox.clock import SandboxClock

Service = Literal["slack", "hubspot"]
Kind = Literal["request", "delivery"]
SECRET_KEYS = frozenset({"token", "authorization", "client_secret"})
SLACK_READS = ("auth.", "apps.", "conversations.info", "conversations.history", "conversations.replies")


@dataclass(frozen=True)
class Entry:
    """One request the sandbox took (`kind` request) or one thing it handed to the app (`kind` delivery).

    `real_time` and `business_time` are aware UTC; `ms` is elapsed milliseconds, for a delivery until its
    acknowledgement. `status` is the HTTP status answered (None: no answer was given). `accepted`: it took
    effect, whatever the caller was told.
    """

    seq: int
    kind: Kind
    service: Service
    method: str
    real_time: datetime
    business_time: datetime
    status: int | None
    ms: float
    accepted: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    @property
    def only_reads(self) -> bool:
        """Whether it is a request that looks something up and changes nothing."""
        if self.kind == "delivery":
            return False
        if self.service == "slack":
            return self.method.startswith(("users.", *SLACK_READS))
        return self.method.startswith("GET ") or self.method.endswith(("/search", "/batch/read"))

    def as_json(self) -> dict[str, Any]:
        """The entry as plain JSON values, instants in ISO 8601."""
        values = asdict(self)
        values["real_time"] = self.real_time.isoformat()
        values["business_time"] = self.business_time.isoformat()
        return values


class Journal:
    """An append-only list of entries, safe to write from the server and read from a test's thread."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._last_seq = 0
        self._subscribers: list[Callable[[Entry], None]] = []

    def add(
        self,
        service: Service,
        method: str,
        *,
        kind: Kind = "request",
        status: int | None = 200,
        ms: float = 0.0,
        accepted: bool = True,
        fields: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Entry:
        """Record what happened now. Tokens are cut out of `body` before it is kept."""
        with self._lock:
            self._last_seq += 1
            entry = Entry(
                seq=self._last_seq,
                kind=kind,
                service=service,
                method=method,
                real_time=datetime.fromtimestamp(time.time(), UTC),
                business_time=self._clock.now(),
                status=status,
                ms=ms,
                accepted=accepted,
                fields=dict(fields or {}),
                body=without_secrets(body),
            )
            self._entries.append(entry)
            subscribers = list(self._subscribers)
        for callback in subscribers:
            callback(entry)
        return entry

    def entries(
        self,
        *,
        service: str | None = None,
        method: str | None = None,
        kind: str | None = None,
        since_seq: int = 0,
        limit: int | None = None,
        reads: bool = True,
    ) -> list[Entry]:
        """Entries after `since_seq` that fit, oldest first; with `limit`, the newest that many.

        Without `reads`, what only looked something up is left out.
        """
        with self._lock:
            fitting = [
                entry
                for entry in self._entries
                if entry.seq > since_seq
                and service in (None, entry.service)
                and method in (None, entry.method)
                and kind in (None, entry.kind)
                and (reads or not entry.only_reads)
            ]
        return fitting if limit is None else fitting[max(0, len(fitting) - limit) :]

    def clear(self) -> None:
        """Forget all entries; sequence numbers go on."""
        with self._lock:
            self._entries.clear()

    def subscribe(self, callback: Callable[[Entry], None]) -> None:
        """Call `callback` with each new entry, in the thread that added it."""
        with self._lock:
            self._subscribers.append(callback)


def without_secrets(value: Any) -> Any:
    """`value` with every member named like a credential replaced by a mark, at any depth."""
    if isinstance(value, Mapping):
        return {
            key: "[cut]" if str(key).lower() in SECRET_KEYS else without_secrets(member)
            for key, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(member) for member in value]
    return value

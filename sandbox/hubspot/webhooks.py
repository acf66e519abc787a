"""Webhooks: what the account tells an app of its changes, signed (v3), in batches, and again while it is not taken.

Off until `url` is set. Faults are those of the delivery "webhooks": a latency delays one (later ones overtake it), a
silence or a dropped answer loses it, `duplicate` sends it several times.
"""

from __future__ import annotations

import base64
import hashlib
import heapq
import hmac
import http.client
import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sandbox.clock import Elapsed
from sandbox.faults import FaultPlan
from sandbox.hubspot.kinds import Kind
from sandbox.journal import Journal

DELIVERY = "webhooks"
MOST_EVENTS = 100
TIMEOUT_S = 5.0
GATHER_S = 0.02  # what happens together is told together
CLASSIC = {"contacts": "contact", "companies": "company", "deals": "deal"}
Event = dict[str, Any]


class Webhooks:
    """One app's subscriptions. `kinds`: the types of record it subscribed to, None for all.

    `retry_s` is elapsed time before each further try; HubSpot's own tries spread over a day. Safe from any thread.
    """

    def __init__(
        self, journal: Journal, faults: FaultPlan, portal_id: int, elapsed: Elapsed = time.monotonic
    ) -> None:
        self.url: str | None = None
        self.secret = "sandbox-client-secret"
        self.kinds: frozenset[str] | None = None
        self.retry_s: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0)
        self._journal, self._faults = journal, faults
        self._portal_id, self._elapsed = portal_id, elapsed
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._gathered: list[Event] = []
        self._waiting: list[tuple[float, int, list[Event], int]] = []
        self._busy = self._stopping = False
        self._thread: threading.Thread | None = None

    def tell(self, kind: Kind, record_id: str, what: str, **more: Any) -> None:
        """Something happened to a record: creation, propertyChange, deletion, restore, merge, associationChange,
        privacyDeletion."""
        if self.url is None or (self.kinds is not None and kind.name not in self.kinds):
            return
        classic = CLASSIC.get(kind.name)
        event: Event = {
            "eventId": next(self._numbers),
            "subscriptionId": 1,
            "portalId": self._portal_id,
            "appId": 1,
            "occurredAt": int(time.time() * 1000),
            "subscriptionType": f"{classic or 'object'}.{what}",
            "attemptNumber": 0,
            "changeSource": "CRM",
            "objectTypeId": kind.type_id,
            **({"objectId": int(record_id)} if what != "associationChange" else {}),
            **more,
        }
        with self._changed:
            self._gathered.append(event)
            if self._thread is None:
                self._thread = threading.Thread(target=self._deliver, name="sandbox-webhooks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def is_quiet(self) -> bool:
        """Whether everything was delivered, or given up."""
        with self._changed:
            return not (self._gathered or self._waiting or self._busy)

    def stop(self) -> None:
        """Deliver nothing more."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(TIMEOUT_S)

    def _deliver(self) -> None:
        while (due := self._next()) is not None:
            events, tries = due
            taken = self._post([{**event, "attemptNumber": tries} for event in events])
            with self._changed:
                self._busy = False
                if not taken and tries < len(self.retry_s):
                    self._wait(self.retry_s[tries], events, tries + 1)
                self._changed.notify_all()

    def _next(self) -> tuple[list[Event], int] | None:
        """What is due, once something is; None when it is time to stop."""
        with self._changed:
            while not self._stopping:
                if self._gathered:
                    self._changed.wait(GATHER_S)
                    self._send_gathered()
                now = self._elapsed()
                if self._waiting and self._waiting[0][0] <= now:
                    _, _, events, tries = heapq.heappop(self._waiting)
                    self._busy = True
                    return events, tries
                self._changed.wait(self._waiting[0][0] - now if self._waiting else None)
            return None

    def _send_gathered(self) -> None:
        """Called with the lock. Each batch meets its fault once, when it is first sent."""
        for start in range(0, len(self._gathered), MOST_EVENTS):
            events = self._gathered[start : start + MOST_EVENTS]
            found = self._faults.take("hubspot", DELIVERY)
            rule = found[1] if found is not None else None
            if rule is not None and (rule.silence or rule.drop_after_accept):
                continue  # lost on the way
            for _ in range(rule.duplicate if rule is not None else 1):
                self._wait(rule.latency_ms / 1000 if rule is not None else 0.0, events, 0)
        self._gathered = []

    def _wait(self, seconds: float, events: list[Event], tries: int) -> None:
        heapq.heappush(self._waiting, (self._elapsed() + seconds, next(self._numbers), events, tries))

    def _post(self, events: Sequence[Mapping[str, Any]]) -> bool:
        body = json.dumps(events).encode()
        url = str(self.url)
        parts = urlsplit(url)
        stamp = str(int(time.time() * 1000))
        signed = b"POST" + url.encode() + body + stamp.encode()
        signature = base64.b64encode(hmac.new(self.secret.encode(), signed, hashlib.sha256).digest()).decode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "HubSpot Connect 2.0 (sandbox)",
            "X-HubSpot-Request-Timestamp": stamp,
            "X-HubSpot-Signature-v3": signature,
        }
        begun, status = time.monotonic(), None
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=TIMEOUT_S)
        try:
            connection.request("POST", parts.path or "/", body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        taken = status is not None and 200 <= status < 300
        self._journal.add(
            "hubspot",
            DELIVERY,
            kind="delivery",
            status=status,
            ms=(time.monotonic() - begun) * 1000,
            accepted=taken,
            body=list(events),
        )
        return taken

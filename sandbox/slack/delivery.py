"""How things reach the app: one dispatcher over Socket Mode or signed HTTP, with redelivery and faults."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.clock import Elapsed
from sandbox.faults import FaultPlan
from sandbox.journal import Journal

ACK_SECONDS = 3.0
RETRIES = 3


@dataclass(frozen=True)
class Delivery:
    """One thing for the app. `kind` is one of `sandbox.faults.DELIVERIES`.

    `avoid`: the number of the connection on which the last attempt failed.
    """

    kind: str
    payload: Mapping[str, Any]
    retry_attempt: int = 0
    retry_reason: str | None = None
    avoid: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. `ms`: elapsed milliseconds until the acknowledgement or the giving up.
    `response`: what the app put into its acknowledgement. `error`: why it does not count as acknowledged.
    """

    acked: bool
    ms: float
    response: Any = None
    error: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Transport(Protocol):
    """A way to the app."""

    async def attempt(self, delivery: Delivery, timeout_s: float) -> Outcome:
        """Hand over `delivery` once and wait for the acknowledgement at most `timeout_s` seconds."""


class Dispatcher:
    """Delivers events (again and again until acknowledged) and interactions (once; a person waits)."""

    def __init__(self, journal: Journal, faults: FaultPlan, elapsed: Elapsed) -> None:
        self.ack_seconds = ACK_SECONDS
        self.retries = RETRIES
        self.elapsed = elapsed
        self.journal = journal
        self.transport: Transport | None = None
        self._faults = faults
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Outcome]] = set()

    def start(self) -> None:
        """Deliver in the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        """Give up on everything under way."""
        self._loop = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def send_event(self, payload: Mapping[str, Any]) -> None:
        """Deliver an event in the background; from any thread. Without a running server nothing happens."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._begin, payload)

    async def deliver(self, kind: str, payload: Mapping[str, Any]) -> Outcome:
        """Deliver now and answer the first acknowledgement, or the last failure."""
        struck = self._faults.take("slack", kind)
        copies = 1
        if struck is not None:
            _, rule = struck
            copies = rule.duplicate
            await asyncio.sleep(rule.latency_ms / 1000)
            if rule.silence or rule.drop_after_accept:
                return Outcome(False, 0.0, error="lost_by_fault")
        delivery = Delivery(kind, payload)
        outcomes = await asyncio.gather(*(self._until_acked(delivery) for _ in range(copies)))
        acked = [outcome for outcome in outcomes if outcome.acked]
        return min(acked, key=lambda outcome: outcome.ms) if acked else outcomes[-1]

    def _begin(self, payload: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self.deliver("events_api", payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_acked(self, delivery: Delivery) -> Outcome:
        # Slack repeats events only: after a click that was not acknowledged a person sees an error instead.
        retries = self.retries if delivery.kind == "events_api" else 0
        outcome = await self._attempt(delivery)
        for attempt in range(1, retries + 1):
            if outcome.acked:
                break
            failed_on = outcome.details.get("connection")
            again = Delivery(delivery.kind, delivery.payload, attempt, outcome.error, failed_on)
            outcome = await self._attempt(again)
        return outcome

    async def _attempt(self, delivery: Delivery) -> Outcome:
        if self.transport is None:
            outcome = Outcome(False, 0.0, error="no_transport")
        else:
            outcome = await self.transport.attempt(delivery, self.ack_seconds)
        self.journal.add(
            "slack",
            delivery.kind,
            kind="delivery",
            status=None,
            ms=outcome.ms,
            accepted=outcome.acked,
            fields={
                "acked": outcome.acked,
                "error": outcome.error,
                "retry_attempt": delivery.retry_attempt,
                "retry_reason": delivery.retry_reason,
                "key": delivery_key(delivery.payload),
                **outcome.details,
            },
            body={"payload": delivery.payload, "response": outcome.response},
        )
        return outcome


def delivery_key(payload: Mapping[str, Any]) -> str:
    """What tells two deliveries of the same thing from two things: the event id or the trigger id."""
    return str(payload.get("event_id") or payload.get("trigger_id") or "")

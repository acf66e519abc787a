"""Socket Mode: the app's WebSocket connections, envelopes and acknowledgements."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.clock import Elapsed
from sandbox.journal import Journal
from sandbox.slack.delivery import Delivery, Outcome
from sandbox.slack.ids import Ids

ACK_BYTES = 20 * 1024
MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
LIFETIME_SECONDS = 18_060


class ConnectionLost(Exception):
    """The connection closed before the acknowledgement."""


class Connection:
    """One WebSocket of the app. `draining`: it was asked to reconnect and gets nothing new."""

    def __init__(self, number: int, socket: WebSocket) -> None:
        self.number = number
        self.socket = socket
        self.draining = False
        self.pending: dict[str, asyncio.Future[Any]] = {}

    async def send(self, message: Any) -> None:
        """Send one JSON message; ConnectionLost when the socket is gone."""
        try:
            await self.socket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError) as gone:
            raise ConnectionLost from gone


class SocketMode:
    """The open connections; each envelope goes to one of them in turn. Confined to the server's loop,
    except `request_disconnect`, `close_all` and the counters.
    """

    def __init__(self, ids: Ids, journal: Journal, elapsed: Elapsed, app_id: str) -> None:
        self.dropped_acks = 0
        self._ids = ids
        self._journal = journal
        self._elapsed = elapsed
        self._app_id = app_id
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._turn = 0
        self._numbers = 0
        self._late: dict[str, tuple[float, str]] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def connection_count(self) -> int:
        """How many connections are open and not draining."""
        return sum(not connection.draining for connection in list(self._connections))

    @property
    def open_numbers(self) -> frozenset[int]:
        """The connections that are open, by their numbers: each that was ever opened has its own."""
        return frozenset(connection.number for connection in list(self._connections))

    def new_ticket(self) -> str:
        """A ticket for one connection, good for half a minute."""
        ticket = self._ids.uuid()
        self._tickets[ticket] = self._elapsed()
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until either side closes it."""
        born = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        if born is None or self._elapsed() - born > TICKET_SECONDS:
            await socket.close(code=1008, reason="invalid or used ticket")
            return
        await socket.accept()
        self._loop = asyncio.get_running_loop()
        self._numbers += 1
        connection = Connection(self._numbers, socket)
        if len(self._connections) >= MOST_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return
        self._connections.append(connection)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        try:
            await connection.send(self._hello())
            while True:
                self._take_ack(connection, await socket.receive_text())
        except (WebSocketDisconnect, ConnectionLost):
            pass
        finally:
            self._forget(connection)

    async def attempt(self, delivery: Delivery, timeout_s: float) -> Outcome:
        """Send one envelope to the connection whose turn it is and wait for its acknowledgement."""
        started = self._elapsed()
        connection = await self._next_connection(timeout_s, delivery.avoid)
        if connection is None:
            return Outcome(False, _ms(self._elapsed() - started), error="no_connection")
        envelope_id = self._ids.uuid()
        details = {"envelope_id": envelope_id, "connection": connection.number}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.pending[envelope_id] = answer
        sent = self._elapsed()
        try:
            await connection.send(_envelope(envelope_id, delivery))
            response = await asyncio.wait_for(answer, timeout_s)
        except TimeoutError:
            self._late[envelope_id] = (sent, delivery.kind)
            return Outcome(False, _ms(self._elapsed() - sent), error="timeout", details=details)
        except ConnectionLost:
            return Outcome(False, _ms(self._elapsed() - sent), error="connection_lost", details=details)
        finally:
            connection.pending.pop(envelope_id, None)
        return Outcome(True, _ms(self._elapsed() - sent), response=response, details=details)

    def request_disconnect(self, reason: str = "refresh_requested", close_after_s: float = 1.0) -> None:
        """Ask every connection to reconnect (`refresh_requested`: closed after that many seconds) or only
        announce it (`warning`). From any thread.
        """
        self._in_loop(self._disconnect_all(reason, close_after_s))

    def close_all(self) -> None:
        """Cut every connection without a word. From any thread."""
        self._in_loop(self._cut_all())

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            work.close()
            return
        asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _disconnect_all(self, reason: str, close_after_s: float) -> None:
        connections = [connection for connection in self._connections if not connection.draining]
        for connection in connections:
            connection.draining = reason != "warning"
            with contextlib.suppress(ConnectionLost):
                await connection.send(_disconnect(reason))
        if reason == "warning":
            return
        await asyncio.sleep(close_after_s)
        for connection in connections:
            await _close(connection)

    async def _cut_all(self) -> None:
        for connection in list(self._connections):
            await _close(connection)

    async def _next_connection(self, timeout_s: float, avoid: int | None) -> Connection | None:
        until = self._elapsed() + timeout_s
        while True:
            ready = [connection for connection in self._connections if not connection.draining]
            others = [connection for connection in ready if connection.number != avoid]
            ready = others or ready
            if ready:
                self._turn += 1
                return ready[self._turn % len(ready)]
            opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(opened)
            try:
                await asyncio.wait_for(opened, max(0.0, until - self._elapsed()))
            except TimeoutError:
                return None
            finally:
                self._waiting.discard(opened)

    def _take_ack(self, connection: Connection, text: str) -> None:
        try:
            ack = json.loads(text)
            envelope_id = ack["envelope_id"]
        except (ValueError, TypeError, KeyError):
            return
        if len(text.encode()) >= ACK_BYTES:
            # Slack drops these without telling the app: to the person it looks like no answer at all.
            self.dropped_acks += 1
            self._note("ack_dropped", envelope_id, {"bytes": len(text.encode())})
            return
        waiting = connection.pending.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))
        elif envelope_id in self._late:
            sent, kind = self._late.pop(envelope_id)
            self._note("ack_late", envelope_id, {"kind": kind, "ms": _ms(self._elapsed() - sent)})
        else:
            self._note("ack_unknown", envelope_id, {})

    def _note(self, what: str, envelope_id: str, fields: dict[str, Any]) -> None:
        self._journal.add(
            "slack",
            what,
            kind="delivery",
            status=None,
            accepted=False,
            fields={"envelope_id": envelope_id, **fields},
        )

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for waiting in connection.pending.values():
            if not waiting.done():
                waiting.set_exception(ConnectionLost())

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": LIFETIME_SECONDS,
            },
            "connection_info": {"app_id": self._app_id},
        }


def _envelope(envelope_id: str, delivery: Delivery) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind != "events_api",
    }
    if delivery.kind == "events_api":
        envelope["retry_attempt"] = delivery.retry_attempt
        envelope["retry_reason"] = delivery.retry_reason or ""
    return envelope


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


async def _close(connection: Connection) -> None:
    if connection.socket.application_state is WebSocketState.CONNECTED:
        await connection.socket.close()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)

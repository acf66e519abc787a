"""Socket Mode that loses no acknowledgement when Slack asks for another connection, and starts and ends at once.

The SDK drops the old connection first, with all that came over it and is not acknowledged yet, and opens the
next one half a second later: meanwhile people see errors. Here both are open until the old one is finished.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from typing import Any, Final

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.response import SocketModeResponse
from websocket import WebSocketApp, WebSocketException

# Slack closes a connection about ten seconds after it asked for another.
FINISH_SECONDS: Final = 8.0
# How often a reader looks for the connection that follows one that was lost.
SEARCH_SECONDS: Final = 0.5
# How long a connection that is just being opened may keep us when we stop.
HANG_UP_SECONDS: Final = 5.0


class Workers(ThreadPoolExecutor):
    """The threads that handle envelopes; knows which are still being handled."""

    def __init__(self, count: int) -> None:
        super().__init__(max_workers=count, thread_name_prefix="slack")
        self._under_way: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future = super().submit(fn, *args, **named)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    def finish(self, seconds: float) -> None:
        """Wait for what has been handed over until now."""
        wait(tuple(self._under_way), seconds)


class Watch(IntervalRunner):
    """Looks for the first time after an interval: the SDK's own takes a connection that is just being opened
    for a lost one, and opens a second.
    """

    def _run(self) -> None:
        while not self.event.wait(self.interval_seconds):
            self.target()


class PromptSocketMode(SocketModeHandler):
    """One Socket Mode connection; two for the moments in which one takes over from the other."""

    def __init__(self, app: App, *, concurrency: int, **named: Any) -> None:
        super().__init__(app, concurrency=1, **named)
        client: Any = self.client  # the SDK has no types where it is extended here
        client.message_workers.shutdown()
        self._workers = client.message_workers = Workers(concurrency)
        self._in_thread = threading.local()
        self._came_by: dict[str, Any] = {}  # envelope id -> the connection over which it is acknowledged
        self._enqueue, self._reconnect = client.enqueue_message, client.connect_to_new_endpoint
        client.enqueue_message = self._note_and_enqueue
        client.send_socket_mode_response = self._acknowledge
        client.connect_to_new_endpoint = self._switch
        # The SDK's own looks twice a second whether there is a connection; ours starts with the first.
        client.current_session_runner.event.set()
        client.current_session_runner = IntervalRunner(self._receive, SEARCH_SECONDS)
        client.current_app_monitor = Watch(client._monitor_current_session, client.ping_interval)

    def connect(self) -> None:
        """Open the first connection and start to read it. Raises what the SDK raises without one."""
        client: Any = self.client
        client.connect()
        client.current_session_runner.start()

    def close(self) -> None:
        """Finish and acknowledge what has arrived, then hang up; Slack gives the rest to another process."""
        client: Any = self.client
        client.closed, client.auto_reconnect_enabled = True, False
        client.message_queue.put(None)  # wakes the processor, which waits a second for the next message
        client.message_processor.shutdown()
        self._workers.shutdown(wait=True)
        client.current_app_monitor.shutdown()
        self._hang_up()

    def _hang_up(self) -> None:
        """End the reader, however far its connection has got."""
        client: Any = self.client
        runner = client.current_session_runner
        runner.event.set()
        until = time.monotonic() + HANG_UP_SECONDS
        while runner.is_alive() and time.monotonic() < until:
            session = client.current_session
            raw = session.sock.sock if session is not None and session.sock is not None else None
            if raw is not None:
                session.keep_running = False  # or its end is logged as an error
                with suppress(OSError):
                    raw.shutdown(socket.SHUT_RDWR)  # wakes the reader; closing would leave it waiting
            runner.thread.join(0.02)

    def _receive(self) -> None:
        """Run the newest connection until it ends; each has a thread of its own."""
        client: Any = self.client
        session = self._in_thread.session = client.current_session
        if session is not None:
            # The library would check each byte in Python: 9 ms for a press on a long list, and all wait.
            session.run_forever = partial(WebSocketApp.run_forever, session, skip_utf8_validation=True)
        client._run_current_session()

    def _note_and_enqueue(self, message: str | bytes) -> None:
        text = message if isinstance(message, str) else message.decode("utf-8", "replace")
        envelope_id = _envelope_id(text)
        if envelope_id is not None:
            self._came_by[envelope_id] = self._in_thread.session
        self._enqueue(text)

    def _acknowledge(self, response: SocketModeResponse) -> None:
        """Over the connection the envelope came by, as long as that is open."""
        client: Any = self.client
        text = json.dumps(response.to_dict())
        session = self._came_by.pop(response.envelope_id, None)
        try:
            if session is not None and session.sock is not None:
                session.send(text)
                return
        except WebSocketException:
            pass
        client.send_message(text)

    def _switch(self, force: bool = False) -> None:
        """Slack asks for another connection (`force`), or there is none any more."""
        if not force:
            self._reconnect(force)
            return
        client: Any = self.client
        with client.connect_operation_lock:
            old, runner = client.current_session, client.current_session_runner
            client.wss_uri = client.issue_new_wss_url()
            client.current_session = None  # or `connect` would close it
            client.connect()
            runner.event.set()  # its thread ends with the old connection
            client.current_session_runner = IntervalRunner(self._receive, SEARCH_SECONDS).start()
        if old is not None:
            threading.Thread(target=self._retire, args=(old,), name="slack-retiring", daemon=True).start()

    def _retire(self, session: Any) -> None:
        self._workers.finish(FINISH_SECONDS)
        session.close()
        for envelope_id, over in list(self._came_by.items()):
            if over is session:  # never acknowledged, and never will be
                self._came_by.pop(envelope_id, None)


def _envelope_id(message: str) -> str | None:
    try:
        envelope = json.loads(message)
    except ValueError:
        return None
    found = envelope.get("envelope_id") if isinstance(envelope, dict) else None
    return found if isinstance(found, str) else None

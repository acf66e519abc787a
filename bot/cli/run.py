"""`renewals run [--http [--port N]]`: work in Slack, until stopped."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

from slack_bolt import App

import handlers
import scheduler
from bot.bootstrap import Assistant
from bot.cli.opened import opened
from bot.cli.output import WRONG, log_to_stderr, say, warn
from bot.cli.way_in import WayIn
from bot.cli.words import parser_of, port
from bot.services.go_live import approved_from
from bot.slack.bolt import create_app, http_app, socket_mode
from bot.slack.http_edge import LARGEST_BODY

THREADS = 16
PORT = 3000
MOST_CONNECTIONS = 1000
SLOWEST_SENDER = 20  # seconds without a byte until a connection is closed
CLOSING = 5.0  # seconds


def main(argv: list[str]) -> int:
    """0 after a stop that was asked for; 2 when the port is taken."""
    wanted = _parser().parse_args(argv)
    if wanted.http and (taken := _taken(wanted.port)):
        warn([taken])
        return WRONG
    log_to_stderr(verbose=wanted.verbose)
    secret = "SLACK_SIGNING_SECRET" if wanted.http else "SLACK_APP_TOKEN"
    with opened("SLACK_BOT_TOKEN", secret) as assistant:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop_on(stopped))
        with assistant.work.store.read() as session:
            start = approved_from(session)
        if start is None:
            say("Quiet: nothing is sent before an admin approved with `renewals go-live --from DATE`.")
        with at_work(assistant, http_port=wanted.port if wanted.http else None), scheduler.Ticks(assistant):
            where = f" on port {wanted.port}, for Slack's requests to /slack/events" if wanted.http else ""
            say(f"Running{where}. Ctrl-C stops.")
            stopped.wait()
    return 0


def _taken(port: int) -> str | None:
    """Why this port cannot be listened on: told at the start, since no waiting would mend it."""
    try:
        socket.create_server(("0.0.0.0", port)).close()
    except OSError as error:
        return f"Port {port} cannot be used ({os.strerror(error.errno or 0)}): choose another with --port."
    return None


@contextmanager
def at_work(assistant: Assistant, *, http_port: int | None = None) -> Iterator[None]:
    """Senders and, as soon as Slack can be reached, the way in are open; nothing happens by itself yet."""
    assistant.look_again_if_calendars_changed()
    app = create_app(assistant.settings, assistant.slack)
    handlers.register(app, assistant)
    assistant.sender.start()
    way_in = WayIn(
        assistant,
        partial(_connect, assistant, app)
        if http_port is None
        else partial(_listen, assistant, app, http_port),
    )
    way_in.open()
    try:
        yield
    finally:
        way_in.close()
        assistant.stop()


def _connect(assistant: Assistant, app: App) -> Callable[[], None]:
    handler = socket_mode(app, assistant.settings)
    try:
        handler.connect()
    except BaseException:
        handler.close()
        raise
    return handler.close


def _listen(assistant: Assistant, app: App, port: int) -> Callable[[], None]:
    """Signed HTTP. Requests are read before they get a thread, so slow senders keep none from others."""
    from waitress.server import create_server

    server = create_server(
        http_app(app, assistant.settings, assistant.work.elapsed),
        host="0.0.0.0",
        port=port,
        threads=THREADS,
        max_request_body_size=LARGEST_BODY,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SLOWEST_SENDER,
        cleanup_interval=SLOWEST_SENDER // 2,
        asyncore_use_poll=True,  # select() fails beyond 1,024 descriptors
        ident=None,
    )
    listening = threading.Thread(target=server.run, name="http", daemon=True)
    listening.start()

    def close() -> None:
        server.close()
        listening.join(CLOSING)

    return close


def _stop_on(stopped: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of signal handlers
        stopped.set()

    return stop


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("run", __doc__)
    parser.add_argument("--http", action="store_true", help="listen for signed HTTP instead of Socket Mode")
    parser.add_argument("--port", type=port, default=PORT, help=f"with --http: the port ({PORT})")
    parser.add_argument("--verbose", action="store_true", help="log at DEBUG")
    return parser

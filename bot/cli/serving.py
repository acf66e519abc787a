"""A threaded HTTP server for the signed ways in."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from wsgiref.types import WSGIApplication

from bot.signed_http import LARGEST_BODY

EVERYWHERE, THIS_MACHINE = "0.0.0.0", "127.0.0.1"
THREADS = 16
MOST_CONNECTIONS = 1000
SLOWEST_SENDER = 20  # seconds without a byte until a connection is closed
CLOSING = 5.0  # seconds


def taken(port: int) -> str | None:
    """Why this port cannot be listened on: told at the start, since no waiting would mend it."""
    try:
        socket.create_server((EVERYWHERE, port)).close()
    except OSError as error:
        return f"Port {port} cannot be used ({os.strerror(error.errno or 0)})"
    return None


def serve(application: WSGIApplication, port: int, host: str = EVERYWHERE) -> Callable[[], None]:
    """Listen; answers how to stop. Requests are read before they get a thread: slow senders keep none from others."""
    from waitress.server import create_server

    server = create_server(
        application,
        host=host,
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

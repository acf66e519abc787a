"""A process, the floor: a bare Bolt app that answers every button with one commit to an SQLite file.

As Bolt is best set up for that: the listener runs before the acknowledgement leaves, the SDK's thread-based
WebSocket client with as many workers as the product has, and commits that reach the disk as the product's do.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

WORKERS = 40


def main() -> None:
    """Answer until it is killed."""
    database = sqlite3.connect(
        os.environ["BENCHMARK_DATABASE"], check_same_thread=False, isolation_level=None
    )
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS clicks (id INTEGER PRIMARY KEY, person TEXT, value TEXT)")
    writer = threading.Lock()
    token = os.environ["SLACK_BOT_TOKEN"]
    client = WebClient(token=token, base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, process_before_response=True)

    def keep(ack: Callable[[], None], body: dict[str, Any]) -> None:
        click = (body["user"]["id"], body["actions"][0].get("value"))
        with writer:
            database.execute("INSERT INTO clicks (person, value) VALUES (?, ?)", click)
        ack()

    app.action(re.compile(".*"))(keep)
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client, concurrency=WORKERS).start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()

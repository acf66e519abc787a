"""A process, the floor: a bare Bolt app that reads a book with the bare driver when Home is opened, and publishes.

Every row of the rep's runs and facts is fetched by the same two statements and thrown away; then a fixed view
goes out that has as many blocks as the product's.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from sqlalchemy import make_url

WORKERS = 40
OPEN = "owner_id = 1 AND stage IN ('open', 'negotiation') AND gone_at IS NULL"
RUNS = f"SELECT * FROM runs WHERE {OPEN}"
FACTS = f"SELECT facts.* FROM facts JOIN runs ON runs.id = facts.run_id WHERE {OPEN}"
ACCOUNT = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "*Account* · day 8 of 30 · 140 USD/month\nCall of this week (1 of 3)"},
    "accessory": {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Open"}},
}
VIEW = {"type": "home", "blocks": [ACCOUNT] * 20}


def main() -> None:
    """Answer until it is killed."""
    fetch = _reader(os.environ["DATABASE_URL"])
    token = os.environ["SLACK_BOT_TOKEN"]
    client = WebClient(token=token, base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, process_before_response=True)

    def publish(ack: Callable[[], None], event: dict[str, Any]) -> None:
        for statement in (RUNS, FACTS):
            fetch(statement)
        client.views_publish(user_id=event["user"], view=VIEW)
        ack()

    app.event("app_home_opened")(publish)
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client, concurrency=WORKERS).start()  # type: ignore[no-untyped-call]


def _reader(database_url: str) -> Callable[[str], object]:
    """Fetches all rows of a statement with the driver alone."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        database = sqlite3.connect(url.database or "", check_same_thread=False)
        return lambda statement: database.execute(statement).fetchall()
    import psycopg

    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain, autocommit=True)
    return lambda statement: connection.execute(statement.encode()).fetchall()


if __name__ == "__main__":
    main()

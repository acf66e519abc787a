"""A sandbox with a team of reps and their accounts, and assistants that are started in it as processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.services.runs.go_live import GO_LIVE
from bot.store.migrate import upgrade
from bot.store.session import Store
from bot.store.tables import Setting
from sandbox.hubspot.owners import Owner
from sandbox.server import SandboxServer, World

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds
LONG_AGO = timedelta(days=365)
CONFIG = """
[[teams]]
name = "Team"
manager_channel = "{channel}"
managers = ["rep0@team.example"]

[[offices]]
name = "office"

[hubspot]
pipeline = "renewals"

[hubspot.stages]
renewal_put_out = "open"
renewal_in_negotiation = "negotiation"
renewal_closed_won = "won"
renewal_closed_lost = "lost"
renewal_moved_out = "moved_out"
"""


class Workspace:
    """The sandbox, its reps (Slack user ids), and what a process in it needs to know."""

    def __init__(self, server: SandboxServer, folder: Path, reps: int, accounts: int) -> None:
        self.server, self.world, self.folder = server, server.world, folder
        self.reps = [self._rep(number) for number in range(reps)]
        channel = self.world.slack.add_channel("managers", self.reps).id
        config = folder / "renewals.toml"
        config.write_text(CONFIG.format(channel=channel), "utf-8")
        for number in range(reps * accounts):
            self._account(number, self.world.clock.now().date(), number % reps)
        slack = self.world.slack
        self.environment = os.environ | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": server.slack_api_url,
            "HUBSPOT_ACCESS_TOKEN": self.world.hubspot.settings.token,
            "HUBSPOT_API_URL": server.hubspot_api_url,
            "RENEWALS_CONFIG": str(config),
            "DATABASE_URL": f"sqlite:///{folder / 'renewals.sqlite3'}",
            "PYTHONPATH": str(ROOT),
        }
        self._go_live()

    def _rep(self, number: int) -> str:
        name, email = f"Rep {number}", f"rep{number}@team.example"
        first, _, last = name.partition(" ")
        self.world.hubspot.add_owner(Owner(str(100 + number), email, first, last, user_id=number))
        return self.world.slack.add_person(name, email, "UTC").id

    def _account(self, number: int, put_out_on: date, rep: int) -> None:
        portal = self.world.hubspot
        company = portal.create("companies", {"name": f"Account {number}"})
        contact = portal.create(
            "contacts", {"email": f"contact{number}@customer.example", "phone": "+1 212 555 0101"}
        )
        values = {
            "dealname": f"Account {number}",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "hubspot_owner_id": str(100 + rep),
            "renewal_put_out_date": put_out_on.isoformat(),
            "renewal_expiration_date": (put_out_on + timedelta(days=20)).isoformat(),
            "renewal_monthly_price": "140",
            "renewal_hosted_site": "true",
        }
        portal.create("deals", values, [("companies", company.id), ("contacts", contact.id)])

    def _go_live(self) -> None:
        url = self.environment["DATABASE_URL"]
        upgrade(url)
        store, now = Store(url), self.world.clock.now()
        with store.write() as session:
            approved = {"from": (now - LONG_AGO).date().isoformat(), "by": "benchmark", "at": now.isoformat()}
            session.merge(Setting(name=GO_LIVE, value=approved))
        store.close()

    @contextmanager
    def process(self, arguments: Sequence[str], **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start Python with these arguments and go on when it listens to Slack; it is stopped at the end.

        Raises RuntimeError when it ends before, TimeoutError when it does not come.
        """
        sockets = self.world.slack.sockets
        wait_for(lambda: sockets.connection_count == 0)
        with (self.folder / "process.log").open("wb") as said:
            child = subprocess.Popen(
                [sys.executable, *arguments], env=self.environment | more, stdout=said, stderr=said
            )
        try:
            wait_for(lambda: sockets.connection_count > 0 or child.poll() is not None)
            if child.poll() is not None:
                raise RuntimeError((self.folder / "process.log").read_text("utf-8"))
            yield child
        finally:
            child.terminate()
            child.wait(PATIENCE)


@contextmanager
def workspace(folder: Path, reps: int, accounts: int, seed: int, now: datetime) -> Iterator[Workspace]:
    """A sandbox at business time `now` with so many reps and so many accounts for each, put out that day."""
    world = World(seed=seed, now=now.astimezone(UTC), manifest=ROOT / "manifest.yml")
    with SandboxServer(world) as server:
        yield Workspace(server, folder, reps, accounts)


def wait_for(done: Callable[[], bool]) -> None:
    """Raises TimeoutError when it does not happen within a minute."""
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("what was waited for did not happen within a minute")
        time.sleep(0.002)


def dm_messages(http: httpx.Client, workspace: Workspace, user: str) -> tuple[str, list[dict[str, Any]]]:
    """A rep's conversation with the assistant, oldest message first, and its channel."""
    channel = workspace.world.slack.dm_of(user).id
    found: list[dict[str, Any]] = http.get(f"/people/{user}/conversations/{channel}").json()["messages"]
    return channel, found

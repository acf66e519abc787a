"""How long App Home takes to open, against a bare Bolt app that reads the same rows and publishes a fixed view.

From the moment a rep opens the tab (the event leaves on the socket) until their Home has arrived at Slack, by the
sandbox's side of the wire. The rep has 300 open accounts of the last four weeks, or 1,000, with eight facts each.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from benchmarks import databases
from benchmarks.measure import Result, compare
from benchmarks.workspace import Workspace, wait_for, workspace
from bot.store.session import Store
from bot.store.tables import Fact, Person, RunRow

NAME = "app_home"
SIZES, QUICK_SIZES = (300, 1000), (300,)
OPENINGS, QUICK_OPENINGS = 15, 5
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FACTS = 8
SETTLING = 2.0  # seconds after a start, for what a start does


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """The median opening of each size of book, on SQLite and on PostgreSQL where it is installed."""
    sizes, openings = (QUICK_SIZES, QUICK_OPENINGS) if quick else (SIZES, OPENINGS)
    for server in (False, True):
        for accounts in sizes:
            with databases.postgresql() if server else nullcontext() as store:
                if not server or store is not None:
                    name = "postgresql" if server else "sqlite"
                    product, floor = _opened(store, accounts, openings, seed)
                    more = {"product_max_ms": max(product), "floor_max_ms": max(floor)}
                    yield compare(NAME, f"{name}, {accounts:,} accounts", "ms", product, floor, more)


def _opened(store: Store | None, accounts: int, openings: int, seed: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each opening: of the product, then of the floor, in one sandbox on one database."""
    with (
        tempfile.TemporaryDirectory(prefix="renewals-benchmark-") as folder,
        workspace(Path(folder), 1, 0, seed, NOW) as team,
    ):
        team.environment.pop("HUBSPOT_ACCESS_TOKEN")  # a book from a file: no sync beside it
        if store is not None:
            team.environment["DATABASE_URL"] = store.engine.url.render_as_string(hide_password=False)
        with _own(store, team.environment["DATABASE_URL"]) as opened:
            _fill(opened, team.reps[0], team.world.slack.team_id, accounts)
        found = []
        for process in ("benchmarks.product", "benchmarks.bare_home"):
            with team.process(["-m", process], BENCHMARK_NOW=NOW.isoformat()):
                time.sleep(SETTLING)
                found.append(_open_often(team, openings))
    return found[0], found[1]


@contextmanager
def _own(store: Store | None, url: str) -> Iterator[Store]:
    opened = store or Store(url)
    yield opened
    if store is None:
        opened.close()


def _open_often(team: Workspace, openings: int) -> list[float]:
    """Milliseconds of each opening, after one that is not counted."""
    taken = []
    with httpx.Client(base_url=team.server.url) as http:
        for _ in range(openings + 1):
            before = len(_published(team))
            began = time.perf_counter()
            http.post(f"/people/{team.reps[0]}/home/open", json={}).raise_for_status()
            wait_for(lambda before=before: len(_published(team)) > before)  # type: ignore[misc]
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(0.1)
    return taken[1:]


def _published(team: Workspace) -> list[object]:
    return list(team.world.journal.entries(service="slack", method="views.publish"))


def _fill(store: Store, user: str, team_id: str, accounts: int) -> None:
    """The rep as person 1, with open accounts put out on each of the last four weeks' days."""
    runs = [
        {
            "id": n,
            "book": "import",
            "deal_id": f"d{n}",
            "account": f"Account {n:04}",
            "owner_id": 1,
            "put_out_on": NOW.date() - timedelta(days=n % 29),
            "expires_on": NOW.date() + timedelta(days=n % 40),
            "hosts_site": n % 3 == 0,
            "stage": "open",
            "price_cents": n % 300 * 100,
            "created_at": NOW - timedelta(days=30),
            "next_look_on": NOW.date(),
        }
        for n in range(1, accounts + 1)
    ]
    facts = [
        {"key": f"{run['id']}:{back}", "run_id": run["id"], "kind": "call", "outcome": "no_answer"}
        | {"at": NOW - timedelta(days=back), "recorded_at": NOW, "source": "hubspot", "surface": "sync"}
        for run in runs
        for back in range(1, FACTS + 1)
    ]
    rep = {"id": 1, "email": "rep0@team.example", "name": "Rep 0", "tz": "UTC", "active": True}
    with store.write() as session:
        session.execute(insert(Person), [rep | {"slack_user_id": user, "slack_team_id": team_id}])
        session.execute(insert(RunRow), runs)
        session.execute(insert(Fact), facts)

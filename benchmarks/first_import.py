"""The first import of a book against HubSpot's own limit.

The product: `Sync.run` on an empty database, from the first call to the last commit, against an account in another
process that lets 190 calls through in ten seconds. The floor: the time in which HubSpot would let through as many
calls as a reading of a hundred records a call needs. So the ratio says what is lost to calls too many, to our own
budget, which stays below the limit, and to the time in which we reckon while no call is under way.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import MIB, Result, compare
from bot.clock import SystemClock
from bot.config import Config, HubSpotConfig
from bot.hubspot.budget import SEARCHES, SMALLEST_PLAN, TEN_SECONDS, SharedBudget
from bot.hubspot.client import HubSpotClient
from bot.hubspot.gateway import HubSpotGateway
from bot.playbook.policy import load_policy
from bot.services.incoming.sync import Sync
from bot.services.incoming.whole_book import Progress
from bot.services.work import Work
from bot.store.migrate import upgrade
from bot.store.session import Store

NAME = "first_import"
SIZES, QUICK_SIZES = (10_000, 100_000), (5_000,)
CALLS_IN_TEN_SECONDS = 190
STAGES = {"renewal_put_out": "open"}


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """One result for each size; an import is long enough to be measured once. The book knows no chance."""
    del seed
    for deals in QUICK_SIZES if quick else SIZES:
        yield case(deals)


def case(deals: int) -> Result:
    with tempfile.TemporaryDirectory() as folder, _account(deals) as (url, token):
        store = Store(upgraded(Path(folder)))
        clock = SystemClock()
        client = HubSpotClient(
            token,
            url,
            calls=(calls := _Counted(store, clock)),
            searches=SharedBudget(store, clock.elapsed, "searches", SEARCHES, 1.0, at_a_time=1),
        )
        work = Work(
            store, clock, Config(hubspot=HubSpotConfig(stages=STAGES)), load_policy(None), lambda _: None
        )
        held: list[float] = []

        def note(progress: Progress) -> None:
            if progress.part == "deals":
                held.append(_resident_mib())

        began, burned = time.perf_counter(), time.process_time()
        report = Sync(work, HubSpotGateway(client, work.config.hubspot)).run(tell=note)
        took, burned = time.perf_counter() - began, time.process_time() - burned
        store.close()
    if report.stopped or report.runs_new != deals or report.facts_new != deals // 2:
        raise RuntimeError(f"the import is not whole: {report}")
    least = (
        3 * deals // 100 + deals // 200 + 4
    )  # deals, companies, contacts, calls; a page of each empty type
    more = {
        "calls": calls.taken,
        "least_calls": least,
        "own_seconds": burned,
        "mib_after_a_tenth": held[len(held) // 10],
        "mib_at_the_end": held[-1],
    }
    floor = least * TEN_SECONDS / CALLS_IN_TEN_SECONDS
    return compare(NAME, f"sqlite, {deals:,} deals", "s", [took], [floor], more)


def upgraded(folder: Path) -> str:
    """An empty database with our tables."""
    url = f"sqlite:///{folder / 'renewals.sqlite3'}"
    upgrade(url)
    return url


class _Counted(SharedBudget):
    """Counts the calls it lets through."""

    def __init__(self, store: Store, clock: SystemClock) -> None:
        super().__init__(store, clock.elapsed, "calls", SMALLEST_PLAN, TEN_SECONDS)
        self.taken = 0

    def take(self, patient: bool) -> None:
        super().take(patient)
        self.taken += 1


@contextmanager
def _account(deals: int) -> Iterator[tuple[str, str]]:
    """The account's address and token, once it answers."""
    asked = [sys.executable, "-m", "benchmarks.big_account", str(deals), str(CALLS_IN_TEN_SECONDS)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        url, _, token = process.stdout.readline().strip().partition(" ")
        try:
            yield url, token
        finally:
            process.stdin.close()
            process.wait(60)


def _resident_mib() -> float:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / MIB

"""How long a button waits for its acknowledgement while 20 reps work, against a bare Bolt app with one commit.

Both answer the same presses over Socket Mode in the same sandbox, one after the other in every round; each round
has a sandbox and a database of its own. `burst`: everybody presses one button after the other without a pause.
`paced`: one press a second each. The sandbox says how long each acknowledgement took, from its side of the wire.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx

from benchmarks.measure import Result, compare, percentile
from benchmarks.workspace import Workspace, dm_messages, wait_for, workspace
from bot.slack.ids import LOG_CALL

NAME = "acknowledgement"
REPS, QUICK_REPS = 20, 20
ROUNDS, QUICK_ROUNDS = 5, 2
ACCOUNTS = 10
MONDAY = datetime(2026, 11, 23, 8, 30, 30, tzinfo=UTC)
NO_ANSWER = f"{LOG_CALL}no_answer"
SLACK_WAITS = 3000  # milliseconds, then the person is told that it failed
KINDS = ("burst", "paced")
SHARES = {"p50": 0.5, "p95": 0.95}
SETTLING = 2.0  # seconds after a start, for what a start does


@dataclass(frozen=True, slots=True)
class Button:
    """A button somebody sees, and where."""

    user: str
    channel: str
    ts: str
    block_id: str
    value: str

    def press(self, http: httpx.Client) -> float:
        """Milliseconds until it was acknowledged, or until Slack gave up waiting: that counts, it is not left out."""
        body = {
            "container": {"type": "message", "channel": self.channel, "ts": self.ts},
            "block_id": self.block_id,
            "action_id": NO_ANSWER,
            "value": {"type": "button", "value": self.value},
            "forge": True,  # the floor never draws the message: the same press has to be possible again
        }
        return float(http.post(f"/people/{self.user}/actions", json=body).raise_for_status().json()["ms"])


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """The median and the 95th percentile of each way of pressing; the spread is over the rounds."""
    reps, rounds = (QUICK_REPS, QUICK_ROUNDS) if quick else (REPS, ROUNDS)
    product: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    floor: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for number in range(rounds):
        _round(product, floor, reps, seed + number)
    for kind in KINDS:
        for name, share in SHARES.items():
            more = {
                "presses": sum(map(len, product[kind])),
                "product_too_late": sum(ms >= SLACK_WAITS for one in product[kind] for ms in one),
                "floor_too_late": sum(ms >= SLACK_WAITS for one in floor[kind] for ms in one),
                "product_max_ms": max(map(max, product[kind])),
                "floor_max_ms": max(map(max, floor[kind])),
            }
            yield compare(
                NAME,
                f"{reps} reps, {kind}, {name}",
                "ms",
                [percentile(one, share) for one in product[kind]],
                [percentile(one, share) for one in floor[kind]],
                more,
            )


def _round(
    product: dict[str, list[list[float]]], floor: dict[str, list[list[float]]], reps: int, seed: int
) -> None:
    """A new sandbox and a new database: first the product, then the floor is pressed in the same way."""
    with (
        tempfile.TemporaryDirectory(prefix="renewals-benchmark-") as folder,
        workspace(Path(folder), reps, ACCOUNTS, seed, MONDAY) as team,
    ):
        with team.process(["-m", "benchmarks.product"], BENCHMARK_NOW=MONDAY.isoformat()):
            buttons = _buttons_of_all(team)
            _keep(product, buttons, team, Random(seed))
        database = str(Path(folder) / "clicks.sqlite3")
        with team.process(["-m", "benchmarks.bare_bolt"], BENCHMARK_DATABASE=database):
            _keep(floor, buttons, team, Random(seed))


def _buttons_of_all(team: Workspace) -> list[list[Button]]:
    """By rep: the buttons of the digest, once everybody has theirs."""
    found: list[list[Button]] = []

    def all_there() -> bool:
        found[:] = [_buttons(http, team, user) for user in team.reps]
        time.sleep(0.2)
        return all(found)

    with httpx.Client(base_url=team.server.url) as http:
        wait_for(all_there)
    return found


def _buttons(http: httpx.Client, team: Workspace, user: str) -> list[Button]:
    channel, messages = dm_messages(http, team, user)
    return [
        Button(user, channel, message["ts"], block["block_id"], element["value"])
        for message in messages
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("action_id") == NO_ANSWER
    ]


def _keep(
    taken: dict[str, list[list[float]]], buttons: Sequence[list[Button]], team: Workspace, random: Random
) -> None:
    """Press half of each rep's buttons one way, then the other half the other way."""
    time.sleep(SETTLING)
    for kind, part in zip(KINDS, (slice(0, None, 2), slice(1, None, 2)), strict=True):
        pause = 1.0 if kind == "paced" else 0.0
        with ThreadPoolExecutor(len(buttons)) as people:
            pressed = [
                people.submit(_press_all, team, mine[part], pause, random.random() * pause)
                for mine in buttons
            ]
            taken[kind].append([ms for one in pressed for ms in one.result()])


def _press_all(team: Workspace, buttons: Sequence[Button], pause: float, first: float) -> list[float]:
    time.sleep(first)
    taken = []
    with httpx.Client(base_url=team.server.url, timeout=30) as http:
        for button in buttons:
            taken.append(button.press(http))
            time.sleep(pause)
    return taken

"""How long a start takes and what the idle process holds, against importing the same libraries and nothing else.

`ready`: from the start of the process until its Socket Mode connection stands, on a database that is there
already. `memory`: resident MiB some seconds later. The floor imports every library module that `renewals run`
was seen to import, none of our own. `help`: `renewals --help` against a Python that only starts.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Result, compare
from benchmarks.workspace import ROOT, Workspace, workspace

NAME = "start"
ROUNDS, QUICK_ROUNDS = 9, 3
REPS, ACCOUNTS = 3, 20
IDLE = 3.0  # seconds
RENEWALS = ("-c", "import sys; from bot.cli import main; sys.exit(main())")  # what the command is
RUN = (*RENEWALS, "run")
OURS = ("bot", "handlers", "scheduler", "benchmarks")
IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)
IMPORT_ALL = """
import contextlib, importlib, sys
for name in sys.argv[1].split(","):
    with contextlib.suppress(Exception):
        importlib.import_module(name)
print("ready", flush=True)
sys.stdin.read()
"""


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """Start until ready, idle memory, and `--help`."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    now = datetime.now(UTC)
    with (
        tempfile.TemporaryDirectory(prefix="renewals-benchmark-") as folder,
        workspace(Path(folder), REPS, ACCOUNTS, seed, now) as team,
    ):
        libraries = _libraries(team)
        product, floor = [], []
        for _ in range(rounds):
            product.append(_product(team))
            floor.append(_floor(libraries))
    more = {"library_modules": len(libraries)}
    ready, held = "until ready", "idle memory"
    yield compare(NAME, ready, "ms", [one[0] for one in product], [one[0] for one in floor], more)
    yield compare(NAME, held, "MiB", [one[1] for one in product], [one[1] for one in floor], more)
    taken = [(_whole((*RENEWALS, "--help")), _whole(("-c", "pass"))) for _ in range(rounds)]
    yield compare(NAME, "--help", "ms", [one for one, _ in taken], [one for _, one in taken])


def _libraries(team: Workspace) -> list[str]:
    """Every module that is not ours and that `renewals run` imports until it is idle, in its order."""
    with team.process(["-X", "importtime", *RUN]):
        time.sleep(IDLE)
    names = IMPORTED.findall((team.folder / "process.log").read_text("utf-8"))
    return [name for name in dict.fromkeys(names) if name.partition(".")[0] not in OURS]


def _product(team: Workspace) -> tuple[float, float]:
    """Milliseconds until it is connected, and MiB when idle."""
    began = time.perf_counter()
    with team.process(RUN) as child:
        ready = (time.perf_counter() - began) * 1000
        time.sleep(IDLE)
        return ready, _resident_mib(child.pid)


def _floor(libraries: Sequence[str]) -> tuple[float, float]:
    """The same for a process that imports the libraries and waits."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, ",".join(libraries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with child:
        if child.stdout is None or child.stdout.readline() != b"ready\n":
            raise RuntimeError("the libraries cannot be imported")
        ready = (time.perf_counter() - began) * 1000
        time.sleep(IDLE)
        held = _resident_mib(child.pid)
        child.terminate()
    return ready, held


def _whole(arguments: Sequence[str]) -> float:
    """Milliseconds from the start of a process to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def _resident_mib(pid: int) -> float:
    """What a process holds in memory now, as `ps` says it."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)
    return int(said.stdout) / 1024

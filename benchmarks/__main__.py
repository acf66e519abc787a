"""`python -m benchmarks [NAME...] [--quick] [--seed N] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import acknowledgement, app_home, first_import, morning, start, whole_book
from benchmarks.databases import postgresql_version
from benchmarks.measure import Result

BENCHMARKS = {
    module.NAME: module.measure
    for module in (morning, whole_book, acknowledgement, app_home, start, first_import)
}
PACKAGES = (
    "sqlalchemy",
    "psycopg",
    "slack-bolt",
    "slack-sdk",
    "hubspot-api-client",
    "apscheduler",
    "holidays",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is named, or everything; a line for each case as it is done."""
    parser = _parser()
    wanted = parser.parse_args(argv)
    if unknown := [name for name in wanted.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}; they are {', '.join(BENCHMARKS)}")
    results = []
    print(f"{'benchmark':<16} {'case':<36} {'product':>11} {'floor':>11}   ratio (least - most)", flush=True)
    for name in wanted.names or BENCHMARKS:
        for result in BENCHMARKS[name](quick=wanted.quick, seed=wanted.seed):
            results.append(result)
            print(_line(result), flush=True)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(_report(results, wanted), indent=2) + "\n", "utf-8")
    return 0


def _line(result: Result) -> str:
    unit, ratio = result.unit, result.ratio
    return (
        f"{result.benchmark:<16} {result.case:<36} {result.product.median:>8.1f} {unit:<3}"
        f"{result.floor.median:>8.1f} {unit:<3}  {ratio.median:.2f} ({ratio.least:.2f} - {ratio.most:.2f})"
    )


def _report(results: Iterable[Result], wanted: argparse.Namespace) -> dict[str, Any]:
    """All that was measured, and on what."""
    return {
        "seed": wanted.seed,
        "quick": wanted.quick,
        "versions": {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "cpus": os.cpu_count(),
            "sqlite": sqlite3.sqlite_version,
            "postgresql": postgresql_version(),
            "packages": {name: version(name) for name in PACKAGES},
        },
        "results": [asdict(result) for result in results],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small sizes: about a minute in all")
    parser.add_argument("--seed", type=int, default=1, help="of the books (1)")
    parser.add_argument("--json", type=Path, help="write all samples' medians and spreads to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main())

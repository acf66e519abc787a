"""Interleaved runs (A B A B ...) and what they say: medians, and each round's ratio to its own floor.

A machine that slows down slows both, so the ratio is worth more than the times.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several samples, the least and the most; in the unit of the samples."""

    median: float
    least: float
    most: float
    samples: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> Spread:
        return cls(median(samples), min(samples), max(samples), len(samples))


@dataclass(frozen=True, slots=True)
class Result:
    """One measured case: `ratio` is the product against the floor, round by round.

    `more` holds what else was seen, by its name with its unit ("peak_mib").
    """

    benchmark: str
    case: str
    unit: str
    product: Spread
    floor: Spread
    ratio: Spread
    more: Mapping[str, float]


def compare(
    benchmark: str,
    case: str,
    unit: str,
    product: Sequence[float],
    floor: Sequence[float],
    more: Mapping[str, float] | None = None,
) -> Result:
    """The result of samples that were taken in turn: the n-th of both belong to one round."""
    ratios = [one / other for one, other in zip(product, floor, strict=True)]
    return Result(
        benchmark, case, unit, Spread.of(product), Spread.of(floor), Spread.of(ratios), dict(more or {})
    )


def in_turn(rounds: int, **contenders: Callable[[], object]) -> dict[str, list[float]]:
    """Milliseconds of each contender, one after the other in every round, after one round that is not timed."""
    for run in contenders.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            gc.collect()
            began = time.perf_counter()
            run()
            taken[name].append((time.perf_counter() - began) * 1000)
    return taken


def peak_mib(run: Callable[[], object]) -> float:
    """How many MiB of Python objects a run holds at its worst moment; slow, so it is never timed."""
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below or at which `share` (0 to 1) of all lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

"""Planning every run of a book, due or not, against a Core read of the same rows.

The product: the whole book in parts, each run assessed for its owner's calendar, as after a change of offices or
settings. The floor: the same parts, fetched through SQLAlchemy Core and let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from sqlalchemy import Select

from benchmarks.measure import Result, compare, in_turn, peak_mib
from benchmarks.the_morning import books
from bot.services.runs.lines import Reader
from bot.services.work import Work
from bot.store.book import facts_query, id_ranges, load_runs, runs_query
from bot.store.session import Store

NAME = "whole_book"
SIZES = (10_000, 100_000)
QUICK_SIZES = (2_000,)
POSTGRESQL_SIZES = (100_000,)
ROUNDS = 5


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """One result for each size and database."""
    sizes = (QUICK_SIZES, QUICK_SIZES) if quick else (SIZES, POSTGRESQL_SIZES)
    for work, runs in books(seed, *sizes):
        yield case(work, runs)


def case(work: Work, runs: int) -> Result:
    floor = _read_all(work.store)
    taken = in_turn(ROUNDS, floor=floor, product=lambda: _assess_all(work))
    more = {
        "microseconds_a_run": median(taken["product"]) / runs * 1000,
        "peak_mib": peak_mib(lambda: _assess_all(work)),
        "floor_peak_mib": peak_mib(floor),
    }
    return compare(NAME, f"{work.store.dialect}, {runs:,} runs", "ms", taken["product"], taken["floor"], more)


def _assess_all(work: Work) -> int:
    """How many runs have anything to say."""
    with work.store.read() as session:
        reader = Reader(work, session)
        return sum(
            reader.see(loaded).assessment.worth_mentioning
            for part in id_ranges(session)
            for loaded in load_runs(session, part)
        )


def _read_all(store: Store) -> Callable[[], int]:
    def read() -> int:
        """How many rows there are."""
        rows = 0
        with store.read() as session:
            for part in id_ranges(session):
                queries: tuple[Select[tuple[object, ...]], ...] = (runs_query(part), facts_query(part))
                rows += sum(len(session.connection().execute(one).fetchall()) for one in queries)
        return rows

    return read

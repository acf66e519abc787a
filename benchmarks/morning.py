"""Planning a morning against the indexed read of the same rows.

The product: `plan_mornings`, all that happens at 08:30 before messages are written. The floor: the same two
statements, fetched by the bare driver. In between, `core`: the same through SQLAlchemy Core, as typed rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import event

from benchmarks.book import TODAY, reps_for
from benchmarks.floors import by_core, by_driver
from benchmarks.measure import Result, compare, in_turn, peak_mib
from benchmarks.the_morning import books
from bot.services.day.morning import Planned, plan_mornings
from bot.services.people.book_of import worth_looking
from bot.services.work import Work
from bot.store.book import facts_query, runs_query
from bot.store.tables import RunRow

NAME = "morning"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUICK_SIZES = (1_000, 10_000)
POSTGRESQL_SIZES = (100_000,)
QUICK_POSTGRESQL_SIZES = (10_000,)
ROUNDS = {1_000: 31, 10_000: 21, 100_000: 11, 1_000_000: 7}


def measure(*, quick: bool, seed: int) -> Iterator[Result]:
    """One result for each size and database."""
    sizes = (QUICK_SIZES, QUICK_POSTGRESQL_SIZES) if quick else (SIZES, POSTGRESQL_SIZES)
    for work, runs in books(seed, *sizes):
        yield case(work, runs)


def case(work: Work, runs: int) -> Result:
    store = work.store
    due = (RunRow.owner_id.in_(tuple(range(1, reps_for(runs) + 1))), *worth_looking(TODAY))
    statements = (runs_query(*due), facts_query(*due))
    taken = in_turn(
        ROUNDS[runs],
        floor=by_driver(store, *statements),
        core=by_core(store, *statements),
        product=lambda: _plan(work),
    )
    planned, counted = _counted(work)
    more = {
        "reps": len(planned),
        "touched_runs": sum(len(morning.due) for morning in planned),
        "statements": counted,
        "ratio_to_core": compare(NAME, "", "ms", taken["product"], taken["core"]).ratio.median,
        "peak_mib": peak_mib(lambda: _plan(work)),
        "core_peak_mib": peak_mib(by_core(store, *statements)),
    }
    return compare(NAME, f"{store.dialect}, {runs:,} runs", "ms", taken["product"], taken["floor"], more)


def _plan(work: Work) -> list[Planned]:
    with work.store.read() as session:
        return plan_mornings(work, session)


def _counted(work: Work) -> tuple[list[Planned], int]:
    """A morning, and how many statements it took."""
    seen: list[str] = []
    listener: Callable[..., None] = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(work.store.engine, "before_cursor_execute", listener)
    try:
        planned = _plan(work)
    finally:
        event.remove(work.store.engine, "before_cursor_execute", listener)
    return planned, sum("FROM" in statement for statement in seen)

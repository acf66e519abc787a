"""The benchmarks run, and compare what they say they compare."""

from __future__ import annotations

import pytest

from benchmarks import morning, whole_book
from benchmarks.__main__ import main
from benchmarks.measure import compare, percentile
from bot.store.session import Store

RUNS = 1_000


def test_a_morning_of_a_thousand_runs(store: Store) -> None:
    result = morning.case(store, RUNS, seed=1)
    assert result.case == f"{store.dialect}, 1,000 runs"
    assert result.ratio.samples == morning.ROUNDS[RUNS]
    assert result.more["reps"] == 3
    assert 0 < result.more["touched_runs"] <= RUNS / 100
    assert result.more["statements"] == 7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_whole_book_is_read_in_parts(store: Store) -> None:
    result = whole_book.case(store, 6_000, seed=1)
    assert result.more["peak_mib"] < 3 * result.more["floor_peak_mib"]


def test_the_ratio_is_that_of_each_round() -> None:
    result = compare("x", "y", "ms", product=[2.0, 9.0, 40.0], floor=[1.0, 3.0, 10.0])
    assert (result.ratio.median, result.ratio.least, result.ratio.most) == (3.0, 2.0, 4.0)
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([5.0, 1.0, 3.0], 0.95) == 5.0


def test_a_name_that_is_none_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["mornings"])
    assert "there is no benchmark 'mornings'; they are morning, whole_book" in capsys.readouterr().err

"""How the benchmarks reckon; what they measure is no test."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import main
from benchmarks.measure import compare, percentile


def test_the_ratio_is_that_of_each_round() -> None:
    result = compare("x", "y", "ms", product=[2.0, 9.0, 40.0], floor=[1.0, 3.0, 10.0])
    assert (result.ratio.median, result.ratio.least, result.ratio.most) == (3.0, 2.0, 4.0)
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([5.0, 1.0, 3.0], 0.95) == 5.0


def test_a_name_that_is_none_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["mornings"])
    assert "there is no benchmark 'mornings'; they are morning, whole_book" in capsys.readouterr().err

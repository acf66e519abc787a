"""Two hours of a team's work on both sides, with faults on every tenth call and random kills; then both sides agree.

Each example takes about a second here; the long run is `python -m tests.soak --minutes 15` (see `--help`), with new
seeds in each round. What the checker that judges it can see is shown beside it, in `test_soak_checker.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.soak.__main__ import soak
from tests.soak.team import Team


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    with Team() as made:
        yield made


@pytest.mark.parametrize("seed", range(2))
def test_after_two_hours_of_edits_faults_and_kills_both_sides_agree(team: Team, seed: int) -> None:
    before = team.struck.total(), team.done["killed"]

    soak(team, examples=6, steps=10, seed=seed, shrink=False)

    assert team.struck.total() > before[0] and team.done["killed"] > before[1]

"""The long soak: `python -m tests.soak --minutes 15`, with new seeds in each round; `--shrink` once it found something.

Each example is two hours of a team's work; see `machine`. What a round did is written to standard output.
"""

from __future__ import annotations

import argparse
import sys
import time

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import Soak
from tests.soak.team import Team


def soak(team: Team, *, examples: int, steps: int, seed: int | None, shrink: bool) -> None:
    """Run so many examples of at most so many steps; `seed` None: the same ones each time.

    Raises AssertionError with everything that the checker found, for the smallest example it came to.
    """
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])]

    def machine() -> Soak:
        return Soak()

    Soak.team = team
    if seed is not None:
        machine = hypothesis.seed(seed)(machine)  # type: ignore[assignment]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=seed is None,
            database=None,
            deadline=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--examples", type=int, default=20, help="for each seed")
    parser.add_argument("--seed", type=int, default=1, help="the first one; each round takes the next")
    parser.add_argument(
        "--shrink", action="store_true", help="look for the smallest example of a fault: minutes"
    )
    asked = parser.parse_args()
    until, seed = time.monotonic() + asked.minutes * 60, asked.seed
    with Team() as team:
        while time.monotonic() < until:
            soak(team, examples=asked.examples, steps=asked.steps, seed=seed, shrink=asked.shrink)
            said = (
                f"{team.examples} examples, {team.done.total()} acts and kills, {team.struck.total()} faults"
            )
            sys.stdout.write(f"seed {seed}: {said} so far\n")
            sys.stdout.flush()
            seed += 1
        sys.stdout.write(f"{team.struck}\n{team.done}\n")


if __name__ == "__main__":
    main()

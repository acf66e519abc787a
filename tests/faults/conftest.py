"""A team at work, to which something happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.faults import FaultRule
from tests.faults.process import Processes
from tests.living import Living, living


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Monday 23 Nov 2026, 08:00 in New York."""
    with living(database_url) as found:
        yield found


@pytest.fixture
def strike(team: Living) -> Callable[..., str]:
    """Put a fault in force; answers its id."""

    def add(service: str, method: str = "*", **how: Any) -> str:
        return team.world.faults.add(FaultRule(service=service, method=method, **how))

    return add


@pytest.fixture(scope="session")
def forker() -> Iterator[Processes]:
    """What starts them, with all libraries loaded once."""
    started = Processes()
    yield started
    started.close()


@pytest.fixture
def processes(forker: Processes) -> Iterator[Processes]:
    """Assistants in processes of their own, to be killed and frozen; none outlives the test."""
    yield forker
    forker.kill_all()

"""A team at work, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.living import Living, living


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Monday 23 Nov 2026, 08:00 in New York."""
    with living(database_url) as found:
        yield found

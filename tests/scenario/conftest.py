"""A team at work, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.living import Living, living
from tests.vendor import requests_checked


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Monday 23 Nov 2026, 08:00 in New York."""
    with living(database_url) as found:
        yield found


@pytest.fixture(autouse=True)
def as_hubspot_defines_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a scenario sends to HubSpot is held against HubSpot's own definitions."""
    with requests_checked(monkeypatch) as wrong:
        yield
    assert wrong == []

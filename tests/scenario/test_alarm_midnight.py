"""What lasts is told once in a day: a date that ends tells nobody again what was said an hour ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, "2026-11-23 09:00", connected=False) as town:
        yield town


def until(team: Living, hour: int, minute: int) -> None:
    """Let elapsed time pass to the next such time of day in UTC."""
    now = team.clock.elapsed()
    then = datetime(now.year, now.month, now.day, hour, minute, tzinfo=UTC)
    team.clock.let_pass(then - now if then > now else then + timedelta(days=1) - now)


def test_midnight_does_not_tell_again_and_the_next_day_does(team: Living) -> None:
    team.world.hubspot.settings.token = "another"
    until(team, 23, 50)
    team.tick("sync", "alarms")
    told = len(team.messages("adam"))
    assert told == 1
    until(team, 0, 10)
    team.tick("sync", "alarms")
    assert len(team.messages("adam")) == told
    team.go("2026-11-24 09:10")
    until(team, 23, 55)
    team.tick("sync", "alarms")
    assert len(team.messages("adam")) == told + 1

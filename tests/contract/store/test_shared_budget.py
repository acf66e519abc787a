"""All processes keep one pace together, below HubSpot's limit, however they take turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.hubspot.budget import SharedBudget
from bot.services.crm_errors import RateLimited
from bot.store.session import Store

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Machine:
    """Elapsed time that passes as somebody waits."""

    def __init__(self) -> None:
        self.now = NINE

    def elapsed(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def budget(store: Store, machine: Machine, calls: int = 100, seconds: float = 10.0) -> SharedBudget:
    return SharedBudget(store, machine.elapsed, "calls", calls, seconds, sleep=machine.sleep)


@pytest.mark.parametrize("processes", [1, 3])
def test_no_ten_seconds_hold_more_calls_than_hubspot_allows(store: Store, processes: int) -> None:
    machine = Machine()
    ours = [budget(store, machine) for _ in range(processes)]
    made: list[datetime] = []
    for number in range(300):
        ours[number % processes].take(patient=True)
        made.append(machine.now)
        if number == 150:
            machine.now += timedelta(seconds=20)  # after a rest some go at once

    most = max(sum(start <= at < start + timedelta(seconds=10) for at in made) for start in made)
    took = (made[-1] - made[0] - timedelta(seconds=20)).total_seconds()
    assert most <= 100
    assert took <= 300 / 10 * 1.1, f"{took} s for 300 calls at 10 a second"


def test_who_cannot_wait_is_told_when_there_is_room_and_uses_nothing_up(store: Store) -> None:
    machine = Machine()
    mine, other = budget(store, machine), budget(store, machine)
    with pytest.raises(RateLimited) as caught:
        for _ in range(100):
            mine.take(patient=False)
    for _ in range(50):
        with pytest.raises(RateLimited):
            other.take(patient=False)

    machine.sleep(caught.value.after.total_seconds())
    other.take(patient=False)


def test_a_bigger_plan_is_used_as_soon_as_hubspot_says_so(store: Store) -> None:
    machine = Machine()
    mine = budget(store, machine)
    mine.allow(190)
    for _ in range(380):
        mine.take(patient=True)
    assert 18 <= (machine.now - NINE).total_seconds() <= 20 * 1.1


def test_a_clock_that_was_set_back_stops_nobody_for_long(store: Store) -> None:
    machine = Machine()
    mine = budget(store, machine)
    for _ in range(20):
        mine.take(patient=True)
    machine.now -= timedelta(days=1)
    before = machine.now
    budget(store, machine).take(patient=True)
    assert machine.now - before <= timedelta(minutes=1)


def test_calls_that_were_reserved_and_not_used_at_once_are_lost(store: Store) -> None:
    machine = Machine()
    mine = budget(store, machine, calls=1000)
    mine.take(patient=False)
    machine.now += timedelta(minutes=1)
    for _ in range(3):
        budget(store, machine, calls=1000).take(patient=False)
    assert mine._held == 1
    mine.take(patient=False)
    assert mine._held == 1, "two were reserved anew, and one was used"

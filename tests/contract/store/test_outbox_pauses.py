"""A service that waits as a whole: every process sees it, one row goes ahead to try, the others follow."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.store.outbox import Policy, claim, counts, lift, paused, pauses, settle
from bot.store.parcels import Halted, NotNeeded, Sent, TryAgain, Unknown
from bot.store.session import Store

Put = Callable[..., int]
SURE = Policy(chance=lambda: 1.0)
SECOND = timedelta(seconds=1)


def test_a_halted_service_is_tried_now_and_then_and_goes_on_after_the_mend(
    store: Store, clock: Any, put: Put
) -> None:
    for n in range(3):
        put(str(n), target=f"t{n}")
    put("h", service="hubspot", target="deal:1")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, Halted("token_revoked"), clock, SURE)
    assert claim(store, "slack", clock) == []
    assert len(claim(store, "hubspot", clock)) == 1
    with store.read() as session:
        assert paused(session) == {"slack": "token_revoked"}
    clock.pass_time(SURE.halt_probe)
    (probe,) = claim(store, "slack", clock, limit=10)
    assert claim(store, "slack", clock) == []
    settle(store, probe, Halted("token_revoked"), clock, SURE)
    assert claim(store, "slack", clock) == []
    clock.pass_time(SURE.halt_probe)
    (probe,) = claim(store, "slack", clock, limit=10)
    settle(store, probe, Sent(), clock, SURE)
    assert len(claim(store, "slack", clock, limit=10)) == 2
    with store.read() as session:
        assert paused(session) == {}


def test_only_the_row_sent_to_try_ends_the_pause(store: Store, clock: Any, put: Put) -> None:
    for n in range(4):
        put(str(n), target=f"t{n}")
    limited, before = claim(store, "slack", clock, limit=2)
    settle(store, limited, TryAgain("429", 30 * SECOND, "service"), clock, SURE)
    settle(store, before, Sent(), clock, SURE)
    assert claim(store, "slack", clock) == []
    clock.pass_time(30 * SECOND)
    assert claim(store, "slack", clock) == []  # not a moment before, and jitter on top
    clock.pass_time(SECOND)
    (probe,) = claim(store, "slack", clock, limit=9)
    settle(store, probe, Sent(), clock, SURE)
    assert len(claim(store, "slack", clock, limit=9)) == 2


def test_a_probe_that_never_returns_is_followed_by_another(store: Store, clock: Any, put: Put) -> None:
    for n in range(2):
        put(str(n), target=f"t{n}")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, TryAgain("503", scope="service"), clock, SURE)
    clock.pass_time(3 * SECOND)
    (lost,) = claim(store, "slack", clock, lease=60 * SECOND)
    clock.pass_time(59 * SECOND)
    assert claim(store, "slack", clock) == []
    clock.pass_time(SECOND)
    (probe,) = claim(store, "slack", clock)
    assert not settle(store, lost, Sent(), clock, SURE) or probe.id != lost.id


def test_what_says_nothing_of_the_service_sends_another_probe(store: Store, clock: Any, put: Put) -> None:
    for n in range(3):
        put(str(n), target=f"t{n}")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, TryAgain("503", scope="service"), clock, SURE)
    clock.pass_time(3 * SECOND)
    (probe,) = claim(store, "slack", clock)
    settle(store, probe, NotNeeded("undone"), clock, SURE)
    (probe,) = claim(store, "slack", clock, limit=5)
    settle(store, probe, Unknown("timed out"), clock, SURE)
    assert claim(store, "slack", clock) == []
    with store.read() as session:
        assert [(p.service, p.failures, p.halted) for p in pauses(session)] == [("slack", 2, False)]


def test_an_admin_can_lift_it(store: Store, clock: Any, put: Put) -> None:
    put("1")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, Halted("missing_scope"), clock, SURE)
    with store.write() as session:
        assert lift(session, "slack")
        assert not lift(session, "slack")
    assert len(claim(store, "slack", clock)) == 1


def test_ten_minutes_of_5xx_cost_at_most_twice_the_calls(store: Store, clock: Any, put: Put) -> None:
    """FAULTS 8: 30 rows, and four workers that all had a row on its way when it began."""
    policy = Policy(chance=random.Random(7).random)
    for n in range(30):
        put(str(n), target=f"t{n % 9}")
    mended = clock.elapsed() + timedelta(minutes=10)
    calls = 0
    while True:
        for parcel in claim(store, "slack", clock, limit=4, policy=policy):
            calls += 1
            fails = clock.elapsed() < mended
            delivery = TryAgain("503", scope="service") if fails else Sent()
            assert settle(store, parcel, delivery, clock, policy)
        with store.read() as session:
            if counts(session) == {("slack", "sent"): 30}:
                break
        clock.pass_time(SECOND)
        assert clock.elapsed() < mended + timedelta(minutes=5)
    assert 30 < calls <= 60


def test_retry_after_zero_or_huge_is_neither_a_rush_nor_for_ever(store: Store, clock: Any, put: Put) -> None:
    put("1")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, TryAgain("429", timedelta(), "target"), clock, SURE)
    assert claim(store, "slack", clock) == []
    clock.pass_time(3 * SECOND)
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, TryAgain("429", timedelta(days=9999), "target"), clock, SURE)
    clock.pass_time(timedelta(hours=23))
    assert claim(store, "slack", clock) == []
    clock.pass_time(timedelta(hours=2))
    assert len(claim(store, "slack", clock)) == 1

"""A row of which nobody ever says whether it arrived: looked up so many times, then set aside (FAULTS I8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.store.outbox import Policy, claim, drop, enqueue, replay, settle
from bot.store.parcels import Delivery, Halted, Parcel, TryAgain, Unknown
from bot.store.session import Store
from bot.store.tables import OutboxRow

Put = Callable[..., int]
Row = Callable[[int], OutboxRow]
THREE = Policy(chance=lambda: 1.0, unknown_looks=3)
SILENT = Unknown("no answer")


def next_try(store: Store, clock: Any, delivery: Delivery) -> Parcel:
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, delivery, clock, THREE)
    clock.pass_time(timedelta(hours=1))
    return parcel


def test_after_so_many_looks_without_an_answer_the_row_is_set_aside(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    silent, behind = put("1"), put("2")
    for _ in range(6):
        next_try(store, clock, TryAgain("503", scope="service"))  # tries that did not arrive are no looks
    next_try(store, clock, SILENT)
    next_try(store, clock, Halted("token_revoked"))  # nor is a look that was refused
    for _ in range(2):
        next_try(store, clock, SILENT)
        assert row(silent).state == "unknown"
    next_try(store, clock, SILENT)
    assert (row(silent).state, row(silent).look_at) == ("dead", None)
    assert row(silent).reason == "no answer (looked for 3 times without an answer; it may have arrived)"
    (parcel,) = claim(store, "slack", clock)
    assert parcel.id == behind


def test_one_that_was_set_aside_is_replayed_with_as_many_looks_or_dropped(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    silent = put("1")
    for _ in range(4):
        next_try(store, clock, SILENT)
    assert row(silent).state == "dead"
    with store.write() as session:
        assert replay(session, silent, elapsed=clock.elapsed())
    for tries in range(4):
        assert row(silent).state == "unknown", tries
        assert next_try(store, clock, SILENT).unknown
    assert row(silent).state == "dead"
    with store.write() as session:
        assert drop(session, silent, reason="by an admin")
        assert not drop(session, silent, reason="by an admin")
        assert not replay(session, silent, elapsed=clock.elapsed())
    assert (row(silent).state, row(silent).reason) == ("dropped", "by an admin")


def test_one_past_its_use_is_dropped_before_that(store: Store, clock: Any, row: Row) -> None:
    with store.write() as session:
        silent = enqueue(
            session,
            service="slack",
            kind="note",
            recipient="person:1",
            slot="1",
            target="person:1",
            now=clock.now(),
            elapsed=clock.elapsed(),
            useful_until=clock.now() + timedelta(minutes=10),
        )
    assert silent is not None
    next_try(store, clock, SILENT)
    clock.set(clock.now() + timedelta(minutes=11))
    assert claim(store, "slack", clock) == []
    assert (row(silent).state, row(silent).reason) == ("dropped", "past its use; it may have arrived")

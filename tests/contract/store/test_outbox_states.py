"""The life of an outbox row, on both databases: who may claim it when, and what settling makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.store.outbox import (
    Policy,
    cancel,
    claim,
    counts,
    enqueue,
    expire,
    listing,
    replay,
    settle,
    skip,
)
from bot.store.parcels import NotNeeded, Refused, Sent, TryAgain, Unknown
from bot.store.session import Store
from bot.store.tables import Fact, OutboxRow, RunRow

Put = Callable[..., int]
Row = Callable[[int], OutboxRow]
SURE = Policy(chance=lambda: 1.0)
MINUTE = timedelta(minutes=1)


def test_a_row_leaves_once(store: Store, clock: Any, put: Put, row: Row) -> None:
    row_id = put("2026-11-24", kind="digest", payload={"message_id": 4})
    assert put("2026-11-24", kind="digest") is None
    (parcel,) = claim(store, "slack", clock)
    assert (parcel.id, parcel.payload, parcel.attempts, parcel.unknown) == (
        row_id,
        {"message_id": 4},
        1,
        False,
    )
    assert claim(store, "slack", clock) == []
    assert settle(store, parcel, Sent({"ts": "1.2"}), clock)
    clock.pass_time(timedelta(days=1))
    assert claim(store, "slack", clock) == []
    assert (row(row_id).state, row(row_id).result, row(row_id).look_at) == ("sent", {"ts": "1.2"}, None)


def test_a_row_waits_as_long_as_asked(store: Store, clock: Any, put: Put) -> None:
    put("a", wait=timedelta(seconds=15))
    clock.pass_time(timedelta(seconds=14))
    assert claim(store, "slack", clock) == []
    clock.pass_time(timedelta(seconds=1))
    assert len(claim(store, "slack", clock)) == 1


def test_business_time_moves_no_lease_and_no_wait(store: Store, clock: Any, put: Put) -> None:
    put("a")
    put("b", target="x", wait=MINUTE)
    claim(store, "slack", clock)
    clock.set(clock.now() + timedelta(days=3))
    assert claim(store, "slack", clock) == []


def test_rows_of_a_target_leave_in_order_and_others_go_on(store: Store, clock: Any, put: Put) -> None:
    first, second, other = put("1"), put("2"), put("3", target="person:2")
    parcels = claim(store, "slack", clock, limit=10)
    assert [p.id for p in parcels] == [first, other]
    assert settle(store, parcels[0], TryAgain("429", MINUTE, "target"), clock, SURE)
    assert claim(store, "slack", clock) == []
    clock.pass_time(MINUTE + timedelta(seconds=1))
    (again,) = claim(store, "slack", clock)
    assert (again.id, again.attempts) == (first, 2)
    assert settle(store, again, Sent(), clock)
    # At once: the second row does not sit out the time it was put off for.
    assert [p.id for p in claim(store, "slack", clock)] == [second]


def test_a_row_behind_keeps_its_own_wait(store: Store, clock: Any, put: Put) -> None:
    put("1")
    put("2", wait=timedelta(seconds=15))
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, Sent(), clock)
    assert claim(store, "slack", clock) == []
    clock.pass_time(timedelta(seconds=15))
    assert len(claim(store, "slack", clock)) == 1


def test_a_lost_lease_is_looked_up_and_the_late_sender_is_fenced(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    row_id = put("1")
    (frozen,) = claim(store, "slack", clock, lease=MINUTE)
    clock.pass_time(MINUTE)
    (parcel,) = claim(store, "slack", clock, lease=MINUTE)
    assert (parcel.id, parcel.unknown) == (row_id, True)
    assert not settle(store, frozen, Refused("late"), clock)
    assert row(row_id).state == "sending"
    assert settle(store, parcel, Sent({"ts": "9"}), clock)
    assert not settle(store, frozen, Refused("late"), clock)
    assert (row(row_id).state, row(row_id).result) == ("sent", {"ts": "9"})


def test_an_unknown_row_blocks_its_target_and_stays_unknown_until_it_is_known(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    row_id, behind = put("1"), put("2")
    (parcel,) = claim(store, "slack", clock)
    settle(store, parcel, Unknown("reset"), clock, SURE)
    assert claim(store, "slack", clock) == []
    clock.pass_time(MINUTE)
    (again,) = claim(store, "slack", clock)
    assert (again.id, again.unknown) == (row_id, True)
    # The look-up found no answer: that says nothing about the first try.
    settle(store, again, TryAgain("429", scope="target"), clock, SURE)
    assert row(row_id).state == "unknown"
    clock.pass_time(MINUTE)
    (known,) = claim(store, "slack", clock)
    settle(store, known, Sent(), clock)
    assert [p.id for p in claim(store, "slack", clock)] == [behind]


def test_poison_is_set_aside_after_its_tries_and_can_be_replayed(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    row_id, behind = put("1"), put("2")
    for _ in range(8):
        (parcel,) = claim(store, "slack", clock)
        assert parcel.id == row_id
        settle(store, parcel, TryAgain("undecodable"), clock, SURE)
        clock.pass_time(timedelta(minutes=3))
    assert (row(row_id).state, row(row_id).reason) == ("dead", "undecodable (given up after 8 tries)")
    assert [p.id for p in claim(store, "slack", clock)] == [behind]
    with store.write() as session:
        assert [dead.id for dead in listing(session)] == [row_id]
        assert not replay(session, behind, elapsed=clock.elapsed())
        assert replay(session, row_id, elapsed=clock.elapsed())
    (parcel,) = claim(store, "slack", clock)
    assert (parcel.id, parcel.attempts, parcel.unknown) == (row_id, 1, True)


def test_a_row_that_kills_its_senders_is_set_aside(store: Store, clock: Any, put: Put, row: Row) -> None:
    row_id, behind = put("1"), put("2")
    for _ in range(8):
        assert [p.id for p in claim(store, "slack", clock, lease=MINUTE)] == [row_id]
        clock.pass_time(MINUTE)
    assert [p.id for p in claim(store, "slack", clock)] == [behind]
    assert row(row_id).state == "dead"
    assert "8 senders" in (row(row_id).reason or "")


@pytest.mark.parametrize("scope", ["target", "service"])
def test_an_outage_never_sets_a_row_aside(store: Store, clock: Any, put: Put, row: Row, scope: str) -> None:
    row_id = put("1")
    for _ in range(40):
        (parcel,) = claim(store, "slack", clock)
        settle(store, parcel, TryAgain("503", scope=scope), clock, SURE)
        clock.pass_time(timedelta(minutes=3))
    assert (row(row_id).state, row(row_id).attempts, row(row_id).faults) == ("pending", 40, 0)


def test_refused_and_not_needed_are_final_with_their_reason(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    refused, needless, third = put("1"), put("2"), put("3")
    for row_id, delivery, state in (
        (refused, Refused("channel_not_found"), "dead"),
        (needless, NotNeeded("undone"), "dropped"),
        (third, Sent(), "sent"),
    ):
        (parcel,) = claim(store, "slack", clock)
        assert parcel.id == row_id
        assert settle(store, parcel, delivery, clock)
        assert (row(row_id).state, row(row_id).reason) == (state, getattr(delivery, "reason", None))


def test_past_its_use_a_row_is_dropped_and_the_next_leaves(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    late = put("1", useful_until=clock.now() + timedelta(hours=3))
    next_one = put("2")
    clock.set(clock.now() + timedelta(hours=3))
    assert [p.id for p in claim(store, "slack", clock)] == [next_one]
    assert (row(late).state, row(late).reason) == ("dropped", "past its use")


def test_expire_reaches_rows_whose_turn_has_not_come(store: Store, clock: Any, put: Put, row: Row) -> None:
    put("1", wait=timedelta(days=2))
    behind = put("2", useful_until=clock.now())
    assert expire(store, clock) == 1
    assert expire(store, clock) == 0
    assert row(behind).state == "dropped"


def test_redraws_coalesce_while_none_has_left(store: Store, clock: Any, put: Put) -> None:
    first = put(None, kind="redraw", coalesce_key="message:7")
    assert put(None, kind="redraw", coalesce_key="message:7") == first
    other = put(None, kind="redraw", coalesce_key="message:8")
    assert other != first
    (parcel, *_) = claim(store, "slack", clock)
    second = put(None, kind="redraw", coalesce_key="message:7")
    assert second not in (first, None)
    settle(store, parcel, Sent(), clock)
    assert put(None, kind="redraw", coalesce_key="message:7") == second


def test_a_reason_why_not_takes_the_key(store: Store, clock: Any, put: Put, row: Row) -> None:
    key = {"service": "slack", "kind": "digest", "recipient": "person:1", "slot": "2026-11-24"}
    times = {"now": clock.now(), "elapsed": clock.elapsed()}
    with store.write() as session:
        row_id = skip(session, **key, **times, reason="on leave")
        assert row_id is not None
        assert skip(session, **key, **times, reason="again") is None
    assert put("2026-11-24", kind="digest") is None
    assert (row(row_id).state, row(row_id).reason) == ("dropped", "on leave")
    assert claim(store, "slack", clock) == []


def test_cancel_drops_what_has_not_left(store: Store, clock: Any, row: Row) -> None:
    with store.write() as session:
        run = RunRow(
            book="import",
            deal_id="1",
            put_out_on=clock.now().date(),
            account="A",
            stage="open",
            created_at=clock.now(),
        )
        session.add(run)
        session.flush()
        fact = Fact(
            key="k",
            run_id=run.id,
            kind="note",
            at=clock.now(),
            recorded_at=clock.now(),
            source="slack",
            surface="form",
        )
        session.add(fact)
        session.flush()
        common = {"service": "hubspot", "target": "deal:1", "now": clock.now(), "elapsed": clock.elapsed()}
        ids = [
            enqueue(session, kind="activity", recipient="deal:1", slot=str(n), fact_id=fact.id, **common)
            for n in range(3)
        ]
        after = enqueue(session, kind="activity", recipient="deal:1", slot="after", **common)
        fact_id = fact.id
    (gone,) = claim(store, "hubspot", clock)
    with store.write() as session:
        assert cancel(session, fact_id=fact_id, reason="undone") == tuple(ids[1:])
    assert [row(i).state for i in ids if i] == ["sending", "dropped", "dropped"]
    settle(store, gone, Sent(), clock)
    assert [p.id for p in claim(store, "hubspot", clock)] == [after]


def test_what_is_written_with_the_settling_is_undone_with_it(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    row_id = put("1")
    (parcel,) = claim(store, "slack", clock)

    def fails(*_: object) -> None:
        raise KeyError("ts")

    with pytest.raises(KeyError):
        settle(store, parcel, Sent(), clock, then=fails)
    assert row(row_id).state == "sending"


def test_counts_are_by_service_and_state(store: Store, clock: Any, put: Put) -> None:
    put("1")
    put("2", service="hubspot")
    claim(store, "slack", clock)
    with store.read() as session:
        assert counts(session) == {("slack", "sending"): 1, ("hubspot", "pending"): 1}


def test_who_listens_hears_of_a_row_that_is_given_up(store: Store, clock: Any, put: Put) -> None:
    """Its entry is drawn again then, as one that was refused is."""
    put("a")
    heard: list[Any] = []
    policy = Policy(poison_after=2, chance=lambda: 1.0)
    for _ in range(2):
        clock.pass_time(MINUTE)
        (parcel,) = claim(store, "slack", clock, policy=policy)
        settle(
            store,
            parcel,
            TryAgain("it stumbles"),
            clock,
            policy,
            lambda _, delivery, __: heard.append(delivery),
        )

    assert heard == [TryAgain("it stumbles"), Refused("it stumbles (given up after 2 tries)")]

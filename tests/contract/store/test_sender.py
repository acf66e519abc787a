"""The sender: carries rows as they come, and survives whatever a courier, a callback or the database does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Halted, Parcel, Sent, TryAgain
from bot.store.errors import StoreUnavailable
from bot.store.outbox import claim, counts
from bot.store.session import Store
from bot.store.tables import OutboxRow, Setting
from tests.unhurried import PATIENCE, wait_until

Put = Callable[..., int]
Row = Callable[[int], OutboxRow]


class Recorder:
    """A courier that remembers what it was given and answers as it is told."""

    def __init__(self, answer: Callable[[Parcel], Delivery] = lambda _: Sent()) -> None:
        self.seen: list[Parcel] = []
        self.answer = answer

    def deliver(self, parcel: Parcel) -> Delivery:
        self.seen.append(parcel)
        return self.answer(parcel)


@contextmanager
def running(sender: Sender) -> Iterator[Sender]:
    sender.start()
    try:
        yield sender
    finally:
        stopped = sender.stop()
    assert stopped


def states(store: Store) -> dict[tuple[str, str], int]:
    with store.read() as session:
        return counts(session)


def test_drain_carries_all_that_is_due(store: Store, clock: Any, put: Put) -> None:
    for number in range(3):
        put(str(number))
    put("later", target="x", wait=timedelta(seconds=15))
    put("h", service="hubspot", target="deal:1")
    slack, hubspot = Recorder(), Recorder()
    sender = Sender(store, clock, {"slack": slack, "hubspot": hubspot})
    assert sender.drain("slack", until_quiet=False) == 1
    assert sender.drain() == 3
    assert [p.slot for p in slack.seen] == ["0", "1", "2"]
    assert [p.slot for p in hubspot.seen] == ["h"]
    clock.pass_time(timedelta(seconds=15))
    assert sender.drain("slack") == 1


def test_woken_it_sends_at_once_and_others_do_not_wait_for_a_slow_channel(
    store: Store, clock: Any, put: Put
) -> None:
    release = threading.Event()
    courier = Recorder(lambda p: (release.wait(PATIENCE), Sent())[1] if p.target == "slow" else Sent())
    sender = Sender(store, clock, {"slack": courier}, poll=timedelta(seconds=600))
    with running(sender):
        put("1", target="slow")
        for number in range(5):
            put(f"q{number}", target="quick")
        sender.wake()
        wait_until(lambda: states(store).get(("slack", "sent")) == 5)
        assert states(store)[("slack", "sending")] == 1
        release.set()
        wait_until(lambda: states(store) == {("slack", "sent"): 6})


def test_without_a_wake_up_it_is_found_by_polling(store: Store, clock: Any, put: Put) -> None:
    sender = Sender(store, clock, {"slack": Recorder()}, poll=timedelta(seconds=0.05))
    with running(sender):
        put("1")
        wait_until(lambda: states(store) == {("slack", "sent"): 1})


def test_a_courier_that_raises_hurts_its_own_row_only(
    store: Store, clock: Any, put: Put, row: Row, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(parcel: Parcel) -> Delivery:
        if parcel.slot == "bad" and not parcel.unknown:
            raise ValueError(f"cannot read {parcel.payload}")
        return Sent()

    bad, good = put("bad", payload={"text": "canary"}), put("good", target="person:2")
    sender = Sender(store, clock, {"slack": Recorder(answer)})
    with caplog.at_level(logging.DEBUG, "renewals"):
        assert sender.drain() == 2
    assert (row(bad).state, row(bad).faults, row(good).state) == ("unknown", 1, "sent")
    assert f"action=outbox.courier_failed row={bad}" in caplog.text
    assert "error=ValueError" in caplog.text
    assert "canary" not in caplog.text + (row(bad).reason or "")
    clock.pass_time(timedelta(minutes=1))
    sender.drain()
    assert row(bad).state == "sent"


def test_what_is_settled_is_recorded_in_the_same_transaction(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    put("1")

    def record(parcel: Parcel, delivery: Delivery, session: Any) -> None:
        session.add(Setting(name=f"ts:{parcel.id}", value=getattr(delivery, "result", {})))

    Sender(store, clock, {"slack": Recorder(lambda _: Sent({"ts": "1"}))}, on_settled=record).drain()
    with store.read() as session:
        assert [s.value for s in session.query(Setting)] == [{"ts": "1"}]


def test_what_cannot_be_recorded_is_looked_up_and_recorded_later(
    store: Store, clock: Any, put: Put, row: Row
) -> None:
    row_id = put("1")
    fails = [True]

    def record(*_: object) -> None:
        if fails:
            raise KeyError("ts")

    courier = Recorder()
    sender = Sender(store, clock, {"slack": courier}, on_settled=record)
    sender.drain()
    assert (row(row_id).state, row(row_id).reason) == ("unknown", "it could not be recorded: KeyError")
    fails.clear()
    clock.pass_time(timedelta(minutes=1))
    sender.drain()
    assert [p.unknown for p in courier.seen] == [False, True]
    assert row(row_id).state == "sent"


def test_halted_says_why_until_it_is_mended(store: Store, clock: Any, put: Put) -> None:
    put("1")
    put("2", target="x")
    mended: list[bool] = []
    courier = Recorder(lambda _: Sent() if mended else Halted("token_revoked"))
    sender = Sender(store, clock, {"slack": courier})
    assert sender.drain() == 1
    assert sender.halted == {"slack": "token_revoked"}
    mended.append(True)
    clock.pass_time(timedelta(minutes=5))
    assert sender.drain() == 2
    assert sender.halted == {}


def test_a_database_that_is_away_while_settling_makes_it_late_and_not_lost(
    store: Store, clock: Any, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("1")
    courier = Recorder()
    write, away = store.write, [True, True]

    @contextmanager
    def sometimes_away(**how: Any) -> Iterator[Any]:
        if courier.seen and away:
            away.pop()
            raise StoreUnavailable("The database server cannot be reached.")
        with write(**how) as session:
            yield session

    monkeypatch.setattr(store, "write", sometimes_away)
    Sender(store, clock, {"slack": courier}, poll=timedelta(seconds=0.01)).drain()
    assert len(courier.seen) == 1
    assert states(store) == {("slack", "sent"): 1}


def test_workers_outlive_a_database_that_is_away(
    store: Store, clock: Any, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("1", wait=timedelta(seconds=5))
    away: list[int] = []
    read = store.read

    @contextmanager
    def sometimes_away() -> Iterator[Any]:
        if away:
            raise (StoreUnavailable("away") if away.pop() % 2 else RuntimeError("a bug"))
        with read() as session:
            yield session

    monkeypatch.setattr(store, "read", sometimes_away)
    with running(Sender(store, clock, {"slack": Recorder()}, poll=timedelta(seconds=0.02))):
        away.extend(range(6))
        wait_until(lambda: not away)
        clock.pass_time(timedelta(seconds=5))
        wait_until(lambda: states(store) == {("slack", "sent"): 1})


def test_stopping_lets_the_row_in_hand_finish(store: Store, clock: Any, put: Put) -> None:
    put("1")
    entered = threading.Event()

    def slowly(_: Parcel) -> Delivery:
        entered.set()
        wait_until(sender._stopping.is_set)
        return Sent()

    sender = Sender(store, clock, {"slack": Recorder(slowly)})
    sender.start()
    assert entered.wait(PATIENCE)
    assert sender.stop()
    assert states(store) == {("slack", "sent"): 1}


def test_one_row_wakes_one_worker_and_several_rows_wake_several(
    store: Store, clock: Any, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(
        "bot.services.outgoing.sending.claim", lambda *given: looked.append("") or claim(*given)
    )
    together = threading.Barrier(3)

    def meet(_: Parcel) -> Delivery:
        together.wait(PATIENCE)
        return Sent()

    sender = Sender(
        store, clock, {"slack": Recorder(meet)}, workers={"slack": 4}, poll=timedelta(seconds=600)
    )

    def all_wait() -> bool:
        with sender._bells["slack"]._changed:
            return len(sender._bells["slack"]._changed._waiters) == 4  # type: ignore[attr-defined]

    sender.start()
    wait_until(lambda: len(looked) == 4 and all_wait())
    looked.clear()
    sender.wake()
    wait_until(lambda: looked and all_wait())
    assert len(looked) == 1
    for number in range(3):
        put(str(number), target=f"target {number}")
    sender.wake()
    wait_until(lambda: states(store) == {("slack", "sent"): 3})
    assert sender.stop()


def test_the_checkpoints_have_their_names(store: Store, clock: Any, put: Put) -> None:
    put("1")
    passed: list[str] = []
    Sender(store, clock, {"slack": Recorder()}, checkpoint=passed.append).drain()
    assert passed == ["outbox.claimed", "outbox.before_send", "outbox.after_send", "outbox.settled"]


def test_nothing_is_tried_twice_at_once_after_a_failure(store: Store, clock: Any, put: Put) -> None:
    put("1")
    courier = Recorder(lambda _: TryAgain("429", timedelta(seconds=30), "target"))
    sender = Sender(store, clock, {"slack": courier})
    assert sender.drain() == 1
    clock.pass_time(timedelta(seconds=29))
    assert sender.drain() == 0

"""The outbox as services and the sender use it, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.store.outbox import claim, enqueue, settle
from bot.store.parcels import Sent
from bot.store.session import Store
from bot.store.tables import OutboxRow


def put(store: Store, clock: Any, slot: str, **more: Any) -> int | None:
    values = {"service": "slack", "kind": "digest", "recipient": "person:1", "target": "person:1"} | more
    with store.write() as session:
        return enqueue(session, slot=slot, now=clock.now(), elapsed=clock.elapsed(), **values)


def test_a_row_leaves_once(store: Store, clock: Any) -> None:
    row_id = put(store, clock, "2026-11-24", payload={"message_id": 4})
    assert put(store, clock, "2026-11-24") is None
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
    with store.read() as session:
        row = session.get_one(OutboxRow, row_id)
        assert (row.state, row.result, row.look_at) == ("sent", {"ts": "1.2"}, None)

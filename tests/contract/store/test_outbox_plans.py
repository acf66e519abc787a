"""What a claim costs with a backlog: every statement by index, whatever the backlog looks like."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, text

from bot.store.claims import ANYTHING_DUE, DUE, HEADS
from bot.store.outbox import claim, counts, listing, settle
from bot.store.parcels import Sent
from bot.store.session import Store
from bot.store.types import UtcDateTime

BACKLOG = 100_000
FILL = text("""
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO outbox (service, kind, recipient, slot, target, state, payload, result, created_at, attempts,
                        faults, next_try_at, look_at, useful_until)
    SELECT 'slack', 'note', 'r', :state || i, 't' || (i % :targets), :state, '{}', '{}', :now, 0, 0,
           CASE WHEN i < :held THEN :later ELSE :now END,
           CASE WHEN :state = 'sent' THEN NULL WHEN i < :held THEN :later ELSE :now END, :useful_until
    FROM n
""").bindparams(*(bindparam(name, type_=UtcDateTime()) for name in ("now", "later", "useful_until")))


def fill(
    store: Store, clock: Any, targets: int, held: int = 0, useful_until: Any = None, rows: int = BACKLOG
) -> None:
    """So many waiting rows over so many targets, behind as long a history; the first `held` wait an hour."""
    values = {"last": rows - 1, "targets": targets, "held": held, "now": clock.elapsed()}
    values |= {"later": clock.elapsed() + timedelta(hours=1), "useful_until": useful_until}
    with store.write() as session:
        for state in ("sent", "pending"):
            session.execute(FILL, values | {"state": state})
    with store.write() as session:
        session.execute(text("ANALYZE"))


@pytest.mark.parametrize(("rows", "targets", "held"), [(BACKLOG, BACKLOG, 0), (20_000, 1000, 1000)])
def test_a_claim_is_quick_with_any_backlog(
    store: Store, clock: Any, plan: Any, rows: int, targets: int, held: int
) -> None:
    fill(store, clock, targets, held, rows=rows)
    with store.write() as session:
        asked = {"service": "slack", "elapsed": clock.elapsed()}
        due = plan(session, DUE.params(asked))
        heads = plan(session, HEADS.params(rows=[rows + 50, rows + 60]))
        anything = plan(session, ANYTHING_DUE.params(asked))
    for shown in (due, heads, anything):
        assert not any(word in shown for word in ("SCAN outbox", "Seq Scan", "TEMP B-TREE", "Sort")), shown
    assert "ix_outbox_service_look_at_id" in due
    assert "ix_outbox_target_id" in heads

    # Where every target's first row waits, the first claim learns so; those to come do not look again.
    taken = claim(store, "slack", clock)
    assert len(taken) == (1 if not held else 0)
    began = time.process_time()
    for _ in range(10):
        for parcel in claim(store, "slack", clock):
            assert settle(store, parcel, Sent(), clock)
    assert time.process_time() - began < 2


def test_a_backlog_past_its_use_is_dropped_with_the_reason(store: Store, clock: Any) -> None:
    rows = 10_000
    fill(store, clock, 1000, useful_until=clock.now() - timedelta(hours=1), rows=rows)
    assert claim(store, "slack", clock) == []
    with store.read() as session:
        assert counts(session) == {("slack", "sent"): rows, ("slack", "dropped"): rows}
        assert {row.reason for row in listing(session, ["dropped"], limit=3)} == {"past its use"}

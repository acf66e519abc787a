"""The sandbox's command with webhooks: its HubSpot tells its assistant, signed, what changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.cli.sandbox import living, world_on
from bot.store.tables import RunRow
from sandbox.hubspot.kinds import KINDS
from sandbox.server import SandboxServer
from tests.living import wait_until

MONDAY = date(2026, 11, 23)


def test_a_change_comes_by_webhook_where_no_search_finds_it() -> None:
    world, diary = world_on(MONDAY, seed=0)
    with SandboxServer(world, 0) as server, living(server, diary, webhooks=True) as assistant:
        portal = world.hubspot

        def price() -> int | None:
            with assistant.work.store.read() as session:
                return session.scalar(select(RunRow.price_cents).where(RunRow.deal_id == deal_id))

        with assistant.work.store.read() as session:
            open_ones = set(session.scalars(select(RunRow.deal_id).where(RunRow.stage == "open")))
        with portal.lock:
            deal_id = next(one.id for one in portal.records.all(KINDS["deals"]) if one.id in open_ones)
        assert world.journal.entries(method="webhooks") == [], "the first morning is nobody's change"
        portal.index.lag_s = 3600.0
        portal.update("deals", deal_id, {"renewal_monthly_price": "4321"})
        wait_until(lambda: price() == 432100)
        told = world.journal.entries(method="webhooks")
    assert {entry.status for entry in told} == {200}
    assert portal.webhooks.url is None

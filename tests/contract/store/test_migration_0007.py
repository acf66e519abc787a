"""From 0006 with a run that was won to 0007: nothing follows from it yet, and a next term can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select, text

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import NewDeal, RunRow

RUN = (
    "INSERT INTO runs (id, book, deal_id, put_out_on, account, stage, hosts_site, price_period, currency,"
    " created_at, version) VALUES (1, 'hubspot', '7', '2026-11-02', 'Acme', 'won', false, 'month', 'USD',"
    " '2026-11-02 09:00:00', 0)"
)
FACT = (
    "INSERT INTO facts (id, key, run_id, kind, at, recorded_at, source, surface, outcome) VALUES"
    " (1, 'k', 1, 'stage', '2026-11-20 09:00:00', '2026-11-20 09:00:00', 'slack', 'form', 'won')"
)


def test_a_run_that_was_won_before_has_no_next_term_and_can_get_one(
    of_revision: Callable[[str], Store],
) -> None:
    old = of_revision("0006")
    with old.engine.begin() as connection:
        connection.execute(text(RUN))
        connection.execute(text(FACT))

    upgrade(old)

    check_current(old)
    with old.write() as session:
        assert session.scalars(select(RunRow)).one().stage == "won"
        assert session.scalars(select(NewDeal)).all() == []
        session.add(
            NewDeal(
                fact_id=1,
                run_id=1,
                kind="renewal",
                name="Acme - renewal 2027",
                amount_cents=14_050,
                currency="USD",
                price_period="month",
                term_months=12,
                put_out_on=date(2027, 12, 1),
                expires_on=date(2027, 12, 31),
            )
        )
    with old.read() as session:
        kept = session.scalars(select(NewDeal)).one()
        assert (kept.amount_cents, kept.expires_on, kept.deal_id) == (14_050, date(2027, 12, 31), None)

"""From 0006, and from 0007, with a run to 0008: nothing is marked, no contact has left, and both can be kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import CrmMark, PastContact, RunRow

RUN = (
    "INSERT INTO runs (id, book, deal_id, put_out_on, account, stage, hosts_site, price_period, currency,"
    " contact_id, created_at, version) VALUES (1, 'hubspot', '7', '2026-11-02', 'Acme', 'open', false, 'month',"
    " 'USD', '9', '2026-11-02 09:00:00', 0)"
)


@pytest.mark.parametrize("revision", ["0006", "0007"])
def test_a_run_of_before_keeps_its_contact_and_can_lose_it(
    of_revision: Callable[[str], Store], revision: str
) -> None:
    old = of_revision(revision)
    with old.engine.begin() as connection:
        connection.execute(text(RUN))

    upgrade(old)

    check_current(old)
    with old.write() as session:
        assert session.scalars(select(RunRow)).one().contact_id == "9"
        assert session.scalars(select(CrmMark)).all() == session.scalars(select(PastContact)).all() == []
        session.add(PastContact(run_id=1, contact_id="9"))
        session.add(CrmMark(object_type="deals", object_id="7"))
    with old.read() as session:
        assert session.scalars(select(CrmMark.times)).one() == 1

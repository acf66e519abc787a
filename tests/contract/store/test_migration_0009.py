"""From 0008 with a matched email and a rep to 0009: both stay, and what is new can be kept with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select, text

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import AutomaticReply, CrmRecord, Person

ROWS = (
    "INSERT INTO people (id, email, name, tz, active, user_groups)"
    " VALUES (1, 'ana@team.example', 'Ana', 'UTC', true, '[]')",
    "INSERT INTO runs (id, book, deal_id, put_out_on, account, stage, hosts_site, price_period, currency,"
    " created_at, version) VALUES (1, 'hubspot', '7', '2026-11-02', 'Acme', 'open', false, 'month', 'USD',"
    " '2026-11-02 09:00:00', 0)",
    "INSERT INTO facts (id, key, run_id, kind, at, recorded_at, source, surface) VALUES"
    " (1, 'k', 1, 'email', '2026-11-20 09:00:00', '2026-11-20 09:00:00', 'slack', 'button')",
    "INSERT INTO crm_records (id, fact_id, object_type, object_id, linked_at, ours)"
    " VALUES (1, 1, 'emails', '99', '2026-11-20 09:05:00', false)",
)


def test_a_matched_email_stays_matched_and_an_automatic_answer_can_be_kept(
    of_revision: Callable[[str], Store],
) -> None:
    old = of_revision("0008")
    with old.engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))

    upgrade(old)

    check_current(old)
    at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    with old.write() as session:
        record = session.scalars(select(CrmRecord)).one()
        assert (record.object_id, record.at, record.opens, record.clicks) == ("99", None, None, None)
        record.at, record.opens = at, 2
        person = session.get_one(Person, 1)
        assert person.meeting_link is None
        person.meeting_link = "https://meetings.hubspot.com/ana"
        session.add(AutomaticReply(run_id=1, object_id="100", at=at, day=date(2026, 12, 4), says="until"))
    with old.read() as session:
        kept = session.scalars(select(AutomaticReply)).one()
        assert (kept.day, kept.sure, kept.answered_at) == (date(2026, 12, 4), False, None)
        assert session.scalars(select(CrmRecord)).one().at == at

"""Closing on an imported book: what was agreed is kept, and nothing waits for a HubSpot that is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services.incoming.book_rows import read_book
from bot.services.incoming.import_book import import_book
from bot.store.tables import NewDeal, OutboxRow, RunRow
from tests.living import email, living, words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_won_undone_and_won_again_without_hubspot(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    header = "id,account,put_out_on,expires_on,price,hosts_site,owner_email,phone,stage\n"
    file.write_text(f"{header}1,Acme Dental,2026-11-23,2026-12-13,140,yes,{email('ana')},,\n", "utf-8")
    with living(database_url, hubspot=False) as team:
        import_book(team.assistant.work, read_book(file))
        team.go("2026-11-23 08:30")
        team.tick("mornings")
        for amount in ("150", "155.50"):
            team.press("ana", "open_connected", "Acme")
            team.choose("ana", "result", "result_chosen", "won")
            answer = team.submit("ana", amount={"value": amount})
            assert "response" not in answer or "new_deal" not in str(answer)  # there are no deals to make
            if amount == "150":
                team.press("ana", "undo_fact", "Acme")
        team.command("ana", "acme")
        assert "won: 155.50 USD/month for 12 months" in words(team.messages("ana")[-1])
        assert "Next term…" not in words(team.messages("ana")[-1])
        with team.assistant.work.store.read() as session:
            run = session.scalars(select(RunRow)).one()
            kept = session.scalars(select(NewDeal).order_by(NewDeal.id)).all()
            services = set(session.scalars(select(OutboxRow.service)))
        assert (run.stage, run.price_cents) == ("won", 15_550) and services == {"slack"}
        assert [(one.amount_cents, one.expires_on, one.taken_back_at is None) for one in kept] == [
            (15_000, date(2027, 12, 13), False),
            (15_550, date(2027, 12, 13), True),
        ]

"""From 0003 with data in it to 0004: nothing is lost, and the new tables are there and empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import Fact, RunContact, RunDetails, RunRow

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_runs_and_facts_are_there_after_it_and_can_be_given_details(
    of_revision: Callable[[str], Store],
) -> None:
    of_0003 = of_revision("0003")
    with_rows(of_0003)

    upgrade(of_0003)
    upgrade(of_0003)

    check_current(of_0003)
    with of_0003.write() as session:
        run = session.scalars(select(RunRow)).one()
        assert (run.account, run.contact_name, run.put_out_on) == ("Acme", "Dana", date(2026, 11, 23))
        assert session.scalars(select(Fact)).one().outcome == "no_answer"
        assert session.scalars(select(RunDetails)).all() == []
        session.add(RunDetails(run_id=run.id, nps_score=9, nps_on=date(2026, 10, 1)))
        session.add(RunContact(run_id=run.id, place=0, contact_id="5", name="Eve"))
    with of_0003.read() as session:
        assert session.scalars(select(RunDetails.nps_score)).one() == 9
        assert session.scalars(select(RunContact.name)).one() == "Eve"


def with_rows(store: Store) -> None:
    with store.write() as session:
        run = RunRow(
            book="hubspot",
            deal_id="9",
            put_out_on=date(2026, 11, 23),
            account="Acme",
            stage="open",
            contact_name="Dana",
            created_at=AT,
        )
        session.add(run)
        session.flush()
        session.add(
            Fact(
                key="k",
                run_id=run.id,
                kind="call",
                outcome="no_answer",
                at=AT,
                recorded_at=AT,
                source="slack",
                surface="button",
            )
        )

"""From 0003 with data in it to 0004: nothing is lost, and the new tables are there and empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

import bot.store.migrations
from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import Fact, RunContact, RunDetails, RunRow

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def of_0003(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database as version 0003 left it."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'old.sqlite3'}")
        to_0003(store)
        yield store
        store.close()
        return
    server = make_url(request.getfixturevalue("postgres_server"))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS of_0003 WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE of_0003"))
        store = Store(server.set(database="of_0003").render_as_string(hide_password=False))
        to_0003(store)
        yield store
        store.close()
        connection.execute(text("DROP DATABASE of_0003 WITH (FORCE)"))
    admin.dispose()


def to_0003(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(bot.store.migrations.__file__).parent))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")


def test_runs_and_facts_are_there_after_it_and_can_be_given_details(of_0003: Store) -> None:
    with of_0003.write() as session:
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

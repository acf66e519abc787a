"""The database is away: no acknowledgement, a clear sentence, nothing half; and it goes on without a restart
(FAULTS 10, I2).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from bot.store.tables import Fact
from scheduler import run_job
from tests.living import Living, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"


@contextmanager
def away(server: str, database_url: str) -> Iterator[None]:
    """The team's database takes no connections, and those it had are cut."""
    name = make_url(database_url).database
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(text(CUT), {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    engine.dispose()


def facts(team: Living) -> list[str]:
    with team.assistant.work.store.read() as session:
        return list(session.scalars(select(Fact.kind)))


def test_gone_and_back(team: Living, postgres_server: str, database_url: str) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    (message,) = team.messages("ana")
    place = next(block for block in message["blocks"] if block["type"] == "actions")
    body = {
        "container": {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]},
        "block_id": place["block_id"],
        "action_id": "log_review",
    }
    team.assistant.sender.start()
    with away(postgres_server, database_url):
        dispatcher = team.world.slack.dispatcher
        dispatcher.ack_seconds, usual = 1.0, dispatcher.ack_seconds  # it never comes
        answer = team.http.post(f"/people/{team.ids['ana']}/actions", json=body).json()
        assert not answer["acked"]
        dispatcher.ack_seconds = usual
        wait_until(lambda: "Nothing was saved" in team.seen("ana"))
        assert "database" in team.seen("ana").lower()
        words = {"channel": team.dm("ana"), "command": "/renewal", "text": "log acme no answer"}
        said = team.http.post(f"/people/{team.ids['ana']}/commands", json=words).json()
        assert "database" in str(said).lower()
        path = f"/people/{team.ids['ana']}/conversations/{team.dm('ana')}/messages"
        team.http.post(path, json={"text": "log acme voicemail"}).raise_for_status()
        assert not run_job(team.assistant, "mornings")
    assert facts(team) == []
    assert team.http.post(f"/people/{team.ids['ana']}/actions", json=body).json()["acked"]
    assert "review" in facts(team)
    assert run_job(team.assistant, "mornings")
    wait_until(lambda: "Review done" in team.seen("ana"))
    assert team.assistant.sender.stop()

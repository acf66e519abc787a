"""A service that takes a row and never says so: given up after so many looks, told to the admins, theirs to decide
(FAULTS I8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.cli import main
from bot.store.tables import OutboxRow
from tests.living import Living, living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Six looks, and nothing is said unasked."""
    with living(
        database_url, "2026-11-23 09:00", config=lambda _, usual: replace(usual, outbox_looks=6)
    ) as team:
        yield team


def test_a_write_that_hubspot_never_confirms_is_set_aside_and_told_and_dropped(
    team: Living, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync", "mornings")
    everything = {"service": "hubspot", "drop_after_accept": True}
    team.http.post("/control/faults", json=everything).raise_for_status()
    team.press("ana", "log_call:no_answer", "Acme")
    for looks in range(12):
        team.clock.let_pass(timedelta(minutes=5))
        team.tick("alarms")
        if looks == 3:
            assert team.messages("adam") == []
    team.tick("alarms")
    with team.assistant.work.store.read() as session:
        (dead,) = session.scalars(select(OutboxRow).where(OutboxRow.state == "dead"))
    assert "looked for 6 times without an answer; it may have arrived" in (dead.reason or "")
    (told,) = team.messages("adam")
    assert "HubSpot never said whether 1 entry arrived" in told["text"]
    assert "renewals outbox" in told["text"]

    team.http.delete("/control/faults").raise_for_status()
    monkeypatch.setenv("DATABASE_URL", team.settings.database_url)
    monkeypatch.delenv("RENEWALS_CONFIG", raising=False)
    assert main(["outbox", "--drop", str(dead.id)]) == 0
    assert f"Row {dead.id} will not be sent." in capsys.readouterr().out
    assert main(["outbox", "--drop", str(dead.id)]) == 1
    assert "is not set aside" in capsys.readouterr().err

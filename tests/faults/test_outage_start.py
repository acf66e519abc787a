"""Started while Slack is away, or losing it later: clicks are answered as soon as it is back (FAULTS 10, 13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cli import way_in
from bot.cli.run import at_work
from tests.cable import Cable
from tests.living import Living, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_started_without_slack_it_connects_once_slack_is_there(
    team: Living, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(way_in, "FIRST_WAIT", 0.1)
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    sockets = team.world.slack.sockets
    assert sockets.connection_count == 1  # the team's first process, which has its own way in
    with Cable(team.server.url) as cable:
        team.settings = replace(team.settings, slack_api_url=f"{cable.url}/slack/api/")
        cable.pull()
        assistant = team.another_assistant()
        with at_work(assistant):
            assert assistant.slack.known_identity is None
            cable.plug()
            wait_until(lambda: sockets.connection_count == 2)
            assert assistant.slack.known_identity is not None
            assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    said = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("action=start.waiting step=identity error=NoAnswer") for line in said)

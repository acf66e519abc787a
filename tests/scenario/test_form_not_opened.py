"""A form that Slack does not open: the person is told, instead of pressing a button that seems dead."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox.faults import FaultRule
from tests.living import Living


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_person_is_told_and_the_next_press_opens_it(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-23 08:31")
    team.tick("mornings")
    team.deliver()
    team.world.faults.add(
        FaultRule("slack", "views.open", times=1, status=200, body={"ok": False, "error": "internal_error"})
    )
    team.press("ana", "open_connected")
    assert "Slack did not open the form" in team.seen("ana")
    team.press("ana", "open_connected")
    assert team.form("ana")["callback_id"] == "connected_form"

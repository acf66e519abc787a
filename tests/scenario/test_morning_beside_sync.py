"""The morning does not wait for the daily re-reading of HubSpot, however slowly that answers."""

from __future__ import annotations

import threading
from datetime import date

import pytest

import scheduler
from sandbox.faults import FaultRule
from tests.living import Living, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_digest_is_there_while_the_daily_reading_is_on(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 23))
    team.tick("sync")
    team.go("2026-11-24 08:30")
    slow = "POST /crm/objects/deals/batch/read"
    team.world.faults.add(FaultRule(service="hubspot", method=slow, times=1, silence=True))
    assert team.assistant.hubspot_client is not None
    team.assistant.hubspot_client._timeout = (60, 60)  # for which the reading waits, and not the morning
    reading = threading.Thread(target=scheduler.run_job, args=(team.assistant, "sync"))
    reading.start()
    # The call that is not answered is on its way.
    wait_until(lambda: not any(one.left for one in team.world.faults._standing.values()))

    team.tick("mornings")

    assert reading.is_alive() and "Acme Dental" in team.seen("ana")
    team.world.faults.clear()
    reading.join(60)
    assert not reading.is_alive()

"""The morning does not wait for the daily re-reading of HubSpot, however slowly that answers."""

from __future__ import annotations

import threading
import time
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
    team.world.faults.add(FaultRule(service="hubspot", method=slow, times=1, latency_ms=3000))
    reading = threading.Thread(target=scheduler.run_job, args=(team.assistant, "sync"))
    reading.start()
    wait_until(lambda: not team.world.faults.rules())  # the slow call is on its way

    begun = time.monotonic()
    team.tick("mornings")
    took = time.monotonic() - begun

    assert reading.is_alive() and "Acme Dental" in team.seen("ana")
    assert took < 2.5
    reading.join(20)
    assert not reading.is_alive()

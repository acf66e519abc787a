"""Two processes that read the same of HubSpot at once, a webhook's and the minute's: each record is written once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.services.incoming.sync import Sync
from bot.services.work import Work
from bot.store.session import Store
from bot.store.tables import CrmRecord, Fact
from tests.racing import race, somebody_in_the_way

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"


@pytest.fixture
def theirs(office: Any) -> Iterator[Work]:
    store = Store(office.work.store.url)
    yield replace(office.work, store=store)
    store.close()


def _pass(office: Any) -> Any:
    return lambda work: Sync(work, office.gateway).run()


@pytest.mark.parametrize("after", ["INSERT INTO runs", "INSERT INTO facts", "INSERT INTO crm_records"])
def test_two_processes_read_the_same_new_records(
    office: Any, theirs: Work, after: str, caplog: pytest.LogCaptureFixture
) -> None:
    office.sync()
    for _ in range(3):
        deal_id = office.deal()
        office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND", hs_call_disposition=VOICEMAIL)
        office.on_timeline("emails", deal_id, hs_email_direction="EMAIL")
    one, two = race(office.work, theirs, _pass(office), _pass(office), after=after)
    for report in (one.result(), two.result()):
        assert report.stopped is None and report.failed == {}
    assert len(office.all(Fact)) == len(office.all(CrmRecord)) == 6
    assert "sync.failed" not in caplog.text


def test_a_page_that_was_taken_back_is_written_record_by_record(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    call = {"hs_call_direction": "OUTBOUND", "hs_call_disposition": VOICEMAIL, "hubspot_owner_id": "501"}
    office.on_timeline("calls", deal_id, **call)
    with somebody_in_the_way(office.work.store, "SELECT crm_records.object_id FROM crm_records WHERE") as met:
        report = office.sync()
    assert met and report.stopped is None and report.failed == {}
    assert [fact.actor_id for fact in office.all(Fact)] == [1]

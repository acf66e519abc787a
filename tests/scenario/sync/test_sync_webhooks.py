"""Webhooks hurry the sync, and nothing depends on them: lost, late, doubled or out of order they change nothing."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.cli.serving import serve
from bot.hubspot.webhooks import PATH, WebhookEdge
from bot.services.incoming.marks import Mark, keep_marks, waiting
from bot.signed_http import by_path
from bot.store.tables import RunRow
from sandbox.faults import FaultRule
from tests.scenario.sync.test_sync_increments import IDLE
from tests.scenario.sync.test_sync_whole_book import calls_of
from tests.unhurried import bring_what_is_late, wait_until

# What differs between the databases is shown by the batches, the deals and the closing.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Listener:
    """What HubSpot reaches, and how often it woke somebody."""

    def __init__(self, office: Any, port: int) -> None:
        self.office, self.woken, self.fails = office, 0, 0
        self.url = f"http://127.0.0.1:{port}{PATH}"

    def take(self, marks: Collection[Mark]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("no database")
        with self.office.store.write() as session:
            keep_marks(session, marks)
        self.woken += 1

    def heard(self) -> None:
        """Wait until HubSpot has nothing more to tell."""
        wait_until(self.office.portal.webhooks.is_quiet)

    def waiting(self) -> set[tuple[str, str]]:
        with self.office.store.read() as session:
            return {(mark.object_type, mark.object_id) for mark in waiting(session).seen}


@pytest.fixture
def listener(office: Any) -> Iterator[Listener]:
    """The office's account with an app that is subscribed to everything."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Listener(office, port)
    hooks = office.portal.webhooks
    hooks.retry_s = (0.02, 0.05)
    edge = WebhookEdge(
        hooks.secret, found.url, found.take, lambda: datetime.now(UTC), str(office.portal.settings.portal_id)
    )
    close = serve(by_path({PATH: edge}), port)
    hooks.url = found.url
    yield found
    hooks.url = None
    close()


def test_what_a_webhook_names_is_read_at_once_by_id_and_nothing_else(office: Any, listener: Listener) -> None:
    deal_id = office.deal()
    office.sync()
    office.sync()
    listener.heard()
    office.reader.read_marked()
    office.portal.index.lag_s = 60.0  # no search would find it for a minute
    calls_of(office)

    office.portal.update("deals", deal_id, {"renewal_monthly_price": "150"})
    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    listener.heard()
    named, woken = listener.waiting(), listener.woken
    report = office.reader.read_marked()

    assert named == {("deals", deal_id), ("calls", call)} and woken >= 1
    assert office.run().price_cents == 15000
    assert [fact.kind for fact in office.holding()] == ["call"]
    assert report.stopped is None and listener.waiting() == set()
    made = calls_of(office)
    made.pop("webhooks")
    assert made.total() <= 5 + 1 + 4, made  # the deal with its links, the stages, the call with its links
    assert office.reader.read_marked() is None


def test_with_all_webhooks_lost_nothing_is_lost(office: Any, listener: Listener) -> None:
    deal_id = office.deal()
    office.sync()
    office.world.faults.add(FaultRule(service="hubspot", method="webhooks", silence=True))

    office.portal.update("deals", deal_id, {"dealstage": "renewal_in_negotiation"})
    office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")
    listener.heard()
    nothing = listener.waiting() - {("deals", deal_id)}
    office.sync()

    assert not [kind for kind, _ in nothing if kind == "calls"]
    assert office.run().stage == "negotiation" and [fact.kind for fact in office.holding()] == ["call"]


def test_doubled_late_and_overtaken_webhooks_change_nothing(office: Any, listener: Listener) -> None:
    deal_id = office.deal()
    office.sync()
    hooks = {"service": "hubspot", "method": "webhooks"}
    office.world.faults.add(FaultRule(**hooks, times=1, latency_ms=3_600_000))
    office.portal.update("deals", deal_id, {"renewal_monthly_price": "150"})
    wait_until(lambda: not office.portal.webhooks._gathered)
    office.world.faults.add(FaultRule(**hooks, duplicate=3))
    office.portal.update("deals", deal_id, {"renewal_monthly_price": "160"})
    call = office.on_timeline("calls", deal_id, hs_call_direction="OUTBOUND")

    def told() -> list[str]:
        entries = office.world.journal.entries(method="webhooks")
        return [value for entry in entries for value in _prices(entry.body)]

    wait_until(lambda: (office.reader.read_marked(), told().count("160") == 3)[1])
    bring_what_is_late(office.world)
    listener.heard()
    office.reader.read_marked()
    office.sync()
    prices = told()

    assert prices.count("160") == 3 and prices[-1] == "150", "an old change was told last"
    assert office.run().price_cents == 16000
    assert [
        (fact.kind, record.object_id) for fact, record in zip(office.holding(), office.records(), strict=True)
    ] == [("call", call)]
    changes = [change for change in office.changes() if change[0] == "price_cents"]
    assert changes in (
        [("price_cents", "14000", "16000")],
        [("price_cents", "14000", "15000"), ("price_cents", "15000", "16000")],
    )


def test_what_could_not_be_kept_is_told_again(office: Any, listener: Listener) -> None:
    deal_id = office.deal()
    office.sync()
    listener.heard()
    office.reader.read_marked()
    listener.fails = 1

    office.portal.update("deals", deal_id, {"renewal_monthly_price": "150"})
    listener.heard()

    entries = office.world.journal.entries(method="webhooks")
    assert [entry.status for entry in entries[-2:]] == [503, 200]
    assert entries[-1].body[0]["attemptNumber"] == 1
    assert listener.waiting() == {("deals", deal_id)}


def test_what_is_named_again_while_it_is_read_is_read_again(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    _mark(office, "deals", deal_id)
    read = office.gateway.deals

    def named_meanwhile(ids: Any) -> Any:
        found = read(ids)
        _mark(office, "deals", deal_id)
        return found

    office.gateway.deals = named_meanwhile
    office.reader.read_marked()
    office.gateway.deals = read

    with office.store.read() as session:
        assert waiting(session).of("deals") == (deal_id,)


def test_a_reading_that_was_stopped_keeps_what_was_named(office: Any) -> None:
    deal_id = office.deal()
    office.sync()
    _mark(office, "deals", deal_id)
    office.portal.update("deals", deal_id, {"renewal_monthly_price": "150"})
    office.fault("POST /crm/objects/deals/batch/read", status=503)

    cut = office.reader.read_marked()
    whole = office.reader.read_marked()

    assert cut.stopped and whole.stopped is None and office.run().price_cents == 15000


def test_the_minutes_pass_reads_what_waits_and_forgets_it(office: Any) -> None:
    deal_id = office.deal()
    for _ in range(5):
        office.sync()
    calls_of(office)
    _mark(office, "deals", deal_id)
    office.sync()

    assert office.reader.read_marked() is None
    assert calls_of(office).total() == IDLE + 5 + 1  # the deal, its links, what they lead to, and the stages


def test_what_strangers_do_costs_no_call(office: Any) -> None:
    office.deal()
    for _ in range(5):
        office.sync()
    stranger = office.portal.create("contacts", {"firstname": "Nobody"}).id
    _mark(office, "contacts", stranger)
    _mark(office, "companies", "7")
    calls_of(office)
    office.reader.read_marked()

    assert calls_of(office).total() == 0 and office.reader.read_marked() is None


def test_companies_contacts_merges_and_deletions_are_followed(office: Any, listener: Listener) -> None:
    deal_id = office.deal()
    gone = office.deal()
    note = office.on_timeline("notes", deal_id, hs_note_body="x")
    office.sync()
    listener.heard()
    office.reader.read_marked()
    deal = office.portal.get("deals", deal_id)
    (contact,) = office.portal.associated(deal, "contacts")
    other = office.portal.create("contacts", {"firstname": "Eve", "lastname": "Adams", "phone": "1"})

    office.portal.merge("contacts", other.id, contact.id)
    office.portal.archive("deals", gone)
    office.portal.archive("notes", note)
    listener.heard()
    office.reader.read_marked()

    kept, deleted = sorted(office.all(RunRow), key=lambda run: run.deal_id)
    assert (kept.contact_id, kept.contact_name) == (other.id, "Eve Adams")
    assert deleted.gone_at is not None and office.holding() == []


def _prices(events: list[dict[str, Any]]) -> list[str]:
    return [one["propertyValue"] for one in events if one.get("propertyName") == "renewal_monthly_price"]


def _mark(office: Any, object_type: str, object_id: str) -> None:
    with office.store.write() as session:
        keep_marks(session, {Mark(object_type, object_id)})

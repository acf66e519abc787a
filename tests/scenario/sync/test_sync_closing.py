"""A won renewal on its way to HubSpot: one close and one next term, whatever gets lost; and on the way back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.acts.record import NewFact
from bot.services.outgoing.crm_deals import take_back_deals
from bot.services.runs.new_deals import DealToMake
from bot.store.tables import Fact, NewDeal, OutboxRow, RunChange, RunRow
from sandbox.hubspot.kinds import kind_of

NEXT = DealToMake("renewal", "Acme Dental - renewal 2027", 15_050, 12, date(2027, 12, 1), date(2027, 12, 31))
UPSERT = "POST /crm/objects/deals/batch/upsert"
LINKS = ["POST /crm/associations/deals/companies/batch/associate/default"]
LINKS += ["POST /crm/associations/deals/contacts/batch/associate/default"]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def die(*_: object, **__: object) -> None:
    raise Killed


def win(office: Any) -> int:
    return int(office.log(NewFact("stage", outcome="won", deal=NEXT)))


def made(office: Any) -> list[Any]:
    return [one for one in office.in_hubspot("deals") if one.properties["dealname"].endswith("renewal 2027")]


def require_one(office: Any) -> Any:
    """One next term, linked, known here, and one run of it however often the sync looks."""
    (deal,) = made(office)
    linked = office.linked(deal)
    assert len(linked["companies"]) == len(linked["contacts"]) == 1
    assert [row.deal_id for row in office.all(NewDeal)] == [deal.id]
    for _ in range(3):
        office.sync()
    runs = office.all(RunRow)
    assert [(run.stage, run.put_out_on, run.expires_on) for run in runs] == [
        ("won", date(2026, 11, 23), date(2026, 12, 31)),
        ("open", date(2027, 12, 1), date(2027, 12, 31)),
    ]
    assert {row.state for row in office.outbox()} == {"sent"}
    return deal


def test_the_close_and_its_next_term(worked: Any) -> None:
    win(worked)
    worked.deliver()
    deal = require_one(worked)
    assert deal.properties["renewal_monthly_price"] == "150.50" and deal.properties["amount"] == "1806"
    (old,) = [one for one in worked.in_hubspot("deals") if one.id != deal.id]
    assert old.properties["dealstage"] == "renewal_closed_won" and old.properties["amount"] == "1806"
    assert old.properties["renewal_expiration_date"] == "2026-12-31"  # its own term ended when it ended


@pytest.mark.parametrize("method", [UPSERT, *LINKS])
@pytest.mark.parametrize("rule", [{"drop_after_accept": True}, {"status": 503}])
def test_a_lost_answer_or_a_server_in_trouble_leaves_one_linked_deal(
    worked: Any, method: str, rule: dict[str, Any]
) -> None:
    win(worked)
    placed = worked.fault(method, **rule)
    worked.deliver()
    assert not worked.world.faults.stands(placed)
    worked.deliver(later=timedelta(minutes=10))
    worked.deliver(later=timedelta(minutes=10))
    require_one(worked)


@pytest.mark.parametrize("at", ["upsert_all", "associate_all"])
def test_a_crash_before_or_between_the_steps_heals(
    worked: Any, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    win(worked)
    with monkeypatch.context() as dying:
        dying.setattr(worked.client, at, die)
        with pytest.raises(Killed):
            worked.deliver()
    assert len(made(worked)) == (at == "associate_all")
    worked.deliver(later=timedelta(minutes=10))
    require_one(worked)


def test_a_try_again_leaves_what_people_changed_meanwhile(worked: Any) -> None:
    win(worked)
    worked.fault(LINKS[0], status=503)
    worked.deliver()
    (deal,) = made(worked)
    worked.portal.update("deals", deal.id, {"renewal_monthly_price": "199"})
    worked.deliver(later=timedelta(minutes=10))
    assert made(worked)[0].properties["renewal_monthly_price"] == "199"


def test_a_sync_between_close_and_arrival_takes_nothing_back_and_says_no_news(worked: Any) -> None:
    fact_id = win(worked)
    worked.sync()
    assert (worked.run().stage, worked.run().price_cents) == ("won", 15_050)
    worked.deliver()
    worked.sync()
    take_back(worked, fact_id)
    run = next(one for one in worked.all(RunRow) if one.put_out_on.year == 2026)
    assert run.price_cents == 14_000
    worked.sync()
    worked.deliver()
    worked.sync()
    run = next(one for one in worked.all(RunRow) if one.put_out_on.year == 2026)
    assert run.price_cents == 14_000
    prices = [(one.old, one.new, one.source) for one in worked.all(RunChange) if one.field == "price_cents"]
    assert prices == [("14000", "15050", "slack")]


@pytest.mark.parametrize("mine", [True, False])
def test_a_close_that_is_contested_makes_no_next_term_before_somebody_has_decided(
    worked: Any, mine: bool
) -> None:
    deal_id = worked.run().deal_id
    worked.clock.pass_time(timedelta(minutes=1))
    worked.portal.update("deals", deal_id, {"dealstage": "renewal_closed_lost"})  # no sync has seen it yet
    win(worked)
    worked.deliver()
    worked.deliver(later=timedelta(minutes=10))
    (close, _) = worked.outbox()
    assert close.state == "dead" and made(worked) == []
    with worked.store.write() as session:
        row = session.get_one(OutboxRow, close.id)
        row.state = "dropped" if not mine else "sent"
    worked.deliver(later=timedelta(minutes=10))
    assert len(made(worked)) == mine
    assert [one.taken_back_at is None for one in worked.all(NewDeal)] == [mine]


def take_back(office: Any, fact_id: int) -> None:
    """What Undo does with the deals of a close."""
    with office.store.write() as session:
        fact = session.get_one(Fact, fact_id)
        run = session.scalars(select(RunRow).where(RunRow.id == fact.run_id)).one()
        take_back_deals(office.work, session, run, fact, "open")


def test_a_deal_on_its_way_is_taken_back_after_it_arrived(worked: Any) -> None:
    fact_id = win(worked)
    worked.fault(UPSERT, drop_after_accept=True)
    worked.deliver()  # it is not known whether the deal is there
    take_back(worked, fact_id)
    for _ in range(3):
        worked.deliver(later=timedelta(minutes=10))
    assert made(worked) == []
    archived = [one for one in worked.portal.records.all(kind_of("deals")) if one.archived]
    assert len(archived) == 1
    assert {row.state for row in worked.outbox()} <= {"sent", "dropped"}


def test_a_deal_that_somebody_moved_in_hubspot_is_not_taken_back(worked: Any) -> None:
    fact_id = win(worked)
    worked.deliver()
    (deal,) = made(worked)
    worked.clock.pass_time(timedelta(minutes=1))
    worked.portal.update("deals", deal.id, {"dealstage": "renewal_in_negotiation"})  # no sync has seen it yet
    take_back(worked, fact_id)
    worked.deliver()
    assert [one.id for one in made(worked)] == [deal.id]


def test_what_somebody_wrote_after_the_close_stays_when_it_is_taken_back(worked: Any) -> None:
    fact_id = win(worked)
    worked.deliver()
    deal_id = worked.run().deal_id
    worked.clock.pass_time(timedelta(minutes=1))
    worked.portal.update("deals", deal_id, {"amount": "2000"})
    take_back(worked, fact_id)
    worked.deliver()
    deal = worked.portal.get("deals", deal_id).properties
    assert deal["amount"] == "2000"
    assert deal["renewal_monthly_price"] == "140" and not deal.get("closedate")

"""What waits together leaves together: few calls, one answer for each record, and nobody delayed by another."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.services.acts.record import NewFact, Origin, record
from bot.services.crm_errors import ServerTrouble
from bot.services.outgoing.sending import Sender
from bot.services.ports import Parcel
from bot.store.outbox import replay
from bot.store.tables import Person, RunRow
from sandbox.faults import FaultRule
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.rules import Rule

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
ACCOUNTS = 60
TOO_LONG = "x" * 40


def book(office: Any, accounts: int) -> list[str]:
    """So many accounts, each a deal of a company of its own; the deals' ids."""
    deals = [
        office.deal(office.portal.create("companies", {"name": f"Account {number:02}"}).id)
        for number in range(accounts)
    ]
    office.sync()
    return deals


def log_on_all(office: Any, *facts: NewFact, only: int | None = None) -> None:
    """A rep logs the same on every account, one after the other."""
    with office.store.write() as session:
        person = session.get_one(Person, 1)
        for run in session.scalars(select(RunRow).order_by(RunRow.id).limit(only)):
            origin = Origin(f"slack:{uuid4().hex}", "slack", "button")
            record(office.work, session, run, person, origin, facts)


def calls(office: Any) -> Counter[str]:
    """What was asked of HubSpot since the journal was last cleared."""
    return Counter(entry.method for entry in office.world.journal.entries(service="hubspot", kind="request"))


def states(office: Any) -> Counter[str]:
    return Counter(row.state for row in office.outbox())


def test_sixty_outcomes_take_the_least_number_of_calls(office: Any) -> None:
    deals = book(office, ACCOUNTS)
    office.world.journal.clear()
    log_on_all(office, NewFact("call", outcome="connected"), NewFact("stage", outcome="negotiation"))

    office.deliver()

    assert calls(office) == {
        "POST /crm/objects/calls/batch/upsert": 1,
        "POST /crm/associations/calls/deals/batch/associate/default": 1,
        "POST /crm/associations/calls/companies/batch/associate/default": 1,
        "POST /crm/associations/calls/contacts/batch/associate/default": 1,
        "POST /crm/objects/deals/batch/read": 2,  # with history HubSpot reads fifty at a time
        "POST /crm/objects/deals/batch/update": 1,
    }
    found = office.in_hubspot("calls")
    assert len(found) == ACCOUNTS and states(office) == {"sent": 2 * ACCOUNTS}
    assert sorted(office.linked(call)["deals"][0] for call in found) == sorted(deals)
    assert all(len(links) == 1 for call in found for links in office.linked(call).values())
    assert {office.portal.get("deals", deal).properties["dealstage"] for deal in deals} == {
        "renewal_in_negotiation"
    }
    office.world.journal.clear()
    assert office.sync().touched == 0 and office.sync().touched == 0  # nothing comes back as news


def test_one_bad_record_of_a_lot_is_refused_in_words_and_delays_no_other(office: Any) -> None:
    book(office, 5)
    rule = Rule("MAX_LENGTH", "30", "must be at most 30 characters")
    office.portal.schema.add_rule(kind_of("calls"), "hs_call_body", rule)
    log_on_all(office, NewFact("call", outcome="no_answer", note=TOO_LONG), only=1)
    log_on_all(office, NewFact("call", outcome="connected", note="fine"))

    office.deliver()

    assert {call.properties["hs_call_disposition"] for call in office.in_hubspot("calls")} == {CONNECTED}
    assert states(office) == {"sent": 5, "dead": 1}
    (refused,) = [row for row in office.outbox() if row.state == "dead"]
    assert refused.reason == "Call notes must be at most 30 characters"


def test_a_lot_that_is_refused_as_a_whole_is_halved_until_the_one_at_fault_is_alone(office: Any) -> None:
    book(office, 8)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    refused = {"status": "error", "category": "VALIDATION_ERROR", "message": "Something is not valid"}
    for _ in range(4):  # the whole, a half, a quarter, and one alone
        office.fault("POST /crm/objects/calls/batch/upsert", status=400, body=refused)

    office.deliver()

    assert states(office) == {"sent": 7, "dead": 1} and len(office.in_hubspot("calls")) == 7


@pytest.mark.parametrize(
    "method",
    [
        "POST /crm/objects/calls/batch/upsert",
        "POST /crm/associations/calls/deals/batch/associate/default",
        "POST /crm/associations/calls/contacts/batch/associate/default",
    ],
)
def test_a_lost_answer_to_a_lot_leaves_one_linked_record_each(office: Any, method: str) -> None:
    book(office, 6)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    rule = office.fault(method, drop_after_accept=True)

    office.deliver()
    assert not office.world.faults.stands(rule) and states(office) == {"unknown": 6}
    for _ in range(3):
        office.deliver(later=timedelta(minutes=10))

    found = office.in_hubspot("calls")
    assert len(found) == 6 and all(all(office.linked(call).values()) for call in found)
    assert states(office) == {"sent": 6} and len(office.records()) == 6


def test_killed_between_the_records_and_their_links(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    book(office, 4)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    with monkeypatch.context() as dying:
        dying.setattr(office.client, "associate_all", die)
        with pytest.raises(Killed):
            office.deliver()
    assert [office.linked(call)["deals"] for call in office.in_hubspot("calls")] == [[]] * 4

    office.deliver(later=timedelta(minutes=5))

    found = office.in_hubspot("calls")
    assert len(found) == 4 and all(all(office.linked(call).values()) for call in found)
    assert states(office) == {"sent": 4} and len(office.records()) == 4


@pytest.mark.parametrize(("status", "body"), [(503, "<html>"), (429, {"policyName": "TEN_SECONDLY_ROLLING"})])
def test_a_lot_that_finds_hubspot_in_trouble_is_delivered_after(office: Any, status: int, body: Any) -> None:
    book(office, 6)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    office.world.journal.clear()
    office.fault("POST /crm/objects/calls/batch/upsert", status=status, body=body)

    office.deliver()
    assert states(office) == {"pending": 6}
    for _ in range(4):
        office.deliver(later=timedelta(minutes=10))

    assert states(office) == {"sent": 6} and len(office.in_hubspot("calls")) == 6


def stumbling_over(office: Any, monkeypatch: pytest.MonkeyPatch, number: int) -> int:
    """The account answers 500 to whatever carries the one record; the id of its row."""
    row = office.outbox()[number]
    key = next(fact.key for fact in office.holding() if fact.id == row.fact_id)
    whole = office.client.upsert_all

    def stumbles(object_type: str, inputs: Sequence[Mapping[str, Any]]) -> Any:
        if any(one["id"] == key for one in inputs):
            raise ServerTrouble("HubSpot answered 500")
        return whole(object_type, inputs)

    monkeypatch.setattr(office.client, "upsert_all", stumbles)
    row_id: int = row.id
    return row_id


def test_one_row_that_always_makes_hubspot_stumble_does_not_stop_the_others(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lots get smaller until it is alone."""
    book(office, 12)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    stumbling_over(office, monkeypatch, 5)
    for _ in range(12):
        office.deliver(later=timedelta(minutes=5))

    assert states(office) == {"sent": 11, "pending": 1}


def test_a_row_that_hubspot_cannot_answer_while_it_takes_others_is_set_aside(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some tries, with HubSpot's reason; and sent after all when HubSpot can (FAULTS 24)."""
    book(office, 12)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    with monkeypatch.context() as poisoned:
        poison = stumbling_over(office, poisoned, 5)
        office.deliver(later=timedelta(minutes=5))
        for _ in range(14):
            log_on_all(office, NewFact("note", note="said hello"), only=1)
            office.deliver(later=timedelta(minutes=5))

    assert states(office) == {"sent": 25, "dead": 1}
    (dead,) = [row for row in office.outbox() if row.state == "dead"]
    assert (dead.id, dead.reason) == (poison, "HubSpot answered 500 (given up after 8 tries)")
    with office.store.write() as session:
        assert replay(session, poison, elapsed=office.clock.elapsed())
    office.deliver()
    assert states(office) == {"sent": 26} and len(office.in_hubspot("calls")) == 12


def test_an_outage_in_which_nothing_is_taken_sets_nothing_aside(office: Any) -> None:
    book(office, 6)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    office.deliver()
    trouble = office.world.faults.add(FaultRule("hubspot", status=500, body={"status": "error"}))
    for _ in range(30):
        log_on_all(office, NewFact("note", note="said hello"), only=1)
        office.deliver(later=timedelta(minutes=5))
    assert states(office) == {"sent": 6, "pending": 30}
    assert {row.faults for row in office.outbox()} == {0}

    office.world.faults.remove(trouble)
    for _ in range(5):
        office.deliver(later=timedelta(minutes=5))

    assert states(office) == {"sent": 36} and len(office.in_hubspot("notes")) == 30


def test_a_courier_that_fails_over_a_lot_carries_each_alone(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(office, 3)
    log_on_all(office, NewFact("call", outcome="no_answer"))
    whole = office.courier.deliver_all

    def fails_over_many(parcels: Sequence[Parcel]) -> Any:
        if len(parcels) > 1:
            raise KeyError("a mistake of ours")
        return whole(parcels)

    monkeypatch.setattr(office.courier, "deliver_all", fails_over_many)

    office.deliver()

    assert states(office) == {"sent": 3} and len(office.in_hubspot("calls")) == 3


def test_two_processes_share_what_waits_and_double_nothing(office: Any) -> None:
    book(office, 10)
    log_on_all(office, NewFact("call", outcome="no_answer"), NewFact("note", note="said hello"))
    office.clock.pass_time(timedelta(minutes=1))
    other = Sender(
        office.store, office.clock, {"hubspot": office.courier}, on_settled=office.sender._on_settled
    )
    both = [threading.Thread(target=sender.drain) for sender in (office.sender, other)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(20)

    assert states(office) == {"sent": 20}
    assert len(office.in_hubspot("calls")) == len(office.in_hubspot("notes")) == 10


def test_a_change_never_overtakes_the_record_it_changes(office: Any) -> None:
    book(office, 1)
    first = office.log(NewFact("call", outcome="no_answer"))
    office.log(NewFact("call", outcome="connected", supersedes_id=first))
    office.fault("POST /crm/objects/calls/batch/upsert", status=503, body="<html>")

    for _ in range(3):
        office.deliver(later=timedelta(minutes=10))

    (call,) = office.in_hubspot("calls")
    assert call.properties["hs_call_disposition"] == CONNECTED and states(office) == {"sent": 2}


def test_a_record_that_is_not_to_be_seen_yet_is_looked_for_again_before_it_is_held_to_be_gone(
    office: Any,
) -> None:
    book(office, 1)
    first = office.log(NewFact("call", outcome="no_answer"))
    office.deliver()
    office.log(NewFact("call", outcome="connected", supersedes_id=first))
    nothing = {"status": "COMPLETE", "results": []}
    office.fault("POST /crm/objects/calls/batch/read", status=200, body=nothing)

    office.deliver()
    assert states(office) == {"sent": 1, "pending": 1}
    office.deliver()

    (call,) = office.in_hubspot("calls")
    assert call.properties["hs_call_disposition"] == CONNECTED


def test_a_link_to_what_is_not_to_be_seen_yet_takes_nothing_back(office: Any) -> None:
    book(office, 1)
    office.log(NewFact("call", outcome="no_answer"))
    office.fault(
        "POST /crm/associations/calls/deals/batch/associate/default",
        status=404,
        body={"status": "error", "category": "OBJECT_NOT_FOUND", "message": "resource not found"},
    )

    office.deliver()
    assert len(office.in_hubspot("calls")) == 1 and states(office) == {"pending": 1}
    office.deliver()

    (call,) = office.in_hubspot("calls")
    assert all(office.linked(call).values()) and states(office) == {"sent": 1}


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


def die(*_: object) -> None:
    raise Killed

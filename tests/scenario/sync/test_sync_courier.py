"""Facts become HubSpot records: each one record, linked and under the right owner, whatever goes wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.acts.record import NewFact
from bot.services.outgoing.sending import Sender
from bot.store.tables import CrmRecord

# What differs between the databases is shown by the batches, the deals and the closing.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
CREATE = "POST /crm/objects/calls/batch/upsert"
LINK = "POST /crm/associations/calls/deals/batch/associate/default"


def test_a_logged_call_is_one_record_under_its_owner_linked_to_deal_company_and_contact(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer", note="rang <long>"), step="opening_call")
    worked.deliver()

    (call,) = worked.in_hubspot("calls")
    run = worked.run()
    assert call.properties["hs_call_disposition"] == NO_ANSWER
    assert call.properties["hs_call_direction"] == "OUTBOUND"
    assert call.properties["hs_call_title"] == "Opening call - Acme Dental"
    assert call.properties["hs_call_body"] == "rang &lt;long&gt;"
    assert call.properties["hubspot_owner_id"] == "501"
    assert worked.linked(call) == {
        "deals": [run.deal_id],
        "companies": [run.company_id],
        "contacts": [run.contact_id],
    }
    assert [(r.object_type, r.object_id, r.ours) for r in worked.records()] == [("calls", call.id, True)]


def test_our_own_echo_is_no_second_fact(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.log(NewFact("appointment", outcome="scheduled", starts_at=worked.clock.now() + timedelta(days=1)))
    worked.log(NewFact("note", note="hello"))
    worked.log(NewFact("deferral", until=date(2026, 12, 7), reason="out_of_town", note="away"))
    worked.deliver()

    before = worked.run().version
    report = worked.sync()
    report_all = worked.sync(everything=True)

    assert report.touched == report_all.touched == 0 and worked.run().version == before
    assert len(worked.holding()) == 4


@pytest.mark.parametrize(
    "method", [CREATE, LINK, "POST /crm/associations/calls/contacts/batch/associate/default"]
)
def test_a_lost_answer_leaves_one_linked_record(worked: Any, method: str) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    rule = worked.fault(method, drop_after_accept=True)

    worked.deliver()
    assert not worked.world.faults.stands(rule)
    worked.deliver(later=timedelta(minutes=10))

    (call,) = worked.in_hubspot("calls")
    assert all(worked.linked(call).values())
    assert [row.state for row in worked.outbox()] == ["sent"]


def test_a_crash_between_record_and_link_heals(worked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    with monkeypatch.context() as dying:
        dying.setattr(worked.client, "associate_all", die)
        with pytest.raises(Killed):
            worked.deliver()
    (orphan,) = worked.in_hubspot("calls")
    linked_before = worked.linked(orphan)["deals"]

    worked.deliver(later=timedelta(minutes=5))

    (call,) = worked.in_hubspot("calls")
    assert linked_before == [] and all(worked.linked(call).values())
    assert len(worked.records()) == 1 and [row.state for row in worked.outbox()] == ["sent"]


@pytest.mark.parametrize("point", ["outbox.claimed", "outbox.before_send", "outbox.after_send"])
def test_a_process_killed_around_the_write_leaves_one_record(worked: Any, point: str) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.clock.pass_time(timedelta(minutes=1))
    couriers = {"hubspot": worked.courier}
    doomed = Sender(
        worked.store, worked.clock, couriers, checkpoint=lambda at: die() if at == point else None
    )
    with pytest.raises(Killed):
        doomed.drain("hubspot")

    worked.sync()
    worked.deliver(later=timedelta(minutes=5))
    worked.sync()

    (call,) = worked.in_hubspot("calls")
    assert all(worked.linked(call).values())
    assert len(worked.records()) == len(worked.holding()) == 1
    assert [row.state for row in worked.outbox()] == ["sent"]


def test_a_record_whose_answer_never_came_is_known_by_its_key(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.deliver()
    with worked.store.write() as session:
        session.delete(session.scalars(select(CrmRecord)).one())

    worked.sync(everything=True)

    assert len(worked.holding()) == 1 and [r.ours for r in worked.records()] == [True]


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (
            429,
            {"status": "error", "category": "RATE_LIMITS", "policyName": "TEN_SECONDLY_ROLLING"},
            "pending",
        ),
        (503, "<html>", "pending"),
        (400, {"status": "error", "message": "Property values were not valid"}, "dead"),
    ],
)
def test_what_hubspot_refuses_is_tried_later_or_set_aside(
    worked: Any, status: int, body: Any, state: str
) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.fault(CREATE, status=status, body=body)

    worked.deliver()
    assert [row.state for row in worked.outbox()] == [state]
    worked.deliver(later=timedelta(minutes=30))

    assert len(worked.in_hubspot("calls")) == (0 if state == "dead" else 1)
    if state == "dead":
        assert worked.outbox()[0].reason == "Property values were not valid"


def test_a_revoked_token_halts_the_queue_and_loses_nothing(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    token = worked.portal.settings.token
    worked.portal.settings.token = "another"

    worked.deliver()
    halted = worked.sender.halted
    worked.portal.settings.token = token

    assert "HUBSPOT_ACCESS_TOKEN" in halted["hubspot"]
    assert [row.state for row in worked.outbox()] == ["pending"]


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


def die(*_: object) -> None:
    raise Killed

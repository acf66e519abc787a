"""A deal that was gone for a while: what was logged before that reaches it when it is there again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.services.acts.record import NewFact

# What differs between the databases is tried by the other files of this folder.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AWAY = {"pipeline": "default", "dealstage": "appointmentscheduled"}
BACK = {"pipeline": "renewals", "dealstage": "renewal_put_out"}


def test_what_waited_while_the_deal_was_in_another_pipeline_is_written_when_it_is_back(worked: Any) -> None:
    deal_id = worked.run().deal_id
    worked.log(NewFact("call", outcome="no_answer"))
    worked.log(NewFact("stage", outcome="negotiation"))
    worked.portal.update("deals", deal_id, AWAY)
    worked.sync()
    worked.deliver()
    given_up = [row.state for row in worked.outbox()]

    worked.portal.update("deals", deal_id, BACK)
    worked.sync()
    worked.deliver()

    (call,) = worked.in_hubspot("calls")
    assert given_up == ["dropped", "dropped"] and worked.linked(call)["deals"] == [deal_id]
    assert worked.portal.get("deals", deal_id).properties["dealstage"] == "renewal_put_out"
    worked.sync()
    assert worked.run().stage == "open"


def test_what_was_undone_meanwhile_is_not_written(worked: Any) -> None:
    deal_id = worked.run().deal_id
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.portal.update("deals", deal_id, AWAY)
    worked.sync()
    worked.deliver()
    worked.undo(fact_id)

    worked.portal.update("deals", deal_id, BACK)
    worked.sync()
    worked.deliver(later=timedelta(minutes=5))

    assert worked.in_hubspot("calls") == []

"""What was written half-way, or skipped for the moment, is come back to: nothing is left that nobody looks at again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.services.acts.acting import Click
from bot.services.acts.change import change
from bot.services.acts.record import NewFact
from bot.services.acts.undo import undo
from bot.services.people.roles import Who
from bot.store.tables import CrmMark

# What differs between the databases is tried by the other files of this folder.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LINK = "POST /crm/associations/calls/deals/batch/associate/default"
NOTES_LINK = "POST /crm/associations/notes/deals/batch/associate/default"


def _marks(office: Any) -> list[CrmMark]:
    with office.store.read() as session:
        return list(session.scalars(select(CrmMark)))


def _click() -> Click:
    return Click(Who("T1", "Umay"), uuid4().hex, "button")


def test_an_undo_takes_back_a_record_that_was_made_and_not_linked_yet(worked: Any) -> None:
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.fault(LINK, status=503)
    worked.deliver()
    made = len(worked.in_hubspot("calls"))

    undo(worked.work, _click(), fact_id)
    worked.deliver(later=timedelta(minutes=10))

    assert made == 1 and worked.in_hubspot("calls") == [] and worked.holding() == []


def test_a_change_links_a_record_that_was_made_and_not_linked_yet(worked: Any) -> None:
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.fault(LINK, status=503)
    worked.deliver()

    change(worked.work, _click(), fact_id, "busy", "rang twice")
    worked.deliver(later=timedelta(minutes=10))

    (call,) = worked.in_hubspot("calls")
    assert worked.linked(call)["deals"] == [worked.run().deal_id]


def test_a_change_links_a_record_of_which_the_sync_learned_before(worked: Any) -> None:
    fact_id = worked.log(NewFact("call", outcome="no_answer"))
    worked.fault(LINK, status=503)
    worked.deliver()
    change(worked.work, _click(), fact_id, "busy", "rang twice")
    worked.sync()
    known = len(worked.records())

    worked.deliver(later=timedelta(minutes=10))

    (call,) = worked.in_hubspot("calls")
    assert known == 1 and worked.linked(call)["deals"] == [worked.run().deal_id]


def test_an_edit_met_while_our_write_is_on_its_way_is_read_when_that_is_over(worked: Any) -> None:
    worked.log(NewFact("note", note="hello"))
    worked.fault(NOTES_LINK, status=503)
    worked.deliver()
    (note,) = worked.in_hubspot("notes")
    earlier = worked.clock.now() - timedelta(minutes=20)
    worked.portal.update("notes", note.id, {"hs_timestamp": earlier.isoformat()})
    for _ in range(4):  # long enough that no later search finds the edit
        worked.sync()
    skipped = worked.holding()[0].at

    worked.deliver(later=timedelta(minutes=10))
    worked.sync()

    (fact,) = worked.holding()
    assert abs(fact.at - earlier) < timedelta(milliseconds=1) < skipped - earlier
    worked.sync()
    assert _marks(worked) == []


def test_what_hubspot_refused_for_good_is_not_read_again_and_again(worked: Any) -> None:
    worked.log(NewFact("call", outcome="no_answer"))
    worked.fault(LINK, status=400, body={"message": "no such label"})
    worked.deliver()
    worked.sync()
    worked.sync()

    assert _marks(worked) == []

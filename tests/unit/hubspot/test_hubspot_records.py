"""What a fact looks like in HubSpot, and that reading it back says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.hubspot.activities import Links, Reading, read_activity
from bot.hubspot.records import FactToWrite, object_type_of, record_for
from bot.playbook.run import CALL_OUTCOMES

AT = datetime(2026, 11, 23, 15, 0, 0, 123456, tzinfo=UTC)
FACT = FactToWrite("call", AT, "Acme", "America/New_York", time(8, 30), outcome="busy")


def written(**over: Any) -> tuple[str, dict[str, str]]:
    record = record_for(replace(FACT, **over))
    assert record is not None
    return record.object_type, record.properties


@pytest.mark.parametrize("outcome", CALL_OUTCOMES)
def test_a_call_reads_back_as_it_was_written(outcome: str) -> None:
    kind, properties = written(outcome=outcome)
    (fact,) = read_activity(kind, "1", properties, Links(), Reading()).facts
    assert (fact.kind, fact.outcome, fact.at) == ("call", outcome, AT.replace(microsecond=123000))


@pytest.mark.parametrize("status", ["scheduled", "held", "no_show", "canceled"])
def test_an_appointment_reads_back_as_it_was_written(status: str) -> None:
    start = datetime(2026, 11, 25, 15, tzinfo=UTC)
    kind, properties = written(kind="appointment", outcome=status, starts_at=start)
    (fact,) = read_activity(kind, "1", properties, Links(), Reading()).facts
    assert (fact.kind, fact.outcome, fact.starts_at) == ("appointment", status, start)


def test_a_customer_who_called_in_is_an_incoming_call_and_one_who_wrote_a_note() -> None:
    kind, properties = written(kind="reply", outcome=None, reason="call")
    assert (kind, properties["hs_call_direction"]) == ("calls", "INBOUND")
    assert written(kind="reply", outcome=None, reason="email")[0] == "notes"


def test_a_deferral_is_due_on_the_morning_of_the_reps_own_zone_also_across_the_clock_change() -> None:
    before = written(kind="deferral", until=date(2027, 3, 12))[1]["hs_timestamp"]
    after = written(kind="deferral", until=date(2027, 3, 15))[1]["hs_timestamp"]
    assert (before, after) == ("2027-03-12T13:30:00.000Z", "2027-03-15T12:30:00.000Z")


def test_peoples_text_is_inert_in_hubspot() -> None:
    note = written(kind="note", outcome=None, note="<script>&\nnext")[1]["hs_note_body"]
    assert note == "&lt;script&gt;&amp;<br>next"


def test_kinds_without_a_record_have_none_and_a_deferral_needs_its_date() -> None:
    assert object_type_of("withdrawn") is None and record_for(replace(FACT, kind="withdrawn")) is None
    with pytest.raises(ValueError, match="no date"):
        record_for(replace(FACT, kind="deferral"))

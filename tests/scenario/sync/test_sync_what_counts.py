"""What is done in HubSpot counts in the playbook as if it had been logged in Slack, once, and by whoever did it.

The rows are those of the table "Which HubSpot activity counts as which fact" of the HubSpot reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from bot.hubspot.activities import DISPOSITIONS
from bot.services.acts.record import NewFact, Origin, record
from bot.services.incoming.marks import Mark, keep_marks
from bot.store.book import load_runs, to_run
from bot.store.tables import Person, RunRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOON = datetime(2026, 11, 25, 18, tzinfo=UTC)
OWN_CONTACT, OWN_OTHER = "a1b2c3d4-0000-4000-8000-000000000001", "a1b2c3d4-0000-4000-8000-000000000002"


@dataclass(frozen=True)
class Row:
    """A record made in HubSpot, and what would be logged in Slack to say the same: nothing when it does not count."""

    kind: str
    said: dict[str, str]
    logged: tuple[NewFact, ...] = ()
    set_by_hubspot: dict[str, str] = field(default_factory=dict)


def call(outcome: str | None, counts: NewFact, direction: str = "OUTBOUND") -> Row:
    # A portal's own outcomes are options of the property that this account does not have.
    chosen = {"hs_call_disposition": outcome} if outcome else {}
    return Row("calls", {"hs_call_direction": direction}, (counts,), chosen)


def email(direction: str, counts: str | None, sender: str = "", **more: str) -> Row:
    by_hubspot = {**({"hs_email_from_email": sender} if sender else {}), **more}
    return Row("emails", {"hs_email_direction": direction}, (NewFact(counts),) if counts else (), by_hubspot)


class Seen(NamedTuple):
    """A run as the playbook reads it, without what tells one run from another."""

    stage: str
    activities: tuple[tuple[str, str], ...]
    appointments: tuple[tuple[str, int], ...]
    deferrals: int


TABLE = {
    **{
        f"call, outbound, {outcome}": call(number, NewFact("call", outcome=outcome))
        for number, outcome in DISPOSITIONS.items()
    },
    "call, outbound, the portal's own that is contact": call(
        OWN_CONTACT, NewFact("call", outcome="connected")
    ),
    "call, outbound, the portal's own that is none": call(OWN_OTHER, NewFact("call", outcome="no_answer")),
    "call, outbound, no outcome": call(None, NewFact("call", outcome="no_answer")),
    "call, inbound": call(None, NewFact("reply"), "INBOUND"),
    "call, inbound, with an outcome": call(next(iter(DISPOSITIONS)), NewFact("reply"), "INBOUND"),
    "email, outgoing": email("EMAIL", "email"),
    "email, incoming": email("INCOMING_EMAIL", "reply"),
    "email, forwarded by the rep": email("FORWARDED_EMAIL", "email", "Maya@Harborline.example"),
    "email, forwarded by the customer": email("FORWARDED_EMAIL", "reply", "d@x.io"),
    "email, logged by BCC, the rep's": email(
        "EMAIL", "email", "maya@harborline.example", hs_email_logged_from="EMAIL_BCC"
    ),
    "email, logged by BCC, the customer's": email(
        "EMAIL", "reply", "d@x.io", hs_email_logged_from="EMAIL_BCC"
    ),
    "email, out of office": Row(
        "emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "Automatic reply: away"}
    ),
    **{
        f"email, automated: {source}": email("EMAIL", None, hs_object_source=source)
        for source in ("MARKETING_EMAIL", "AUTOMATION_PLATFORM", "WORKFLOWS")
    },
    "email, not sent yet": Row("emails", {"hs_email_direction": "EMAIL", "hs_email_status": "SCHEDULED"}),
    "meeting, in the future": Row("meetings", {}, (NewFact("appointment", outcome="scheduled"),)),
    **{
        f"meeting, {said}": Row(
            "meetings", {"hs_meeting_outcome": said}, (NewFact("appointment", outcome=outcome),)
        )
        for said, outcome in (("COMPLETED", "held"), ("NO_SHOW", "no_show"), ("CANCELED", "canceled"))
    },
    "meeting, rescheduled to come": Row(
        "meetings", {"hs_meeting_outcome": "RESCHEDULED"}, (NewFact("appointment", outcome="scheduled"),)
    ),
    "meeting by a booking link": Row(
        "meetings",
        {},
        (NewFact("appointment", outcome="scheduled"), NewFact("meeting_booked")),
        {"hs_meeting_source": "MEETINGS_PUBLIC"},
    ),
    "note": Row("notes", {"hs_note_body": "x"}, (NewFact("note", note="x"),)),
    "task that the assistant did not make": Row(
        "tasks", {"hs_task_subject": "x", "hs_task_status": "COMPLETED"}
    ),
}


def made(office: Any, row: Row, deal_id: str, **more: str) -> str:
    """The record of a row on a deal, as HubSpot's own pages make it."""
    now = office.clock.now()
    said = {"hs_timestamp": now.isoformat(), "hubspot_owner_id": "501", **row.said, **more}
    if row.kind == "meetings":
        said["hs_meeting_start_time"] = SOON.isoformat()
    links = [("deals", deal_id)]
    return str(office.portal.create(row.kind, said, links, filled_in=row.set_by_hubspot).id)


def seen(office: Any, deal_id: str) -> Seen:
    """What the playbook reads of the deal's run."""
    with office.store.read() as session:
        (loaded,) = load_runs(session, RunRow.deal_id == deal_id)
    run = to_run(loaded)
    return Seen(
        run.stage.value,
        tuple(sorted((one.kind.value, one.outcome or "") for one in run.activities)),
        tuple((one.status.value, round(one.starts_at.timestamp())) for one in run.appointments),
        len(run.deferrals),
    )


def log_in_slack(office: Any, deal_id: str, row: Row) -> None:
    with office.store.write() as session:
        run = session.scalars(select(RunRow).where(RunRow.deal_id == deal_id)).one()
        what = [replace(fact, starts_at=SOON) if fact.kind == "appointment" else fact for fact in row.logged]
        rep = session.get_one(Person, 1)
        record(office.work, session, run, rep, Origin(f"slack:{deal_id}", "slack", "button"), what)


@pytest.fixture
def with_own_outcomes(office: Any) -> Any:
    """The account has two call outcomes of its own, of which the configuration says what they mean."""
    hubspot = replace(office.work.config.hubspot, call_outcomes={OWN_CONTACT: True, OWN_OTHER: False})
    office.gateway.config = hubspot
    return office


def test_each_row_of_the_table_counts_like_the_same_in_slack_and_never_twice(with_own_outcomes: Any) -> None:
    office = with_own_outcomes
    deals = {name: (office.deal(), office.deal()) for name in TABLE}
    office.sync()
    records = {name: made(office, TABLE[name], deals[name][0]) for name in TABLE}
    for name, row in TABLE.items():
        log_in_slack(office, deals[name][1], row)

    report = office.sync()
    in_hubspot = {name: seen(office, deals[name][0]) for name in TABLE}
    in_slack = {name: seen(office, deals[name][1]) for name in TABLE}
    facts = len(office.holding())
    with office.store.write() as session:
        keep_marks(session, {Mark(row.kind, records[name]) for name, row in TABLE.items()})
    office.reader.read_marked()
    office.sync()
    office.sync(everything=True)
    office.clock.pass_time(timedelta(hours=25))
    office.sync()

    assert in_hubspot == in_slack
    assert {name for name, run in in_hubspot.items() if not (run.activities or run.appointments)} == {
        name for name, row in TABLE.items() if not row.logged
    }
    assert len(office.holding()) == facts, "each of them once, however often it was read"
    assert report.away == 1, "an automatic answer is proposed as a deferral, and counts for nothing"


def test_a_colleagues_activity_keeps_its_actor_and_counts_all_the_same(office: Any) -> None:
    ben = office.add_person("ben@harborline.example", "502")
    deal_id = office.deal()
    office.sync()
    row = TABLE["call, outbound, no outcome"]
    made(office, row, deal_id)
    made(office, row, deal_id, hubspot_owner_id="502")
    office.portal.create("calls", {"hs_timestamp": office.clock.now().isoformat()}, [("deals", deal_id)])

    office.sync()

    assert [fact.actor_id for fact in office.holding()] == [1, ben, None]
    assert office.run().owner_id == 1
    assert [kind for kind, _ in seen(office, deal_id).activities] == ["call"] * 3

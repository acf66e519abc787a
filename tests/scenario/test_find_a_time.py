"""Each rep's booking page is offered where a rep needs it, and what a customer books there becomes an appointment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.setup import check
from bot.store.tables import Fact, Person, RunRow
from sandbox.hubspot.portal import MeetingLink
from tests.living import NEW_YORK, Living, email, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
CARL = "carl@acme.example"
PAGE = "https://meetings.hubspot.com/ana"
SCOPE = "scheduler.meetings.meeting-link.read"


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Ana has Acme Dental and two booking pages, of which the second is her default; it is Monday 10:00."""
    with living(database_url) as found:
        links = found.world.hubspot.outside.meeting_links
        links += [
            MeetingLink("1", 1, "Demo", "ana/demo", default=False),
            MeetingLink("2", 1, "Renewal talk", "ana"),
        ]
        deal = found.account("Acme Dental", MONDAY, email=CARL)
        company = found.world.hubspot.associated(found.world.hubspot.get("deals", deal), "companies")[0]
        contact = found.world.hubspot.associated(found.world.hubspot.get("deals", deal), "contacts")[0]
        found.world.hubspot.associate("contacts", contact.id, "companies", company.id)
        found.tick("sync")
        assert found.assistant.sync_people() is not None
        found.go("2026-11-23 10:00")
        found.tick("mornings")
        yield found


def link_of(team: Living, who: str) -> str | None:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(Person).where(Person.email == email(who))).one().meeting_link


def urls(team: Living) -> dict[str, str]:
    """The addresses behind the buttons of Ana's newest message, by their label."""
    found: dict[str, str] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "button" and "url" in node:
                found[node["text"]["text"]] = node["url"]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(team.messages("ana")[-1]["blocks"])
    return found


def test_the_default_page_is_on_the_card_and_in_the_draft(team: Living) -> None:
    assert link_of(team, "ana") == PAGE and link_of(team, "ben") is None
    team.press("ana", "log_call:no_answer", "Acme")
    draft = parse_qs(urlsplit(urls(team)["Open draft"]).query)["body"][0]
    assert f"You can also pick a time here: {PAGE}" in draft
    team.say("ana", "Acme Dental")
    assert urls(team)["Find a time"] == PAGE
    answer = team.press("ana", "find_a_time")
    assert answer["acked"], answer


def test_a_booking_becomes_an_appointment_and_the_day_follows(team: Living) -> None:
    starts = datetime(2026, 11, 25, 14, 0, tzinfo=ZoneInfo(NEW_YORK))
    booking = {"properties": {"slug": "ana", "email": CARL.upper(), "starts_at": starts.isoformat()}}
    team.http.post("/control/crm/bookings", json=booking).raise_for_status()
    team.tick("sync")
    with team.assistant.work.store.read() as session:
        facts = session.scalars(select(Fact).order_by(Fact.kind)).all()
        assert [(fact.kind, fact.outcome) for fact in facts] == [
            ("appointment", "scheduled"),
            ("meeting_booked", None),
        ]
        assert facts[0].starts_at == starts and facts[0].actor_id == facts[1].actor_id is not None
    said = words(team.messages("ana")[-1])
    assert "Appointment on Wed 25 Nov at 14:00" in said and "First call" not in said
    team.tick("sync")  # and once
    with team.assistant.work.store.read() as session:
        assert len(session.scalars(select(Fact)).all()) == 2


def test_a_page_that_is_gone_or_no_web_address_is_not_offered(team: Living) -> None:
    links = team.world.hubspot.outside.meeting_links
    links[:] = [MeetingLink("3", 1, "Bad", "ana|click <here>")]
    team.assistant.sync_people()
    assert link_of(team, "ana") is None
    team.press("ana", "log_call:no_answer", "Acme")
    assert "pick a time" not in urls(team)["Open draft"]


def test_without_the_scope_nothing_breaks_and_check_says_so(team: Living) -> None:
    portal = team.world.hubspot
    kinds = ("calls", "emails", "meetings", "notes", "tasks", "deals", "companies", "contacts")
    scopes = {
        f"crm.{area}.{kind}.{may}"
        for area in ("objects", "schemas")
        for kind in kinds
        for may in ("read", "write")
    }
    portal.settings.scopes = frozenset({*scopes, "crm.objects.owners.read", "oauth"})
    team.assistant.sync_people()
    assert link_of(team, "ana") is None
    client = team.assistant.hubspot_client
    assert client is not None
    (said,) = [
        one
        for one in check(HubSpotGateway(client, team.settings.config.hubspot))
        if one.name == "HubSpot meeting links"
    ]
    assert said.ok and SCOPE in said.says


def test_a_hubspot_that_does_not_answer_leaves_the_page_as_it_was(team: Living) -> None:
    rule = {"service": "hubspot", "method": "GET /scheduler/meetings/meeting-links", "status": 503}
    team.http.post("/control/faults", json=rule).raise_for_status()
    team.assistant.sync_people()
    assert link_of(team, "ana") == PAGE


def test_pages_beyond_the_first_are_read(team: Living) -> None:
    links = team.world.hubspot.outside.meeting_links
    links[:] = [MeetingLink(str(n), 1, f"Page {n}", f"ana/{n}", default=n == 149) for n in range(150)]
    team.assistant.sync_people()
    assert link_of(team, "ana") == "https://meetings.hubspot.com/ana/149"


def booked(team: Living, slug: str, at: str, who: str = CARL) -> str:
    """A customer books a page for a local time in New York; the next passes read it. Answers the meeting's id."""
    starts = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(NEW_YORK))
    body = {"properties": {"slug": slug, "email": who, "starts_at": starts.isoformat()}}
    made = team.http.post("/control/crm/bookings", json=body).raise_for_status().json()
    team.tick("sync")
    return str(made["id"])


def edited(team: Living, meeting: str, **properties: str) -> None:
    team.http.patch(f"/control/crm/meetings/{meeting}", json={"properties": properties}).raise_for_status()
    team.tick("sync")


def appointments(team: Living) -> list[tuple[str | None, datetime | None, str | None]]:
    """The appointments that hold: status, start, and whose they are."""
    with team.assistant.work.store.read() as session:
        gone = set(session.scalars(select(Fact.supersedes_id).where(Fact.supersedes_id.is_not(None))))
        found = session.scalars(select(Fact).where(Fact.kind == "appointment").order_by(Fact.id)).all()
        names = {person.id: person.name for person in session.scalars(select(Person))}
        return [
            (one.outcome, one.starts_at, names.get(one.actor_id or 0)) for one in found if one.id not in gone
        ]


def test_a_booking_that_is_moved_and_then_canceled_is_one_appointment_all_along(team: Living) -> None:
    meeting = booked(team, "ana", "2026-11-25 14:00")
    moved = datetime(2026, 11, 27, 15, 0, tzinfo=ZoneInfo(NEW_YORK))
    edited(team, meeting, hs_meeting_start_time=moved.isoformat(), hs_meeting_outcome="RESCHEDULED")
    assert appointments(team) == [("scheduled", moved, "Ana Reyes")]
    said = words(team.messages("ana")[-1])
    assert "Appointment on Fri 27 Nov at 15:00" in said and "Wed 25 Nov at 14:00" not in said

    edited(team, meeting, hs_meeting_outcome="CANCELED")
    assert [status for status, *_ in appointments(team)] == ["canceled"]
    assert "Appointment canceled" in words(team.messages("ana")[-1])
    team.go("2026-11-25 08:30")  # nothing holds the account any more: the customer did answer by booking
    team.tick("sync", "mornings")
    said = words(team.messages("ana")[-1])
    assert "Call to agree the next step" in said and "Appointment on" not in said


def test_what_is_booked_with_a_colleague_counts_on_the_account_and_says_with_whom(team: Living) -> None:
    """Two reps, one page: the meeting is its organizer's, the account stays its owner's."""
    team.world.hubspot.outside.meeting_links.append(MeetingLink("3", 2, "Ben's", "ben"))
    booked(team, "ben", "2026-11-25 14:00")
    ((status, _, by),) = appointments(team)
    assert (status, by) == ("scheduled", "Ben Stone")
    said = words(team.messages("ana")[-1])
    assert "Appointment on Wed 25 Nov at 14:00" in said and "Ben Stone" in said and "First call" not in said


def test_a_booking_of_a_contact_of_two_accounts_is_put_on_neither(team: Living) -> None:
    """Which of them it is about nobody can say from here (the HubSpot reference: exactly one open run)."""
    portal = team.world.hubspot
    other = portal.get("deals", team.account("Bay Bakery", MONDAY))
    carl = next(one["id"] for one in team.records("contacts") if one["email"] == CARL)
    portal.associate("deals", other.id, "contacts", carl)
    portal.associate("contacts", carl, "companies", portal.associated(other, "companies")[0].id)
    team.tick("sync")
    meeting = booked(team, "ana", "2026-11-25 14:00")
    assert appointments(team) == []
    # Somebody links it in HubSpot, and it counts from then on.
    portal.associate("meetings", meeting, "deals", other.id)
    edited(team, meeting, hs_meeting_title="Renewal talk, Bay Bakery")
    assert [status for status, *_ in appointments(team)] == ["scheduled"]
    with team.assistant.work.store.read() as session:
        (account,) = session.scalars(
            select(RunRow.account).join(Fact, Fact.run_id == RunRow.id).where(Fact.kind == "appointment")
        )
    assert account == "Bay Bakery"

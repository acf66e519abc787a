"""A contact who was deleted for good: nothing of them is left here, and what happened still happened (FAULTS 19)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.services.acts.record import NewFact
from bot.services.incoming.marks import Mark, keep_marks
from bot.store.tables import Base, PastContact, RunContact, RunDetails

AWAY = {
    "hs_email_direction": "INCOMING_EMAIL",
    "hs_email_subject": "Automatic reply: your renewal",
    "hs_email_text": "I am out of the office until 30 November 2026, the canary.",
}
A_DAY = timedelta(hours=25)
THEIRS = ("Dana", "Wu", "555 0100", "@x.io", "canary")


def everything_kept(office: Any) -> str:
    """All that stands in the database, as text."""
    found: list[str] = []
    with office.store.read() as session:
        for table in Base.metadata.sorted_tables:
            found += [repr(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{table.name}"'))]
    return "\n".join(found)


def rows(office: Any, table: type[Any]) -> list[Any]:
    with office.store.read() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
        return found


def contacts_of(office: Any, deal_id: str) -> list[Any]:
    return office.portal.associated(office.portal.get("deals", deal_id), "contacts")


def with_history(office: Any, deal_id: str) -> None:
    """Calls, a note and an email that are about the deal's contact, one of them logged in Slack."""
    (contact,) = contacts_of(office, deal_id)
    for kind, said in (
        ("notes", {"hs_note_body": "canary of a note"}),
        ("calls", {"hs_call_direction": "OUTBOUND", "hs_call_body": "canary of a call"}),
        ("emails", {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "canary of a subject"}),
        ("emails", AWAY),
    ):
        done = office.on_timeline(kind, deal_id, **said)
        office.portal.associate(kind, done, "contacts", contact.id)
    survey = {
        "hs_feedback_last_nps_rating_number": "3",
        "hs_feedback_last_nps_follow_up": "canary of a survey",
    }
    office.portal.update("contacts", contact.id, survey)
    office.sync()
    office.log(NewFact("note", note="canary of what was logged in Slack"))
    office.deliver()
    office.sync()


def test_a_purged_contact_leaves_no_trace_but_that_something_happened(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    before = [(fact.kind, fact.at, fact.actor_id) for fact in office.holding()]
    assert all(word in everything_kept(office) for word in THEIRS) and len(before) == 4

    office.portal.purge("contacts", contacts_of(office, deal_id)[0].id)
    office.clock.pass_time(A_DAY)
    report = office.sync()

    assert report.contacts_erased == 1
    kept = everything_kept(office)
    assert [word for word in THEIRS if word in kept] == []
    assert [(fact.kind, fact.at, fact.actor_id) for fact in office.holding()] == before
    assert office.run().account == "Acme Dental" and rows(office, PastContact) == []
    office.clock.pass_time(A_DAY)
    assert office.sync().contacts_erased == 0


def test_a_webhook_has_it_done_at_once_on_runs_that_are_over_too(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    office.portal.update("deals", deal_id, {"dealstage": "renewal_closed_won"})
    office.sync()
    (contact,) = contacts_of(office, deal_id)
    office.portal.purge("contacts", contact.id)
    with office.store.write() as session:
        keep_marks(session, {Mark("contacts", contact.id)})

    report = office.reader.read_marked()

    assert report.contacts_erased == 1 and office.run().stage == "won"
    assert [word for word in THEIRS if word in everything_kept(office)] == []


def test_a_contact_in_the_bin_is_restored_with_all_that_was_known(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    (contact,) = contacts_of(office, deal_id)

    office.portal.archive("contacts", contact.id)
    office.clock.pass_time(A_DAY)
    binned = office.sync()
    without = (office.run().contact_name, len(rows(office, PastContact)))
    office.portal.restore("contacts", contact.id)
    office.clock.pass_time(A_DAY)
    office.sync()

    assert binned.contacts_erased == 0 and without == (None, 1)
    assert office.run().contact_name == "Dana Wu"
    assert "canary of a note" in [fact.note for fact in office.holding()]


def test_who_left_the_deal_first_is_erased_when_the_bin_is_emptied(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    (contact,) = contacts_of(office, deal_id)
    office.portal.archive("contacts", contact.id)
    office.clock.pass_time(A_DAY)
    office.sync()

    office.portal.purge("contacts", contact.id)
    office.clock.pass_time(A_DAY)

    assert office.sync().contacts_erased == 1
    assert [word for word in THEIRS if word in everything_kept(office)] == []


def test_what_speaks_of_others_stays(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    other = office.portal.create("contacts", {"firstname": "Eve", "lastname": "Adams", "phone": "1"})
    office.portal.associate("deals", deal_id, "contacts", other.id)
    both = office.on_timeline("notes", deal_id, hs_note_body="about both")
    for one in (*contacts_of(office, deal_id),):
        office.portal.associate("notes", both, "contacts", one.id)
    office.portal.update("deals", deal_id, {"dealname": "Acme again"})
    office.sync()
    first, second = contacts_of(office, deal_id)
    assert (first.properties["firstname"], second.id) == ("Dana", other.id)

    office.portal.purge("contacts", first.id)
    office.clock.pass_time(A_DAY)
    office.sync()

    assert [word for word in THEIRS if word in everything_kept(office)] == []
    assert [fact.note for fact in office.holding() if fact.note] == ["about both"]
    assert office.run().contact_name == "Eve Adams" and rows(office, RunContact) == []


def test_merged_is_not_deleted(office: Any) -> None:
    deal_id = office.deal()
    with_history(office, deal_id)
    (contact,) = contacts_of(office, deal_id)
    other = office.portal.create("contacts", {"firstname": "Eve", "lastname": "Adams", "phone": "1"})

    office.portal.merge("contacts", other.id, contact.id)
    office.clock.pass_time(A_DAY)

    assert office.sync().contacts_erased == 0
    assert office.run().contact_name == "Eve Adams"
    assert "canary of a note" in [fact.note for fact in office.holding()]


@pytest.mark.parametrize("kept", [True, False])
def test_the_words_of_a_survey_go_with_who_said_them(office: Any, kept: bool) -> None:
    deal_id = office.deal()
    office.sync()
    answer = {"hs_feedback_last_nps_rating_number": "9", "hs_feedback_last_nps_follow_up": "canary"}
    other = office.portal.create("contacts", {"firstname": "Eve", "phone": "1", **(answer if kept else {})})
    office.portal.associate("deals", deal_id, "contacts", other.id)
    (dana, _) = contacts_of(office, deal_id)
    office.portal.update("contacts", dana.id, {} if kept else answer)
    office.portal.update("deals", deal_id, {"dealname": "Acme again"})
    office.sync()

    office.portal.purge("contacts", dana.id)
    office.clock.pass_time(A_DAY)
    office.sync()
    office.clock.pass_time(A_DAY)
    office.sync()

    assert [row.nps_why for row in rows(office, RunDetails) if row.nps_why] == (["canary"] if kept else [])

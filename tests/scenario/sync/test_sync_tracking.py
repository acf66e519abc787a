"""A logged email and the record that HubSpot's tracking makes of it are one, whichever comes first (PLAYBOOK 6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.services.acts.record import NewFact
from bot.services.runs.lines import Reader
from bot.slack.views.logged import tracked_words
from bot.store.book import load_runs
from bot.store.tables import RunRow
from sandbox.hubspot.portal import Portal

# What differs between the databases is shown by the batches, the deals and the closing.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EMAIL = {"hs_email_direction": "EMAIL", "hs_email_status": "SENT", "hs_email_subject": "Your renewal"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mailed(worked: Any) -> Any:
    """The office a while after the morning, so that emails of before lie in the past."""
    worked.clock.pass_time(timedelta(hours=3))
    return worked


def deal_of(office: Any) -> str:
    (deal,) = office.in_hubspot("deals")
    return str(deal.id)


def tracked(office: Any, at: datetime, **more: str) -> str:
    """HubSpot tracks an email on the deal that went out at `at`."""
    properties = EMAIL | {"hs_timestamp": at.isoformat()} | more
    return str(office.on_timeline("emails", deal_of(office), **properties))


def sent(office: Any) -> list[tuple[str, str]]:
    """The emails that count: which step, and from where we know."""
    return sorted((fact.kind, fact.source) for fact in office.holding() if "email" in fact.kind)


def standing(office: Any) -> list[str]:
    """How the emails stand, as a card says it, in the order in which they were sent."""
    now = office.clock.now()
    with office.store.read() as session:
        (loaded,) = load_runs(session, RunRow.id > 0)
        said = Reader(office.work, session).tracked(loaded.facts, now.tzinfo)
        return [
            tracked_words(said[one.id], now)
            for one in sorted(loaded.facts, key=lambda f: f.at)
            if one.id in said
        ]


@pytest.mark.parametrize("logged_first", [True, False])
def test_two_logged_and_one_tracked_leave_one_that_is_missing(mailed: Any, logged_first: bool) -> None:
    at = mailed.clock.now() - timedelta(hours=2)
    if not logged_first:
        tracked(mailed, at + 2 * MINUTE)
        mailed.sync()
    mailed.log(NewFact("email", at=at))
    mailed.log(NewFact("cancellation_email", at=at + timedelta(minutes=40)))
    if logged_first:
        tracked(mailed, at + 2 * MINUTE)
    mailed.sync()
    assert sent(mailed) == [("cancellation_email", "slack"), ("email", "slack")]
    assert standing(mailed) == [f"tracked in HubSpot {at + 2 * MINUTE:%H:%M}", "not tracked yet"]


@pytest.mark.parametrize("logged_first", [True, False])
def test_one_logged_and_two_tracked_are_two_emails(mailed: Any, logged_first: bool) -> None:
    at = mailed.clock.now() - timedelta(hours=2)
    if logged_first:
        mailed.log(NewFact("email", at=at))
    tracked(mailed, at + MINUTE)
    tracked(mailed, at + timedelta(minutes=50))
    mailed.sync()
    if not logged_first:
        mailed.log(NewFact("email", at=at))
        mailed.sync()
    assert sent(mailed) == [("email", "hubspot"), ("email", "slack")]
    assert standing(mailed)[0] == f"tracked in HubSpot {at + MINUTE:%H:%M}"
    assert mailed.sync().touched == 0


@pytest.mark.parametrize(("hours", "together"), [(23.9, True), (24.1, False)])
def test_they_match_within_twenty_four_hours(mailed: Any, hours: float, together: bool) -> None:
    at = mailed.clock.now()
    mailed.log(NewFact("email", at=at))
    mailed.clock.pass_time(timedelta(hours=30))
    tracked(mailed, at + timedelta(hours=hours))
    mailed.sync()
    assert sent(mailed) == ([("email", "slack")] if together else [("email", "hubspot"), ("email", "slack")])


def test_a_colleagues_address_another_contact_and_no_deal_are_the_same_email(mailed: Any) -> None:
    """Ben sent it for Maya, to somebody else at the customer; HubSpot linked it to that contact alone."""
    portal: Portal = mailed.portal
    other = portal.create("contacts", {"email": "second@acme.example", "firstname": "Sue"})
    portal.associate("deals", deal_of(mailed), "contacts", other.id)
    mailed.sync(everything=True)
    at = mailed.clock.now() - timedelta(hours=1)
    mailed.log(NewFact("email", at=at))
    values = EMAIL | {"hs_timestamp": at.isoformat(), "hubspot_owner_id": "502"}
    portal.create("emails", values, [("contacts", other.id)])
    assert mailed.sync().emails_matched == 1
    assert sent(mailed) == [("email", "slack")]


@pytest.mark.parametrize(
    ("sender", "counts"),
    [("maya@harborline.example", ("email", "slack")), ("dana@customer.example", ("reply", "hubspot"))],
)
@pytest.mark.parametrize(
    "how", [{"hs_email_direction": "FORWARDED_EMAIL"}, {"hs_email_logged_from": "BCC_TO_CRM"}]
)
def test_what_is_forwarded_or_logged_by_bcc_is_its_senders(
    mailed: Any, how: dict[str, str], sender: str, counts: tuple[str, str]
) -> None:
    at = mailed.clock.now() - MINUTE
    mailed.log(NewFact("email", at=at))
    headers = f'{{"from": {{"email": "{sender}"}}, "to": [{{"email": "x@y.example"}}]}}'
    values = EMAIL | {"hs_timestamp": at.isoformat(), "hs_email_headers": headers} | how
    by_bcc = {"hs_email_logged_from": values.pop("hs_email_logged_from", "")}
    mailed.portal.create("emails", values, [("deals", deal_of(mailed))], filled_in=by_bcc)
    mailed.sync()
    kinds = [(fact.kind, fact.source) for fact in mailed.holding()]
    assert (
        counts in kinds
        and kinds.count(("email", "slack")) == 1
        and len(kinds) == (1 if counts[0] == "email" else 2)
    )


def test_a_tracked_record_that_is_edited_stays_matched_and_one_that_is_deleted_is_expected_again(
    mailed: Any,
) -> None:
    at = mailed.clock.now() - timedelta(hours=1)
    mailed.log(NewFact("email", at=at))
    record = tracked(mailed, at)
    mailed.sync()
    mailed.portal.update("emails", record, {"hs_timestamp": (at + 5 * MINUTE).isoformat()})
    mailed.sync()
    assert sent(mailed) == [("email", "slack")] and standing(mailed) == [
        f"tracked in HubSpot {at + 5 * MINUTE:%H:%M}"
    ]

    mailed.portal.archive("emails", record)
    mailed.sync()
    assert sent(mailed) == [("email", "slack")] and standing(mailed) == ["not tracked yet"]
    tracked(mailed, at + 7 * MINUTE)
    mailed.sync()
    assert sent(mailed) == [("email", "slack")] and standing(mailed) == [
        f"tracked in HubSpot {at + 7 * MINUTE:%H:%M}"
    ]


def test_what_was_opened_and_clicked_is_said_as_unreliable(mailed: Any) -> None:
    at = mailed.clock.now() - timedelta(hours=1)
    mailed.log(NewFact("email", at=at))
    record = tracked(mailed, at)
    mailed.sync()
    email = mailed.portal.get("emails", record)
    with mailed.portal.lock:
        email.change({"hs_email_open_count": "2", "hs_email_click_count": "1"}, mailed.clock.now(), "EMAIL")
        mailed.portal.index.follow(email)
    mailed.sync()
    assert standing(mailed) == [
        f"tracked in HubSpot {at:%H:%M}, opened 2 times and clicked once (unreliable)"
    ]
    assert sent(mailed) == [("email", "slack")]


def test_a_logged_email_that_is_undone_leaves_the_one_that_hubspot_tracked(mailed: Any) -> None:
    at = mailed.clock.now() - timedelta(hours=1)
    logged = mailed.log(NewFact("email", at=at))
    record = tracked(mailed, at)
    mailed.sync()
    mailed.undo(logged)
    assert sent(mailed) == []
    mailed.portal.update("emails", record, {"hs_email_subject": "Read again"})
    mailed.sync()
    assert sent(mailed) == [("email", "hubspot")]
    assert mailed.sync().touched == 0


def test_an_email_that_is_logged_writes_none_and_only_without_tracking_one(mailed: Any) -> None:
    mailed.log(NewFact("email"))
    mailed.deliver()
    assert mailed.in_hubspot("emails") == []
    object.__setattr__(mailed.work.policy, "email_tracking", "off")
    logged = mailed.log(NewFact("email"))
    mailed.deliver()
    (made,) = mailed.in_hubspot("emails")
    assert made.properties["hs_email_direction"] == "EMAIL"
    mailed.sync()
    assert sent(mailed) == [
        ("email", "slack"),
        ("email", "slack"),
    ]  # our own record comes back as nothing new
    assert standing(mailed) == [] and [one.fact_id for one in mailed.records()] == [logged]

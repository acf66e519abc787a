"""The quiet start: nothing to anybody before an admin approved a preview (issue, section 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import scheduler
from bot.services.runs.go_live import approve, preview
from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUIET = ("chat.postMessage", "chat.postEphemeral", "chat.update")


@pytest.fixture
def quiet(database_url: str) -> Iterator[Living]:
    """A book in the middle of everything, on Wednesday 18 Nov, before anybody approved anything."""
    with living(database_url, "2026-11-18 07:00", live=False) as team:
        team.account("Acme Dental", date(2026, 11, 23))
        team.account("Bay Bakery", date(2026, 11, 9))
        team.account("Blank Books", date(2026, 11, 17))
        team.account("Old Oak Inn", date(2026, 9, 1))
        team.account("Older Oaks", date(2026, 8, 1), owner="ben")
        team.account("Thirty One", date(2026, 10, 25))
        team.account("Ghost Grill", date(2026, 11, 9), hubspot_owner_id="")
        yield team


def days(team: Living, *dates: str) -> None:
    """Every job, many times a day."""
    for day in dates:
        for hour in ("08:30", "12:00", "16:31", "17:31"):
            team.go(f"{day} {hour}")
            team.tick(*scheduler.JOBS)
            team.clock.let_pass(timedelta(seconds=20))
            team.deliver()


def said(team: Living) -> list[str]:
    entries = team.world.journal.entries(service="slack")
    return [entry.method for entry in entries if entry.method in QUIET]


def golive(team: Living, on: date) -> None:
    approve(team.assistant.work, on, "sam", team.clock.now())


def test_nothing_is_said_or_moved_before_the_approval_nor_before_its_date(quiet: Living):
    days(quiet, "2026-11-18", "2026-11-19")
    golive(quiet, date(2026, 11, 23))
    days(quiet, "2026-11-20", "2026-11-21")
    assert said(quiet) == []
    assert {deal["dealstage"] for deal in quiet.records("deals")} == {"renewal_put_out"}
    assert quiet.records("notes") == []
    days(quiet, "2026-11-23")
    assert "chat.postMessage" in said(quiet)


def test_put_out_days_of_before_are_never_undocumented(quiet: Living):
    golive(quiet, date(2026, 11, 18))
    days(quiet, "2026-11-18", "2026-11-19", "2026-11-20")
    assert "No activity" not in quiet.seen("maria", quiet.managers_channel)
    assert "still blank" not in quiet.seen("ana")


def test_runs_past_day_30_come_once_as_a_list_to_review_and_alarm_nobody(quiet: Living):
    golive(quiet, date(2026, 11, 23))
    days(quiet, "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-27", "2026-11-30")
    messages = quiet.messages("maria", quiet.managers_channel)
    reviews = [message for message in messages if "To review" in message["text"]]
    assert len(reviews) == 1
    text = words(reviews[0])
    assert text.index("Older Oaks") < text.index("Old Oak Inn") and "Thirty One" not in text
    assert "Nothing here moves by itself" in text
    for message in messages:
        if message not in reviews:
            assert "Old Oak" not in words(message) and "Older" not in words(message)
    stages = {deal["dealname"]: deal["dealstage"] for deal in quiet.records("deals")}
    assert stages["Old Oak Inn"] == stages["Older Oaks"] == "renewal_put_out"
    assert stages["Thirty One"] == "renewal_moved_out"  # its day 30 came after going live


def test_the_list_to_review_is_worked_through_for_as_long_as_it_takes(quiet: Living):
    golive(quiet, date(2026, 11, 23))
    days(quiet, "2026-11-23")
    quiet.go("2026-12-01 10:00")
    quiet.press("maria", "open_keep", "Older Oaks", channel=quiet.managers_channel)
    quiet.submit("maria", reason={"value": "A big one"}, when={"value": "friday"})
    quiet.press("maria", "move_out_now", "Old Oak Inn", channel=quiet.managers_channel)
    quiet.clock.let_pass(timedelta(seconds=20))
    quiet.deliver()
    messages = quiet.messages("maria", quiet.managers_channel)
    (review,) = [message for message in messages if "To review" in words(message)]
    assert "All decided." in words(review) and "2 decided" in words(review)
    assert "Ben Stone · until Fri 4 Dec · A big one" in words(review) and "by Maria" in words(review)
    quiet.press("maria", "take_back_keep", "Older Oaks", channel=quiet.managers_channel)
    quiet.clock.let_pass(timedelta(seconds=20))
    quiet.deliver()
    messages = quiet.messages("maria", quiet.managers_channel)
    (review,) = [message for message in messages if "To review" in words(message)]
    assert "1 account to decide" in words(review) and "1 decided" in words(review)
    quiet.press("maria", "open_keep", "Older Oaks", channel=quiet.managers_channel)
    quiet.submit("maria", reason={"value": "A big one"}, when={"value": "friday"})
    stages = {deal["dealname"]: deal["dealstage"] for deal in quiet.records("deals")}
    assert stages["Old Oak Inn"] == "renewal_moved_out" and stages["Older Oaks"] == "renewal_put_out"
    days(quiet, "2026-12-07")  # kept until Friday: from now on it is an account like any other
    stages = {deal["dealname"]: deal["dealstage"] for deal in quiet.records("deals")}
    assert stages["Older Oaks"] == "renewal_moved_out"


def test_an_old_deal_that_turns_up_later_joins_the_list(quiet: Living):
    golive(quiet, date(2026, 11, 23))
    days(quiet, "2026-11-23")
    quiet.account("Found Farm", date(2026, 7, 1))
    days(quiet, "2026-11-24")
    (review,) = [
        message
        for message in quiet.messages("maria", quiet.managers_channel)
        if "To review" in message["text"]
    ]
    assert "Found Farm" in words(review) and "Old Oak Inn" in words(review)


def test_the_preview_is_of_that_morning_whenever_it_is_looked_at(quiet: Living):
    quiet.tick("people", "sync")
    quiet.go("2026-11-21 20:00")  # a Saturday evening: nothing is due now
    first = preview(quiet.assistant.work, date(2026, 11, 23))
    ana, ben = (next(rep for rep in first.reps if rep.rep == name) for name in ("Ana Reyes", "Ben Stone"))
    assert (ana.on, ana.reachable) == (date(2026, 11, 23), True)
    quiet.go("2026-11-23 08:30")
    golive(quiet, date(2026, 11, 23))
    quiet.tick("mornings")
    (message,) = quiet.messages("ana")
    assert f"{ana.due} accounts, {ana.late} late" in words(message)
    assert all(account in words(message) for account in ana.first)
    assert ben.due == 1
    assert (first.past_day_30, first.without_owner) == (2, 1)


def test_who_is_off_on_that_day_is_previewed_on_their_first_working_day(quiet: Living):
    quiet.tick("people", "sync")
    first = preview(quiet.assistant.work, date(2026, 11, 26))  # Thanksgiving
    assert {rep.on for rep in first.reps} == {date(2026, 11, 27)}

"""During the day: what is said unasked, when, to whom and once - and nothing else (issue "The morning", section 4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.living import NEW_YORK, Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 19)  # day 5 on Monday
EVERY_JOB = ("move_outs", "mornings", "manager_mornings", "during_day", "reminders")


def morning(team: Living) -> None:
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")


def at(team: Living, local: str, *, sync: bool = False) -> None:
    """A wall time of Monday 23 Nov, or of the date that is given; the day is looked at, HubSpot when asked for."""
    team.go(local if len(local) > 5 else f"2026-11-23 {local}")
    team.tick(*(["sync"] if sync else []), "mornings", "during_day")


def heads(team: Living, who: str = "ana") -> list[str]:
    """The first line of each message a person has got."""
    return [words(message).splitlines()[0] for message in team.messages(who)]


def change(team: Living, deal_id: str, **properties: Any) -> None:
    """Somebody edits the deal in HubSpot."""
    path = f"/control/crm/deals/{deal_id}"
    team.http.patch(path, json={"properties": properties}).raise_for_status()


def test_an_account_put_out_after_the_digest_is_told_and_the_next_ones_together(team: Living):
    morning(team)
    at(team, "10:01")
    assert len(heads(team)) == 1
    team.account("Acme Dental", MONDAY)
    at(team, "10:03", sync=True)
    assert heads(team)[1:] == ["New accounts for you: 1 account"]
    assert "First call (1 of 2)" in words(team.messages("ana")[1])
    team.account("Bay Bakery", MONDAY)
    at(team, "10:05", sync=True)
    team.account("Corner Cafe", MONDAY)
    at(team, "10:09", sync=True)
    assert len(heads(team)) == 2  # they wait for the others of this quarter of an hour
    at(team, "10:15")
    assert heads(team)[2:] == ["New accounts for you: 2 accounts"]
    told = words(team.messages("ana")[2])
    assert "Bay Bakery" in told and "Corner Cafe" in told and "Acme Dental" not in told
    for later in ("10:16", "10:30", "12:00", "17:00"):
        at(team, later)
    new = [head for head in heads(team) if head.startswith("New")]
    assert len(new) == 2


def test_a_reassigned_account_is_told_to_the_new_rep_and_leaves_the_old_ones_list(team: Living):
    deal = team.account("Acme Dental", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:30", "Europe/London")
    team.tick("mornings")
    at(team, "08:30")
    assert "nothing is due" in team.seen("ana")
    change(team, deal, hubspot_owner_id=team.owners["ana"])
    at(team, "09:10", sync=True)
    assert heads(team)[1:] == ["New accounts for you: 1 account"]
    (his,) = team.messages("ben")
    assert "~Acme Dental~ · moved to Ana Reyes" in words(his)
    assert "No answer" not in words(his)


def test_a_button_of_an_account_that_was_reassigned_changes_nothing_and_shows_where_it_went(team: Living):
    deal = team.account("Acme Dental", MONDAY)
    morning(team)
    (digest,) = team.messages("ana")
    button = next(block for block in digest["blocks"] if block["type"] == "actions")
    pressed = next(one for one in button["elements"] if one["action_id"] == "log_call:no_answer")
    change(team, deal, hubspot_owner_id=team.owners["ben"])
    at(team, "09:10", sync=True)
    team.act(
        "ana",
        {"type": "message", "channel": team.dm("ana"), "ts": digest["ts"]},
        button["block_id"],
        pressed["action_id"],
        value={"type": "button", "value": pressed["value"]},
        forge=True,
    )
    team.let_undo_pass()
    assert team.records("calls") == []
    seen = team.messages("ana")
    assert "not in your book" in words(seen[-1]) and seen[-1]["ephemeral"]
    assert "moved to Ben Stone" in words(seen[0])


@pytest.mark.parametrize("when", ["2026-11-23 17:31", "2026-11-23 22:00", "2026-11-24 07:59"])
def test_outside_working_hours_nobody_hears_of_a_new_account_before_the_next_morning(team: Living, when: str):
    morning(team)
    team.go(when)
    team.account("Acme Dental", datetime.fromisoformat(when).date())
    at(team, when, sync=True)
    assert len(heads(team)) == 1
    at(team, "2026-11-24 08:30")
    at(team, "2026-11-24 08:46")
    assert len(heads(team)) == 2
    assert "Acme Dental" in words(team.messages("ana")[1])


def test_on_a_day_off_nobody_hears_of_a_new_account(team: Living):
    at(team, "2026-11-26 08:31")  # Thanksgiving
    team.account("Acme Dental", date(2026, 11, 26))
    at(team, "2026-11-26 10:00", sync=True)
    assert heads(team) == []
    at(team, "2026-11-27 08:30")
    (digest,) = team.messages("ana")
    assert "Acme Dental" in words(digest)


def test_a_second_call_comes_at_its_hour_as_a_message_of_its_own_and_clears_the_stale_row(team: Living):
    team.account("Acme Dental", THURSDAY)
    team.account("Bay Bakery", THURSDAY)
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    team.press("ana", "log_call:left_voicemail", "Bay")
    (digest,) = team.messages("ana")
    assert words(digest).count("Second call today (2 of 2)* · from 11:30") == 2
    at(team, "11:29")
    assert len(heads(team)) == 1
    at(team, "11:31")
    (digest, second) = team.messages("ana")
    assert words(second).startswith("Second calls due now: 2 accounts")
    assert words(digest).count("second call: in the newer message below") == 2
    assert "No answer\n" not in words(digest)
    team.press("ana", "log_call:no_answer", "Acme")
    at(team, "11:46")
    at(team, "13:00")
    assert len(heads(team)) == 2
    team.let_undo_pass()
    assert len(team.records("calls")) == 3


def test_a_second_call_made_before_its_hour_is_not_asked_for(team: Living):
    team.account("Acme Dental", THURSDAY)
    morning(team)
    team.press("ana", "log_call:no_answer", "Acme")
    assert "Logged" in team.command("ana", "log acme busy") or "Busy" in team.seen("ana")
    at(team, "11:45")
    assert [head for head in heads(team) if head.startswith("Second")] == []


def test_a_return_that_no_morning_told_is_told_in_the_day(team: Living):
    team.account("Acme Dental", THURSDAY)
    morning(team)
    team.command("ana", "defer acme until wednesday: on holiday")
    at(team, "2026-11-25 13:05")  # the assistant slept through the morning
    assert heads(team)[-1].startswith("Back from a deferral: 1 account")
    assert "Call back as agreed" in words(team.messages("ana")[-1])
    before = len(heads(team))
    at(team, "2026-11-25 13:30")
    assert len(heads(team)) == before


def test_a_return_is_in_the_mornings_message_and_not_told_again(team: Living):
    team.account("Acme Dental", THURSDAY)
    morning(team)
    team.command("ana", "defer acme until wednesday: on holiday")
    before = len(team.messages("ana"))
    at(team, "2026-11-24 08:30")
    assert "nothing is due today" in team.messages("ana")[-1]["text"]
    at(team, "2026-11-25 08:30")
    at(team, "2026-11-25 11:00")
    assert len(team.messages("ana")) == before + 2
    assert "Call back as agreed* · back from a deferral" in words(team.messages("ana")[-1])


def test_a_site_that_goes_down_on_a_saturday_night_is_told_at_once(team: Living):
    deal = team.account("Acme Dental", date(2026, 10, 20), renewal_expiration_date="2026-11-01")
    other = team.account("Bay Bakery", date(2026, 10, 20), renewal_expiration_date="2026-11-01")
    team.tick("sync")
    at(team, "2026-11-28 08:31")
    assert heads(team) == []
    change(team, deal, site_taken_down_at="2026-11-29T03:10:00Z")
    at(team, "2026-11-28 22:12", sync=True)
    assert heads(team) == ["Site down: contact the customer now"]
    assert "contact the customer now" in team.messages("ana")[0]["text"]
    for quiet in ("2026-11-28 22:30", "2026-11-28 23:59", "2026-11-29 00:01", "2026-11-29 09:00"):
        at(team, quiet)
    assert len(heads(team)) == 1
    change(team, other, site_taken_down_at="2026-11-29T15:00:00Z")
    at(team, "2026-11-29 10:01", sync=True)
    assert len(heads(team)) == 2
    assert "Acme" not in words(team.messages("ana")[1])
    team.press("ana", "log_call:no_answer", "Bay")
    assert "Site down, email the customer now" in words(team.messages("ana")[1])
    team.press("ana", "log_email", "Bay")
    assert "contact the customer now*" not in words(team.messages("ana")[1])
    at(team, "2026-11-30 08:30")
    at(team, "2026-11-30 09:30")
    assert len(heads(team)) == 3
    assert "Site down, contact the customer now" in words(team.messages("ana")[2])


def test_a_site_that_goes_down_while_the_account_stands_in_the_digest_is_told_all_the_same(team: Living):
    deal = team.account("Acme Dental", THURSDAY)
    morning(team)
    assert "Acme Dental" in team.seen("ana")
    change(team, deal, site_taken_down_at="2026-11-23T15:10:00Z")
    at(team, "10:11", sync=True)
    at(team, "10:12")
    (told,) = heads(team)[1:]
    assert told.startswith("Site down: contact the customer now")


def test_a_site_that_was_down_in_the_morning_is_not_told_again_at_midnight(team: Living):
    team.account("Acme Dental", THURSDAY, site_taken_down_at="2026-11-22T12:10:00Z")
    morning(team)
    assert "contact the customer now" in team.seen("ana")
    for quiet in ("09:00", "23:59", "2026-11-24 00:01", "2026-11-24 07:30"):
        at(team, quiet)
    assert len(heads(team)) == 1


def test_a_put_out_day_still_blank_is_told_one_hour_before_the_day_ends(team: Living):
    team.account("Acme Dental", MONDAY)
    team.account("Bay Bakery", MONDAY)
    team.account("Corner Cafe", MONDAY)
    team.account("Weekend Wines", date(2026, 11, 21))  # Saturday: its day is the Monday
    morning(team)
    team.press("ana", "log_review", "Bay")
    team.command("ana", "defer corner until friday: closed for repairs")
    at(team, "16:29")
    assert [head for head in heads(team) if "blank" in head] == []
    at(team, "16:31")
    assert heads(team)[-1] == "Put out and still blank: 2 accounts"
    told = words(team.messages("ana")[-1])
    assert "Acme Dental" in told and "Weekend Wines" in told
    assert "Bay Bakery" not in told and "Corner Cafe" not in told
    team.press("ana", "log_call:no_answer", "Acme")
    at(team, "17:20")
    at(team, "18:00")
    assert len([head for head in heads(team) if "blank" in head]) == 1
    assert "1 done" in heads(team)[-1] or "No answer 16:3" in words(team.messages("ana")[-1])


def test_put_out_days_before_going_live_are_never_called_blank(database_url: str):
    from bot.services.runs.go_live import approve

    with living(database_url) as team:
        team.account("Weekend Wines", date(2026, 11, 21))
        approve(team.assistant.work, MONDAY, "test", team.clock.now())
        morning(team)
        at(team, "16:45")
        assert len(heads(team)) == 1


def test_a_whole_day_in_quarters_of_an_hour_says_each_thing_once_and_nothing_else(database_url: str):
    with living(database_url, "2026-11-23 00:00") as team:
        team.account("Put Out Today", MONDAY)
        team.account("Day Five", THURSDAY)
        team.account("Very Late", date(2026, 11, 2))
        team.account("Not Yet", date(2026, 12, 7))
        team.account("Away", date(2026, 11, 17))
        team.account("Theirs", MONDAY, owner="ben")
        start = datetime(2026, 11, 23, tzinfo=ZoneInfo(NEW_YORK))
        heard: list[tuple[str, str]] = []
        for step in range(96):
            now = start + timedelta(minutes=15 * step)
            clock = f"{now:%H:%M}"
            team.world.clock.set(now)
            if clock == "10:00":
                team.account("Put Out Later", MONDAY)
            before = len(team.messages("ana"))
            team.tick(*(["sync"] if clock in ("00:00", "10:00") else []), *EVERY_JOB)
            heard += [(clock, head) for head in heads(team)[before:]]
            if clock == "08:45":
                team.world.clock.set(now + timedelta(minutes=5))  # three hours on it is 11:50, on no quarter
                team.press("ana", "log_call:no_answer", "Day Five")
                team.press("ana", "log_call:no_answer", "Very Late")
        assert heard == [
            ("08:30", "Mon 23 Nov: 4 accounts, 3 late"),
            ("10:00", "New accounts for you: 1 account"),
            ("12:00", "Second calls due now: 1 account, 1 late"),
            ("16:30", "Put out and still blank: 2 accounts"),
        ]
        assert len(team.messages("maria", team.managers_channel)) == 1

"""What a team changes in its playbook file is what happens, for each setting that no pure rule reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.living import Living, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
MISSING = "Logged as sent, but not found in HubSpot"


def morning(team: Living, day: int, hour: str = "08:30") -> None:
    team.go(f"2026-11-{day} {hour}")
    team.tick("sync", "mornings", "manager_mornings")


def of_ana(team: Living) -> str:
    return words(team.messages("ana")[-1])


def of_manager(team: Living) -> str:
    return words(team.messages("maria", team.managers_channel)[-1])


def test_the_hours_of_the_morning_the_batches_of_the_day_and_undo(database_url: str) -> None:
    other = {"digest_at": time(9, 15), "digest_until": time(10), "in_day_batch_minutes": 60}
    with living(database_url, undo_seconds=60, policy=other) as team:
        team.account("Acme Dental", MONDAY)
        for hour in ("08:30", "09:14"):
            morning(team, 23, hour)
            assert team.messages("ana") == team.messages("maria", team.managers_channel) == []
        morning(team, 23, "09:15")
        assert len(team.messages("ana")) == len(team.messages("maria", team.managers_channel)) == 1

        team.press("ana", "log_call:no_answer", "Acme")
        for wait, calls in ((50, 0), (11, 1)):
            team.clock.let_pass(timedelta(seconds=wait))
            team.deliver()
            assert len(team.records("calls")) == calls

        for hour, name, told in (
            ("10:05", "Bay Bakery", 2),
            ("10:55", "Cap Cafe", 2),
            ("11:05", "Dot Deli", 3),
        ):
            team.account(name, MONDAY)
            team.go(f"2026-11-23 {hour}")
            team.tick("sync", "during_day")
            assert len(team.messages("ana")) == told, hour
        assert "Cap Cafe" in of_ana(team) and "Dot Deli" in of_ana(team)

        morning(team, 24, "10:00")  # asleep until then
        assert len(team.messages("ana")) == 3


def test_emails_that_nobody_tracks_are_written_by_the_assistant(database_url: str) -> None:
    with living(database_url, policy={"email_tracking": "off"}) as team:
        team.account("Acme Dental", MONDAY)
        morning(team, 23)
        team.press("ana", "log_call:no_answer", "Acme")
        team.press("ana", "log_email", "Acme")
        team.let_undo_pass()
        (email,) = team.records("emails")
        assert email["hubspot_owner_id"] == team.owners["ana"] and email["hs_email_direction"] == "EMAIL"
        for day in (24, 25, 27):
            morning(team, day)
            assert MISSING not in of_ana(team) + of_manager(team)  # nothing is waited for


def test_how_long_a_tracked_email_is_waited_for(database_url: str) -> None:
    with living(database_url, policy={"email_match_hours": 2, "untracked_manager_working_days": 0}) as team:
        team.account("Acme Dental", MONDAY)
        morning(team, 23)
        team.press("ana", "log_call:no_answer", "Acme")
        team.press("ana", "log_email", "Acme")
        team.let_undo_pass()
        three_hours_later = {
            "hs_timestamp": datetime(2026, 11, 23, 16, 30, tzinfo=UTC).isoformat(),
            "hs_email_direction": "EMAIL",
            "hs_email_subject": "Renewal",
            "hubspot_owner_id": team.owners["ana"],
        }
        (deal,) = team.records("deals")
        body = {"type": "emails", "deal_id": deal["id"], "properties": three_hours_later}
        team.go("2026-11-23 12:00")
        team.http.post("/control/crm/engagements", json=body).raise_for_status()
        morning(team, 24)  # that one is another email
        for said in (of_ana(team), of_manager(team)):
            assert "Acme Dental" in said.partition(MISSING)[2]

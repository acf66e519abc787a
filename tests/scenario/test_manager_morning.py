"""The manager channel each morning (issue "The morning", section 4; PLAYBOOK 2 and 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.config import Config, Team
from tests.living import Living, email, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


def list_of(team: Living, channel: str | None = None) -> str:
    """What the manager's newest message says, once the pause between two redraws is over."""
    team.clock.let_pass(timedelta(seconds=5))
    team.deliver()
    messages = team.messages("maria", channel or team.managers_channel)
    assert messages, "nothing was posted"
    return words(messages[-1])


def mornings_of(team: Living, channel: str | None = None) -> int:
    return len(team.messages("maria", channel or team.managers_channel))


def test_overdue_by_rep_oldest_first_with_how_long_and_why_once_per_working_morning(team: Living):
    team.account("Bay Bakery", date(2026, 11, 9))
    team.account("Old Oak Inn", date(2026, 10, 29))
    team.account("Cafe Ciel", date(2026, 11, 18), owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:29")
    team.tick("manager_mornings")
    assert mornings_of(team) == 0
    team.go("2026-11-23 08:30")
    team.tick("manager_mornings", "manager_mornings")
    team.another_assistant().sender.drain()
    assert mornings_of(team) == 1
    text = list_of(team)
    assert text.index("Overdue: Ana Reyes (2)") < text.index("Old Oak Inn") < text.index("Bay Bakery")
    assert text.index("Bay Bakery") < text.index("Overdue: Ben Stone (1)") < text.index("Cafe Ciel")
    assert "Bay Bakery* · final call · since Mon 9 Nov (9 working days late) · nothing logged yet" in text
    team.go("2026-11-24 08:31")
    team.tick("manager_mornings")
    assert mornings_of(team) == 2
    for day_off in ("2026-11-26", "2026-11-28"):  # Thanksgiving, a Saturday
        team.go(f"{day_off} 09:00")
        team.tick("manager_mornings")
    assert mornings_of(team) == 2


def test_why_names_the_last_thing_the_rep_did(team: Living):
    team.account("Bay Bakery", date(2026, 11, 16))
    team.tick("sync")
    team.go("2026-11-23 09:00")
    team.tick("mornings")
    team.press("ana", "log_call:left_voicemail", "Bay")
    team.go("2026-11-30 08:30")
    team.tick("manager_mornings")
    assert "last: left voicemail, Mon 23 Nov" in list_of(team)


def test_an_entry_goes_as_it_is_cleared(team: Living):
    team.account("Bay Bakery", date(2026, 11, 16))
    team.account("Cafe Ciel", date(2026, 11, 16))
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    assert "2 overdue" in list_of(team)
    team.press("ana", "log_call:no_answer", "Bay")
    text = list_of(team)
    assert "Bay Bakery" not in text and "1 cleared since this morning" in text and "Cafe Ciel" in text


def test_a_blank_put_out_day_is_told_once_on_the_next_working_morning(team: Living):
    team.account("Acme Dental", MONDAY)
    team.account("Noted Nook", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")
    assert "No activity" not in list_of(team)
    team.press("ana", "log_call:no_answer", "Noted")
    team.go("2026-11-24 08:30")
    team.tick("manager_mornings")
    blank = list_of(team).partition("No activity on the put-out day")[2]
    assert "Acme Dental* · Ana Reyes · put out Mon 23 Nov" in blank and "Noted" not in blank
    team.go("2026-11-25 08:30")
    team.tick("manager_mornings")
    assert "No activity" not in list_of(team)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Australia/Sydney", "Europe/London"])
def test_a_blank_put_out_day_is_told_once_whatever_lies_between_the_zones(database_url: str, zone: str):
    """In Honolulu the rep's day has ended before the manager's begins, in Sydney it has not begun."""
    with living(database_url, "2026-11-16 01:00") as team:
        team.world.slack.people[team.ids["maria"]].tz = zone
        team.account("Acme Dental", date(2026, 11, 17))
        team.tick("people", "sync")
        told = 0
        for day in range(17, 26):
            for hour in range(0, 24, 2):
                team.go(f"2026-11-{day} {hour:02}:40")
                team.tick("manager_mornings")
        for message in team.messages("maria", team.managers_channel):
            told += "No activity on the put-out day" in words(message)
        assert told == 1


def test_the_list_comes_at_the_managers_own_hour(database_url: str):
    with living(database_url, "2026-11-23 00:00") as team:
        team.world.slack.people[team.ids["maria"]].tz = "Asia/Tokyo"
        team.tick("people", "sync")
        team.go("2026-11-24 08:29", "Asia/Tokyo")
        team.tick("manager_mornings")
        assert mornings_of(team) == 0
        team.go("2026-11-24 08:30", "Asia/Tokyo")
        team.tick("manager_mornings")
        assert "Tue 24 Nov" in list_of(team)


def test_a_manager_asleep_bot_tells_on_waking_and_nothing_is_lost_in_between(team: Living):
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("manager_mornings")
    team.go("2026-11-25 15:00")  # slept through Tuesday, and Wednesday's morning
    team.tick("manager_mornings")
    assert mornings_of(team) == 2
    assert "Acme Dental" in list_of(team).partition("No activity on the put-out day")[2]


def test_each_team_hears_of_its_own_in_its_own_channel(database_url: str):
    def two_teams(team: Living, usual: Config) -> Config:
        east, other = usual.teams
        return replace(
            usual,
            teams=(replace(east, reps=(email("ana"),)), replace(other, reps=(email("ben"),))),
        )

    with living(database_url, config=two_teams) as team:
        team.account("Bay Bakery", date(2026, 11, 9))
        team.account("Cafe Ciel", date(2026, 11, 9), owner="ben")
        team.tick("sync")
        team.go("2026-11-23 08:30")
        team.tick("manager_mornings")
        assert "Bay Bakery" in list_of(team) and "Cafe Ciel" not in list_of(team)
        others = list_of(team, team.others_channel)
        assert "Cafe Ciel" in others and "Bay Bakery" not in others


def test_two_teams_in_one_channel_get_a_list_each(database_url: str):
    def one_channel(team: Living, usual: Config) -> Config:
        return replace(
            usual,
            teams=(
                Team("East", team.managers_channel, (email("maria"),), (email("ana"),)),
                Team("West", team.managers_channel, (email("olga"),), (email("ben"),)),
            ),
        )

    with living(database_url, config=one_channel) as team:
        team.tick("sync")
        for day in ("2026-11-23", "2026-11-24"):
            team.go(f"{day} 08:30")
            team.tick("manager_mornings", "manager_mornings")
        posted = [message["text"].split(":")[0] for message in team.messages("maria", team.managers_channel)]
        assert sorted(posted) == ["East", "East", "West", "West"]


def test_reps_who_cannot_be_told_stand_on_the_list_the_same_morning(team: Living):
    team.account("Bay Bakery", MONDAY)
    team.account("Cafe Ciel", MONDAY, owner="ben")
    team.tick("sync")
    team.world.slack.deactivate(team.ids["ben"])
    team.go("2026-11-23 08:30")
    team.tick("people", "mornings", "manager_mornings")
    text = list_of(team)
    assert (
        "Ben Stone: deactivated in Slack. Due there: Cafe Ciel" in text and "accounts nobody hears of" in text
    )
    assert "Bay Bakery" not in text
    team.world.slack.reactivate(team.ids["ben"])
    team.tick("people")
    team.go("2026-11-24 08:30")
    team.tick("manager_mornings")
    assert "deactivated" not in list_of(team)


def test_renewals_without_an_owner_stand_on_the_list(team: Living):
    team.account("Lost Lodge", date(2026, 11, 16), hubspot_owner_id="")
    team.account("Later Ltd", date(2026, 12, 16), hubspot_owner_id="")
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("manager_mornings")
    assert "No owner whom we know in Slack, so name one in HubSpot: Lost Lodge\n" in list_of(team) + "\n"


def test_a_deactivated_first_manager_hands_the_morning_to_the_next(database_url: str):
    def two_managers(team: Living, usual: Config) -> Config:
        team.world.slack.people[team.ids["maria"]].tz = "Asia/Tokyo"
        east, other = usual.teams
        return replace(usual, teams=(replace(east, managers=(email("maria"), email("walt"))), other))

    with living(database_url, "2026-11-23 07:00", config=two_managers) as team:
        team.world.slack.deactivate(team.ids["maria"])
        team.tick("people", "sync", "manager_mornings")
        assert len(team.messages("walt", team.managers_channel)) == 0  # 21:00 in Tokyo
        team.go("2026-11-23 08:30")
        team.tick("manager_mornings")
        assert len(team.messages("walt", team.managers_channel)) == 1


def test_the_department_manager_hears_of_a_missing_report(team: Living):
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    team.press("ana", "report_missing", "Acme")
    assert "Report missing for" in team.seen("walt") and "Ana Reyes cannot finish" in team.seen("walt")
    assert "Account review" in team.seen("ana")  # still due

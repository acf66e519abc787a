"""PLAYBOOK 2 and 4: what is due on a working day in outreach, and since when."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

REVIEWED = "11-02 09:00 review"
TRIED = "11-02 10:00 call no_answer"


class TestDays1To3:
    def test_review_and_call_then_email(self, desk):
        assert desk.due("11-02 08:30") == ["review since 11-02", "opening_call 1/2 since 11-02"]
        assert desk.facts(REVIEWED, TRIED).due("11-02 11:00") == ["opening_email 2/2 since 11-02"]
        assert desk.facts(REVIEWED, TRIED, "11-02 11:00 email").due("11-02 12:00") == []

    def test_an_email_before_the_call_is_the_day_s_email(self, desk):
        assert desk.facts(REVIEWED, "11-02 09:30 email", TRIED).due("11-02 11:00") == []

    def test_a_call_every_day(self, desk):
        assert desk.facts(REVIEWED, TRIED).due("11-04 09:00") == ["opening_call 1/2 since 11-03"]

    def test_the_review_stays_through_day_7(self, desk):
        desk = desk.put_out("11-03").facts("11-03 10:00 call busy")
        assert "review since 11-03" in desk.due("11-09 09:00")
        assert "review since 11-03" not in desk.due("11-10 09:00")

    def test_put_out_on_a_day_off_it_begins_on_the_next_working_day(self, desk):
        desk = desk.put_out("10-31")
        assert desk.due("10-31 12:00") == desk.due("11-01 12:00") == []
        assert desk.due("11-02 09:00") == ["review since 11-02", "opening_call 1/2 since 11-02"]


class TestDays4To7:
    def test_two_calls_the_second_three_hours_later(self, desk):
        desk = desk.facts(REVIEWED, TRIED, "11-04 10:00 email")
        assert desk.due("11-05 09:00") == ["follow_up_call 1/2 since 11-05"]
        desk = desk.facts("11-05 09:40 call busy")
        assert desk.due("11-05 10:00") == ["second_call 2/2 since 11-05 from 12:40-0500"]
        assert desk.facts("11-05 13:00 call busy").due("11-05 14:00") == []

    def test_an_email_does_not_stand_in_for_the_second_call(self, desk):
        desk = desk.facts(REVIEWED, "11-05 09:40 call busy", "11-05 09:50 email")
        assert desk.due("11-05 10:00") == ["second_call 2/2 since 11-05 from 12:40-0500"]

    def test_not_later_than_an_hour_before_the_day_ends(self, desk):
        desk = desk.facts(REVIEWED, "11-05 15:00 call busy")
        assert desk.due("11-05 15:10") == ["second_call 2/2 since 11-05 from 16:30-0500"]

    def test_never_before_the_first_call(self, desk):
        desk = desk.facts(REVIEWED, "11-05 17:10 call busy")
        assert desk.due("11-05 17:20") == ["second_call 2/2 since 11-05 from 17:10-0500"]

    def test_the_hours_are_settings(self, desk):
        desk = desk.facts(REVIEWED, "11-05 09:00 call busy").with_policy(second_call_after_hours=1.5)
        assert desk.due("11-05 09:10") == ["second_call 2/2 since 11-05 from 10:30-0500"]
        desk = desk.with_policy(second_call_after_hours=12, second_call_before_day_end_hours=2)
        assert desk.due("11-05 09:10") == ["second_call 2/2 since 11-05 from 15:30-0500"]

    def test_no_call_ever_made_it_is_still_the_opening_call(self, desk):
        assert desk.facts(REVIEWED).due("11-05 09:00") == ["opening_call 1/2 since 11-02"]

    def test_hours_are_elapsed_time_when_clocks_go_forward(self, desk):
        # Clocks in Berlin jumped from 02:00 to 03:00 on 29 March 2026.
        desk = desk.with_calendar(tz=ZoneInfo("Europe/Berlin"), workdays=frozenset({6}), day_ends=time(23))
        desk = desk.put_out("03-24").facts("03-24 09:00 review", "03-29 01:30 call busy")
        assert desk.due("03-29 01:40") == ["second_call 2/2 since 03-29 from 05:30+0200"]


class TestOneContactADay:
    """`contacts_per_day = 1`: no slot 2."""

    def test_no_opening_email(self, desk):
        desk = desk.with_policy(contacts_per_day=1).facts(REVIEWED)
        assert desk.due("11-02 09:30") == ["opening_call 1/1 since 11-02"]
        assert desk.facts(TRIED).due("11-02 11:00") == []

    def test_no_second_call(self, desk):
        desk = desk.with_policy(contacts_per_day=1).facts(REVIEWED, TRIED)
        assert desk.due("11-05 09:00") == ["follow_up_call 1/1 since 11-03"]
        assert desk.facts("11-05 09:00 call busy").due("11-05 12:00") == []

    def test_the_weekly_rhythm_is_the_same(self, desk):
        desk = desk.with_policy(contacts_per_day=1).facts(TRIED, "11-09 10:00 call busy")
        assert desk.due("11-09 11:00") == ["follow_up_email since 11-09"]


class TestDays8To28:
    def test_three_calls_spread_over_the_week(self, desk):
        desk = desk.facts(TRIED, "11-06 10:00 email")
        planned = {}
        for day in ("11-09", "11-10", "11-11", "11-12", "11-13"):
            planned[day] = desk.due(f"{day} 09:00")
            if planned[day]:
                desk = desk.facts(f"{day} 10:00 call busy", f"{day} 10:05 email")
        assert planned == {
            "11-09": ["weekly_call 1/3 since 11-09"],
            "11-10": [],
            "11-11": ["weekly_call 2/3 since 11-11"],
            "11-12": [],
            "11-13": ["weekly_call 3/3 since 11-13"],
        }

    @pytest.mark.parametrize(
        ("per_week", "days"),
        [
            (1, ["11-09"]),
            (2, ["11-09", "11-13"]),
            (3, ["11-09", "11-11", "11-13"]),
            (4, ["11-09", "11-10", "11-12", "11-13"]),
            (5, ["11-09", "11-10", "11-11", "11-12", "11-13"]),
        ],
    )
    def test_how_many_is_a_setting(self, desk, per_week, days):
        desk = desk.facts(TRIED, "11-06 10:00 email").with_policy(calls_per_week=per_week)
        due = []
        for day in ("11-09", "11-10", "11-11", "11-12", "11-13", "11-14", "11-15"):
            if desk.due(f"{day} 09:00"):
                due.append(day)
                desk = desk.facts(f"{day} 10:00 call busy")
        assert due == days

    def test_no_more_than_there_are_working_days(self, desk):
        desk = desk.facts(TRIED, "11-06 10:00 email").away("11-09", "11-12")
        assert desk.due("11-13 09:00") == ["weekly_call 1/1 since 11-13"]

    def test_calls_on_days_off_and_two_on_a_day_count_once_a_day(self, desk):
        desk = desk.put_out("11-06").facts("11-06 09:00 call busy")
        desk = desk.facts("11-14 09:00 call busy", "11-14 10:00 call busy", "11-15 10:00 email")
        # The playbook week runs from Friday 13; planned are Friday, Tuesday and Thursday.
        assert desk.due("11-16 09:00") == []
        assert desk.due("11-17 09:00") == ["weekly_call 2/3 since 11-17"]

    def test_a_call_asks_for_an_email_the_same_day(self, desk):
        desk = desk.facts(TRIED, "11-09 10:00 call busy")
        assert desk.due("11-09 11:00") == ["follow_up_email since 11-09"]
        assert desk.facts("11-09 11:30 email").due("11-09 12:00") == []
        assert desk.due("11-10 09:00") == []

    def test_nothing_more_after_day_28(self, desk):
        desk = desk.facts(TRIED, "11-16 10:00 call busy", "11-16 11:00 cancellation_email")
        desk = desk.with_run(hosts_site=False)
        assert desk.due("11-27 09:00") == ["weekly_call 1/3 since 11-18"]
        assert desk.due("11-30 09:00") == []
        assert desk.facts("11-30 10:00 call busy").due("11-30 11:00") == []


class TestDueOn:
    """Since when the account lies untouched."""

    def test_missed_days_collapse_into_one_call(self, desk):
        assert desk.facts(REVIEWED).due("11-06 09:00") == ["opening_call 1/2 since 11-02"]

    @pytest.mark.parametrize("attempt", ["email", "call busy"])
    def test_an_attempt_starts_it_anew(self, desk, attempt):
        desk = desk.facts(REVIEWED, TRIED, f"11-04 10:00 {attempt}")
        assert desk.due("11-06 09:00") == ["follow_up_call 1/2 since 11-05"]

    @pytest.mark.parametrize("other", ["note", "review", "site_down", "care_confirmed"])
    def test_what_reaches_nobody_does_not(self, desk, other):
        desk = desk.facts(REVIEWED, TRIED, f"11-04 10:00 {other}")
        assert "follow_up_call 1/2 since 11-03" in desk.due("11-06 09:00")

    def test_an_attempt_today_leaves_nothing_late(self, desk):
        desk = desk.facts(REVIEWED, TRIED, "11-06 08:00 email")
        assert desk.due("11-06 09:00") == ["follow_up_call 1/2 since 11-06"]

    def test_days_off_are_passed_over(self, desk):
        desk = desk.facts(REVIEWED, TRIED).away("11-03", "11-04")
        assert desk.due("11-06 09:00") == ["follow_up_call 1/2 since 11-05"]

    def test_a_deferral_keeps_its_days_from_counting(self, desk):
        # Deferred until Thursday, and that day an email went out.
        desk = desk.facts(REVIEWED, TRIED).deferred("11-02 11:00", "11-05").facts("11-05 10:00 email")
        assert desk.due("11-06 09:00") == ["follow_up_call 1/2 since 11-06"]

    def test_a_call_back_that_was_missed_is_late_since_its_date(self, desk):
        desk = desk.facts(TRIED, "11-09 10:00 call busy", "11-09 11:00 email")
        assert desk.deferred("11-09 12:00", "11-10").due("11-11 09:00") == ["callback since 11-10"]

    def test_the_week_that_was_missed(self, desk):
        desk = desk.facts(TRIED, "11-09 10:00 call busy")
        assert desk.due("11-13 09:00") == ["weekly_call 2/3 since 11-11"]

    def test_the_final_call_is_late_since_a_weekly_one(self, desk):
        desk = desk.facts(TRIED, "11-09 10:00 call busy")
        assert desk.due("11-17 09:00") == ["final_call since 11-11"]

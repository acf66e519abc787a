"""When a run is worth looking at again: quiet runs are passed over, and none is looked at too late."""

import pytest

TRIED = "11-02 10:00 call no_answer"


def test_today_while_something_is_due(desk):
    assert desk.next_look("11-02 08:30") == "11-02"


def test_an_open_run_at_the_latest_on_its_next_day_of_work(desk):
    desk = desk.facts("11-02 09:00 review", TRIED, "11-02 11:00 email")
    assert desk.next_look("11-02 12:00") == "11-03"
    assert desk.away("11-03", "11-04").next_look("11-02 12:00") == "11-05"


def test_before_the_put_out_date_on_its_first_working_day(desk):
    assert desk.next_look("10-20 12:00") == "11-02"
    assert desk.put_out("10-31").next_look("10-20 12:00") == "11-02"


def test_a_deferred_run_when_it_returns(desk):
    desk = desk.facts(TRIED).deferred("11-02 11:00", "11-18")
    assert desk.next_look("11-02 12:00") == "11-18"


def test_a_deferral_does_not_hide_the_move_out(desk):
    desk = desk.facts(TRIED).deferred("11-02 11:00", "12-18")
    assert desk.next_look("11-02 12:00") == "11-29"


def test_a_deferral_does_not_hide_a_put_out_day_without_trace(desk):
    assert desk.deferred("10-30 11:00", "11-18").next_look("10-30 12:00") == "11-02"


def test_nor_one_that_rolls_into_the_deferral(desk):
    desk = desk.put_out("10-31").deferred("10-30 11:00", "11-18")
    assert desk.next_look("10-31 12:00") == "11-02"


def test_a_call_back_that_rolls_comes_before_the_check_in(desk):
    desk = desk.stage("negotiation").facts("11-02 10:00 call connected", "11-06 10:00 email")
    assert desk.next_look("11-06 12:00") == "11-13"
    assert desk.deferred("11-06 11:00", "11-07").next_look("11-06 12:00") == "11-09"


def test_a_run_with_an_appointment_on_its_day(desk):
    desk = desk.facts(TRIED).meeting("11-20 15:00")
    assert desk.next_look("11-02 12:00") == "11-20"


def test_an_appointment_on_a_day_off_when_its_result_is_asked_for(desk):
    desk = desk.facts(TRIED).meeting("11-21 15:00")
    assert desk.next_look("11-02 12:00") == "11-23"


def test_an_appointment_past_day_30_exempts_until_then(desk):
    desk = desk.facts(TRIED).meeting("12-10 15:00")
    assert desk.next_look("11-02 12:00") == "12-10"


def test_an_appointment_within_a_deferral_exempts_until_it_is_over(desk):
    desk = desk.facts(TRIED).meeting("12-03 15:00").deferred("11-02 11:00", "12-18")
    assert desk.next_look("11-02 12:00") == "12-03"


def test_a_response_the_working_day_after(desk):
    assert desk.facts(TRIED, "11-06 11:00 reply").next_look("11-06 12:00") == "11-09"


def test_negotiation_at_its_check_in_also_past_day_30(desk):
    desk = desk.stage("negotiation").facts(TRIED, "11-30 10:00 call connected")
    assert desk.next_look("11-30 12:00") == "12-07"


def test_a_week_s_quota_reached_early(desk):
    desk = desk.facts(
        TRIED, *(f"11-{day} 10:00 {kind}" for day in ("09", "10", "11") for kind in ("call busy", "email"))
    )
    assert desk.next_look("11-11 12:00") == "11-16"


def test_from_day_28_on_every_day(desk):
    desk = desk.facts(TRIED, "11-16 10:00 call busy", "11-16 11:00 cancellation_email")
    desk = desk.with_run(hosts_site=False).facts("11-28 10:00 call busy")
    assert desk.next_look("11-28 12:00") == "11-29"
    assert desk.next_look("12-12 12:00") == "12-12"


@pytest.mark.parametrize("stage", ["won", "lost", "moved_out"])
def test_a_closed_run_never_again(desk, stage):
    assert desk.stage(stage).next_look("11-20 12:00") is None


def test_a_closed_run_whose_site_is_down_and_whose_customer_is_not_told(desk):
    desk = desk.stage("lost").facts("11-28 11:59 site_down")
    assert desk.next_look("11-28 12:00") == "11-28"
    assert desk.facts("11-28 12:10 email").next_look("11-28 12:30") is None


def test_a_fact_recorded_ahead_of_time_is_looked_at_when_it_comes(desk):
    desk = desk.facts(TRIED).deferred("11-02 11:00", "11-18").facts("11-10 09:00 reply")
    assert desk.next_look("11-02 12:00") == "11-10"
    desk = desk.with_run(activities=desk.run.activities[:1]).meeting("11-12 09:00", "held")
    assert desk.next_look("11-02 12:00") == "11-12"

"""PLAYBOOK 3: the state of a run, the first that fits, and what is due outside outreach."""

import pytest

REACHED = "11-04 10:00 call connected"
TRIED = "11-02 10:00 call no_answer"


@pytest.mark.parametrize("stage", ["won", "lost", "moved_out"])
def test_a_closed_run_has_nothing_to_do_and_no_gate(desk, stage):
    answer = desk.stage(stage).meeting("11-03 09:00").deferred("11-02 10:00", "12-01").look("11-30 18:00")
    assert (answer.state, answer.touches, answer.move_out) == ("closed", (), None)
    assert not answer.undocumented_put_out
    assert answer.playbook_day == 29


def test_closed_comes_before_not_started(desk):
    answer = desk.stage("won").look("11-01 12:00")
    assert (answer.state, answer.playbook_day) == ("closed", None)


def test_before_the_put_out_date_a_run_is_not_started(desk):
    answer = desk.meeting("11-05 09:00").look("11-01 23:59")
    assert (answer.state, answer.playbook_day, answer.move_out) == ("not_started", None, None)
    assert answer.touches == ()
    assert desk.look("11-02 00:00").state == "outreach"


def test_the_rep_s_zone_says_which_day_it_is(desk):
    assert desk.look("11-02 00:00").on.isoformat() == "2026-11-02"
    assert desk.look("11-01 23:59").on.isoformat() == "2026-11-01"


class TestTakedownContact:
    DOWN = "11-28 11:59 site_down"

    def test_is_due_on_a_day_off(self, desk):
        assert desk.facts(self.DOWN).due("11-28 12:00") == ["takedown_call since 11-28"]

    def test_comes_before_all_else_on_working_days(self, desk):
        desk = desk.facts("11-16 10:00 call busy", "11-16 11:00 cancellation_email", "11-24 09:00 site_down")
        assert desk.due("11-25 09:00") == ["takedown_call since 11-24", "weekly_call 1/3 since 11-18"]

    def test_an_unanswered_call_turns_it_into_an_email(self, desk):
        assert desk.facts(self.DOWN, "11-28 12:30 call busy").due("11-28 13:00") == [
            "takedown_email_notice since 11-28"
        ]

    @pytest.mark.parametrize("contact", ["call connected", "email", "cancellation_email", "takedown_email"])
    def test_contact_or_any_email_of_ours_ends_it(self, desk, contact):
        assert desk.facts(self.DOWN, f"11-28 12:30 {contact}").due("11-28 13:00") == []

    @pytest.mark.parametrize("other", ["reply", "note", "meeting_booked", "care_confirmed", "review"])
    def test_nothing_else_ends_it(self, desk, other):
        assert desk.facts(self.DOWN, f"11-28 12:30 {other}").due("11-28 13:00") == [
            "takedown_call since 11-28"
        ]

    def test_contact_at_the_same_instant_was_not_after_it(self, desk):
        for contact in ("email", "call busy", "call connected"):
            desk_then = desk.facts(self.DOWN, f"11-28 11:59 {contact}")
            assert desk_then.due("11-28 13:00") == ["takedown_call since 11-28"]

    def test_counts_from_the_last_time_the_site_went_down(self, desk):
        desk = desk.facts("11-21 09:00 site_down", "11-21 10:00 email", self.DOWN)
        assert desk.due("11-29 13:00") == ["takedown_call since 11-28"]

    @pytest.mark.parametrize(("stage", "due"), [("lost", 1), ("moved_out", 1), ("won", 0)])
    def test_holds_after_lost_and_moved_out_only(self, desk, stage, due):
        assert len(desk.stage(stage).facts(self.DOWN).due("12-01 13:00")) == due

    @pytest.mark.parametrize("state", ["deferred", "appointment"])
    def test_is_added_to_quiet_states(self, desk, state):
        desk = desk.facts(self.DOWN)
        desk = desk.deferred("11-27 09:00", "12-20") if state == "deferred" else desk.meeting("12-04 09:00")
        assert desk.look("11-30 09:00").state == state
        assert desk.due("11-30 09:00") == ["takedown_call since 11-28"]

    def test_is_never_the_call_that_becomes_the_call_back(self, desk):
        desk = desk.facts("11-27 11:59 site_down").deferred("11-27 10:00", "11-30")
        assert desk.due("11-30 09:00")[0] == "takedown_call since 11-27"
        assert "callback since 11-30" in desk.due("11-30 09:00")


class TestDeferral:
    def test_holds_until_its_date(self, desk):
        desk = desk.deferred("11-02 09:10", "11-04")
        assert desk.look("11-03 23:59").state == "deferred"
        assert desk.look("11-03 09:00").deferred_until.isoformat() == "2026-11-04"
        assert desk.due("11-03 09:00") == []
        assert desk.look("11-04 00:00").state == "outreach"
        assert desk.look("11-04 00:00").deferred_until is None

    def test_one_made_later_than_now_does_not_exist(self, desk):
        assert desk.deferred("11-03 09:10", "11-20").look("11-03 09:00").state == "outreach"

    def test_the_newest_counts_even_if_it_ends_sooner(self, desk):
        desk = desk.deferred("11-02 10:00", "11-04").deferred("11-02 09:00", "11-20")
        assert desk.look("11-05 09:00").state == "outreach"

    def test_of_two_made_at_once_the_later_in_the_list_is_newer(self, desk):
        first = desk.deferred("11-02 09:00", "11-04").deferred("11-02 09:00", "11-20")
        assert first.look("11-05 09:00").state == "deferred"
        second = desk.deferred("11-02 09:00", "11-20").deferred("11-02 09:00", "11-04")
        assert second.look("11-05 09:00").state == "outreach"

    def test_until_a_date_before_the_put_out_date_it_is_of_an_earlier_run(self, desk):
        old = desk.deferred("11-02 09:00", "11-20").deferred("11-02 10:00", "11-01")
        assert old.look("11-05 09:00").state == "deferred"

    def test_made_before_the_put_out_date_it_counts(self, desk):
        assert desk.deferred("10-20 09:00", "11-20").look("11-05 09:00").state == "deferred"

    @pytest.mark.parametrize("answer", ["reply", "meeting_booked", "call connected"])
    def test_a_response_ends_it(self, desk, answer):
        desk = desk.deferred("11-02 09:00", "11-20").facts(f"11-03 10:00 {answer}")
        assert desk.look("11-03 11:00").state == "responded"
        assert desk.due("11-20 09:00") == ["next_step since 11-04"]

    def test_a_response_at_the_same_instant_does_not(self, desk):
        desk = desk.deferred("11-03 10:00", "11-20").facts("11-03 10:00 reply")
        assert desk.look("11-03 11:00").state == "deferred"

    def test_holds_negotiation_and_appointments_too(self, desk):
        desk = desk.deferred("11-02 09:00", "11-20")
        assert desk.stage("negotiation").look("11-19 09:00").state == "deferred"
        assert desk.meeting("11-18 09:00").look("11-19 09:00").state == "deferred"


class TestReturning:
    def test_the_first_call_becomes_the_call_back(self, desk):
        desk = desk.deferred("11-02 09:10", "11-04")
        assert desk.due("11-05 09:00") == ["review since 11-02", "callback since 11-04"]
        assert desk.look("11-05 09:00").returning

    def test_its_date_rolls_to_a_working_day(self, desk):
        desk = desk.deferred("11-02 09:10", "11-07")
        assert desk.due("11-08 09:00") == []
        assert desk.due("11-10 09:00") == ["callback since 11-09"]

    def test_without_a_call_it_is_added_at_the_end(self, desk):
        desk = desk.facts(TRIED, "11-09 10:00 call busy", "11-16 10:00 call busy", "11-17 10:00 email")
        desk = desk.deferred("11-17 11:00", "11-17")
        assert desk.due("11-17 12:00") == [
            "cancellation_email since 11-16 with takedown",
            "callback since 11-17",
        ]

    def test_an_attempt_before_the_date_does_not_end_it(self, desk):
        desk = desk.facts(TRIED).deferred("11-02 11:00", "11-05").facts("11-04 10:00 email")
        assert "callback since 11-05" in desk.due("11-05 09:00")

    def test_an_attempt_on_the_date_or_later_ends_it(self, desk):
        desk = desk.facts(TRIED).deferred("11-02 11:00", "11-05").facts("11-05 08:00 email")
        assert not desk.look("11-05 09:00").returning
        assert desk.due("11-05 09:00") == ["review since 11-02", "follow_up_call 1/2 since 11-05"]

    def test_an_attempt_made_before_the_deferral_does_not_end_it(self, desk):
        desk = desk.facts("11-02 09:00 review", "11-05 08:00 call busy").deferred("11-05 09:00", "11-05")
        assert desk.due("11-05 10:00") == ["callback since 11-05"]

    def test_a_check_in_becomes_the_call_back(self, desk):
        desk = desk.stage("negotiation").facts(REACHED).deferred("11-04 11:00", "11-12")
        assert desk.due("11-11 09:00") == []
        assert desk.due("11-12 09:00") == ["callback since 11-12"]

    def test_a_next_step_becomes_the_call_back(self, desk):
        desk = desk.facts(REACHED).deferred("11-04 11:00", "11-10")
        answer = desk.look("11-10 09:00")
        assert (answer.state, desk.due("11-10 09:00")) == ("responded", ["callback since 11-10"])

    def test_waiting_for_the_next_step_it_is_added(self, desk):
        desk = desk.facts(REACHED).deferred("11-04 11:00", "11-04")
        assert desk.due("11-04 12:00") == ["callback since 11-04"]

    def test_not_while_an_appointment_lies_ahead(self, desk):
        desk = desk.deferred("11-02 11:00", "11-04").meeting("11-06 15:00")
        assert desk.due("11-05 09:00") == []


class TestAppointment:
    def test_one_ahead_keeps_the_run_quiet(self, desk):
        desk = desk.meeting("11-05 15:00")
        assert (desk.look("11-04 09:00").state, desk.due("11-04 09:00")) == ("appointment", [])

    def test_on_its_day_it_is_shown_until_it_starts(self, desk):
        desk = desk.meeting("11-05 15:00")
        assert desk.due("11-05 14:59") == ["appointment_today since 11-05"]
        assert desk.due("11-05 15:00") == ["appointment_outcome since 11-05"]

    def test_the_earliest_without_result_is_asked_for(self, desk):
        desk = desk.meeting("11-06 15:00").meeting("11-04 15:00").meeting("11-09 15:00")
        assert desk.due("11-09 09:00") == ["appointment_outcome since 11-04"]

    def test_nothing_shows_on_a_day_off(self, desk):
        assert desk.meeting("11-07 15:00").due("11-07 09:00") == []
        assert desk.meeting("11-07 15:00").due("11-07 16:00") == []
        assert desk.meeting("11-07 15:00").due("11-09 09:00") == ["appointment_outcome since 11-07"]

    def test_one_of_an_earlier_run_does_not_count(self, desk):
        assert desk.meeting("11-01 15:00").look("11-02 09:00").state == "outreach"

    @pytest.mark.parametrize("status", ["no_show", "canceled"])
    def test_without_a_meeting_the_rhythm_goes_on(self, desk, status):
        assert desk.meeting("11-03 15:00", status).look("11-04 09:00").state == "outreach"

    def test_one_that_was_held_is_a_response_at_its_start(self, desk):
        desk = desk.meeting("11-03 15:00", "held")
        assert desk.look("11-03 14:59").state == "outreach"
        assert desk.look("11-03 15:00").state == "responded"
        assert desk.due("11-05 09:00") == ["next_step since 11-04"]


class TestNegotiation:
    def test_check_in_after_five_working_days_of_silence(self, desk):
        desk = desk.stage("negotiation").facts("11-06 10:00 call connected")
        assert desk.due("11-12 09:00") == []
        assert desk.due("11-13 09:00") == ["check_in since 11-13"]
        assert desk.due("11-17 09:00") == ["check_in since 11-13"]

    def test_counts_from_the_put_out_date_without_any(self, desk):
        assert desk.stage("negotiation").due("11-09 09:00") == ["check_in since 11-09"]
        assert desk.stage("negotiation").due("11-06 09:00") == []

    def test_working_days_only(self, desk):
        desk = desk.stage("negotiation").facts("11-23 10:00 email")
        assert desk.due("11-30 09:00") == []
        assert desk.due("12-01 09:00") == ["check_in since 12-01"]

    def test_its_length_is_a_setting(self, desk):
        desk = desk.stage("negotiation").with_policy(check_in_after_working_days=2)
        assert desk.due("11-04 09:00") == ["check_in since 11-04"]

    def test_not_on_a_day_off(self, desk):
        assert desk.stage("negotiation").due("11-14 09:00") == []


class TestResponded:
    def test_nothing_until_the_working_day_after(self, desk):
        desk = desk.facts("11-05 10:00 call connected")
        assert (desk.look("11-05 12:00").state, desk.due("11-05 12:00")) == ("responded", [])
        assert desk.due("11-06 09:00") == ["next_step since 11-06"]
        assert desk.due("11-10 09:00") == ["next_step since 11-06"]

    def test_the_day_after_rolls(self, desk):
        desk = desk.facts("11-06 10:00 reply")
        assert desk.look("11-08 09:00").state == "responded"
        assert desk.due("11-09 09:00") == ["next_step since 11-09"]

    def test_an_attempt_before_that_day_does_not_spend_it(self, desk):
        desk = desk.facts("11-06 10:00 reply", "11-07 10:00 call busy", "11-08 11:00 email")
        assert desk.due("11-09 09:00") == ["next_step since 11-09"]

    def test_an_attempt_from_that_day_on_spends_it(self, desk):
        desk = desk.facts("11-02 09:00 review", "11-03 10:00 reply", "11-04 09:30 email")
        assert desk.look("11-04 10:00").state == "outreach"
        assert desk.due("11-05 09:00") == ["opening_call 1/2 since 11-05"]

    def test_a_new_response_opens_it_again(self, desk):
        desk = desk.facts("11-03 10:00 reply", "11-04 09:30 call busy", "11-05 10:00 meeting_booked")
        assert desk.due("11-06 09:00") == ["next_step since 11-06"]


def test_activities_of_an_earlier_run_and_of_the_future_do_not_count(desk):
    desk = desk.facts("11-01 23:59 call connected", "11-03 09:00 call connected")
    assert desk.look("11-02 09:00").state == "outreach"
    assert desk.due("11-02 09:00") == ["review since 11-02", "opening_call 1/2 since 11-02"]

"""The hard dates: day 14, expiration + 7, day 30, and the put-out date's trace (PLAYBOOK 2, 4, 5 and 6)."""

from datetime import date

import pytest

from bot.playbook.takedown import takedown_reached

FACTS = ("11-02 10:00 call busy", "11-09 10:00 call busy", "11-13 10:00 call busy")


@pytest.fixture
def desk14(desk):
    """A run that was called in the first two weeks; its day 14 is Sunday 15 November, rolled to Monday."""
    return desk.facts(*FACTS)


class TestDay14:
    def test_rolls_forward_over_days_off(self, desk14):
        assert desk14.due("11-13 12:00") == ["follow_up_email since 11-13"]
        assert desk14.due("11-16 09:00") == ["final_call since 11-16"]
        away = desk14.away("11-16", "11-17")
        assert away.due("11-18 09:00") == ["final_call since 11-18"]

    def test_a_call_before_it_is_not_the_final_one(self, desk14):
        assert desk14.facts("11-15 10:00 call busy").due("11-16 09:00") == ["final_call since 11-16"]

    def test_without_any_call_it_is_the_final_call_all_the_same(self, desk):
        assert desk.due("11-16 09:00") == ["final_call since 11-02"]

    def test_the_call_asks_for_the_cancellation_email_instead_of_a_follow_up(self, desk14):
        desk = desk14.facts("11-16 10:00 call busy")
        assert desk.due("11-16 11:00") == ["cancellation_email since 11-16 with takedown"]

    def test_it_stays_until_it_is_sent_also_past_day_30(self, desk14):
        desk = desk14.facts("11-16 10:00 call busy")
        assert desk.due("12-08 11:00") == ["cancellation_email since 11-16 with takedown"]
        assert desk14.due("12-08 11:00") == ["final_call since 11-16"]
        assert (
            desk.with_run(hosts_site=False).facts("12-08 10:00 cancellation_email").due("12-08 11:00") == []
        )

    def test_a_call_on_a_day_off_makes_it_due_on_the_next_working_day(self, desk14):
        desk = desk14.facts("11-21 10:00 call busy")
        assert desk.due("11-21 11:00") == []
        assert desk.due("11-23 09:00")[-1] == "cancellation_email since 11-23 with takedown"

    def test_sent_before_day_14_there_is_no_final_call(self, desk14):
        desk = desk14.facts("11-13 11:00 cancellation_email").with_run(hosts_site=False)
        assert desk.due("11-16 09:00") == ["weekly_call 1/3 since 11-16"]

    def test_without_an_expiration_date_it_is_blocked(self, desk14):
        desk = desk14.with_run(expires_on=None).facts("11-16 10:00 call busy")
        assert desk.due("11-16 11:00") == ["cancellation_email since 11-16 expires_on_missing no takedown"]

    def test_takedown_wording_only_for_hosted_sites_from_the_seventh_day(self, desk14):
        desk = desk14.facts("11-16 10:00 call busy")
        assert "no takedown" in desk.with_run(hosts_site=False).due("11-16 11:00")[0]
        assert "no takedown" in desk.with_run(expires_on=date(2026, 11, 10)).due("11-16 11:00")[0]
        assert "with takedown" in desk.with_run(expires_on=date(2026, 11, 10)).due("11-17 11:00")[-1]


class TestTakedownEmail:
    @pytest.fixture
    def canceled(self, desk14):
        return desk14.facts("11-16 10:00 call busy", "11-16 11:00 cancellation_email")

    def test_seven_days_after_expiration(self, canceled):
        desk = canceled.with_run(expires_on=date(2026, 11, 12)).facts(
            "11-19 08:00 call busy", "11-19 08:10 email"
        )
        assert desk.due("11-18 09:00") == ["weekly_call 2/3 since 11-18"]
        assert desk.due("11-19 09:00") == ["takedown_email since 11-19"]

    def test_rolls_to_a_working_day(self, canceled):
        desk = canceled.with_run(expires_on=date(2026, 11, 14)).facts("11-20 10:00 call busy")
        assert desk.due("11-21 09:00") == []
        assert desk.due("11-24 09:00")[-1] == "takedown_email since 11-23"

    def test_not_before_the_cancellation_email(self, canceled):
        assert canceled.due("11-16 12:00") == ["takedown_email since 11-16"]

    def test_the_day_of_a_late_cancellation_email_rolls_too(self, desk14):
        desk = desk14.facts("11-16 10:00 call busy", "11-21 11:00 cancellation_email")
        assert desk.due("11-24 09:00")[-1] == "takedown_email since 11-23"

    def test_not_without_a_cancellation_email(self, desk14):
        assert not any("takedown_email" in due for due in desk14.due("12-01 12:00"))

    @pytest.mark.parametrize("fact", ["11-16 11:30 takedown_email", "11-16 11:30 site_down"])
    def test_not_twice_and_not_for_a_site_that_is_down(self, canceled, fact):
        assert "takedown_email since 11-16" not in canceled.facts(fact).due("11-16 12:00")

    def test_not_for_a_foreign_site_nor_without_expiration(self, canceled):
        assert canceled.with_run(hosts_site=False).due("11-16 12:00") == []
        assert canceled.with_run(expires_on=None).due("11-16 12:00") == []

    def test_an_expiration_far_away_is_never_reached(self):
        assert not takedown_reached(date.max, date(2026, 11, 16))
        assert not takedown_reached(None, date(2026, 11, 16))


class TestMoveOut:
    def status(self, desk, now):
        gate = desk.look(now).move_out
        return gate.on.isoformat(), gate.status.value, gate.exempt_because and gate.exempt_because.value

    def test_counts_in_calendar_days(self, desk):
        assert self.status(desk, "11-28 12:00") == ("2026-12-01", "ahead", None)
        assert self.status(desk, "11-29 12:00") == ("2026-12-01", "preview", None)
        assert self.status(desk, "11-30 12:00") == ("2026-12-01", "preview", None)
        assert self.status(desk, "12-01 00:00") == ("2026-12-01", "due", None)
        assert self.status(desk, "12-20 00:00") == ("2026-12-01", "due", None)

    def test_a_future_appointment_exempts_before_negotiation(self, desk):
        desk = desk.meeting("12-03 15:00").stage("negotiation")
        assert self.status(desk, "11-28 12:00")[1:] == ("ahead", None)
        assert self.status(desk, "12-03 14:59")[1:] == ("exempt", "appointment")
        assert self.status(desk, "12-03 15:00")[1:] == ("exempt", "negotiation")

    @pytest.mark.parametrize("status", ["held", "no_show", "canceled"])
    def test_only_a_scheduled_one_does(self, desk, status):
        assert self.status(desk.meeting("12-03 15:00", status), "12-01 12:00")[1] == "due"

    def test_a_deferral_does_not(self, desk):
        desk = desk.deferred("11-10 12:00", "12-20")
        assert self.status(desk, "12-01 12:00")[1] == "due"
        assert desk.look("12-01 12:00").deferred_until == date(2026, 12, 20)


class TestUndocumentedPutOut:
    def undocumented(self, desk, now):
        return desk.look(now).undocumented_put_out

    def test_from_the_end_of_the_rep_s_day(self, desk):
        assert not self.undocumented(desk, "11-02 17:29")
        assert self.undocumented(desk, "11-02 17:30")
        assert self.undocumented(desk, "11-20 09:00")

    @pytest.mark.parametrize(
        "kind",
        ["call busy", "email", "reply", "meeting_booked", "review", "note", "site_down", "care_confirmed"],
    )
    def test_any_activity_documents_it_also_late_in_the_evening(self, desk, kind):
        desk = desk.facts(f"11-02 23:59 {kind}")
        assert self.undocumented(desk, "11-02 23:58")
        assert not self.undocumented(desk, "11-03 00:00")

    def test_the_next_day_is_too_late_and_the_day_before_too_early(self, desk):
        assert self.undocumented(desk.facts("11-03 00:00 note", "11-01 23:59 note"), "11-04 09:00")

    def test_a_deferral_documents_it(self, desk):
        assert not self.undocumented(desk.deferred("11-02 12:00", "11-10"), "11-03 09:00")
        assert self.undocumented(desk.deferred("11-01 12:00", "11-10"), "11-03 09:00")
        assert self.undocumented(desk.deferred("11-02 12:00", "11-01"), "11-03 09:00")

    def test_rolled_with_the_put_out_date(self, desk):
        desk = desk.put_out("10-31")
        assert not self.undocumented(desk, "11-02 17:29")
        assert self.undocumented(desk, "11-02 17:30")
        assert not self.undocumented(desk.facts("10-31 12:00 note"), "11-02 17:30")
        assert not self.undocumented(desk.facts("11-02 17:00 note"), "11-02 17:30")

    def test_a_held_meeting_is_not_an_activity(self, desk):
        assert self.undocumented(desk.meeting("11-02 12:00", "held"), "11-02 18:00")

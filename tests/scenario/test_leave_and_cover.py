"""Leave with a colleague who covers: digest and buttons go to the cover, the owner stays, it ends by itself."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from bot.services.acts.acting import Click
from bot.services.acts.leave import end_leave, leave_lines, take_leave
from bot.services.acts.preferences import Preferred, read_preferences, set_preferences
from bot.services.errors import BadField, NotYours, StaleTouch
from bot.services.people.roles import Who
from bot.store.tables import LeaveDays, OutboxRow, Person
from tests.living import Living

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def click(team: Living, who: str, key: str = "k") -> Click:
    found = Who(team.world.slack.team_id, team.ids[who])
    return Click(found, f"{who}:{key}", "form")


def person_id(team: Living, who: str) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(Person.id).where(Person.slack_user_id == team.ids[who])).one()


def leave(team: Living, who: str, first: date, last: date, cover: str | None, by: str | None = None) -> None:
    covering = person_id(team, cover) if cover else None
    of = person_id(team, who) if by else None
    take_leave(
        team.assistant.work, click(team, by or who, f"{first}{last}{cover}"), first, last, covering, of
    )


def morning(team: Living, day: str) -> None:
    team.tick("sync")
    for hour in ("03:31", "08:31"):  # half past eight in London, where Ben is, and in New York
        team.go(f"{day} {hour}")
        team.tick("mornings")
        team.deliver()


def test_the_cover_gets_the_digest_and_the_buttons_and_the_owner_stays(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    leave(team, "ana", MONDAY, TUESDAY, "ben")
    morning(team, "2026-11-23")
    assert team.messages("ana") == []
    assert "Acme Dental" in team.seen("ben") and "for Ana Reyes, on leave" in team.seen("ben")
    team.press("ben", "log_call:no_answer")
    team.let_undo_pass()
    assert "No answer" in team.seen("ben") and "Ben Stone" in team.seen("ben")
    (call,) = team.records("calls")
    assert call["hubspot_owner_id"] == team.owners["ben"]
    (deal,) = team.records("deals")
    assert deal["hubspot_owner_id"] == team.owners["ana"]
    assert "Acme Dental" in str(team.command("ben", "log acme"))
    # It ends by itself: on Wednesday the account is back in Ana's digest, and Ben's old buttons do nothing.
    morning(team, "2026-11-25")
    assert "Acme Dental" in team.seen("ana")
    assert len(team.records("calls")) == 1
    assert "Acme Dental" not in str(team.messages("ben")[-1]["text"])


def test_covered_days_are_working_days_of_the_book_and_uncovered_ones_are_not(team: Living) -> None:
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    leave(team, "ana", MONDAY, TUESDAY, None)
    morning(team, "2026-11-23")
    assert team.messages("ana") == [] and "Acme Dental" not in team.seen("ben")
    team.tick("manager_mornings")
    team.deliver()
    assert "Acme Dental" not in team.seen("maria", team.managers_channel)


def test_leave_entered_during_the_day_hands_the_day_over_at_once(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    morning(team, "2026-11-23")
    team.go("2026-11-23 10:00")
    before = len(team.messages("ben"))
    leave(team, "ana", MONDAY, MONDAY, "ben", by="maria")
    team.tick("during_day")
    team.deliver()
    assert len(team.messages("ben")) == before + 1 and "Acme Dental" in team.seen("ben")
    team.tick("during_day")
    team.deliver()
    assert len(team.messages("ben")) == before + 1


def test_a_manager_without_accounts_can_cover(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    leave(team, "ana", MONDAY, MONDAY, "maria")
    morning(team, "2026-11-23")
    assert "Acme Dental" in team.seen("maria")
    morning(team, "2026-11-24")
    assert len(team.messages("maria")) == 1  # no more mornings once it is over


def test_leave_says_at_the_field_what_is_wrong(team: Living) -> None:
    team.tick("people")

    def refused(who: str, first: date, last: date, cover: str | None) -> tuple[str, str]:
        with pytest.raises(BadField) as wrong:
            leave(team, who, first, last, cover)
        return wrong.value.field, wrong.value.sentence

    today = team.clock.now().date()
    assert refused("ana", TUESDAY, MONDAY, None)[0] == "last"
    assert refused("ana", date(2026, 11, 2), date(2026, 11, 3), None)[0] == "last"
    assert refused("ana", today, date(2028, 1, 1), None)[0] == "last"
    assert refused("ana", date(2028, 1, 1), date(2028, 1, 2), None)[0] == "first"
    assert refused("ana", MONDAY, TUESDAY, "ana")[0] == "cover"
    leave(team, "ben", TUESDAY, TUESDAY, None)
    assert "Ben Stone is on leave" in refused("ana", MONDAY, TUESDAY, "ben")[1]
    assert "already" in refused("ben", MONDAY, TUESDAY, None)[1]
    with pytest.raises(NotYours):
        leave(team, "ana", MONDAY, TUESDAY, None, by="ben")


def test_leave_is_ended_early_and_passed_days_stay(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    leave(team, "ana", MONDAY, date(2026, 11, 27), "ben")
    morning(team, "2026-11-25")
    work = team.assistant.work
    with work.store.read() as session:
        ana = session.get_one(Person, person_id(team, "ana"))
        (line,) = leave_lines(work, session, ana)
    assert (line.cover, line.on_now) == ("Ben Stone", True)
    end_leave(work, click(team, "ana", "end"), line.id)
    with work.store.read() as session:
        assert session.get_one(LeaveDays, line.id).last_on == TUESDAY
    with pytest.raises(StaleTouch):
        end_leave(work, click(team, "ana", "again"), line.id)
    morning(team, "2026-11-26")  # Thanksgiving: nobody's working day
    morning(team, "2026-11-27")
    assert "Acme Dental" in team.seen("ana")


def test_each_has_their_own_hour_quiet_hours_and_nudges(team: Living) -> None:
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    work = team.assistant.work
    wanted = Preferred(time(9, 30), time(12, 0), time(14, 0), frozenset({"returning"}))
    set_preferences(work, click(team, "ana"), wanted)
    with work.store.read() as session:
        assert read_preferences(session, session.get_one(Person, person_id(team, "ana"))) == wanted
    morning(team, "2026-11-23")
    assert team.messages("ana") == []
    team.go("2026-11-23 09:31")
    team.tick("mornings")
    team.deliver()
    assert len(team.messages("ana")) == 1
    team.account("New Account", MONDAY)
    team.go("2026-11-23 12:30")
    team.tick("sync")
    team.tick("during_day")
    team.deliver()
    assert len(team.messages("ana")) == 1  # quiet
    team.go("2026-11-23 14:01")
    team.tick("during_day")
    team.deliver()
    assert len(team.messages("ana")) == 2 and "New Account" in team.seen("ana")
    set_preferences(work, click(team, "ana"), Preferred(nudges_off=frozenset({"new_runs"})))
    team.account("Newer Account", MONDAY)
    team.go("2026-11-23 15:01")
    team.tick("sync")
    team.tick("during_day")
    team.deliver()
    assert len(team.messages("ana")) == 2


def test_hours_that_cannot_be_are_told_at_the_field(team: Living) -> None:
    team.tick("people")
    for wanted, field in (
        (Preferred(digest_at=time(4, 59)), "digest_at"),
        (Preferred(digest_at=time(12, 0)), "digest_at"),
        (Preferred(quiet_from=time(12, 0)), "quiet_until"),
        (Preferred(quiet_until=time(12, 0)), "quiet_from"),
        (Preferred(quiet_from=time(12, 0), quiet_until=time(12, 0)), "quiet_until"),
    ):
        with pytest.raises(BadField) as wrong:
            set_preferences(team.assistant.work, click(team, "ana"), wanted)
        assert wrong.value.field == field
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(OutboxRow.id)).all() == []

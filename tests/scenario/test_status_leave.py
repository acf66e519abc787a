"""A status in Slack that says a rep is off is offered as leave: once, without a message of its own, never assumed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.services.acts.acting import Click
from bot.services.acts.leave import take_leave
from bot.services.acts.preferences import Preferred, set_preferences
from bot.services.people.roles import Who
from bot.store.tables import LeaveDays, Person, Refusal, SlackStatus
from sandbox.faults import FaultRule
from sandbox.slack import events, profiles
from sandbox.slack.wire import person_as_slack
from tests.living import NEW_YORK, Living, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 12, 4)
OFFER = "Put it in as leave?"


def midnight_after(day: date, tz: str = NEW_YORK) -> int:
    """What Slack sets for "until" a day: the next midnight of the person."""
    return int(datetime(day.year, day.month, day.day + 1, tzinfo=ZoneInfo(tz)).timestamp())


def at_work(team: Living) -> None:
    """Ana's list of Monday has come, and she is at work."""
    team.account("Acme Dental", date(2026, 11, 20))
    team.tick("sync")
    team.go("2026-11-23 08:31")
    team.tick("mornings")
    team.go("2026-11-23 10:00")


def acknowledged(team: Living) -> int:
    """How many statuses the app has acknowledged: what it does about one is committed by then."""
    told = [one for one in team.world.journal.entries(kind="delivery", method="events_api") if one.accepted]
    kinds = [one.body["payload"]["event"]["type"] for one in told]
    return kinds.count("user_status_changed")


def set_status(team: Living, who: str, text: str, emoji: str = "", until: int = 0) -> None:
    """Set it as a person does, and let the app hear of it."""
    before = acknowledged(team)
    body = {"text": text, "emoji": emoji, "expiration": until}
    team.http.post(f"/people/{team.ids[who]}/status", json=body).raise_for_status()
    wait_until(lambda: acknowledged(team) > before)
    team.deliver()


def vacation(team: Living, who: str = "ana", last: date = FRIDAY) -> None:
    set_status(team, who, "Vacationing", ":palm_tree:", midnight_after(last))


def home(team: Living, who: str) -> str:
    team.http.post(f"/people/{team.ids[who]}/home/open", json={})
    shown: list[str] = []

    def drawn() -> bool:
        team.deliver()
        view = team.http.get(f"/people/{team.ids[who]}/home").json()["view"]
        shown[:] = [str(view)]
        return view is not None

    wait_until(drawn)
    return shown[0]


def leaves(team: Living) -> list[tuple[date, date, bool]]:
    with team.assistant.work.store.read() as session:
        rows = session.scalars(select(LeaveDays).order_by(LeaveDays.first_on))
        return [(row.first_on, row.last_on, row.cover_id is not None) for row in rows]


def click(team: Living, who: str, key: str) -> Click:
    return Click(Who(team.world.slack.team_id, team.ids[who]), key, "form")


def messages_posted(team: Living) -> int:
    return len(team.world.journal.entries(service="slack", method="chat.postMessage"))


def test_vacationing_is_offered_quietly_and_put_in_only_when_the_form_is_sent(team: Living) -> None:
    at_work(team)
    posted = messages_posted(team)
    vacation(team)
    assert "Your Slack status says *Vacationing* until Fri 4 Dec. Put it in as leave?" in team.seen("ana")
    assert OFFER in home(team, "ana")
    assert messages_posted(team) == posted and leaves(team) == []
    team.press("ana", "open_status_leave")
    form = team.form("ana")
    chosen = {
        block["block_id"]: block["element"].get("initial_date")
        for block in form["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "datepicker"
    }
    assert chosen == {"first": "2026-11-23", "last": "2026-12-04"} and leaves(team) == []
    with team.assistant.work.store.read() as session:
        ben = str(session.scalars(select(Person.id).where(Person.slack_user_id == team.ids["ben"])).one())
    answer = team.submit(
        "ana",
        first={"selected_date": "2026-11-24"},
        last={"selected_date": "2026-12-04"},
        cover={"selected_option": {"value": ben}},
    )
    assert answer["acked"] and leaves(team) == [(date(2026, 11, 24), FRIDAY, True)]
    team.deliver()
    assert OFFER not in team.seen("ana") and OFFER not in home(team, "ana")


def test_no_ends_it_for_this_status_and_the_same_again_offers_nothing(team: Living) -> None:
    at_work(team)
    vacation(team)
    team.press("ana", "decline_status_leave")
    assert OFFER not in team.seen("ana") and leaves(team) == []
    events.status_changed(team.world.slack, team.world.slack.person(team.ids["ana"]))
    team.tick("people")
    assert OFFER not in team.seen("ana")
    # Cleared, and set again another day: that is another status.
    set_status(team, "ana", "")
    vacation(team)
    assert team.seen("ana").count(OFFER) == 1


def test_the_same_status_delivered_four_times_is_offered_once(team: Living) -> None:
    at_work(team)
    posted, heard = messages_posted(team), acknowledged(team)
    team.world.faults.add(FaultRule(service="slack", method="events_api", duplicate=4))
    vacation(team)
    wait_until(lambda: acknowledged(team) >= heard + 4)
    team.deliver()
    assert team.seen("ana").count(OFFER) == 1 and messages_posted(team) == posted
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(SlackStatus.number)).all() == [1]


def test_a_status_cleared_before_an_answer_withdraws_the_offer(team: Living) -> None:
    at_work(team)
    vacation(team)
    pressed: dict[str, Any] = dict(team.messages("ana")[-1])
    block = next(one for one in pressed["blocks"] if one["block_id"] == "status:actions")
    set_status(team, "ana", "")
    assert OFFER not in team.seen("ana")
    # A press that was under way gets a sentence; nothing opens.
    body = {
        "container": {"type": "message", "channel": team.dm("ana"), "ts": pressed["ts"]},
        "block_id": "status:actions",
        "action_id": "open_status_leave",
        "value": {"type": "button", "value": block["elements"][0]["value"]},
        "forge": True,
    }
    team.http.post(f"/people/{team.ids['ana']}/actions", json=body)
    team.deliver()
    assert "This status is over, or answered already" in str(team.messages("ana"))
    assert team.http.get(f"/people/{team.ids['ana']}/views").json() == []


def test_one_that_ends_by_itself_is_not_offered_any_more(team: Living) -> None:
    at_work(team)
    set_status(team, "ana", "Out sick", ":face_with_thermometer:", midnight_after(MONDAY))
    assert "says *Out sick* until Mon 23 Nov" in team.seen("ana")
    team.go("2026-11-24 08:31")
    team.tick("mornings")
    assert OFFER not in str(team.messages("ana")[-1])


@pytest.mark.parametrize(
    ("who", "text", "emoji"),
    [
        ("ana", "In a meeting", ":spiral_calendar_pad:"),
        ("ana", "Lunch", ":palm_tree:"),
        ("ana", "Commuting", ":bus:"),
        ("ana", "Working remotely", ":house_with_garden:"),
        ("maria", "Vacationing", ":palm_tree:"),
        ("cara", "Vacationing", ":palm_tree:"),
        ("adam", "Out sick", ":face_with_thermometer:"),
    ],
)
def test_other_statuses_and_other_peoples_do_nothing(team: Living, who: str, text: str, emoji: str) -> None:
    at_work(team)
    set_status(team, who, text, emoji)
    team.tick("people")
    assert OFFER not in team.seen("ana") and OFFER not in home(team, who)
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(SlackStatus)).all() == []  # nothing of it is kept


def test_leave_that_covers_the_days_already_offers_nothing(team: Living) -> None:
    at_work(team)
    take_leave(team.assistant.work, click(team, "ana", "l"), date(2026, 11, 24), FRIDAY, None)
    vacation(team)
    assert OFFER not in team.seen("ana")
    vacation(team, last=date(2026, 12, 8))  # longer than the leave
    assert "until Tue 8 Dec" in team.seen("ana")


def test_a_status_without_an_end_leaves_the_last_day_to_the_rep(team: Living) -> None:
    at_work(team)
    set_status(team, "ana", "Vacationing", ":palm_tree:")
    assert "says *Vacationing*. Put it in as leave?" in team.seen("ana")
    team.press("ana", "open_status_leave")
    last = next(block for block in team.form("ana")["blocks"] if block["block_id"] == "last")
    assert "initial_date" not in last["element"]


def test_it_can_be_switched_off_among_the_nudges(team: Living) -> None:
    at_work(team)
    off = Preferred(nudges_off=frozenset({"away_status"}))
    set_preferences(team.assistant.work, click(team, "ana", "p"), off)
    vacation(team)
    assert OFFER not in team.seen("ana") and OFFER not in home(team, "ana")


def test_what_was_missed_is_read_with_the_people(team: Living) -> None:
    """The bot was down when the status was set: its next list of the people says it."""
    at_work(team)
    ana = team.world.slack.person(team.ids["ana"])
    ana.status = profiles.Status("Vacationing", ":palm_tree:", midnight_after(FRIDAY))
    assert OFFER not in team.seen("ana")
    team.tick("people")
    assert "until Fri 4 Dec" in team.seen("ana")
    ana.status = profiles.Status()
    team.tick("people")
    assert OFFER not in team.seen("ana")


def test_an_older_event_that_comes_late_says_nothing(team: Living) -> None:
    at_work(team)
    vacation(team)
    ana = team.world.slack.person(team.ids["ana"])
    ana.status = profiles.Status()
    slack, before = team.world.slack, acknowledged(team)
    earlier = {"user": person_as_slack(slack, ana), "event_ts": "1000000000.000001"}
    events.send(slack, "user_status_changed", {"type": "user_status_changed", **earlier})
    wait_until(lambda: acknowledged(team) > before)
    team.deliver()
    assert OFFER in team.seen("ana")


def test_only_the_rep_answers_and_a_forged_answer_is_refused(team: Living) -> None:
    at_work(team)
    vacation(team)
    message = team.messages("ana")[-1]
    value = next(one for one in message["blocks"] if one["block_id"] == "status:actions")["elements"][1][
        "value"
    ]
    team.command("ben", "today")
    body = {
        "container": {"type": "message", "channel": team.dm("ben"), "ts": team.messages("ben")[-1]["ts"]},
        "block_id": "status:actions",
        "action_id": "decline_status_leave",
        "value": {"type": "button", "value": value},
        "forge": True,
    }
    team.http.post(f"/people/{team.ids['ben']}/actions", json=body)
    team.deliver()
    assert OFFER in team.seen("ana")
    with team.assistant.work.store.read() as session:
        assert session.scalars(select(Refusal.action)).all() == ["decline_status_leave"]


def test_the_words_of_a_status_are_escaped(team: Living) -> None:
    at_work(team)
    set_status(team, "ana", "Vacation <!channel> <!subteam^S1|x> & *more*")
    said = team.seen("ana")
    assert OFFER in said and "<!channel>" not in said and "<!subteam" not in said

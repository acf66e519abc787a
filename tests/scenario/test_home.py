"""App Home: the book of business, the team board, settings and leave - opened, filtered, turned, kept fresh."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.services.outgoing.homes import OTHERS_PAUSE
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


def open_home(team: Living, who: str) -> str:
    """Open the tab, and wait until the assistant has drawn it."""

    def drawn() -> str | None:
        view = team.http.get(f"/people/{team.ids[who]}/home").raise_for_status().json()["view"]
        return view and str(view["hash"])

    def drawn_anew() -> bool:
        team.deliver()
        return drawn() != before

    before = drawn()
    team.http.post(f"/people/{team.ids[who]}/home/open", json={}).raise_for_status()
    wait_until(drawn_anew)
    return home(team, who)


def home_view(team: Living, who: str) -> dict[str, Any]:
    view: dict[str, Any] = team.http.get(f"/people/{team.ids[who]}/home").raise_for_status().json()["view"]
    return view


def home(team: Living, who: str) -> str:
    return words(home_view(team, who))


def act(team: Living, who: str, action_id: str, on: str = "", chosen: str | None = None) -> dict[str, Any]:
    """Press a button of Home, or choose an option of one of its menus."""
    view = home_view(team, who)
    for block in view["blocks"]:
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if any(one.get("action_id") == action_id for one in elements) and on in words({"blocks": [block]}):
            more = {"value": {"selected_option": {"value": chosen}}} if chosen else {}
            container = {"type": "view", "view_id": view["id"]}
            return team.act(who, container, block["block_id"], action_id, **more)
    raise AssertionError(f"no {action_id} on {on!r} in\n{words(view)}")


def soon(team: Living) -> None:
    """What happens is drawn in a Home that was drawn just now after a pause."""
    team.clock.let_pass(OTHERS_PAUSE)
    team.deliver()


def a_book(team: Living) -> None:
    """One account for each part of a book."""
    team.account("Due Today", MONDAY)
    team.account("Is Late", date(2026, 11, 19), renewal_monthly_price="90")
    team.account("Weekly Later", date(2026, 11, 12))
    team.account("Was Deferred", date(2026, 11, 16))
    team.account("Negotiated", date(2026, 11, 10), dealstage="renewal_in_negotiation")
    team.account("Almost Out", date(2026, 10, 26))
    team.tick("sync")
    team.go("2026-11-23 08:31")
    team.tick("mornings")
    team.deliver()
    team.command("ana", "defer was deferred until 2 Dec: on a trip until then")
    team.command("ana", "log weekly later no answer")


def test_a_rep_sees_the_book_by_its_parts(team: Living) -> None:
    a_book(team)
    shown = open_home(team, "ana")
    assert "Your renewals, Mon 23 Nov" in shown
    assert "1 deferred" in shown and "6 open" in shown
    listed = shown.split("Settings…")[1]
    assert all(account in listed for account in ("Due Today", "Is Late", "Almost Out"))
    assert "Was Deferred" not in listed
    for part, account, said in (
        ("late", "Is Late", "late since"),
        ("deferred", "Was Deferred", "Deferred until Wed 2 Dec"),
        ("gates", "Almost Out", "day 30, move-out: Tue 24 Nov"),
        ("negotiation", "Negotiated", "Check-in call"),
    ):
        act(team, "ana", "home_show", chosen=part)
        listed = home(team, "ana").split("Settings…")[1]
        assert account in listed and said in listed, part
    act(team, "ana", "open_card", on="Negotiated")
    assert "Negotiated" in words(team.form("ana"))
    team.http.post(f"/people/{team.ids['ana']}/views/{team.form('ana')['id']}/close").raise_for_status()
    act(team, "ana", "home_show", chosen="appointments")
    assert "No appointment ahead" in home(team, "ana")


def test_filters_combine_and_an_empty_list_says_what_to_do(team: Living) -> None:
    a_book(team)
    open_home(team, "ana")
    act(team, "ana", "home_show", chosen="all")
    act(team, "ana", "home_value", chosen="below")
    listed = home(team, "ana").split("Settings…")[1]
    assert "Is Late" in listed and "Due Today" not in listed
    act(team, "ana", "home_days", chosen="28+")
    assert "No account fits these filters" in home(team, "ana")
    act(team, "ana", "home_value", chosen="any")
    listed = home(team, "ana").split("Settings…")[1]
    assert "Almost Out" in listed and "Is Late" not in listed


def test_what_happens_is_drawn_in_an_open_home(team: Living) -> None:
    a_book(team)
    assert "Due Today" in open_home(team, "ana")
    team.command("ana", "defer due today until Friday: on a trip until then")
    soon(team)
    assert "Due Today" not in home(team, "ana").split("Settings…")[1]
    assert "2 deferred" in home(team, "ana") and "3 worked today" in home(team, "ana")


def test_what_is_closed_today_was_worked_today(team: Living) -> None:
    a_book(team)
    assert "2 worked today" in open_home(team, "ana") and "6 open" in home(team, "ana")
    team.command("ana", "lost is late")
    lost = {"lost_reason": {"selected_option": {"value": "price"}}, "note": {"value": "Too dear"}}
    answer = team.submit("ana", **lost)
    assert not answer.get("response", {}).get("errors"), answer
    soon(team)
    assert "3 worked today" in home(team, "ana") and "5 open" in home(team, "ana")
    assert "3 worked today" in open_home(team, "maria")
    team.go("2026-11-24 09:00")
    assert "worked today" not in open_home(team, "ana")


def test_an_account_opens_as_a_card_over_home_and_home_stays(team: Living) -> None:
    a_book(team)
    open_home(team, "ana")
    assert act(team, "ana", "open_card")["acked"]
    assert team.form("ana")["callback_id"] == "account_card"
    assert home_view(team, "ana")["type"] == "home"


def test_more_than_a_page_is_turned(team: Living) -> None:
    for number in range(17):
        team.account(f"Account {number:02}", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    shown = open_home(team, "ana")
    assert "Page 1 of 2" in shown and shown.count("Open\n") >= 15
    act(team, "ana", "turn_home:next")
    shown = home(team, "ana")
    assert "Page 2 of 2" in shown and "Account 16" in shown and "Account 00" not in shown
    act(team, "ana", "turn_home:previous")
    assert "Page 1 of 2" in home(team, "ana")


def test_a_manager_sees_the_team_and_goes_into_each_book(team: Living) -> None:
    a_book(team)
    team.account("Of Ben", date(2026, 11, 20), owner="ben")
    team.tick("sync")
    board = open_home(team, "maria")
    assert "Your team, Mon 23 Nov" in board and "Ana Reyes" in board and "Ben Stone" in board
    ana = next(part for part in board.split("Open book") if "Ana Reyes" in part)
    assert "6 open" in ana and "1 deferred" in ana and "at day 28-30" in ana and "at risk:" in ana
    act(team, "maria", "home_book", on="Ana Reyes")
    book = home(team, "maria")
    assert "Ana Reyes's renewals" in book and "Was Deferred" in book
    act(team, "maria", "home_team")
    assert "Your team" in home(team, "maria")


def test_nobody_looks_into_a_foreign_book(team: Living) -> None:
    a_book(team)
    open_home(team, "ana")
    open_home(team, "maria")
    view = home_view(team, "maria")
    block = next(one for one in view["blocks"] if "Ana Reyes" in words({"blocks": [one]}))
    value = block["accessory"]["value"]
    mine = home_view(team, "ben") if open_home(team, "ben") else {}
    answer = team.act(
        "ben",
        {"type": "view", "view_id": mine["id"]},
        "filters",
        "home_book",
        forge=True,
        value={"value": value},
    )
    assert answer["acked"]
    assert "Ana Reyes" not in home(team, "ben")
    assert "not one of your team" in str(team.form("ben"))


def test_settings_are_kept_and_wrong_ones_told_at_the_field(team: Living) -> None:
    a_book(team)
    open_home(team, "ana")
    act(team, "ana", "open_settings")
    chosen = lambda value: {"selected_option": {"value": value}}  # noqa: E731
    refused = team.submit("ana", quiet_from=chosen("12:00"), quiet_until=chosen("none"))
    assert "Quiet hours need both" in str(refused)
    done = team.submit(
        "ana",
        digest_at=chosen("09:30"),
        quiet_from=chosen("12:00"),
        quiet_until=chosen("13:00"),
        nudges={"selected_options": [{"value": "returning"}]},
    )
    assert done["acked"] and not done.get("response")
    act(team, "ana", "open_settings")
    shown = {block["block_id"]: block["element"] for block in team.form("ana")["blocks"]}
    assert shown["digest_at"]["initial_option"]["value"] == "09:30"
    assert shown["quiet_until"]["initial_option"]["value"] == "13:00"
    assert [one["value"] for one in shown["nudges"]["initial_options"]] == ["returning"]


def test_leave_is_entered_shown_and_ended(team: Living) -> None:
    a_book(team)
    open_home(team, "ana")
    act(team, "ana", "open_leave")
    menu = next(one for one in team.form("ana")["blocks"] if one.get("block_id") == "cover")
    ben = next(one for one in menu["element"]["options"] if one["text"]["text"] == "Ben Stone")
    tomorrow = (MONDAY + timedelta(days=1)).isoformat()
    refused = team.submit(
        "ana",
        first={"selected_date": tomorrow},
        last={"selected_date": MONDAY.isoformat()},
        cover={"selected_option": ben},
    )
    assert "before the first" in str(refused)
    team.submit(
        "ana",
        first={"selected_date": tomorrow},
        last={"selected_date": tomorrow},
        cover={"selected_option": ben},
    )
    act(team, "ana", "open_leave")
    assert "Tue 24 Nov" in words(team.form("ana")) and "Ben Stone covers" in words(team.form("ana"))
    team.press_in_form("ana", "end_leave")
    assert "Ben Stone covers" not in words(team.form("ana"))


def test_a_manager_enters_leave_for_a_rep_and_nobody_else_does(team: Living) -> None:
    a_book(team)
    open_home(team, "maria")
    act(team, "maria", "home_book", on="Ana Reyes")
    act(team, "maria", "open_leave")
    assert "Ana Reyes" in words(team.form("maria"))
    today = {"selected_date": MONDAY.isoformat()}
    team.submit("maria", first=today, last=today, cover={"selected_option": {"value": "nobody"}})
    board = open_home(team, "maria")
    assert "on leave until Mon 23 Nov 2026, nobody covers" in board
    assert "On leave until Mon 23 Nov 2026, nobody covers" in open_home(team, "ana")


def test_who_is_not_known_is_told_in_home(team: Living) -> None:
    team.account("Acme", MONDAY)
    stranger = team.world.slack.add_person("Sam Strange", "sam@else.example", "UTC").id
    team.ids["sam"] = stranger
    assert "I do not know you yet" in open_home(team, "sam")

"""Home, settings and leave at the wire: whoever may not, any more or at all, gets a sentence and the fresh state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.services.home.models import Asked, Show
from bot.slack.payloads import HomeRef, PersonRef, TouchRef
from bot.store.tables import LeaveDays, Person, Refusal
from tests.living import Living, email, listening, living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30)
NOT_YOUR_TEAM = "This book is not one of your team's. Nothing was changed."
UNKNOWN = "I do not know you yet"


@pytest.fixture
def at_work(team: Living) -> Living:
    """Ana has an account and leave to come; everybody has opened Home."""
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    for who in ("ana", "ben", "maria", "olga", "cara", "adam"):
        open_home(team, who)
    with team.assistant.work.store.write() as session:
        session.add(LeaveDays(person_id=id_of(team, "ana"), first_on=NEXT_MONDAY, last_on=NEXT_MONDAY))
    return team


def open_home(team: Living, who: str) -> None:
    before = (view_of(team, who) or {}).get("hash")
    team.http.post(f"/people/{team.ids[who]}/home/open", json={}).raise_for_status()

    def drawn() -> bool:
        team.deliver()
        return (view_of(team, who) or {}).get("hash") != before

    wait_until(drawn)


def view_of(team: Living, who: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = team.http.get(f"/people/{team.ids[who]}/home").json()["view"]
    return found


def id_of(team: Living, who: str) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(Person.id).where(Person.email == email(who))).one()


def forge(team: Living, who: str, action_id: str, value: str, chosen: bool = False) -> str:
    """Send a press in one's own Home that it never offered; answers the sentence that opens."""
    view = view_of(team, who)
    assert view is not None
    given: dict[str, Any] = {"selected_option": {"value": value}} if chosen else {"value": value}
    answer = team.act(
        who, {"type": "view", "view_id": view["id"]}, "ways", action_id, forge=True, value=given
    )
    assert answer["acked"], answer
    said = words(team.form(who))
    team.http.post(f"/people/{team.ids[who]}/views/{team.form(who)['id']}/close").raise_for_status()
    return said


def refusals(team: Living) -> Iterator[tuple[str | None, str, str]]:
    names = {slack: who for who, slack in team.ids.items()}
    with team.assistant.work.store.read() as session:
        for one in session.scalars(select(Refusal).order_by(Refusal.id)):
            yield names.get(one.slack_user_id or ""), one.action, one.why


@pytest.mark.parametrize("who", ["ben", "olga", "cara", "adam"])
def test_nobody_opens_turns_or_refreshes_a_foreign_book(at_work: Living, who: str) -> None:
    foreign = HomeRef(Asked(show=Show.ALL, book_of=id_of(at_work, "ana"))).encode()
    for action_id in ("home_book", "home_refresh", "home_team", "turn_home:next"):
        assert NOT_YOUR_TEAM in forge(at_work, who, action_id, foreign)
        assert "Acme" not in words(view_of(at_work, who) or {})
    assert list(refusals(at_work)) == [(who, "open_book", "not_yours")] * 4


@pytest.mark.parametrize("who", ["ben", "olga", "cara"])
def test_nobody_sees_enters_or_ends_a_foreign_leave(at_work: Living, who: str) -> None:
    said = forge(at_work, who, "open_leave", PersonRef(id_of(at_work, "ana")).encode())
    assert "Only the person and their manager enter leave" in said
    with at_work.assistant.work.store.read() as session:
        leave_id = session.scalars(select(LeaveDays.id)).one()
    view = view_of(at_work, who)
    assert view is not None
    if who != "cara":  # whose Home has no form for leave
        press(at_work, who, "open_leave")
        form = at_work.form(who)
        container = {"type": "view", "view_id": form["id"]}
        at_work.act(who, container, "x", "end_leave", forge=True, value={"value": str(leave_id)})
        assert "Only the person and their manager enter leave" in words(at_work.form(who))
    with at_work.assistant.work.store.read() as session:
        assert session.get(LeaveDays, leave_id) is not None
    kept = list(refusals(at_work))
    assert kept[0] == (who, "open_leave", "not_yours")
    assert kept[1:] == ([(who, "end_leave", "not_yours")] if who != "cara" else [])


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("home_show", "everything"),
        ("home_days", "0-99"),
        ("home_value", "<!channel>"),
        ("home_book", '[1,"home","all","any","any",-1,null]'),
        ("home_book", '[1,"home","all","any","any",0,"1 OR 1=1"]'),
        ("home_refresh", "{}"),
        ("turn_home:next", '[0,"home","all","any","any",0,null]'),
        ("open_leave", "1"),
        ("open_card", '[1,"touch",1]'),
    ],
)
def test_a_forged_value_changes_nothing_and_is_kept(at_work: Living, action_id: str, value: str) -> None:
    before = words(view_of(at_work, "ana") or {})
    said = forge(
        at_work, "ana", action_id, value, chosen=action_id in ("home_show", "home_days", "home_value")
    )
    assert "older message" in said
    assert words(view_of(at_work, "ana") or {}) == before
    ((who, action, why),) = refusals(at_work)
    assert (who, action) == ("ana", action_id) and why not in ("", "not_yours")


def test_an_account_that_left_the_book_is_not_opened_from_an_old_home(at_work: Living) -> None:
    deal = at_work.records("deals")[0]["id"]
    old = next(one for one in (view_of(at_work, "ana") or {})["blocks"] if "Acme" in str(one))
    value = old["accessory"]["value"]
    at_work.world.hubspot.update("deals", deal, {"hubspot_owner_id": at_work.owners["ben"]})
    at_work.tick("sync")
    assert "not in your book" in forge(at_work, "ana", "open_card", value)
    assert "Acme" not in words(view_of(at_work, "ana") or {})
    assert ("ana", "open_card", "not_yours") in list(refusals(at_work))


@pytest.mark.parametrize("who", ["olga", "cara", "adam"])
def test_a_foreign_account_is_not_opened_from_home(at_work: Living, who: str) -> None:
    value = TouchRef(1, None, MONDAY, None).encode()
    said = forge(at_work, who, "open_card", value)
    assert "not in your book" in said and "Acme" not in said
    assert list(refusals(at_work)) == [(who, "open_card", "not_yours")]


def test_who_was_deactivated_reads_that_in_home_and_does_nothing(at_work: Living) -> None:
    team = at_work
    with team.assistant.work.store.write() as session:
        session.execute(update(Person).where(Person.email == email("maria")).values(active=False))
    book = HomeRef(Asked(show=Show.ALL, book_of=id_of(team, "ana"))).encode()
    pressed = {
        "home_book": book,
        "home_refresh": HomeRef(Asked()).encode(),
        "open_settings": "own",
        "open_leave": "own",
        "open_card": TouchRef(1, None, MONDAY, None).encode(),
    }
    for action_id, value in pressed.items():
        assert UNKNOWN in forge(team, "maria", action_id, value)
        shown = words(view_of(team, "maria") or {})
        assert UNKNOWN in shown and "Ana" not in shown
    assert list(refusals(team)) == [("maria", action_id, "unknown_person") for action_id in pressed]


def test_a_form_of_who_was_deactivated_meanwhile_is_not_filed(at_work: Living) -> None:
    team = at_work
    press(team, "ana", "open_settings")
    with team.assistant.work.store.write() as session:
        session.execute(update(Person).where(Person.email == email("ana")).values(active=False))
    none = {"selected_option": {"value": "none"}}
    answer = team.submit("ana", quiet_from=none, quiet_until=none)
    assert UNKNOWN in str(answer)
    assert list(refusals(team)) == [("ana", "settings_form", "unknown_person")]


def test_who_lost_their_role_sees_their_own_home_again(database_url: str) -> None:
    with living(database_url, connected=False) as team:
        team.account("Acme Dental", MONDAY)
        team.tick("sync")
        team.go("2026-11-23 09:00")
        with listening(team, team.assistant):
            open_home(team, "maria")
            press(team, "maria", "home_book", "Ana Reyes")
            assert "Acme Dental" in words(view_of(team, "maria") or {})
            press(team, "maria", "open_leave")
        config = team.settings.config
        teams = tuple(replace(one, managers=(email("olga"),)) for one in config.teams)
        team.settings = replace(team.settings, config=replace(config, teams=teams))
        team.assistant = team.another_assistant()
        with listening(team, team.assistant):
            today = {"selected_date": MONDAY.isoformat()}
            answer = team.submit(
                "maria", first=today, last=today, cover={"selected_option": {"value": "nobody"}}
            )
            assert "Only the person and their manager enter leave" in str(answer)
            press(team, "maria", "home_refresh")
            assert NOT_YOUR_TEAM in words(team.form("maria"))
            shown = words(view_of(team, "maria") or {})
            assert "Acme Dental" not in shown and "not a manager here" in shown
        assert list(refusals(team)) == [
            ("maria", "take_leave", "not_yours"),
            ("maria", "open_book", "not_yours"),
        ]


def press(team: Living, who: str, action_id: str, on: str = "") -> None:
    """Press what stands in Home."""
    view = view_of(team, who) or {}
    for block in view["blocks"]:
        parts = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if any(one.get("action_id") == action_id for one in parts) and on in words({"blocks": [block]}):
            team.act(who, {"type": "view", "view_id": view["id"]}, block["block_id"], action_id)
            return
    raise AssertionError(f"no {action_id} on {on!r} in\n{words(view)}")

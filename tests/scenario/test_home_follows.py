"""An opened Home follows what happens to the books it counts: soon, and not once for every press."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.services.outgoing.homes import OTHERS_PAUSE
from bot.store.tables import Fact, Person, RunRow
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MONDAY = date(2026, 11, 23)


def published(team: Living, who: str) -> list[Any]:
    """The Homes that Slack took for a person, oldest first."""
    sent = team.world.journal.entries(service="slack", method="views.publish")
    return [one for one in sent if one.body["user_id"] == team.ids[who]]


def view_of(team: Living, who: str) -> dict[str, Any]:
    found: dict[str, Any] = team.http.get(f"/people/{team.ids[who]}/home").raise_for_status().json()["view"]
    return found


def open_home(team: Living, who: str) -> None:
    """Open the tab, and wait until Slack has it."""
    before = len(published(team, who))

    def drawn() -> bool:
        if team.carries:
            team.deliver()
        return len(published(team, who)) > before

    team.http.post(f"/people/{team.ids[who]}/home/open", json={}).raise_for_status()
    wait_until(drawn)


def later(team: Living) -> None:
    team.clock.let_pass(OTHERS_PAUSE)
    team.deliver()


def press_in_home(team: Living, who: str, action_id: str, on: str) -> None:
    """Press a button of Home that stands beside these words."""
    view = view_of(team, who)
    for block in view["blocks"]:
        parts = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if any(one.get("action_id") == action_id for one in parts) and on in words({"blocks": [block]}):
            team.act(who, {"type": "view", "view_id": view["id"]}, block["block_id"], action_id)
            return
    raise AssertionError(f"no {action_id} on {on!r} in\n{words(view)}")


def test_a_managers_board_and_the_book_they_look_into_follow_a_reps_presses(team: Living) -> None:
    for number in range(20):
        team.account(f"Account {number:02}", MONDAY)
    team.account("Of Ben", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "maria")
    open_home(team, "olga")  # who manages none of them
    foreign = len(published(team, "olga"))
    assert "0 worked today" in words(view_of(team, "maria"))
    team.command("ana", "log account 19 no answer")
    later(team)
    assert "1 worked today" in words(view_of(team, "maria"))
    press_in_home(team, "maria", "home_book", "Ana Reyes")
    team.command("ana", "defer account 18 until 2 Dec: on a trip until then")  # of the second page
    later(team)
    assert "1 deferred" in words(view_of(team, "maria"))
    before = len(published(team, "maria"))
    team.command("ben", "log of ben no answer")  # whose book she does not look at
    later(team)
    assert len(published(team, "maria")) == before
    assert len(published(team, "olga")) == foreign


def test_many_presses_are_few_homes(team: Living) -> None:
    for number in range(12):
        team.account(f"Account {number:02}", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "maria")
    open_home(team, "ana")
    before = len(published(team, "maria")), len(published(team, "ana"))
    for number in range(12):
        team.command("ana", f"log account {number:02} no answer")
    assert len(published(team, "maria")) - before[0] <= 6  # the presses themselves take some seconds
    later(team)
    assert "12 worked today" in words(view_of(team, "maria"))
    assert len(published(team, "ana")) - before[1] < 12


def test_who_asks_does_not_wait_for_what_else_happens(team: Living) -> None:
    team.account("Acme", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "ana")
    team.command("ana", "log acme no answer")  # Home was drawn just now: this waits a little
    press_in_home(team, "ana", "home_refresh", "Refresh")
    assert "first email" in words(view_of(team, "ana"))


def test_an_account_that_leaves_the_book_leaves_the_open_home(team: Living) -> None:
    deal = team.account("Given Away", MONDAY)
    team.account("Stays", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "ana")
    open_home(team, "ben")
    team.world.hubspot.update("deals", deal, {"hubspot_owner_id": team.owners["ben"]})
    team.tick("sync")
    later(team)
    assert "Given Away" not in words(view_of(team, "ana")) and "Stays" in words(view_of(team, "ana"))
    assert "Given Away" in words(view_of(team, "ben"))


def test_leave_is_seen_on_the_open_board_at_once(team: Living) -> None:
    team.account("Acme", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "maria")
    open_home(team, "ben")
    open_home(team, "ana")
    press_in_home(team, "ana", "open_leave", "Leave…")
    menu = next(one for one in team.form("ana")["blocks"] if one.get("block_id") == "cover")
    ben = next(one for one in menu["element"]["options"] if one["text"]["text"] == "Ben Stone")
    today = {"selected_date": MONDAY.isoformat()}
    team.submit("ana", first=today, last=today, cover={"selected_option": ben})
    later(team)
    assert "Ben Stone covers" in words(view_of(team, "maria"))
    assert "Covering for Ana Reyes" in words(view_of(team, "ben")) and "Acme" in words(view_of(team, "ben"))


@contextmanager
def at_work(team: Living) -> Iterator[None]:
    """The sender's threads carry by themselves, as they do in a running assistant."""
    team.carries = False
    team.assistant.sender.start()
    yield


def book_of_300(team: Living) -> None:
    """Ana's book: 300 open accounts of the last four weeks, with four facts each."""
    now = team.world.clock.now()
    with team.assistant.work.store.write() as session:
        ana = session.scalars(select(Person).where(Person.slack_user_id == team.ids["ana"])).one()
        runs = [
            {
                "id": n,
                "book": team.assistant.work.book,
                "deal_id": f"d{n}",
                "account": f"Account {n:03}",
                "owner_id": ana.id,
                "put_out_on": MONDAY - timedelta(days=n % 29),
                "expires_on": MONDAY + timedelta(days=n % 29),
                "hosts_site": True,
                "stage": "open",
                "price_cents": n * 100,
                "created_at": now - timedelta(days=30),
                "next_look_on": MONDAY,
            }
            for n in range(1, 301)
        ]
        facts = [
            {"key": f"f{run['id']}:{back}", "run_id": run["id"], "kind": "call", "outcome": "no_answer"}
            | {"at": now - timedelta(days=back), "recorded_at": now, "source": "slack", "surface": "button"}
            for run in runs
            for back in range(1, 5)
        ]
        session.execute(insert(RunRow), runs)
        session.execute(insert(Fact), facts)


def test_home_opens_within_a_second_with_300_accounts(team: Living) -> None:
    """Counted is the work of this process, Slack's and the assistant's: others on the machine do not show."""
    book_of_300(team)
    team.go("2026-11-23 09:00")
    taken = []
    with at_work(team):
        for _ in range(4):
            began = time.process_time()
            open_home(team, "ana")
            taken.append(time.process_time() - began)
    assert "300 open" in words(view_of(team, "ana"))
    assert sorted(taken)[1] < 1, taken


def test_what_is_pressed_is_redrawn_at_once(team: Living) -> None:
    """The senders are woken: looking for rows by themselves they would find them long after the test."""
    for number in range(5):
        team.account(f"Account {number}", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    open_home(team, "ana")
    team.clock.let_pass(OTHERS_PAUSE)
    team.assistant.sender._poll = 600
    with at_work(team):
        for number in range(4):
            redrawn, in_home = _redraws(team), len(published(team, "ana"))
            team.press("ana", "log_call:no_answer", f"Account {number}")
            wait_until(lambda before=redrawn: _redraws(team) > before)  # type: ignore[misc]
            if number == 0:  # Home was not drawn just now: it follows as soon
                wait_until(lambda before=in_home: len(published(team, "ana")) > before)  # type: ignore[misc]


def _redraws(team: Living) -> int:
    """How often the list was drawn anew, through its press's own address or by an update."""
    sent = team.world.journal.entries(service="slack")
    return sum(one.method in ("chat.update", "response_url") for one in sent)


def test_home_is_drawn_again_only_while_somebody_looks(team: Living) -> None:
    team.account("Acme", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 09:00")
    open_home(team, "maria")
    team.clock.let_pass(timedelta(minutes=16))
    before = len(published(team, "maria"))
    team.command("ana", "log acme no answer")
    later(team)
    assert len(published(team, "maria")) == before

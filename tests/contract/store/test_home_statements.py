"""What App Home costs the database: as many statements for any number of accounts and reps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.config import Config, Team
from bot.playbook.policy import load_policy
from bot.services.acts.acting import Click
from bot.services.home.models import Asked, Board, Book, Days, Show, Value
from bot.services.home.opening import Home, filter_home, open_home, read_home
from bot.services.people.roles import Who
from bot.services.work import Work
from bot.store.session import Store
from bot.store.tables import Fact, Message, Person, RunRow
from tests.statements import statements

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday
MANAGER = 1


@pytest.fixture
def work(store: Store, clock: Any) -> Work:
    clock.set(NOW)
    reps = tuple(f"p{n}@x.test" for n in range(2, 100))
    config = Config(teams=(Team("East", managers=("p1@x.test",), reps=reps),), admins=("p1@x.test",))
    return Work(store, clock, config, load_policy(), deal_url=lambda _: None, book="import")


def fill(store: Store, reps: int, runs: int) -> None:
    """A manager and their reps in UTC; each rep with `runs` runs of the last four weeks, three facts each."""
    people = [
        {"id": n, "email": f"p{n}@x.test", "name": f"P{n:03}", "tz": "UTC", "active": True}
        | {"slack_team_id": "T1", "slack_user_id": f"U{n}"}
        for n in range(1, reps + 2)
    ]
    rows = [
        {
            "id": n,
            "book": "import",
            "deal_id": f"d{n}",
            "account": f"A{n}",
            "owner_id": 2 + n % reps,
            "put_out_on": NOW.date() - timedelta(days=n % 29),
            "stage": "open",
            "price_cents": n % 200 * 100,
            "created_at": NOW - timedelta(days=30),
            "next_look_on": NOW.date(),
        }
        for n in range(1, runs * reps + 1)
    ]
    facts = [
        {
            "key": f"f{row['id']}:{back}",
            "run_id": row["id"],
            "kind": "call",
            "outcome": "no_answer",
            "at": NOW - timedelta(days=back),
            "recorded_at": NOW,
            "source": "slack",
            "surface": "button",
        }
        for row in rows
        for back in range(3)
    ]
    with store.write() as session:
        session.execute(insert(Person), people)
        session.execute(insert(RunRow), rows)
        session.execute(insert(Fact), facts)


def click(person: int) -> Click:
    return Click(Who("T1", f"U{person}"), f"press:{person}", "home")


def drawn(work: Work, person: int) -> Home:
    """What the sender draws of the Home that the person opened."""
    with work.store.read() as session:
        home = session.query(Message).filter_by(person_id=person, kind="home").one()
        message_id = home.id
    found = read_home(work, message_id)
    assert found is not None
    return found


@pytest.mark.parametrize("accounts", [1, 60, 500])
def test_a_book_takes_as_many_statements_whatever_its_size(work: Work, accounts: int) -> None:
    fill(work.store, 1, accounts)
    open_home(work, click(2), Asked())  # the first time it is also made
    with statements(work.store) as to_open:
        open_home(work, click(2), Asked(show=Show.ALL))
    with statements(work.store) as to_draw:
        home = drawn(work, 2)
    assert isinstance(home.shown, Book) and home.shown.found == accounts
    assert len(to_open) == 5, to_open
    assert len(to_draw) == 13, to_draw


@pytest.mark.parametrize(("reps", "accounts"), [(1, 5), (12, 5), (60, 5), (12, 50)])
def test_a_board_takes_as_many_statements_whatever_the_team(work: Work, reps: int, accounts: int) -> None:
    fill(work.store, reps, accounts)
    open_home(work, click(MANAGER))
    with statements(work.store) as to_draw:
        home = drawn(work, MANAGER)
    assert isinstance(home.shown, Board) and home.shown.team.open == reps * accounts
    assert len(to_draw) == 19, to_draw


def test_a_page_of_the_board_sums_the_whole_team_and_begins_with_who_is_late(work: Work) -> None:
    fill(work.store, 60, 5)
    open_home(work, click(MANAGER))
    first = drawn(work, MANAGER).shown
    open_home(work, click(MANAGER), Asked(page=2))
    last = drawn(work, MANAGER).shown
    assert isinstance(first, Board) and isinstance(last, Board)
    assert (first.pages, last.page, len(first.rows), len(last.rows)) == (3, 2, 20, 20)
    assert first.team == last.team and first.team.open == 300 and first.team.done_today == 300
    assert first.rows[0].standing.late > last.rows[-1].standing.late
    order = [(-row.standing.late, row.name) for row in (*first.rows, *last.rows)]
    assert order == sorted(order)


def test_filters_stay_when_a_page_is_turned_and_a_filter_begins_at_the_first(work: Work) -> None:
    fill(work.store, 1, 240)
    open_home(work, click(2), Asked(show=Show.ALL))
    filter_home(work, click(2), Value.HIGH)
    filter_home(work, click(2), Days.WEEKS)
    first = drawn(work, 2).shown
    assert isinstance(first, Book) and first.pages > 1
    assert first.asked == Asked(Show.ALL, Days.WEEKS, Value.HIGH)
    open_home(work, click(2), first.asked.turned_to(1))
    second = drawn(work, 2).shown
    assert isinstance(second, Book) and second.asked.page == 1 and second.found == first.found
    listed = [entry.line for entry in (*first.entries, *second.entries)]
    assert len({line.run_id for line in listed}) == len(listed) > 15
    assert all(8 <= (line.playbook_day or 0) <= 27 for line in listed)
    filter_home(work, click(2), Show.LATE)
    assert drawn(work, 2).shown.asked.page == 0  # type: ignore[union-attr]

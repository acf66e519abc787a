"""Finding an account by what is typed: one's own book only, typos forgiven, several asked back, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Config, Team
from bot.playbook.policy import load_policy
from bot.services.errors import UnknownPerson
from bot.services.people.roles import Who
from bot.services.showing.search import MOST_HITS, find_accounts
from bot.services.work import Work
from bot.store.session import Store
from bot.store.tables import Base, Person, RunRow

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
TEAMS = (
    Team("East", "C1", ("maria@team.example",), ("ana@team.example",)),
    Team("West", "C2", ("olga@team.example",), ("ben@team.example",)),
)
ANA, BEN, MARIA = Who("T1", "U1"), Who("T1", "U2"), Who("T1", "U3")
Add = Callable[..., None]


class StandingClock:
    def now(self) -> datetime:
        return NOW

    def elapsed(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def memory() -> Iterator[Store]:
    """A database in memory with a rep, a colleague of another team, and the rep's manager."""
    store = Store("sqlite://")
    Base.metadata.create_all(store.engine)
    with store.write() as session:
        for number, name in enumerate(("ana", "ben", "maria"), 1):
            session.add(
                Person(
                    id=number,
                    email=f"{name}@team.example",
                    name=name.title(),
                    tz="America/New_York",
                    slack_team_id="T1",
                    slack_user_id=f"U{number}",
                )
            )
    yield store
    store.close()


@pytest.fixture
def work(memory: Store) -> Iterator[Work]:
    yield Work(memory, StandingClock(), Config(teams=TEAMS), load_policy(None), str)
    with memory.write() as session:
        session.query(RunRow).delete()


@pytest.fixture
def add(work: Work) -> Add:
    numbers = iter(range(1, 1000))

    def put(*names: str, owner: int | None = 1, stage: str = "open", gone: bool = False) -> None:
        with work.store.write() as session:
            for name in names:
                session.add(
                    RunRow(
                        book="hubspot",
                        deal_id=str(next(numbers)),
                        put_out_on=date(2026, 11, 23),
                        account=name,
                        stage=stage,
                        owner_id=owner,
                        created_at=NOW,
                        gone_at=NOW if gone else None,
                    )
                )

    return put


def found(work: Work, text: str, who: Who = ANA) -> list[str]:
    return [hit.account for hit in find_accounts(work, who, text)]


def test_a_part_of_the_name_is_enough(work: Work, add: Add):
    add("Acme Dental", "Bay Bakery", "Corner Café")
    assert found(work, "acme") == ["Acme Dental"]
    assert found(work, "DENTAL") == ["Acme Dental"]
    assert found(work, "bakery") == ["Bay Bakery"]
    assert found(work, "corner caf") == ["Corner Café"]


@pytest.mark.parametrize("typo", ["acme dentel", "amce dental", "Acme-Dental", "acmedental", "acme  dental "])
def test_typos_are_forgiven(work: Work, add: Add, typo: str):
    add("Acme Dental", "Bay Bakery", "Harbor Hotel", "Sunny Side Cafe")
    assert found(work, typo) == ["Acme Dental"]


def test_an_exact_name_wins_over_longer_ones(work: Work, add: Add):
    add("Acme", "Acme Dental", "Acme Garage")
    assert found(work, "acme") == ["Acme"]


def test_several_are_asked_back(work: Work, add: Add):
    add("Acme Dental", "Acme Garage", "Bay Bakery")
    assert set(found(work, "acme")) == {"Acme Dental", "Acme Garage"}


def test_two_of_the_same_name_are_both_shown(work: Work, add: Add):
    add("Acme", "ACME")
    assert len(found(work, "acme")) == 2


@pytest.mark.parametrize("nothing", ["zzz", "!!!", "...", "🦆", "", " ", "&amp;", "\x00", "x" * 4000])
def test_what_is_no_account_finds_none(work: Work, add: Add, nothing: str):
    add("Bay Bakery", "Harbor Hotel")
    assert found(work, nothing) == []


def test_a_name_of_signs_alone_can_be_found(work: Work, add: Add):
    add("¡¿?!", "🦆🦆", "Bay Bakery")
    assert found(work, "🦆") == ["🦆🦆"]
    assert found(work, "¡¿?!") == ["¡¿?!"]


def test_a_name_in_another_script_is_found(work: Work, add: Add):
    add("Пекарня Восток", "東京ホテル", "Bay Bakery")
    assert found(work, "пекарня") == ["Пекарня Восток"]
    assert found(work, "東京") == ["東京ホテル"]


def test_foreign_accounts_are_not_there(work: Work, add: Add):
    add("Bay Bakery", owner=2)
    add("Nobody's Nursery", owner=None)
    assert found(work, "bay bakery") == []
    assert found(work, "bay bakery", BEN) == ["Bay Bakery"]
    assert found(work, "nobody's nursery") == []


def test_a_manager_finds_the_teams_accounts_and_those_of_nobody(work: Work, add: Add):
    add("Acme Dental", owner=1)
    add("Bay Bakery", owner=2)  # of no team of hers
    add("Nobody's Nursery", owner=None)
    assert found(work, "acme", MARIA) == ["Acme Dental"]
    assert found(work, "bay", MARIA) == []
    assert found(work, "nursery", MARIA) == ["Nobody's Nursery"]


def test_a_closed_run_hides_behind_the_open_one(work: Work, add: Add):
    add("Acme Dental", stage="lost")
    assert found(work, "acme") == ["Acme Dental"]  # a takedown contact may still be due on it
    add("Acme Dental")
    (hit,) = find_accounts(work, ANA, "acme")
    assert not hit.closed


def test_what_left_the_book_is_not_there(work: Work, add: Add):
    add("Acme Dental", gone=True)
    assert found(work, "acme") == []


def test_no_more_than_can_be_chosen_from(work: Work, add: Add):
    add(*(f"Acme {number}" for number in range(60)))
    assert len(found(work, "acme")) == MOST_HITS
    assert found(work, "acme 37") == ["Acme 37"]


def test_an_unknown_person_finds_nothing(work: Work, add: Add):
    add("Acme Dental")
    for stranger in (Who("T1", "U99"), Who("T2", "U1")):
        with pytest.raises(UnknownPerson):
            find_accounts(work, stranger, "acme")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_searched_without_a_crash(work: Work, text: str):
    find_accounts(work, ANA, text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet="abcdefgh &'-éß漢", min_size=1, max_size=40).filter(lambda n: bool(n.strip())))
def test_every_account_is_found_by_its_own_name(work: Work, add: Add, name: str):
    add(name)
    assert name in found(work, name)

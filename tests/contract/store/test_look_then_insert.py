"""What two processes look for and both do not find is kept once, and neither of them hears of it (FAULTS 1, 16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.config import Config
from bot.playbook.policy import load_policy
from bot.services.acts.acting import Click
from bot.services.acts.leave import end_leave, take_leave
from bot.services.acts.preferences import Preferred, set_preferences, settings_of
from bot.services.errors import BadField, StaleTouch
from bot.services.people.people import SlackPerson, upsert_people
from bot.services.people.roles import Who
from bot.services.people.user_groups import keep_problems
from bot.services.runs.call_outcomes import keep_outcome_names, outcome_names
from bot.services.sync_state import SyncState, load_state, save_state
from bot.services.work import Work
from bot.store.marks import mark_to_read
from bot.store.session import Store
from bot.store.tables import CrmMark, LeaveDays, Person
from tests.racing import race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
ANA, BEN = Who("T1", "UANA"), Who("T1", "UBEN")


@pytest.fixture
def ours(store: Store, clock: Any) -> Work:
    clock.set(NOW)
    with store.write() as session:
        for who, name in ((ANA, "Ana"), (BEN, "Ben")):
            session.add(
                Person(email=f"{name.lower()}@example.com", name=name, tz="UTC",
                       slack_team_id="T1", slack_user_id=who.user_id)
            )  # fmt: skip
            session.flush()
    return Work(store, clock, Config(), load_policy(), deal_url=lambda _: None)


@pytest.fixture
def theirs(ours: Work) -> Iterator[Work]:
    store = Store(ours.store.url)
    yield replace(ours, store=store)
    store.close()


def test_the_same_settings_form_handed_to_two_processes(ours: Work, theirs: Work) -> None:
    wanted = Preferred(nudges_off=frozenset({"new_runs"}))
    click = Click(ANA, "form:1", "form")
    one, two = race(
        ours,
        theirs,
        lambda work: set_preferences(work, click, wanted),
        lambda work: set_preferences(work, click, wanted),
    )
    one.result(), two.result()
    assert settings_of(ours, click) == wanted


def test_two_processes_that_start_at_once_meet_the_same_new_people(ours: Work, theirs: Work) -> None:
    listed = [SlackPerson("T1", f"U{name}", f"{name}@example.com", name, "UTC") for name in ("cem", "dee")]

    def meet(work: Work) -> tuple[int, ...]:
        with work.store.write() as session:
            return upsert_people(session, listed)

    def meet_in_another_order(work: Work) -> tuple[int, ...]:
        with work.store.write() as session:
            return upsert_people(session, reversed(listed))

    one, two = race(ours, theirs, meet, meet_in_another_order, after="INSERT INTO people")
    assert len(one.result()) == 2 and two.result() == ()
    with ours.store.read() as session:
        people = session.execute(select(Person.email, Person.slack_user_id).order_by(Person.email)).all()
    assert [tuple(one) for one in people[2:]] == [("cem@example.com", "Ucem"), ("dee@example.com", "Udee")]


def test_what_is_remembered_for_the_first_time_by_two_processes(ours: Work, theirs: Work) -> None:
    def remember(work: Work) -> None:
        with work.store.write() as session:
            keep_outcome_names(session, {"x": "Gatekeeper"})
            keep_problems(session, ["none"])
            save_state(session, SyncState(swept_at=NOW))

    one, two = race(ours, theirs, remember, remember)
    one.result(), two.result()
    with ours.store.read() as session:
        assert outcome_names(session) == {"x": "Gatekeeper"}
        assert load_state(session).swept_at == NOW


def test_a_record_that_a_pass_is_reading_is_marked_once_more(ours: Work, theirs: Work) -> None:
    """The pass forgets what it has read; what was named since has to be read again."""

    def mark(work: Work) -> None:
        with work.store.write() as session:
            mark_to_read(session, [("emails", "e1"), ("emails", "e2")])

    def mark_in_another_order(work: Work) -> None:
        with work.store.write() as session:
            mark_to_read(session, [("emails", "e2"), ("emails", "e1")])

    one, two = race(ours, theirs, mark, mark_in_another_order)
    one.result(), two.result()
    with ours.store.read() as session:
        assert set(session.scalars(select(CrmMark.times))) == {2}


def test_leave_entered_on_two_devices_is_entered_once(ours: Work, theirs: Work) -> None:
    days = date(2026, 12, 1), date(2026, 12, 4)
    one, two = race(
        ours,
        theirs,
        lambda work: take_leave(work, Click(ANA, "phone", "form"), *days, cover_id=None),
        lambda work: take_leave(work, Click(ANA, "desk", "form"), *days, cover_id=None),
    )
    one.result()
    assert isinstance(two.exception(), BadField)
    assert _leaves(ours) == 1


def test_two_who_enter_each_other_as_their_cover_at_once_are_not_both_away(ours: Work, theirs: Work) -> None:
    days = date(2026, 12, 1), date(2026, 12, 4)
    one, two = race(
        ours,
        theirs,
        lambda work: take_leave(work, Click(ANA, "k1", "form"), *days, cover_id=2),
        lambda work: take_leave(work, Click(BEN, "k2", "form"), *days, cover_id=1),
    )
    one.result()
    assert isinstance(two.exception(), BadField)
    assert _leaves(ours) == 1


def test_leave_ended_twice_at_once_ends_once(ours: Work, theirs: Work) -> None:
    with ours.store.write() as session:
        session.add(LeaveDays(id=1, person_id=1, first_on=date(2026, 12, 1), last_on=date(2026, 12, 4)))
    one, two = race(
        ours,
        theirs,
        lambda work: end_leave(work, Click(ANA, "phone", "button"), 1),
        lambda work: end_leave(work, Click(ANA, "desk", "button"), 1),
    )
    one.result()
    assert isinstance(two.exception(), StaleTouch)
    assert _leaves(ours) == 0


def test_the_end_of_a_leave_handed_to_two_processes_is_no_surprise(ours: Work, theirs: Work) -> None:
    with ours.store.write() as session:
        session.add(LeaveDays(id=1, person_id=1, first_on=date(2026, 12, 1), last_on=date(2026, 12, 4)))
    click = Click(ANA, "k1", "button")
    one, two = race(
        ours, theirs, lambda work: end_leave(work, click, 1), lambda work: end_leave(work, click, 1)
    )
    one.result(), two.result()
    assert _leaves(ours) == 0


def _leaves(work: Work) -> int:
    with work.store.read() as session:
        return session.scalar(select(func.count()).select_from(LeaveDays)) or 0

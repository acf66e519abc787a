"""The soak's checker finds what it is there for: each way in which the two sides can part is staged once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from bot.hubspot import activities, records
from bot.services.incoming import facts, runs
from bot.store.tables import CrmRecord, Fact, OutboxRow, RunRow
from sandbox.hubspot.kinds import KINDS
from tests.soak.checker import complaints
from tests.soak.machine import quieten
from tests.soak.people import Colleagues, Reps
from tests.soak.team import Team


class Morning:
    """A team with one deal, and what each test does to it."""

    def __init__(self, team: Team) -> None:
        self.team = team
        team.begin(0)
        self.reps, self.colleagues = Reps(team), Colleagues(team)
        self.colleagues.adds_a_deal(0)
        team.sync()

    def rep(self, act: str, more: int = 0) -> None:
        self.reps.acts()[act](0, more)

    def colleague(self, act: str, more: int = 0) -> None:
        self.colleagues.acts()[act](0, more)

    def says(self) -> list[str]:
        """What the checker says once it is quiet."""
        quieten(self.team, self.reps)
        return complaints(self.team)

    def write(self, statement: Any) -> None:
        assert self.team.store is not None
        with self.team.store.write() as session:
            session.execute(statement)

    def record(self, kind: str) -> Any:
        return next(iter(self.team.portal.records.all(KINDS[kind])))


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    with Team() as made:
        yield made


@pytest.fixture
def morning(team: Team) -> Morning:
    return Morning(team)


def test_it_is_content_with_a_morning_on_which_all_is_well(morning: Morning) -> None:
    for act in ("logs a call", "logs a reply", "logs a note", "reviews", "agrees on a meeting", "defers"):
        morning.rep(act, 1)
    for act in ("calls", "gets an email", "writes a note", "plans a meeting", "changes the amount"):
        morning.colleague(act, 3)
    morning.rep("logs an email")
    morning.colleague("sends a tracked email")

    assert morning.says() == []


def test_it_sees_a_call_written_with_another_outcome(morning: Morning, monkeypatch: Any) -> None:
    wrong = dict(records.DISPOSITION_FOR) | {"busy": records.DISPOSITION_FOR["no_answer"]}
    monkeypatch.setattr(records, "DISPOSITION_FOR", wrong)
    monkeypatch.setattr(facts, "_says", lambda *_: ())  # and a sync that does not look
    monkeypatch.setattr(facts, "_would_say", lambda *_: ())
    morning.rep("logs a call", 2)

    said = " ".join(morning.says())

    assert "HubSpot has 1 x ('call', 'no_answer'" in said and "we have 1 x ('call', 'busy'" in said


def test_it_sees_an_outcome_read_as_another(morning: Morning, monkeypatch: Any) -> None:
    monkeypatch.setattr(activities, "DISPOSITIONS", dict.fromkeys(activities.DISPOSITIONS, "no_answer"))
    morning.colleague("calls", 4)

    assert "HubSpot has 1 x ('call', 'connected'" in " ".join(morning.says())


def test_it_sees_an_inbound_call_counted_as_an_attempt(morning: Morning, monkeypatch: Any) -> None:
    def outbound(record: Any) -> None:
        record.facts.append(facts.ReadFact("call", record.at, outcome="connected"))

    monkeypatch.setitem(activities._READERS, "calls", outbound)
    morning.colleague("calls", 2)

    assert "HubSpot has 1 x ('reply'" in " ".join(morning.says())


def test_it_sees_a_time_that_is_not_the_same(morning: Morning) -> None:
    morning.rep("logs a note")
    morning.says()
    morning.write(update(Fact).values(at=morning.team.clock.now() - timedelta(days=1)))
    morning.write(delete(OutboxRow))

    assert "('note', " in " ".join(complaints(morning.team))


def test_it_sees_a_record_that_stands_there_twice(morning: Morning) -> None:
    morning.rep("logs a call")
    morning.says()
    call = morning.record("calls")
    twin = {
        name: call.properties[name] for name in ("hs_timestamp", "hs_call_direction", "hs_call_disposition")
    }
    twin_key = f"{call.properties['renewals_key']}-again"
    deal = morning.record("deals")
    morning.team.portal.create("calls", twin | {"renewals_key": twin_key}, [("deals", deal.id)])

    said = " ".join(complaints(morning.team))

    assert "HubSpot has 1 x ('call'" in said and "carries the key of no fact" in said


def test_it_sees_what_was_undone_and_is_still_there(morning: Morning, monkeypatch: Any) -> None:
    morning.rep("logs a call")
    morning.says()
    monkeypatch.setattr("bot.services.acts.undo.take_back", lambda *_, **__: None)
    morning.rep("undoes")

    assert "was undone and is still there" in " ".join(morning.says())


def test_it_sees_a_deletion_that_was_not_followed(morning: Morning, monkeypatch: Any) -> None:
    morning.colleague("calls", 4)
    morning.says()
    for reader in ("take_over", "archived"):
        monkeypatch.setattr(f"bot.services.incoming.{reader}.remove_activity", lambda *_, **__: None)
    morning.colleague("deletes an activity")

    assert "and HubSpot does not" in " ".join(morning.says())


def test_it_sees_what_stayed_with_a_deal_that_was_merged_away(morning: Morning, monkeypatch: Any) -> None:
    morning.colleagues.adds_a_deal(1)
    morning.team.sync()
    morning.reps.acts()["logs a call"](0, 1)
    morning.says()
    monkeypatch.setattr("bot.services.incoming.take_over.move_facts", lambda *_: set())
    morning.colleagues.acts()["merges two deals"](1, 0)

    assert "HubSpot has 1 x ('call'" in " ".join(morning.says())


@pytest.mark.parametrize(
    ("act", "more", "word"),
    [
        ("changes the owner", 1, "owner"),
        ("changes the amount", 7, "price"),
        ("moves the stage", 1, "stage"),
        ("changes a date", 3, "expiration"),
        ("changes a date", 16, "put-out date"),
    ],
)
def test_it_sees_a_deal_that_is_not_as_its_run(
    morning: Morning, monkeypatch: Any, act: str, more: int, word: str
) -> None:
    monkeypatch.setattr(runs, "_update", lambda *_: False)
    morning.colleague(act, more)

    assert f"the {word} is " in " ".join(morning.says())


def test_it_sees_a_record_of_another_owner_and_without_its_links(morning: Morning) -> None:
    morning.rep("logs a call")
    morning.says()
    call = morning.record("calls")
    morning.team.portal.update("calls", call.id, {"hubspot_owner_id": "502"})
    morning.write(update(RunRow).values(company_id="1"))

    said = " ".join(complaints(morning.team))

    assert "is not Maya's" in said


def test_it_sees_a_tracked_email_that_counts_twice(morning: Morning, monkeypatch: Any) -> None:
    monkeypatch.setattr(facts, "unmatched_email", lambda *_: None)
    monkeypatch.setattr("bot.services.incoming.emails.unmatched_email", lambda *_: None)
    morning.rep("logs an email")
    morning.colleague("sends a tracked email")

    assert "waits for a tracked email" in " ".join(morning.says())


def test_it_sees_a_row_that_is_left_open_and_one_that_was_given_up(morning: Morning) -> None:
    morning.rep("logs a call")
    morning.rep("logs a note")
    morning.says()
    morning.write(update(OutboxRow).where(OutboxRow.id == 1).values(state="unknown"))
    morning.write(update(OutboxRow).where(OutboxRow.id == 2).values(state="dead", reason="no"))

    said = " ".join(complaints(morning.team))

    assert "is still unknown" in said and "was given up: no" in said


def test_it_sees_a_record_that_nobody_follows(morning: Morning) -> None:
    morning.colleague("calls", 4)
    morning.says()
    morning.write(update(CrmRecord).values(object_id="1"))

    assert "was deleted" in " ".join(complaints(morning.team))


def test_it_sees_more_calls_than_there_is_work(morning: Morning) -> None:
    morning.says()
    for _ in range(1000):
        morning.team.world.journal.add("hubspot", "GET /crm/owners")

    assert "at most" in " ".join(complaints(morning.team))


@pytest.mark.parametrize(("stage", "complains"), [("open", True), ("lost", False)])
def test_it_sees_two_runs_of_a_deal_unless_the_earlier_one_is_closed(
    morning: Morning, stage: str, complains: bool
) -> None:
    morning.says()
    deal = morning.record("deals").id
    earlier = {
        "put_out_on": date(2026, 1, 5),
        "account": "Earlier",
        "created_at": morning.team.world.clock.now(),
    }
    morning.write(insert(RunRow).values(book="hubspot", deal_id=deal, stage=stage, **earlier))

    assert ("2 runs" in " ".join(complaints(morning.team))) is complains

"""Three processes at half past eight, one of them frozen beyond its lease: one digest each (FAULTS 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import OutboxRow
from tests.faults.checker import findings
from tests.faults.process import Order, Processes
from tests.living import Living, living, wait_until

MONDAY = date(2026, 11, 23)
AT_HALF_PAST_EIGHT = ("mornings", "manager_mornings")
LEASE = timedelta(seconds=1)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    with living(database_url, connected=False) as found:
        found.account("Acme Dental", MONDAY)
        found.account("Bay Bakery", date(2026, 11, 9))
        found.tick("sync")
        found.go("2026-11-23 08:30")
        yield found


def all_sent(team: Living) -> bool:
    with team.assistant.work.store.read() as session:
        rows = session.execute(select(OutboxRow.kind, OutboxRow.state)).all()
    return len(rows) >= 4 and {row.state for row in rows} <= {"sent", "dropped"}


def posted(team: Living) -> list[str]:
    entries = team.world.journal.entries(method="chat.postMessage")
    bodies: list[Any] = [entry.body for entry in entries]
    return sorted(body["metadata"]["event_payload"]["key"].partition("|")[0] for body in bodies)


@pytest.mark.parametrize(
    "freezes_at", ["outbox.before_send", "slack.conversation_opened", "outbox.after_send"]
)
def test_one_frozen_beyond_its_lease_posts_nothing_twice(
    team: Living, processes: Processes, freezes_at: str
) -> None:
    """Frozen with a row in hand: before it is sent, just before the post, and after it."""
    usual = Order(team.settings, team.policy, team.clock.now(), lease=LEASE, jobs=AT_HALF_PAST_EIGHT)
    one_each = {"slack": 1, "hubspot": 1}
    frozen = processes.start(
        Order(
            team.settings,
            team.policy,
            team.clock.now(),
            freezes_at=freezes_at,
            lease=LEASE,
            workers=one_each,
            jobs=AT_HALF_PAST_EIGHT,
        )
    )
    processes.wait_until_frozen(frozen)
    for _ in range(2):
        processes.start(usual)
    wait_until(lambda: all_sent(team))
    before = posted(team)
    processes.go_on(frozen)
    assert posted(team) == before == ["digest", "manager_morning", "manager_morning"]
    assert [len(team.messages("ana")), len(team.messages("maria", team.managers_channel))] == [1, 1]
    found = findings(team, mornings=[MONDAY])
    found.pop("late", None)  # what Slack handed to the frozen process was answered when it went on
    assert found == {}


def test_three_at_once(team: Living, processes: Processes) -> None:
    """All of them race for every row, and nobody is in trouble."""
    order = Order(team.settings, team.policy, team.clock.now(), jobs=AT_HALF_PAST_EIGHT * 3)
    for _ in range(3):
        processes.start(order)
    wait_until(lambda: all_sent(team))
    assert [len(team.messages("ana")), len(team.messages("maria", team.managers_channel))] == [1, 1]
    assert findings(team, mornings=[MONDAY]) == {}

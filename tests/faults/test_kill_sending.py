"""kill -9 around a Slack post and around a HubSpot create: nothing lost, nothing doubled (FAULTS 3 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.store.outbox import counts
from tests.faults.checker import findings
from tests.faults.process import Order, Processes
from tests.living import Living, listening, living

MONDAY = date(2026, 11, 23)
LEASE = timedelta(seconds=60)


@pytest.fixture
def team(database_url: str) -> Iterator[Living]:
    """Half past eight; the mornings are not sent yet, and nobody listens."""
    with living(database_url, connected=False, undo_seconds=1) as found:
        found.account("Acme Dental", MONDAY)
        found.tick("sync")
        found.go("2026-11-23 08:30")
        yield found


def order(team: Living, dies_at: str, *jobs: str, lease: timedelta = LEASE) -> Order:
    one_each = {"slack": 1, "hubspot": 1}
    return Order(
        team.settings, team.policy, team.clock.now(), dies_at, lease=lease, workers=one_each, jobs=jobs
    )


def another_takes_over(team: Living) -> None:
    """The dead process's leases end; what it left is carried."""
    team.clock.let_pass(LEASE + timedelta(seconds=1))
    team.deliver()


@pytest.mark.parametrize("dies_at", ["digest.before_post", "digest.after_post_before_settled"])
def test_killed_around_a_post(team: Living, processes: Processes, dies_at: str) -> None:
    pid = processes.start(order(team, dies_at, "mornings", "manager_mornings"))
    processes.wait_until_killed(pid)
    assert len(team.messages("ana")) == (0 if dies_at == "digest.before_post" else 1)
    team.tick("mornings", "manager_mornings")  # it died between two jobs, or in the middle of one
    another_takes_over(team)
    assert len(team.messages("ana")) == 1
    assert team.world.journal.entries(method="conversations.history")  # looked for before it was sent again
    assert findings(team, mornings=[MONDAY]) == {}


@pytest.mark.parametrize(
    ("dies_at", "linked"),
    [("crm.after_write_before_association", False), ("crm.after_create_before_settled", True)],
)
def test_killed_around_a_create(team: Living, processes: Processes, dies_at: str, linked: bool) -> None:
    team.tick("mornings")
    pid = processes.start(order(team, dies_at))
    team.carries = False
    assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
    processes.wait_until_killed(pid)
    (call,) = team.records("calls")
    portal = team.world.hubspot
    assert bool(portal.associated(portal.get("calls", call["id"]), "deals")) == linked
    team.assistant.sync_crm()  # it may see the record before its row is settled
    another_takes_over(team)
    assert [found["id"] for found in team.records("calls")] == [call["id"]]
    assert findings(team, mornings=[MONDAY]) == {}


def test_killed_at_every_point_of_one_morning(team: Living, processes: Processes) -> None:
    """One process after the other, each dying further on; the last one finishes the day."""
    for dies_at in ("outbox.claimed", "outbox.before_send", "outbox.after_send", "outbox.settled"):
        lease = timedelta(seconds=0.5)
        pid = processes.start(order(team, dies_at, "mornings", "manager_mornings", lease=lease))
        processes.wait_until_killed(pid)
    another_takes_over(team)
    with team.assistant.work.store.read() as session:
        assert {state for _, state in counts(session)} <= {"sent", "dropped"}
    with listening(team, team.assistant):
        assert team.press("ana", "log_call:no_answer", "Acme")["acked"]
        team.let_undo_pass()
    assert findings(team, mornings=[MONDAY]) == {}

"""A rep's morning: order, pages, and exactly one message or a recorded reason (issue "The morning", section 4)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import scheduler
from bot.store.tables import LeaveDays, OutboxRow, Person
from tests.living import Living, words

MONDAY = date(2026, 11, 23)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def morning(team: Living, at: str = "2026-11-23 08:30") -> None:
    team.tick("sync")
    team.go(at)
    team.tick("mornings")


def accounts(message: dict[str, Any]) -> list[str]:
    """The accounts of a message in the order in which it shows them."""
    lines = (line for line in words(message).splitlines() if line.startswith(("*", "~")))
    return [line.split(" · ")[0].strip("*~") for line in lines]


def mornings_of(team: Living, who: str) -> list[tuple[str, str, str | None]]:
    """Slot, state and reason of each decided morning."""
    with team.assistant.work.store.read() as session:
        rows = session.execute(
            select(OutboxRow.slot, OutboxRow.state, OutboxRow.reason)
            .join(Person, OutboxRow.recipient == "person:" + Person.id.cast(OutboxRow.slot.type))
            .where(OutboxRow.kind == "digest", Person.slack_user_id == team.ids[who])
            .order_by(OutboxRow.slot)
        )
        return [tuple(row) for row in rows]


@ON_SQLITE
def test_late_first_then_by_gate_then_by_value(team: Living):
    team.account("Small Today", MONDAY, renewal_monthly_price="40")
    team.account("Large Today", MONDAY, renewal_monthly_price="900")
    team.account("Nearer Gate", date(2026, 11, 20), renewal_monthly_price="10")
    team.account("Longest Late", date(2026, 11, 3), renewal_monthly_price="10")
    team.account("Late", date(2026, 11, 17), renewal_monthly_price="5")
    morning(team)
    for who in ("Small Today", "Large Today"):
        assert who in team.seen("ana")
    (digest,) = team.messages("ana")
    assert accounts(digest) == ["Longest Late", "Late", "Nearer Gate", "Large Today", "Small Today"]


@ON_SQLITE
def test_each_touch_says_what_a_rep_needs_to_know(team: Living):
    team.account("Acme & <Sons>", date(2026, 11, 18), renewal_monthly_price="99.5")
    morning(team)
    (digest,) = team.messages("ana")
    text = words(digest)
    assert "*Acme &amp; &lt;Sons&gt;* · day 6 of 30 · 99.50 USD/month · expires Tue 8 Dec" in text
    assert "Carl Customer · <tel:+12125550101|+1 212 555 0101>" in text
    assert "First call (1 of 2)* · late since Wed 18 Nov" in text
    assert digest["text"].startswith("Acme &amp; &lt;Sons&gt;: account review, late since Wed 18 Nov")


@ON_SQLITE
def test_sixty_accounts_come_in_pages_that_can_be_worked(team: Living):
    for number in range(60):
        team.account(f"Account {number:02}", MONDAY, renewal_monthly_price=str(1000 - number))
    morning(team)
    (digest,) = team.messages("ana")
    assert words(digest).startswith("Mon 23 Nov: 60 accounts")
    assert digest["text"].endswith("; +52 more")
    found = accounts(digest)
    pages = 1
    while any(
        e.get("action_id") == "turn_page:next" for b in digest["blocks"] for e in b.get("elements", [])
    ):
        assert len(digest["blocks"]) <= 50
        team.press("ana", "turn_page:next")
        (digest,) = team.messages("ana")
        found += accounts(digest)
        pages += 1
    assert found == [f"Account {number:02}" for number in range(60)]
    assert f"Page {pages} of {pages}" in words(digest)
    last = found[-1]
    team.press("ana", "log_call:no_answer", last)
    (digest,) = team.messages("ana")
    assert f"Page {pages} of {pages}" in words(digest)  # logging does not turn back to the first page
    assert "No answer 08:30 · Ana Reyes" in words(digest)
    team.press("ana", "turn_page:previous")
    assert f"Page {pages - 1} of {pages}" in words(team.messages("ana")[0])


@ON_SQLITE
def test_a_page_is_turned_by_its_reader_alone(team: Living):
    for number in range(20):
        team.account(f"Account {number:02}", MONDAY)
    morning(team)
    (digest,) = team.messages("ana")
    next_page = next(
        (block["block_id"], element["value"])
        for block in digest["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "turn_page:next"
    )
    team.say("ben", "help")
    forged = {"type": "message", "channel": team.dm("ben"), "ts": team.messages("ben")[-1]["ts"]}
    team.act(
        "ben",
        forged,
        next_page[0],
        "turn_page:next",
        value={"type": "button", "value": next_page[1]},
        forge=True,
    )
    assert "somebody else" in team.seen("ben")
    assert "Account" not in team.seen("ben")
    assert "Page 1 of" in words(team.messages("ana")[0])


@ON_SQLITE
def test_the_morning_is_the_reps_own(team: Living):
    team.account("Acme Dental", MONDAY)
    team.account("Bay Bakery", MONDAY, owner="ben")
    team.tick("sync")
    team.go("2026-11-23 08:29", "Europe/London")
    team.tick("mornings")
    assert team.messages("ben") == [] == team.messages("ana")
    team.go("2026-11-23 08:30", "Europe/London")
    team.tick("mornings")
    assert accounts(team.messages("ben")[0]) == ["Bay Bakery"]
    assert team.messages("ana") == []
    team.go("2026-11-23 08:30")
    team.tick("mornings")
    assert accounts(team.messages("ana")[0]) == ["Acme Dental"]
    assert len(team.messages("ben")) == 1


@ON_SQLITE
def test_waking_before_noon_sends_it_and_only_todays(team: Living):
    team.account("Acme Dental", date(2026, 11, 20))
    morning(team)
    team.go("2026-11-25 11:59")  # asleep since Monday noon
    team.tick("mornings")
    assert [words(message).splitlines()[0] for message in team.messages("ana")] == [
        "Mon 23 Nov: 1 account, 1 late",
        "Wed 25 Nov: 1 account, 1 late",
    ]
    assert mornings_of(team, "ana") == [
        ("2026-11-23", "sent", None),
        ("2026-11-24", "dropped", "the assistant was not running that morning"),
        ("2026-11-25", "sent", None),
    ]


@ON_SQLITE
def test_waking_after_noon_sends_none_and_keeps_the_reason(team: Living):
    team.account("Acme Dental", MONDAY)
    morning(team, "2026-11-23 12:00")
    team.go("2026-11-23 16:00")
    team.tick("mornings")
    assert team.messages("ana") == []
    assert mornings_of(team, "ana") == [("2026-11-23", "dropped", "the assistant was down until 12:00")]


@ON_SQLITE
def test_a_message_that_could_not_leave_before_noon_does_not_come_in_the_evening(team: Living):
    from sandbox.faults import FaultRule

    team.account("Acme Dental", MONDAY)
    outage = team.world.faults.add(FaultRule(service="slack", method="chat.postMessage", status=503, body={}))
    morning(team)
    assert team.messages("ana") == []
    team.world.faults.remove(outage)
    team.go("2026-11-23 18:00")
    team.clock.let_pass(timedelta(minutes=30))
    team.tick("mornings")
    assert team.messages("ana") == []
    ((slot, state, reason),) = mornings_of(team, "ana")
    assert (slot, state) == ("2026-11-23", "dropped") and reason


@ON_SQLITE
def test_a_day_off_has_a_reason_and_no_message(team: Living):
    team.account("Acme Dental", date(2026, 11, 20))
    with team.assistant.work.store.write() as session:
        ana = session.scalars(select(Person).where(Person.slack_user_id == team.ids["ana"])).one()
        session.add(LeaveDays(person_id=ana.id, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24)))
    for day in ("2026-11-24", "2026-11-26", "2026-11-28"):  # leave, Thanksgiving, Saturday
        morning(team, f"{day} 08:31")
    assert team.messages("ana") == []
    reasons = {slot: reason for slot, _, reason in mornings_of(team, "ana")}
    assert [reasons[f"2026-11-{day}"] for day in (24, 26, 28)] == ["day off"] * 3


def test_two_assistants_that_race_send_one_and_either_may_carry_it(team: Living):
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:31")
    processes = [team.assistant, team.another_assistant(), team.another_assistant()]
    together = threading.Barrier(len(processes))

    def wake(number: int) -> None:
        together.wait()
        for _ in range(3):
            assert scheduler.run_job(processes[number], "mornings")
            processes[number].sender.drain()

    threads = [threading.Thread(target=wake, args=(number,)) for number in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    team.deliver()
    assert len(team.messages("ana")) == 1
    assert len(list(team.world.journal.entries(service="slack", method="chat.postMessage"))) == 1
    assert [state for _, state, _ in mornings_of(team, "ana")] == ["sent"]


@pytest.fixture
def other(team: Living) -> Iterator[Any]:
    yield team.another_assistant()


def test_one_writes_it_and_the_other_sends_it(team: Living, other: Any):
    team.account("Acme Dental", MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:31")
    assert scheduler.run_job(team.assistant, "mornings")
    other.sender.drain()
    assert scheduler.run_job(other, "mornings")
    other.sender.drain()
    team.deliver()
    assert len(team.messages("ana")) == 1

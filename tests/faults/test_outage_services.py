"""Slack or HubSpot is in trouble for ten minutes, silent, or unreachable: late, not lost, and not hammered
(FAULTS 8, 9, 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.hubspot.budget import OwnBudget
from bot.store.outbox import enqueue
from scheduler import run_job
from tests.cable import Cable
from tests.faults.evidence import calls, newest_entry, rows
from tests.living import Living, wait_until, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
ACCOUNTS = ("Acme Dental", "Bay Bakery", "Cove Cafe", "Dune Design", "Elm Energy", "Fern Florist")
NOTES = 20


def a_day(team: Living) -> None:
    for account in ACCOUNTS:
        team.account(account, MONDAY)
    team.tick("sync")
    team.go("2026-11-23 08:30")
    team.tick("mornings", "manager_mornings")


def log_calls(team: Living) -> None:
    for account in ACCOUNTS:
        assert team.press("ana", "log_call:no_answer", account)["acked"]


def say_to_many(team: Living, what: str) -> None:
    """Notes to channels and to people: posts that are looked up, or a conversation opened, before a second try."""
    work = team.assistant.work
    with work.store.write() as session:
        for number in range(NOTES):
            to = {"user": team.ids["ana"]} if number % 2 else {"channel": team.care_channel}
            enqueue(
                session,
                service="slack",
                kind="note",
                recipient=f"test:{number}",
                slot=what,
                target=f"test:{number}",
                now=work.now(),
                elapsed=work.elapsed(),
                payload={"text": f"{what} {number}", **to},
            )


def press_only(team: Living, account: str) -> dict[str, Any]:
    """Press without carrying anything: the sender's own threads do."""
    message = team.messages("ana")[-1]
    block = next(
        block
        for before, block in pairwise(message["blocks"])
        if account in words({"blocks": [before]}) and block["type"] == "actions"
    )
    body = {
        "container": {"type": "message", "channel": team.dm("ana"), "ts": message["ts"]},
        "block_id": block["block_id"],
        "action_id": "log_call:no_answer",
    }
    answer: dict[str, Any] = team.http.post(f"/people/{team.ids['ana']}/actions", json=body).json()
    return answer


def without_limits(team: Living) -> None:
    """Limits of calls run in the machine's time, of which these tests let little pass."""
    team.world.hubspot.limits.calls_per_ten_seconds = 10_000
    team.world.hubspot.limits.searches_per_second = 10_000
    client = team.assistant.hubspot_client
    assert client is not None
    client._calls = client._searches = OwnBudget("none", 10_000, 1.0)


def ten_minutes(team: Living, *, syncs: bool = False) -> None:
    """Everything that leaves in ten minutes; with the sync's pass each minute when `syncs`."""
    for tenth in range(60):
        team.clock.let_pass(timedelta(seconds=10))
        if syncs and tenth % 6 == 0:
            run_job(team.assistant, "sync")
        team.deliver()


def trouble(strike: Callable[..., str], service: str) -> None:
    """Every call fails, each third in another way."""
    strike(service, status=503, body="<html>upstream</html>", probability=1 / 3)
    strike(service, status=200, body="<html>We will be back soon</html>", probability=1 / 2)
    strike(service, status=200, body={"ok": False, "error": "internal_error"})


def test_ten_minutes_of_trouble_at_slack(team: Living, strike: Callable[..., str]) -> None:
    since = newest_entry(team)
    say_to_many(team, "before")
    team.deliver()
    usual = calls(team, "slack", since=since)
    trouble(strike, "slack")
    since = newest_entry(team)
    say_to_many(team, "after")
    team.deliver()
    ten_minutes(team)
    assert "after" not in team.seen("ana")
    team.world.faults.clear()
    team.clock.let_pass(timedelta(minutes=2))
    team.deliver()
    ten_minutes(team)
    assert calls(team, "slack", since=since) <= 2 * usual
    said = team.seen("ana").splitlines() + team.seen("cara", team.care_channel).splitlines()
    assert sorted(said) == sorted(f"{what} {n}" for what in ("before", "after") for n in range(NOTES))


def test_ten_minutes_of_trouble_at_hubspot(team: Living, strike: Callable[..., str]) -> None:
    """The reps notice nothing; every call arrives once, and HubSpot is asked at most twice as often as in ten
    minutes in which all is well.
    """
    without_limits(team)
    a_day(team)
    since = newest_entry(team)
    log_calls(team)
    ten_minutes(team, syncs=True)
    usual = calls(team, "hubspot", since=since)
    assert len(team.records("calls")) == len(ACCOUNTS)

    team.go("2026-11-24 08:30")
    team.tick("mornings")
    trouble(strike, "hubspot")
    since = newest_entry(team)
    log_calls(team)
    assert "saved, not yet in HubSpot" in team.seen("ana")
    ten_minutes(team, syncs=True)
    looks = calls(team, "hubspot", since=since)
    assert len(team.records("calls")) == len(ACCOUNTS)
    team.world.faults.clear()
    team.clock.let_pass(timedelta(minutes=2))
    team.deliver()
    assert len(team.records("calls")) == 2 * len(ACCOUNTS)
    run_job(team.assistant, "sync")
    assert looks <= usual / 2  # it is not hammered while it is down, either
    assert calls(team, "hubspot", since=since) <= 2 * usual
    assert {row.state for row in rows(team, "activity")} == {"sent"}


def test_a_service_that_accepts_and_says_nothing_is_given_up_and_no_click_waits(
    team: Living, strike: Callable[..., str]
) -> None:
    without_limits(team)
    a_day(team)
    assert team.assistant.hubspot_client is not None
    team.assistant.hubspot_client._timeout = (0.5, 0.5)
    team.assistant.slack._patient.timeout = 1

    def silent() -> list[str]:
        slack = [strike("slack", method, silence=True) for method in ("chat.postMessage", "chat.update")]
        return [*slack, strike("hubspot", silence=True)]

    before = silent()
    team.clock.let_pass(timedelta(minutes=1))
    team.go("2026-11-23 16:31")
    for job in ("sync", "during_day"):
        run_job(team.assistant, job)
    team.assistant.hubspot_client._timeout = (90, 90)  # longer than Slack waits for a press
    team.assistant.slack._patient.timeout = 90
    team.assistant.sender.start()
    first, *others = ACCOUNTS
    assert press_only(team, first)["acked"]
    team.clock.let_pass(timedelta(minutes=1))
    wait_until(lambda: any(row.state == "sending" for row in rows(team, "activity")))  # and hears nothing
    assert all(press_only(team, account)["acked"] for account in others)
    team.assistant.hubspot_client._timeout = (0.5, 0.5)
    team.assistant.slack._patient.timeout = 1
    silent()
    for rule in before:
        team.world.faults.remove(rule)
    team.clock.let_pass(timedelta(minutes=1))
    wait_until(lambda: any(row.attempts for row in rows(team, "activity")))
    wait_until(lambda: "sending" not in {row.state for row in rows(team, "activity")})
    assert team.records("calls") == []
    team.world.faults.clear()

    def all_there() -> bool:
        if "sending" not in {row.state for row in rows(team, "activity")}:  # whose leases would end
            team.clock.let_pass(timedelta(minutes=1))
        return len(team.records("calls")) == len(ACCOUNTS)

    wait_until(all_there)
    assert team.assistant.sender.stop()


def test_no_network_to_either_service(team: Living) -> None:
    """Jobs fail or wait and clicks go on; when the network is back, all of it arrives without a restart."""
    with Cable(team.server.url) as cable:
        team.settings = replace(
            team.settings, slack_api_url=f"{cable.url}/slack/api/", hubspot_api_url=f"{cable.url}/hubspot"
        )
        team.assistant = team.another_assistant()
        without_limits(team)
        a_day(team)
        cable.pull()
        assert not run_job(team.assistant, "people")
        assert run_job(team.assistant, "sync")  # it says so, and takes up from the same place
        team.go("2026-11-23 09:30")
        log_calls(team)
        team.go("2026-11-24 08:30")
        assert run_job(team.assistant, "mornings")
        ten_minutes(team)
        assert len(team.messages("ana")) == 1 and team.records("calls") == []
        cable.plug()
        team.clock.let_pass(timedelta(minutes=2))
        assert run_job(team.assistant, "people") and run_job(team.assistant, "sync")
        ten_minutes(team)
        assert len(team.messages("ana")) == 2
        assert len(team.records("calls")) == len(ACCOUNTS)

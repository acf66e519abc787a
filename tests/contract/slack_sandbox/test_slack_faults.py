"""Faults on request, seen from the caller's side of a real connection."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import httpx
import pytest

from sandbox.clock import SandboxClock
from sandbox.faults import FaultPlan, FaultRule
from sandbox.journal import Journal


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


@pytest.fixture
def post(world, people, dm):
    """chat.postMessage without an SDK in between."""

    def posted(text="hi"):
        return people.post(
            "/slack/api/chat.postMessage",
            json={"channel": dm, "text": text},
            headers={"Authorization": f"Bearer {world.slack.bot_token}"},
        )

    return posted


def texts(world, channel):
    return [message.text for message in world.slack.messages(channel)]


@pytest.mark.parametrize(
    ("retry_after", "headers"),
    [
        ("7", {"Retry-After": "7"}),
        ("0", {"Retry-After": "0"}),
        ("999999", {"Retry-After": "999999"}),
        (None, {}),
    ],
)
def test_a_canned_429_has_the_header_asked_for(world, people, post, dm, retry_after, headers):
    rule = {"service": "slack", "method": "chat.postMessage", "times": 1, "status": 429}
    body = {"ok": False, "error": "ratelimited"}
    people.post("/control/faults", json=rule | {"headers": headers, "body": body})
    answer = post()
    assert answer.status_code == 429 and answer.headers.get("Retry-After") == retry_after
    assert answer.json()["error"] == "ratelimited" and texts(world, dm) == []
    assert post().json()["ok"]
    refused, taken = world.journal.entries(method="chat.postMessage")
    assert (refused.accepted, refused.status) == (False, 429)
    assert (taken.accepted, taken.status) == (True, 200)


@pytest.mark.parametrize(
    ("rule", "status", "kind"),
    [
        ({"status": 503}, 503, "text/html"),
        ({"status": 200, "body": "<html>Be right back</html>"}, 200, "text/html"),
        ({"status": 200, "body": {"ok": False, "error": "internal_error"}}, 200, "application/json"),
    ],
)
def test_a_standing_fault_answers_until_it_is_cleared(world, people, post, dm, rule, status, kind):
    people.post("/control/faults", json={"service": "slack"} | rule)
    for _ in range(2):
        answer = post()
        assert answer.status_code == status and answer.headers["Content-Type"].startswith(kind)
    people.delete("/control/faults")
    assert post().json()["ok"] and texts(world, dm) == ["hi"]


def test_a_dropped_answer_comes_after_the_effect(world, people, post, dm):
    people.post("/control/faults", json={"method": "chat.postMessage", "times": 1, "drop_after_accept": True})
    with pytest.raises(httpx.TransportError):
        post("said and not answered")
    assert texts(world, dm) == ["said and not answered"]
    (entry,) = world.journal.entries(method="chat.postMessage")
    assert entry.accepted and entry.status is None
    assert people.get("/people").status_code == 200


def test_silence_lasts_until_the_rule_is_lifted(world, server, people, post, dm):
    rule_id = people.post("/control/faults", json={"method": "chat.postMessage", "silence": True}).json()[
        "id"
    ]
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{server.slack_api_url}chat.postMessage",
            json={"channel": dm, "text": "x"},
            headers={"Authorization": f"Bearer {world.slack.bot_token}"},
            timeout=0.2,
            trust_env=False,
        )
    assert people.get("/people").status_code == 200 and texts(world, dm) == []
    people.delete("/control/faults", params={"id": rule_id})
    assert post().json()["ok"]


def test_latency_is_waited(world, people, post):
    people.post("/control/faults", json={"method": "chat.postMessage", "times": 1, "latency_ms": 150})
    started = time.monotonic()
    assert post().json()["ok"] and time.monotonic() - started >= 0.15


def test_a_wrong_rule_is_refused_with_the_reason(people):
    wrong = people.post("/control/faults", json={"service": "teams", "times": 0, "probability": 2})
    assert wrong.status_code == 400
    assert all(word in wrong.json()["error"] for word in ("service", "times", "probability"))
    unknown = people.post("/control/faults", json={"colour": "red"})
    assert unknown.status_code == 400 and "colour" in unknown.json()["error"]


def test_the_dice_are_seeded():
    rule = FaultRule(probability=0.5, status=500)

    def struck(seed):
        plan = FaultPlan(seed)
        plan.add(rule)
        return [plan.take("slack", "auth.test") is not None for _ in range(50)]

    assert struck(1) == struck(1) != struck(2)
    assert 10 < sum(struck(1)) < 40


def test_a_duplication_strikes_deliveries_only():
    plan = FaultPlan()
    plan.add(FaultRule(duplicate=2, times=1))
    assert plan.take("slack", "chat.postMessage") is None
    assert plan.take("slack", "interactive") is not None
    assert plan.take("slack", "interactive") is None


def test_the_journal_keeps_no_token(world, people):
    people.post("/slack/api/auth.test", data={"token": world.slack.bot_token})
    (entry,) = world.journal.entries(method="auth.test")
    assert entry.accepted and world.slack.bot_token not in str(entry.as_json())


def test_the_journal_is_read_in_parts(people, post):
    for _ in range(3):
        people.post("/slack/api/auth.test")
    entries = people.get("/control/journal", params={"service": "slack", "method": "auth.test"}).json()[
        "entries"
    ]
    assert [entry["fields"]["error"] for entry in entries] == ["not_authed"] * 3
    since = people.get("/control/journal", params={"since_seq": entries[1]["seq"]}).json()["entries"]
    assert [entry["seq"] for entry in since] == [entries[2]["seq"]]
    newest = people.get("/control/journal", params={"limit": 1}).json()["entries"]
    assert [entry["seq"] for entry in newest] == [entries[2]["seq"]]
    people.delete("/control/journal")
    assert people.get("/control/journal").json()["entries"] == []


def test_the_clock_runs_on_and_jumps_both_ways():
    seconds = [100.0]
    clock = SandboxClock(datetime(2026, 11, 23, 8, 30, tzinfo=UTC), elapsed=lambda: seconds[0])
    jumps = []
    clock.subscribe(lambda: jumps.append(clock.now()))
    seconds[0] += 90
    assert clock.now() == datetime(2026, 11, 23, 8, 31, 30, tzinfo=UTC)
    clock.set(datetime(2026, 11, 1, tzinfo=UTC))
    seconds[0] += 1
    assert clock.now() == datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC)
    assert jumps == [datetime(2026, 11, 1, tzinfo=UTC)]
    with pytest.raises(ValueError, match="zone"):
        clock.set(datetime(2026, 11, 1))  # noqa: DTZ001 - the naive instant is the point


@pytest.mark.parametrize("body", [{"set": "tomorrow"}, {"set": "2026-11-01T00:00"}, {"go": 1}, {}])
def test_a_clock_that_is_not_told_when_says_so(people, body):
    answer = people.post("/control/clock", json=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_entries_of_a_journal_are_told_to_subscribers():
    journal = Journal(SandboxClock())
    told = []
    journal.subscribe(told.append)
    entry = journal.add("hubspot", "GET /crm", status=200)
    assert told == [entry] and journal.entries() == [entry]
    journal.clear()
    assert journal.entries() == [] and journal.add("slack", "x").seq == entry.seq + 1

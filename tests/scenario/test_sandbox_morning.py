"""The first morning of the sandbox's command: a varied day for each rep, most of it on time."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.cli.sandbox import living, world_on
from sandbox.book.people import MANAGERS_CHANNEL, PRIYA, REPS
from sandbox.server import SandboxServer
from tests.living import wait_until, words

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def seen() -> dict[str, str]:
    """What each rep reads in their DM, both pages, and the managers in their channel, by name."""
    world, diary = world_on(MONDAY, seed=0)
    slack = world.slack
    people = {person.email: person.id for person in slack.people.values()}
    with SandboxServer(world, 0) as server, living(server, diary), httpx.Client(base_url=server.url) as http:
        found = {
            rep.key: read(http, people[rep.email], slack.dm_of(people[rep.email]).id, rep.tz) for rep in REPS
        }
        channel = next(one for one in slack.channels.values() if one.name == MANAGERS_CHANNEL)
        found["managers"] = read(http, people[PRIYA.email], channel.id, PRIYA.tz)
    return found


def read(http: httpx.Client, user: str, channel: str, tz: str) -> str:
    """All messages there, each after its hour; a digest's second page is turned to and read as well."""
    path = f"/people/{user}/conversations/{channel}"

    def texts() -> str:
        messages = http.get(path).raise_for_status().json()["messages"]
        hours = [datetime.fromtimestamp(float(one["ts"]), ZoneInfo(tz)) for one in messages]
        return "\n".join(f"{at:%H:%M} {words(one)}" for at, one in zip(hours, messages, strict=True))

    first = texts()
    for message in http.get(path).json()["messages"]:
        for block in message.get("blocks") or ():
            for element in block.get("elements", ()):
                if element.get("action_id") == "turn_page:next":
                    press = {"container": {"type": "message", "channel": channel, "ts": message["ts"]}}
                    press |= {"block_id": block["block_id"], "action_id": element["action_id"]}
                    assert http.post(f"/people/{user}/actions", json=press).json()["acked"]
                    wait_until(lambda: "Page 2 of 2" in texts(), 10)
    return f"{first}\n{texts()}"


def test_everybody_is_told_at_half_past_eight_of_their_own(seen: dict[str, str]) -> None:
    for name in (*(rep.key for rep in REPS), "managers"):
        assert f"08:30 {'Small business' if name == 'managers' else 'Mon 23 Nov'}" in seen[name]


@pytest.mark.parametrize("rep", [rep.key for rep in REPS])
def test_each_rep_has_a_full_day_and_little_of_it_is_late(seen: dict[str, str], rep: str) -> None:
    said = re.search(r"Mon 23 Nov: (\d+) accounts(?:, (\d+) late)?", seen[rep])
    assert said
    accounts, late = int(said[1]), int(said[2] or 0)
    assert 10 <= accounts <= 18
    assert 1 <= late <= 4


def test_the_day_shows_what_the_playbook_knows(seen: dict[str, str]) -> None:
    everything = "\n".join(seen[rep.key] for rep in REPS).casefold()
    for words_of_a_step in (
        "First call (1 of 2)",
        "Follow-up call (1 of 2)",
        "Call of this week (1 of 3)",
        "Call of this week (3 of 3)",
        "Account review",
        "Final call",
        "Cancellation email",
        "Takedown email",
        "contact the customer now",
        "Call back as agreed",
        "Appointment today",
        "or it moves out",
    ):
        assert words_of_a_step.casefold() in everything, words_of_a_step


def test_the_manager_channel_shows_one_blank_put_out_day_and_who_is_about_to_move(
    seen: dict[str, str],
) -> None:
    said = seen["managers"]
    assert "1 put-out day without activity" in said
    assert "2 accounts about to move out" in said
    assert "Day 30" in said

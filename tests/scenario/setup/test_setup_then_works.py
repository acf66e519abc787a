"""From an account that never saw the assistant to the first morning, by the commands that admins are told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.desk import COLUMNS, Desk
from tests.living import Living, email, living, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def town(database_url: str) -> Iterator[Living]:
    """A workspace and an account; what the assistant needs of properties is not there."""
    with living(database_url, connected=False, live=False) as team:
        schema = team.world.hubspot.schema
        for known in schema._by_kind.values():
            for name in [one.name for one in known.values() if not one.hubspot_defined]:
                del known[name]
        for groups in schema._groups.values():
            groups.discard("renewal_assistant")
        yield team


@pytest.fixture
def desk(town: Living, tmp_path: Path) -> Desk:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "COLUMNS": str(COLUMNS),
        "SLACK_BOT_TOKEN": town.world.slack.bot_token,
        "SLACK_APP_TOKEN": town.world.slack.app_token,
        "SLACK_API_URL": town.server.slack_api_url,
        "HUBSPOT_ACCESS_TOKEN": town.world.hubspot.settings.token,
        "HUBSPOT_API_URL": town.server.hubspot_api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "RENEWALS_CONFIG": str(tmp_path / "renewals.toml"),
    }
    return Desk(town.world, town.server, tmp_path, env)


def test_what_the_setup_wrote_carries_the_first_morning(town: Living, desk: Desk) -> None:
    desk.file.write_text(
        f"""# The team, by hand.
[[teams]]
name = "East"
manager_channel = "{town.managers_channel}"  # ask Maria
managers = ["{email("maria")}"]
reps = ["{email("ana")}", "{email("ben")}"]
[channels]
care = "{town.care_channel}"
[roles]
department_managers = ["{email("walt")}"]
customer_care = ["{email("cara")}"]
""",
        "utf-8",
    )
    by_hand = desk.file.read_text("utf-8")
    assert desk.command("migrate").code == 0

    before = desk.command("check")
    done = desk.run(typed="2\n\nyes\n")  # 2: not the deal's amount, but a price of its own
    town.account("Acme Dental", MONDAY)
    after = [
        desk.command(*words)
        for words in (("sync",), ("check",), ("go-live", "--from", "2026-11-23", "--yes"))
    ]
    town.go("2026-11-23 08:30")
    desk.command("tick", "mornings", "--at", "2026-11-23T08:30-05:00")
    sent = town.messages("ana")

    assert before.code == 1 and "run `renewals setup hubspot`" in before.out
    assert done.code == 0, done
    assert desk.file.read_text("utf-8").startswith(by_hand.rstrip())
    assert [one.code for one in after] == [0, 0, 0], after
    assert len(sent) == 1 and "Acme Dental" in words(sent[0])

"""The commands as an admin types them: real environment variables, a database of their own, a local Slack and HubSpot.

Most run in this process, since a start of Python costs more than any of them.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.session import Store
from tests.living import STAGES, Living, email, living
from tests.process_state import put_back

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Done:
    """What a command answered and printed."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def town(database_url: str) -> Iterator[Living]:
    """The services; the assistant itself is started by the commands."""
    with living(database_url, connected=False, live=False) as team:
        yield team


@pytest.fixture
def env(town: Living, tmp_path: Path) -> dict[str, str]:
    """What an admin sets."""
    config = tmp_path / "renewals.toml"
    config.write_text(config_of(town), "utf-8")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "SLACK_BOT_TOKEN": town.world.slack.bot_token,
        "SLACK_APP_TOKEN": town.world.slack.app_token,
        "SLACK_API_URL": town.server.slack_api_url,
        "HUBSPOT_ACCESS_TOKEN": town.world.hubspot.settings.token,
        "HUBSPOT_API_URL": town.server.hubspot_api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'cli.sqlite3'}",
        "RENEWALS_CONFIG": str(config),
    }


def config_of(town: Living) -> str:
    stages = "\n".join(f'{stage_id} = "{stage}"' for stage_id, stage in STAGES.items())
    return f"""
[[teams]]
name = "East"
manager_channel = "{town.managers_channel}"
managers = ["{email("maria")}"]
reps = ["{email("ana")}", "{email("ben")}"]
[channels]
care = "{town.care_channel}"
[roles]
department_managers = ["{email("walt")}"]
customer_care = ["{email("cara")}"]
[[offices]]
name = "New York"
country = "US"
subdivision = "NY"
[hubspot]
pipeline = "renewals"
[hubspot.stages]
{stages}
[hubspot.call_outcomes]
"5e2d8c1a-7b64-4f0e-9a35-c1f6d2e8b740" = "no_contact"
"""


@pytest.fixture
def renewals(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `renewals ...` with nobody at the keyboard; `env` names what differs (None: not set)."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def run(*words: str, **differs: str | None) -> Done:
        with put_back(), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            os.environ.clear()
            os.environ.update(_set(env | differs))
            try:
                code = main(words)
            except SystemExit as left:  # as argparse does
                assert isinstance(left.code, int)
                code = left.code
        return Done(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def process(env: dict[str, str]) -> Command:
    """The same in a process of its own."""

    def run(*words: str, **differs: str | None) -> Done:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())", *words],
            env=_set(env | differs),
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def _set(env: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in env.items() if value is not None}


def failures(done: Done) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("FAIL")]


def test_processes_of_their_own_share_the_database_and_end_as_a_shell_expects(town: Living, process: Command):
    town.account("Acme Dental", MONDAY)
    done = process("tick", "sync")  # the first one makes the tables
    assert (done.returncode, done.stdout) == (0, "sync: done; 0 outbox rows carried.\n"), done
    done = process("go-live", "--from", "2026-11-23")
    assert done.returncode == 1 and "1 account due" in done.stdout and "stays quiet" in done.stdout, done
    done = process("dance")
    assert (done.returncode, done.stdout) == (2, "") and "there is no command 'dance'" in done.stderr


def test_from_an_empty_database_to_a_first_morning(town: Living, renewals: Command):
    town.account("Acme Dental", MONDAY)
    town.account("Bay Bakery", date(2026, 11, 9))
    town.account("Old Oak Inn", date(2026, 9, 1))
    for _ in range(2):
        done = renewals("migrate")
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr
    done = renewals("sync")
    assert done.returncode == 0 and "Read 3 deals: 3 new" in done.stdout, done
    at = ("--at", "2026-11-23T08:30-05:00")
    assert renewals("tick", "mornings", *at).returncode == 0
    assert town.messages("ana") == []  # quiet
    asked = renewals("go-live", "--from", "2026-11-23")
    assert asked.returncode == 1 and "stays quiet" in asked.stdout  # nobody is there to say yes
    assert "Ana Reyes: 3 accounts due" in asked.stdout and "NOT REACHABLE" not in asked.stdout
    assert "Past day 30: 1 account, " in asked.stdout
    assert renewals("tick", "mornings", *at).returncode == 0 and town.messages("ana") == []
    done = renewals("go-live", "--from", "2026-11-23", "--yes")
    assert done.returncode == 0 and "Approved" in done.stdout, done.stderr
    for _ in range(2):
        done = renewals("tick", "mornings", *at)
        assert done.returncode == 0, done.stderr
    assert len(town.messages("ana")) == 1 and "Bay Bakery" in town.seen("ana")
    assert renewals("tick", "manager_mornings", *at).returncode == 0
    assert "Bay Bakery" in town.seen("maria", town.managers_channel)


def test_check_is_content_with_what_is_fine(town: Living, renewals: Command):
    town.account("Acme Dental", MONDAY)
    renewals("migrate")
    renewals("sync")
    done = renewals("check")
    assert (done.returncode, failures(done)) == (0, []), done.stdout + done.stderr
    assert "go-live: quiet" in done.stdout
    assert "admins: nobody is named under roles.admins: nobody is told" in done.stdout
    renewals("go-live", "--from", "2026-11-23", "--yes")
    assert "go-live: approved: speaks from 2026-11-23 on" in renewals("check").stdout


def test_check_names_everything_that_is_wrong_each_with_its_mend(
    town: Living, renewals: Command, env: dict[str, str]
):
    town.account("Acme Dental", MONDAY, owner="ben")
    town.account("Lost Lodge", MONDAY, hubspot_owner_id="")
    renewals("migrate")
    renewals("sync")
    slack = town.world.slack
    slack.remove_scope("groups:read")
    slack.remove_app(town.managers_channel)
    slack.archive(town.care_channel)
    slack.deactivate(town.ids["ben"])
    slack.people[town.ids["ana"]].tz = "UTC"
    config = Path(env["RENEWALS_CONFIG"])
    text = config.read_text("utf-8").replace(email("walt"), "nobody@team.example")
    config.write_text(text.replace('renewal_closed_lost = "lost"', 'no_such_stage = "lost"'), "utf-8")
    done = renewals("check", SLACK_APP_TOKEN="xapp-wrong")
    found = "\n".join(failures(done))
    assert done.returncode == 1
    for problem in (
        "Slack scopes: groups:read missing: add them to the app",
        "Slack way in: SLACK_APP_TOKEN is refused",
        f"manager channel of East: the app is not in {town.managers_channel}: type /invite",
        f"{town.care_channel} is archived: unarchive it",
        f"reps: no Slack account has {email('ben')}",
        "department managers: no Slack account has nobody@team.example",
        "HubSpot pipeline: hubspot.stages names no_such_stage",
        f"owners: own renewals and are not in Slack: {email('ben')}",
        f"time zones: none set in Slack by {email('ana')}",
        "1 without an owner in Slack (Lost Lodge)",
    ):
        assert problem in found, f"{problem}\nis not in\n{done.stdout}"
    assert "10 to mend." in done.stdout


def test_check_tells_a_channel_that_is_not_there_and_a_key_that_is_missing(
    town: Living, renewals: Command, env: dict[str, str]
):
    config = Path(env["RENEWALS_CONFIG"])
    config.write_text(config.read_text("utf-8").replace(town.care_channel, "customer-care"), "utf-8")
    done = renewals("check")
    found = "\n".join(failures(done))
    assert "customer-care does not exist, or the app cannot see it: name it by its id" in found
    assert "database: empty: run `renewals migrate`" in found


@pytest.mark.parametrize(
    ("differs", "problem"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-canary-7f3a"}, "Slack token: refused (invalid_auth)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/"}, "Slack: no answer from http://127.0.0.1:9/"),
        ({"HUBSPOT_API_URL": "http://127.0.0.1:9"}, "HubSpot token: no answer from HubSpot"),
        ({"HUBSPOT_ACCESS_TOKEN": "canary-7f3a"}, "HubSpot token: HubSpot does not accept the token"),
        ({"SLACK_BOT_TOKEN": None}, "settings: SLACK_BOT_TOKEN is not set"),
        ({"DATABASE_URL": "mysql://u:canary-7f3a@h/x"}, "settings: DATABASE_URL names mysql"),
        (
            {"DATABASE_URL": "postgresql://u:canary-7f3a@127.0.0.1:9/x"},
            "database: The database server cannot",
        ),
    ],
)
def test_check_survives_what_is_altogether_wrong_and_prints_no_secret(
    renewals: Command, differs: dict[str, str | None], problem: str
):
    done = renewals("check", **differs)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert problem in "\n".join(failures(done)), done.stdout
    about = {line.partition(": ")[0] for line in failures(done)}
    assert len(about - {"FAIL  database"}) <= 1 or "HubSpot" in problem, done.stdout  # no cause is told twice
    assert "canary-7f3a" not in done.stdout + done.stderr


def test_check_without_hubspot(town: Living, renewals: Command):
    renewals("migrate", HUBSPOT_ACCESS_TOKEN=None)
    done = renewals("check", HUBSPOT_ACCESS_TOKEN=None)
    assert (done.returncode, failures(done)) == (0, []), done.stdout + done.stderr
    assert "the assistant works an imported book" in done.stdout


def test_commands_say_what_the_services_refuse_and_print_no_secret(renewals: Command):
    for words in (("sync",), ("go-live", "--from", "2026-11-23", "--yes"), ("setup", "hubspot")):
        done = renewals(*words, SLACK_BOT_TOKEN="xoxb-canary-7f3a", HUBSPOT_ACCESS_TOKEN="canary-7f3a")
        assert done.returncode == 2, (words, done)
        assert "Traceback" not in done.stderr
        mends = ("`renewals check` says what to mend.", "Settings > Integrations, as a service key.")
        assert any(mend in done.stderr for mend in mends), done.stderr
        assert "canary-7f3a" not in done.stdout + done.stderr


def test_a_row_that_was_set_aside_is_listed_and_sent_again(town: Living, renewals: Command):
    town.account("Acme Dental", MONDAY)
    renewals("migrate")
    renewals("sync")
    renewals("go-live", "--from", "2026-11-23", "--yes")
    town.world.slack.remove_app(town.managers_channel)
    at = ("--at", "2026-11-23T13:30Z")
    renewals("tick", "manager_mornings", *at)
    listed = renewals("outbox")
    assert "set aside: 1 manager_morning" in listed.stdout and "invite the app" in listed.stdout, listed
    assert renewals("outbox", "--retry", "77").returncode == 1
    town.world.slack.add_app(town.managers_channel)
    done = renewals("outbox", "--retry", "1")
    assert done.returncode == 0 and "will be sent again" in done.stdout
    renewals("tick", "manager_mornings", *at)
    assert len(town.messages("maria", town.managers_channel)) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("tick", "nothing"), "invalid choice"),
        (("tick", "mornings", "--at", "2026-11-23T08:30"), "is no instant with a zone"),
        (("go-live", "--from", "tomorrow"), "is no date"),
        (("sandbox", "--date", "23.11.2026"), "'23.11.2026' is no date: write 2026-11-30"),
        (("sandbox", "--port", "80000"), "'80000' is no port: write a number from 0 to 65535"),
        (("run", "--http", "--port", "http"), "'http' is no port"),
        (("quiet", "--days", "0"), "'0' is no number of days: write 1 to 366"),
        (("dance",), "there is no command 'dance'"),
        ((), ""),
    ],
)
def test_wrong_words_are_told_with_exit_code_2(renewals: Command, words: tuple[str, ...], complaint: str):
    done = renewals(*words)
    assert done.returncode == 2 and complaint in done.stderr and "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told_at_the_start(renewals: Command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = renewals("run", "--http", "--port", port)
    assert done.returncode == 2
    assert (
        done.stderr == f"Port {port} cannot be used (Address already in use): choose another with --port.\n"
    )


def test_a_database_of_a_newer_version_is_refused(renewals: Command, env: dict[str, str]):
    renewals("migrate")
    store = Store(env["DATABASE_URL"])
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    store.close()
    for words in (("migrate",), ("tick", "mornings")):
        done = renewals(*words)
        assert done.returncode == 2 and "newer than this version of the app" in done.stderr, (words, done)
    assert "newer than this version" in "\n".join(failures(renewals("check")))


def test_each_command_demands_only_what_it_uses(renewals: Command, tmp_path: Path):
    nothing = dict.fromkeys(
        ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "HUBSPOT_ACCESS_TOKEN", "HUBSPOT_API_URL")
    )
    book = tmp_path / "book.csv"
    book.write_text("id,account,put_out_on,owner_email\n1,Acme,2026-11-23,ana@team.example\n", "utf-8")
    for words in (
        ("migrate",),
        ("import", str(book)),
        ("outbox",),
        ("quiet",),
        ("go-live", "--from", "2026-11-23", "--yes"),
    ):
        done = renewals(*words, **nothing)
        assert done.returncode == 0, (words, done)
    for words, names in (
        (("run",), {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}),
        (("run", "--http"), {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}),
        (("sync",), {"SLACK_BOT_TOKEN", "HUBSPOT_ACCESS_TOKEN"}),
        (("tick", "mornings"), {"SLACK_BOT_TOKEN"}),
        (("setup", "hubspot"), {"HUBSPOT_ACCESS_TOKEN"}),
    ):
        done = renewals(*words, **nothing)
        told = {line.split(" ")[0] for line in done.stderr.splitlines() if " is not set" in line}
        assert done.returncode == 2 and told == names, (words, done)
    plan = renewals("plan", "--help", **nothing, DATABASE_URL=None, RENEWALS_CONFIG="/nowhere.toml")
    assert plan.returncode == 0

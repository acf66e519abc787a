"""Where the setup stops: whoever stops it, whatever is refused, and what then stands."""

from __future__ import annotations

import errno
import os
import signal
import socket
from typing import Any

import pytest

from bot.cli import asking
from bot.config_file import load_config
from bot.hubspot.client import HubSpotClient
from sandbox.faults import FaultRule
from sandbox.hubspot.properties import Property
from tests.account_set_up import documented_scopes
from tests.desk import Desk


@pytest.mark.parametrize(
    ("typed", "code"),
    [("...\n", 130), ("\n...\n", 130), ("1\n...\n", 130), ("", 1), ("\n", 1), ("\nno\n", 1), ("\ny\n", 1)],
)
def test_whoever_stops_before_the_yes_has_changed_nothing(desk: Desk, typed: str, code: int) -> None:
    done = desk.run(typed=typed)
    assert (done.code, done.writes, desk.file.exists()) == (code, [], False)
    assert done.out.rstrip().endswith("Nothing was changed.")


def test_ctrl_c_after_the_yes_finishes_what_was_begun(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = HubSpotClient.create_group

    def interrupted(self: HubSpotClient, *args: str) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(self, *args)

    monkeypatch.setattr(HubSpotClient, "create_group", interrupted)
    done = desk.run("--yes")
    assert done.code == 0 and "finishing what was begun" in done.err
    assert len(done.writes) == 12 and desk.file.exists()


def test_what_hubspot_refuses_half_way_leaves_the_file_and_a_second_run_goes_on(desk: Desk) -> None:
    desk.world.faults.add(
        FaultRule(service="hubspot", method="POST /crm/properties/notes", status=500, times=1)
    )
    done = desk.run("--yes")
    assert (done.code, desk.file.exists()) == (2, False) and "second run goes on" in done.err
    again = desk.run("--yes")
    assert again.code == 0 and len(again.writes) == 4  # notes and tasks: group and key each


def test_a_property_that_somebody_made_meanwhile_is_no_trouble(desk: Desk) -> None:
    taken: dict[str, Any] = {
        "status": 409,
        "body": {"message": "A property named 'renewals_key' already exists."},
    }
    desk.world.faults.add(FaultRule(service="hubspot", method="POST /crm/properties/notes", times=1, **taken))
    assert desk.run("--yes").code == 0 and desk.file.exists()


def test_every_scope_that_reading_lacks_is_named_at_once(desk: Desk) -> None:
    desk.world.hubspot.settings.scopes = frozenset({"oauth", "crm.schemas.deals.read"})
    done = desk.run("--dry-run")
    assert done.code == 2 and not done.out
    for scope in (
        *("crm.objects.owners.read", "crm.objects.deals.read", "crm.schemas.companies.read"),
        "crm.schemas.contacts.read",
    ):
        assert done.err.count(scope) == 1
    assert "service key" in done.err and "Traceback" not in done.err


def test_the_scopes_that_admins_are_told_are_enough(desk: Desk) -> None:
    desk.world.hubspot.settings.scopes = documented_scopes()
    done = desk.run("--yes")
    assert (done.code, len(done.writes)) == (0, 12), done


def test_a_scope_to_make_properties_is_named_when_it_lacks(desk: Desk) -> None:
    reading = {f"crm.schemas.{kind}.read" for kind in ("deals", "companies", "contacts")}
    reading |= {"oauth", "crm.objects.owners.read", "crm.objects.deals.read"}
    desk.world.hubspot.settings.scopes = frozenset(reading)
    done = desk.run("--yes")
    assert (
        done.code == 2 and "lacks crm.schemas.deals.write. Add what it lacks to the service key" in done.err
    )
    assert not desk.file.exists()


def test_the_token_and_the_account_are_named_where_they_cannot_be_used(desk: Desk) -> None:
    wrong = desk.run("--yes", HUBSPOT_ACCESS_TOKEN="pat-na1-canary")
    assert wrong.code == 2 and "(401)" in wrong.err and "Settings > Integrations" in wrong.err
    assert "canary" not in wrong.err + wrong.out
    none = desk.run("--yes", HUBSPOT_ACCESS_TOKEN=None)
    assert none.code == 2 and "HUBSPOT_ACCESS_TOKEN is not set" in none.err
    desk.world.hubspot.pipelines = []
    empty = desk.run("--yes")
    assert empty.code == 1 and "no deal pipeline" in empty.err


def test_with_nobody_at_the_keyboard_nothing_is_asked(desk: Desk) -> None:
    done = desk.run()
    assert (done.code, done.writes) == (1, []) and "--yes takes what is certain" in done.err


def test_a_key_that_is_not_unique_is_named(desk: Desk) -> None:
    notes = desk.world.hubspot.schema._by_kind["notes"]
    notes["renewals_key"] = Property("renewals_key", "Key", "string", "text", "noteinformation")
    done = desk.run("--yes")
    assert done.code == 1 and "renewals_key on notes is not unique" in done.err and done.writes == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[hubspot\n", "is not valid TOML"),
        ('[hubspot]\nprice_period = "week"\n', "hubspot.price_period: 'week'; use month, year or term"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_left(desk: Desk, content: str, said: str) -> None:
    desk.file.write_text(content, "utf-8")
    done = desk.run("--yes")
    assert (done.code, done.calls) == (2, []) and said in done.err
    assert desk.file.read_text("utf-8") == content
    nowhere = desk.run("--yes", "--config", str(desk.folder / "none" / "x.toml"))
    assert nowhere.code == 2 and "its folder does not exist" in nowhere.err


def test_a_file_of_another_account_is_not_taken_for_granted(desk: Desk) -> None:
    desk.file.write_text('[hubspot]\nportal_id = "1"\n', "utf-8")
    refused = desk.run("--yes")
    assert refused.code == 1 and "hubspot.portal_id" in refused.err and "account 1" in refused.err
    assert desk.run(typed="\n\nyes\n").code == 0
    assert load_config(desk.file).hubspot.portal_id == "4711000"


def test_a_file_that_somebody_changes_meanwhile_is_not_written_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.file.write_text("# mine\n", "utf-8")

    def agreed(what: str) -> bool:
        desk.file.write_text("# theirs\n", "utf-8")
        return True

    monkeypatch.setattr(asking, "agreed", agreed)
    done = desk.run(typed="\n")
    assert (done.code, done.writes) == (2, []) and "was changed meanwhile" in done.err
    assert desk.file.read_text("utf-8") == "# theirs\n"


def test_a_disk_that_takes_no_more_leaves_the_file_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.file.write_text("# mine\n", "utf-8")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    done = desk.run("--yes")
    assert done.code == 2 and "cannot be written (No space left on device)" in done.err
    assert [(one.name, one.read_text("utf-8")) for one in desk.folder.iterdir()] == [
        ("renewals.toml", "# mine\n")
    ]


def test_a_link_to_the_file_stays_a_link(desk: Desk) -> None:
    real = desk.folder / "real.toml"
    real.write_text("# mine\n", "utf-8")
    desk.file.symlink_to(real)
    assert desk.run("--yes").code == 0
    assert desk.file.is_symlink() and "[hubspot]" in real.read_text("utf-8")


def test_a_file_that_is_kept_read_only_is_shown_what_it_lacks_and_left(desk: Desk) -> None:
    desk.file.write_text("# mine\n", "utf-8")
    desk.file.chmod(0o444)
    done = desk.run("--yes")
    assert (done.code, done.calls) == (2, []) and "is read-only. Make it writable" in done.err
    dry = desk.run("--dry-run")
    assert dry.code == 0 and '+pipeline = "renewals"' in dry.out
    assert desk.file.read_text("utf-8") == "# mine\n"


def test_a_folder_that_may_not_be_written_to_is_named_before_anything_is_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    done = desk.run("--yes")
    assert (done.code, done.calls) == (2, []) and "name another file with --config" in done.err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 404, "body": "<html>"}, "HubSpot answered 404. Check HUBSPOT_API_URL"),
        ({"status": 503, "body": {}}, "HubSpot answered 503. Run this again in some minutes"),
        ({"status": 400, "body": {"message": "No."}}, "No. Mend that in HubSpot, and run this again."),
        (
            {"status": 429, "body": {"policyName": "DAILY"}, "headers": {"Retry-After": "60"}},
            "Daily limit reached: again in 60 s. Run this again then.",
        ),
    ],
)
def test_what_hubspot_answers_is_told_with_what_to_do(desk: Desk, answer: dict[str, Any], said: str) -> None:
    desk.world.faults.add(FaultRule(service="hubspot", method="GET /crm/owners", times=1, **answer))
    done = desk.run("--yes")
    assert done.code == 2 and said in done.err and "Traceback" not in done.err


def test_without_a_connection_it_says_where_to_look(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    done = desk.run("--yes", HUBSPOT_API_URL=f"http://127.0.0.1:{port}/hubspot")
    assert (
        done.code == 2 and "No answer from HubSpot" in done.err and "network, and HUBSPOT_API_URL" in done.err
    )

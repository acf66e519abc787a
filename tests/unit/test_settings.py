"""Settings from the environment: each command's own, all problems at once, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings
from bot.store.address import database_address

TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-canary",
    "SLACK_APP_TOKEN": "xapp-canary",
    "HUBSPOT_ACCESS_TOKEN": "canary",
}


def problems(env: dict[str, str], *needs: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load_settings(env, needs)
    return error.value.problems


def test_a_command_that_needs_nothing_gets_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = load_settings({})
    assert (
        found.slack_api_url == "https://slack.com/api/" and found.hubspot_api_url == "https://api.hubapi.com"
    )
    assert (found.hubspot_api_version, found.hubspot_access_token) == ("2026-09", None)
    assert found.database_url.startswith("sqlite:///") and found.database_url.endswith("renewals.sqlite3")
    assert Path(found.database_url.removeprefix("sqlite:///")).parent.is_dir()


def test_only_what_is_needed_is_missed_each_with_its_mend():
    found = problems({"SLACK_BOT_TOKEN": "  "}, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    assert [line.split(" ")[0] for line in found] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert all(": " in line and line.endswith(".") for line in found)
    load_settings({"DATABASE_URL": "sqlite://", **TOKENS}, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))


def test_all_problems_of_variables_config_and_playbook_at_once(tmp_path: Path):
    config = tmp_path / "renewals.toml"
    config.write_text('[playbook]\nfile = "own.toml"\n[channels]\ncare = 7\n', "utf-8")
    (tmp_path / "own.toml").write_text("calls_per_week = 9\n", "utf-8")
    env = {
        "SLACK_BOT_TOKEN": "canary-bot",
        "SLACK_APP_TOKEN": "canary-app",
        "SLACK_API_URL": "slack.example",
        "HUBSPOT_API_URL": "ftp://hubspot.example",
        "HUBSPOT_API_VERSION": "v9",
        "DATABASE_URL": "mysql://u:canary@h/x",
        "RENEWALS_CONFIG": str(config),
    }
    told = "\n".join(problems(env, "HUBSPOT_ACCESS_TOKEN"))
    for part in (
        "HUBSPOT_ACCESS_TOKEN is not set",
        "SLACK_BOT_TOKEN does not start with xoxb-",
        "SLACK_APP_TOKEN does not start with xapp-",
        "SLACK_API_URL is not a web address",
        "HUBSPOT_API_URL is not a web address",
        "HUBSPOT_API_VERSION 'v9' is not supported",
        "channels.care: must be a text",
        "DATABASE_URL names mysql: use sqlite or postgresql",
    ):
        assert part in told
    assert "canary" not in told
    config.write_text('[playbook]\nfile = "own.toml"\n', "utf-8")
    told = "\n".join(problems({"RENEWALS_CONFIG": str(config), "SLACK_BOT_TOKEN": "canary"}))
    assert "calls_per_week must be a whole number from 1 to 5" in told and "xoxb-" in told


def test_addresses_are_tidied():
    env = {
        "SLACK_API_URL": "http://127.0.0.1:1/api",
        "HUBSPOT_API_URL": "http://h/",
        "DATABASE_URL": "sqlite://",
    }
    found = load_settings(env)
    assert (found.slack_api_url, found.hubspot_api_url) == ("http://127.0.0.1:1/api/", "http://h")
    copied = {name: f" {value}\n" for name, value in {**TOKENS, "SLACK_SIGNING_SECRET": "s"}.items()}
    found = load_settings({**env, **copied})  # as a copied line often comes
    assert (found.slack_bot_token, found.slack_app_token) == ("xoxb-canary", "xapp-canary")
    assert (found.hubspot_access_token, found.slack_signing_secret) == ("canary", "s")


@pytest.mark.parametrize("said", ["nonsense", "postgresql://u:canary@h:port/x", "mysql+x://h", "http://h"])
def test_a_database_that_cannot_be_is_told_before_anything_is_tried(said: str):
    (told,) = problems({"DATABASE_URL": said})
    assert told.startswith("DATABASE_URL ") and "use sqlite" in told and "canary" not in told


def test_our_drivers_are_used_whatever_is_named():
    assert database_address("postgresql+asyncpg://u@h/x").drivername == "postgresql+psycopg"
    assert database_address("postgres://u@h/x").drivername == "postgresql+psycopg"
    assert database_address("sqlite+other:///x").drivername == "sqlite"


def test_a_data_folder_that_cannot_be_made_is_told_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a_file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a_file"))
    (told,) = problems({})
    assert told == "The folder for the database cannot be made (Not a directory): set DATABASE_URL."


def test_no_secret_is_shown():
    found = load_settings({**TOKENS, "SLACK_SIGNING_SECRET": "canary", "DATABASE_URL": "sqlite://"})
    assert "canary" not in repr(found)


def test_webhooks_need_their_secret_and_their_address():
    def told(**given: str) -> str:
        return "\n".join(problems({"DATABASE_URL": "sqlite://", **given}))

    assert "HUBSPOT_WEBHOOK_URL is not set" in told(HUBSPOT_CLIENT_SECRET="canary")
    assert "HUBSPOT_CLIENT_SECRET is not set" in told(
        HUBSPOT_WEBHOOK_URL="https://x.example/hubspot/webhooks"
    )
    both = {"HUBSPOT_CLIENT_SECRET": "canary", "HUBSPOT_WEBHOOK_URL": "x.example"}
    assert "no web address" not in told(**both) and "must start with https://" in told(**both)
    whole = {**both, "HUBSPOT_WEBHOOK_URL": "https://x.example/hubspot/webhooks"}
    for port in ("0", "65536", "x", "٣٠٠٠"):
        assert "is no port" in told(**whole, HUBSPOT_WEBHOOK_PORT=port)
    assert "set both, or neither" in told(HUBSPOT_WEBHOOK_PORT="3001")
    found = load_settings({"DATABASE_URL": "sqlite://", **whole, "HUBSPOT_WEBHOOK_PORT": "3001"})
    assert (found.hubspot_client_secret, found.hubspot_webhook_port) == ("canary", 3001)
    assert "canary" not in repr(found)

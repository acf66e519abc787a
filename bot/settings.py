"""Frozen settings from the environment and the configuration file; no module-level instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config
from bot.config_file import ConfigError, load_config
from bot.playbook.policy import PolicyError, load_policy
from bot.store.address import database_address
from bot.store.errors import StoreUnavailable

SLACK_URL = "https://slack.com/api/"
HUBSPOT_URL = "https://api.hubapi.com"
HIGHEST_PORT = 65_535

_MENDS = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token (xoxb-...) from your Slack app's OAuth page",
    "SLACK_APP_TOKEN": "make an App-Level Token (xapp-...) with connections:write on Basic Information",
    "SLACK_SIGNING_SECRET": "copy the Signing Secret from your Slack app's Basic Information page",
    "HUBSPOT_ACCESS_TOKEN": "make a service key in HubSpot (Settings > Integrations) and set it here",
}


class SettingsError(Exception):
    """Something a command needs is missing or wrong; `problems` names every one with its mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process runs with. Tokens are kept out of `repr`."""

    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_api_url: str = SLACK_URL
    hubspot_access_token: str | None = field(default=None, repr=False)
    hubspot_api_url: str = HUBSPOT_URL
    hubspot_api_version: str = "2026-09"
    hubspot_client_secret: str = field(default="", repr=False)  # with it HubSpot's webhooks are listened to
    hubspot_webhook_url: str = ""  # as HubSpot calls it
    hubspot_webhook_port: int | None = None  # a listener of their own, beside Socket Mode
    database_url: str = ""
    config: Config = field(default_factory=Config)


def load_settings(env: Mapping[str, str], needs: tuple[str, ...] = ()) -> Settings:
    """Read settings; `needs` names the variables this command cannot do without.

    Raises SettingsError with all problems at once.
    """
    problems = [f"{name} is not set: {_MENDS[name]}." for name in needs if not env.get(name, "").strip()]
    token, app_token = (env.get(name, "").strip() for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
    if token and not token.startswith("xoxb-"):
        problems.append(f"SLACK_BOT_TOKEN does not start with xoxb-: {_MENDS['SLACK_BOT_TOKEN']}.")
    if app_token and not app_token.startswith("xapp-"):
        problems.append(f"SLACK_APP_TOKEN does not start with xapp-: {_MENDS['SLACK_APP_TOKEN']}.")
    for name in ("SLACK_API_URL", "HUBSPOT_API_URL"):
        if env.get(name) and not env[name].startswith(("http://", "https://")):
            problems.append(f"{name} is not a web address: it must start with https:// (or http://).")
    version = env.get("HUBSPOT_API_VERSION") or "2026-09"
    if version not in ("2026-09", "v3"):
        problems.append(f"HUBSPOT_API_VERSION {version!r} is not supported: use 2026-09 or v3.")
    secret, webhook_url, webhook_port = _webhooks(env, problems)
    config = Config()
    try:
        config = load_config(Path(env["RENEWALS_CONFIG"]) if env.get("RENEWALS_CONFIG") else None)
    except ConfigError as error:
        problems += error.problems
    try:
        load_policy(config.playbook_file)
    except PolicyError as error:
        problems += error.problems
    database_url = env.get("DATABASE_URL", "").strip()
    try:
        if database_url:
            database_address(database_url)
        else:
            database_url = default_database_url()
    except StoreUnavailable as error:
        problems.append(error.sentence)
    except OSError as error:
        why = error.strerror or type(error).__name__
        problems.append(f"The folder for the database cannot be made ({why}): set DATABASE_URL.")
    if problems:
        raise SettingsError(problems)
    slack_url = env.get("SLACK_API_URL") or SLACK_URL
    return Settings(
        slack_bot_token=token,
        slack_app_token=app_token,
        slack_signing_secret=env.get("SLACK_SIGNING_SECRET", "").strip(),
        slack_api_url=slack_url if slack_url.endswith("/") else slack_url + "/",
        hubspot_access_token=env.get("HUBSPOT_ACCESS_TOKEN", "").strip() or None,
        hubspot_api_url=(env.get("HUBSPOT_API_URL") or HUBSPOT_URL).rstrip("/"),
        hubspot_api_version=version,
        hubspot_client_secret=secret,
        hubspot_webhook_url=webhook_url,
        hubspot_webhook_port=webhook_port,
        database_url=database_url,
        config=config,
    )


def _webhooks(env: Mapping[str, str], problems: list[str]) -> tuple[str, str, int | None]:
    """The app's client secret, the address HubSpot calls, and the port of a listener of their own."""
    secret = env.get("HUBSPOT_CLIENT_SECRET", "").strip()
    url = env.get("HUBSPOT_WEBHOOK_URL", "").strip()
    port = env.get("HUBSPOT_WEBHOOK_PORT", "").strip()
    if bool(secret) != bool(url):
        name = "HUBSPOT_WEBHOOK_URL" if secret else "HUBSPOT_CLIENT_SECRET"
        problems.append(f"{name} is not set: webhooks need the app's client secret and the address it calls.")
    if url and not url.startswith(("http://", "https://")):
        problems.append("HUBSPOT_WEBHOOK_URL is not a web address: it must start with https:// (or http://).")
    if port and not (port.isascii() and port.isdecimal() and 1 <= int(port) <= HIGHEST_PORT):
        problems.append(f"HUBSPOT_WEBHOOK_PORT {port!r} is no port: use a number from 1 to {HIGHEST_PORT}.")
        port = ""
    if port and not secret:
        problems.append(
            "HUBSPOT_WEBHOOK_PORT is set, and HUBSPOT_CLIENT_SECRET is not: set both, or neither."
        )
    return secret, url, int(port) if port else None


def default_database_url() -> str:
    """An SQLite file in the user's data folder, which is made if it is not there."""
    import platformdirs

    folder = platformdirs.user_data_path("renewal-assistant", ensure_exists=True)
    return f"sqlite:///{folder / 'renewals.sqlite3'}"

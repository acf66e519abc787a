"""The app's manifest, as far as the workspace acts by it: scopes, commands, events, surfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.slack.model import Prompt

ALL_SCOPES = frozenset(
    {
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "usergroups:read",
        "users.profile:read",
        "users:read",
        "users:read.email",
    }
)
# The one written in C reads ten times as fast; not every build of PyYAML has it.
_SAFE_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ManifestError(ValueError):
    """The manifest file cannot be used; the message says why."""


@dataclass(frozen=True)
class Command:
    """A slash command; `command` starts with "/"."""

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False

    def as_json(self) -> dict[str, str]:
        """What the page shows while a person types."""
        return {"command": self.command, "description": self.description, "usage_hint": self.usage_hint}


@dataclass(frozen=True)
class Shortcut:
    """A shortcut in the *More actions* menu of messages."""

    name: str
    callback_id: str
    description: str

    def as_json(self) -> dict[str, str]:
        """What the page offers on a message."""
        return {"name": self.name, "callback_id": self.callback_id, "description": self.description}


@dataclass(frozen=True)
class Manifest:
    """What the app asked for. The default is an app with every scope the sandbox knows and no commands."""

    name: str = "Assistant"
    scopes: frozenset[str] = ALL_SCOPES
    commands: tuple[Command, ...] = ()
    message_shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset({"message.im", "app_home_opened"})
    interactive: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    messages_writable: bool = True
    agent_view: bool = False
    # What the agent offers to be asked before it says so itself, each with its title and message.
    prompts: tuple[Prompt, ...] = ()

    def command(self, name: str) -> Command | None:
        """The command called `name` ("/renewal"), if the app has it."""
        return next((command for command in self.commands if command.command == name), None)

    def message_shortcut(self, callback_id: str) -> Shortcut | None:
        """The message shortcut with this callback id, if the app has it."""
        found = (one for one in self.message_shortcuts if one.callback_id == callback_id)
        return next(found, None)


def read_manifest(path: Path) -> Manifest:
    """The manifest in the YAML file `path`. Raises ManifestError naming the file and what is wrong."""
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE_LOADER)
    except OSError as unreadable:
        raise ManifestError(f"The manifest {path} cannot be read: {unreadable.strerror}.") from unreadable
    except yaml.YAMLError as not_yaml:
        raise ManifestError(f"The manifest {path} is not valid YAML: {not_yaml}.") from not_yaml
    if not isinstance(values, Mapping):
        raise ManifestError(f"The manifest {path} is not a mapping.")
    try:
        return manifest_from(values)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ManifestError(
            f"The manifest {path} does not have the shape Slack asks for: {wrong!r}."
        ) from wrong


def manifest_from(values: Mapping[str, Any]) -> Manifest:
    """The manifest in plain values, with Slack's defaults for what is left out."""
    features = values.get("features", {})
    settings = values.get("settings", {})
    home = features.get("app_home", {})
    agent = features.get("agent_view")
    return Manifest(
        name=features.get("bot_user", {}).get("display_name") or values["display_information"]["name"],
        scopes=frozenset(values.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        commands=tuple(
            Command(
                command=command["command"],
                description=command["description"],
                usage_hint=command.get("usage_hint", ""),
                should_escape=command.get("should_escape", False),
            )
            for command in features.get("slash_commands", ())
        ),
        message_shortcuts=tuple(
            Shortcut(one["name"], one["callback_id"], one["description"])
            for one in features.get("shortcuts", ())
            if one["type"] == "message"
        ),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        interactive=settings.get("interactivity", {}).get("is_enabled", False),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", True),
        messages_writable=not home.get("messages_tab_read_only_enabled", True),
        agent_view=agent is not None,
        prompts=tuple(
            Prompt(one["title"], one["message"]) for one in (agent or {}).get("suggested_prompts", ())
        ),
    )

"""What the app is sent when a person presses, submits, closes or commands."""

from __future__ import annotations

from typing import Any

from sandbox.slack.copies import copied
from sandbox.slack.model import Channel, Json, Message, Person, View
from sandbox.slack.values import initial_state
from sandbox.slack.wire import message_as_slack, view_as_slack
from sandbox.slack.workspace import Workspace

DOMAIN = "sandbox"
ECHOED = ("text", "value", "style", "placeholder", "confirm", "url", "initial_option", "initial_date")


def channel_name(channel: Channel) -> str:
    """The name of a conversation as payloads carry it."""
    return "directmessage" if channel.kind == "dm" else channel.name


def act(workspace: Workspace, kind: str, person: Person) -> Json:
    """The part that all interaction payloads share, without a trigger."""
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app.app_id,
        "token": "sandbox",
        "team": {"id": workspace.team_id, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def in_message(workspace: Workspace, channel: Channel, message: Message, user: str) -> Json:
    """Where an act in a message happened, with what the person has chosen in it."""
    ephemeral = message.ephemeral_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    body: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": copied(message.entered.get(user) or initial_state(message.blocks))},
    }
    if not ephemeral:
        # Slack does not send along a message that only one person sees.
        body["message"] = message_as_slack(workspace, message, with_metadata=True)
    return body


def in_view(workspace: Workspace, view: View) -> Json:
    """Where an act in a modal or Home tab happened."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_as_slack(workspace, view),
    }


def action(element: Json, block_id: str, value: Json, action_ts: str) -> Json:
    """The pressed or changed `element`, with what was entered."""
    echoed = {key: copied(element[key]) for key in ECHOED if key in element}
    return {
        "type": element["type"],
        "block_id": block_id,
        "action_id": element["action_id"],
        **echoed,
        **{key: member for key, member in value.items() if key != "type"},
        "action_ts": action_ts,
    }


def message_shortcut(
    workspace: Workspace, person: Person, channel: Channel, message: Message, callback_id: str, **ids: Any
) -> Json:
    """A shortcut chosen on a message; `ids`: action_ts, trigger_id and response_url."""
    shared = act(workspace, "message_action", person)
    del shared["api_app_id"]  # Slack leaves it out here
    return shared | {
        "callback_id": callback_id,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_as_slack(workspace, message, with_metadata=True),
        **ids,
    }


def submission(workspace: Workspace, person: Person, view: View, trigger_id: str) -> Json:
    """A submitted modal."""
    return act(workspace, "view_submission", person) | {
        "trigger_id": trigger_id,
        "view": view_as_slack(workspace, view),
        "response_urls": [],
    }


def closing(workspace: Workspace, person: Person, view: View, *, is_cleared: bool) -> Json:
    """A modal that a person closed and that wants to know."""
    return act(workspace, "view_closed", person) | {
        "view": view_as_slack(workspace, view),
        "is_cleared": is_cleared,
    }


def command(workspace: Workspace, person: Person, channel: Channel, name: str, text: str, **ids: Any) -> Json:
    """A slash command; `ids`: trigger_id and response_url."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        **ids,
    }

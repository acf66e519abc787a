"""The events the app is sent, as its manifest subscribes to them."""

from __future__ import annotations

from typing import Any

from sandbox.slack.model import Channel, Json, Message, Person, View
from sandbox.slack.text import unescape
from sandbox.slack.wire import message_as_slack, person_as_slack, view_as_slack
from sandbox.slack.workspace import Workspace


def message_posted(workspace: Workspace, channel: Channel, message: Message) -> None:
    """A person or the app said something where the app is."""
    body = message_as_slack(workspace, message, with_metadata=True)
    body["blocks"] = body.get("blocks") or [_as_rich_text(workspace, message)]
    _send_message_event(workspace, channel, body | {"event_ts": message.ts})
    mention = f"<@{workspace.app.bot_user_id}"
    is_person = message.bot_id is None
    in_channel = channel.kind == "channel" and workspace.app.bot_user_id in channel.members
    if is_person and in_channel and mention in message.text:
        send(workspace, "app_mention", body | {"type": "app_mention", "channel": channel.id})


def message_changed(workspace: Workspace, channel: Channel, after: Json, before: Json) -> None:
    """A message was changed."""
    _send_subtype(workspace, channel, "message_changed", message=after, previous_message=before)


def message_deleted(workspace: Workspace, channel: Channel, before: Json) -> None:
    """A message was deleted."""
    _send_subtype(workspace, channel, "message_deleted", previous_message=before, deleted_ts=before["ts"])


def app_home_opened(workspace: Workspace, user: str, tab: str, view: View | None) -> None:
    """A person opened the app's Home or Messages tab."""
    body: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.dm_of(user).id,
        "tab": tab,
        "event_ts": workspace.next_ts(),
    }
    if view is not None:
        body["view"] = view_as_slack(workspace, view)
    send(workspace, "app_home_opened", body)


def status_changed(workspace: Workspace, person: Person) -> None:
    """A person's status is another: both events carry the same, as Slack sends them at the same time."""
    body: Json = {
        "user": person_as_slack(workspace, person),
        "cache_ts": int(workspace.clock.now().timestamp()),
        "event_ts": workspace.next_ts(),
    }
    for kind in ("user_change", "user_status_changed"):
        send(workspace, kind, {"type": kind} | body)


def send(workspace: Workspace, subscription: str, event: Json) -> None:
    """Deliver `event` if the manifest subscribes to it."""
    if subscription not in workspace.manifest.events:
        return
    event_id = workspace.ids.draw("Ev")
    workspace.dispatcher.send_event(
        {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": workspace.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }
    )


def _send_subtype(workspace: Workspace, channel: Channel, subtype: str, **members: Any) -> None:
    ts = workspace.next_ts()
    body: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
    _send_message_event(workspace, channel, body | members)


def _send_message_event(workspace: Workspace, channel: Channel, body: Json) -> None:
    if workspace.app.bot_user_id not in channel.members:
        return
    channel_type = "im" if channel.kind == "dm" else "group" if channel.private else "channel"
    subscription = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
    send(
        workspace,
        subscription[channel_type],
        body | {"channel": channel.id, "channel_type": channel_type},
    )


def _as_rich_text(workspace: Workspace, message: Message) -> Json:
    return {
        "type": "rich_text",
        "block_id": workspace.ids.block_id(),
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": unescape(message.text)}],
            }
        ],
    }

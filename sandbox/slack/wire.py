"""Messages, views, people and channels in the shape Slack sends them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sandbox.slack.copies import copied
from sandbox.slack.model import SLACKBOT_ID, Channel, Json, Message, Person, UserGroup, View
from sandbox.slack.statuses import status_of
from sandbox.slack.workspace import Workspace


def message_as_slack(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """The message as the Web API and payloads carry it."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team_id,
    }
    if message.client_msg_id is not None:
        body["client_msg_id"] = message.client_msg_id
    if message.bot_id is not None:
        body["bot_id"] = message.bot_id
        body["app_id"] = workspace.app.app_id
        body["bot_profile"] = {
            "id": message.bot_id,
            "app_id": workspace.app.app_id,
            "user_id": message.user,
            "name": workspace.manifest.name,
            "team_id": workspace.team_id,
            "deleted": False,
        }
    if message.blocks:
        body["blocks"] = copied(message.blocks)
    if message.files:
        body |= {"subtype": "file_share", "files": copied(message.files)}
        body |= {"upload": False, "display_as_bot": False}
        del body["team"]  # Slack leaves it out of these
    if message.edited is not None:
        body["edited"] = dict(message.edited)
    if message.thread_ts is not None:
        body["thread_ts"] = message.thread_ts
    if message.reply_ts:
        body["thread_ts"] = message.ts
        body["reply_count"] = len(message.reply_ts)
        body["reply_users"] = list(message.reply_users)
        body["reply_users_count"] = len(message.reply_users)
        body["latest_reply"] = message.reply_ts[-1]
    if with_metadata and message.metadata is not None:
        body["metadata"] = copied(message.metadata)
    return body


def view_as_slack(workspace: Workspace, view: View) -> Json:
    """The view as the Web API and payloads carry it."""
    content = view.content
    body: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": content["type"],
        "blocks": copied(view.blocks),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": copied(view.state)},
        "hash": view.hash,
        "title": content.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": workspace.app.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.app.bot_id,
    }
    return body


def person_as_slack(workspace: Workspace, person: Person) -> Json:
    """A user object; the email only for an app with `users:read.email`."""
    zone = ZoneInfo(person.tz)
    local = workspace.clock.now().astimezone(zone)
    offset = local.utcoffset()
    profile: Json = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "first_name": person.name.partition(" ")[0],
        "last_name": person.name.partition(" ")[2],
        "team": workspace.team_id,
    }
    status = status_of(workspace, person)
    profile |= {
        "status_text": status.text,
        "status_text_canonical": "",
        "status_emoji": status.emoji,
        "status_emoji_display_info": [],
        "status_expiration": status.expiration,
    }
    if person.email and "users:read.email" in workspace.scopes:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"bot_id": workspace.app.bot_id, "api_app_id": workspace.app.app_id}
    body: Json = {
        "id": person.id,
        "team_id": workspace.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if not person.deleted:
        # Slack leaves the zone and the roles out of what it says about a closed account.
        body |= {
            "color": person.color,
            "real_name": person.name,
            "tz": person.tz,
            "tz_label": local.tzname() or person.tz,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "is_admin": "admin" in person.roles,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
        }
    return body


def group_as_slack(workspace: Workspace, group: UserGroup) -> Json:
    """A user group without its members."""
    return {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.deleted,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": SLACKBOT_ID,
        "updated_by": SLACKBOT_ID,
        "deleted_by": SLACKBOT_ID if group.deleted else None,
        "prefs": {"channels": [], "groups": []},
    }


def channel_as_slack(workspace: Workspace, channel: Channel) -> Json:
    """A conversation object as the app sees it."""
    body: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "dm",
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
    }
    if channel.kind == "dm":
        (user,) = channel.members - {workspace.app.bot_user_id}
        return body | {
            "user": user,
            "is_user_deleted": workspace.person(user).deleted,
            "is_open": True,
            "last_read": "0000000000.000000",
            "unread_count": 0,
        }
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": False,
        "is_shared": False,
        "is_member": workspace.app.bot_user_id in channel.members,
        "creator": workspace.app.bot_user_id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }

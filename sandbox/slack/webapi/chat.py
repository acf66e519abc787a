"""chat.*: what the app says."""

from __future__ import annotations

import re

from sandbox.slack import posting
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Channel, Json
from sandbox.slack.posting import Content
from sandbox.slack.webapi.call import Call
from sandbox.slack.wire import message_as_slack

_TS = re.compile(r"\d{10,}\.\d{6}")


def post_message(call: Call) -> Json:
    """chat.postMessage: to a channel's id or name, or to a user's id (their conversation with the app)."""
    call.require_scope("chat:write")
    channel = _writable(call, _addressed(call, call.text("channel")))
    content = _content(call)
    _require_something(content)
    thread_ts = _thread(call, channel)
    call.workspace.limiter.note_post(channel.id)
    message = posting.post(call.workspace, channel, content, thread_ts=thread_ts)
    shown = message_as_slack(call.workspace, message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: seen only by one member of the channel."""
    call.require_scope("chat:write")
    channel = _writable(call, _addressed(call, call.text("channel")))
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = _content(call)
    _require_something(content)
    message = posting.whisper(call.workspace, channel, user, content, thread_ts=_thread(call, channel))
    return {"ok": True, "message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update: the app's own message, by the channel's id."""
    call.require_scope("chat:write")
    channel = _writable(call, call.workspace.channel(call.text("channel")))
    message = channel.messages.get(call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.bot_id != call.workspace.app.bot_id:
        raise SlackError("cant_update_message")
    content = _content(call)
    if content.text is None and content.blocks is None and content.metadata is None:
        raise SlackError("no_text")
    posting.change(call.workspace, channel, message, content)
    shown = message_as_slack(call.workspace, message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _addressed(call: Call, name: str) -> Channel:
    workspace = call.workspace
    if name in workspace.people:
        person = workspace.person(name)
        if person.is_bot or name not in workspace.screens:
            raise SlackError("cannot_dm_bot" if person.is_bot else "channel_not_found")
        return workspace.dm_of(name)
    by_name = name.removeprefix("#")
    for channel in workspace.channels.values():
        if channel.kind == "channel" and not channel.private and channel.name == by_name:
            return channel
    return workspace.channel(name)


def _writable(call: Call, channel: Channel) -> Channel:
    workspace = call.workspace
    if channel.kind == "dm":
        if not workspace.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        (user,) = channel.members - {workspace.app.bot_user_id}
        if workspace.person(user).deleted:
            raise SlackError("is_archived")
    elif workspace.app.bot_user_id not in channel.members:
        if channel.private:
            raise SlackError("channel_not_found")
        if "chat:write.public" not in workspace.scopes:
            raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _content(call: Call) -> Content:
    if call.args.get("attachments") not in (None, "", "[]", []):
        raise SlackError("invalid_attachments", ["[ERROR] this workspace takes blocks, not attachments"])
    blocks = call.structure("blocks", malformed="invalid_blocks_format")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    metadata = call.structure("metadata", malformed="invalid_metadata_format")
    return posting.checked_content(call.workspace.ids, call.args.get("text"), blocks, metadata)


def _require_something(content: Content) -> None:
    if not (content.text or "").strip() and not content.blocks:
        raise SlackError("no_text")


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.optional_text("thread_ts")
    if thread_ts is None:
        return None
    if not _TS.fullmatch(thread_ts):
        raise SlackError("invalid_thread_ts")
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts

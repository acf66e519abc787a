"""Saying, changing and taking back messages, and what the app is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.slack import events
from sandbox.slack.blockkit import check_blocks
from sandbox.slack.blockkit.blocks import interactive_elements
from sandbox.slack.blockkit.size import MESSAGE_CHARACTERS, characters
from sandbox.slack.errors import SlackError
from sandbox.slack.ids import Ids
from sandbox.slack.model import Channel, Json, Message
from sandbox.slack.text import clean, clean_values, stored
from sandbox.slack.wire import message_as_slack
from sandbox.slack.workspace import Workspace

TEXT_LIMIT = 40_000
METADATA_BYTES = 8_000


@dataclass(frozen=True)
class Content:
    """What a message says, checked and as Slack stores it. None: not given, so an update keeps it."""

    text: str | None
    blocks: list[Json] | None
    metadata: Json | None = None


def checked_content(ids: Ids, text: Any, blocks: Any, metadata: Any = None) -> Content:
    """Check what an app wants to say. Raises SlackError as chat.postMessage does, but for `no_text`."""
    if text is not None and not isinstance(text, str):
        raise SlackError("invalid_arguments", ["[ERROR] must provide a string [json-pointer:/text]"])
    if text is not None and len(text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    kept_blocks = None
    if blocks is not None:
        kept_blocks = stored_blocks(ids, blocks)
    return Content(
        text=None if text is None else stored(clean(text), link_urls=True),
        blocks=kept_blocks,
        metadata=None if metadata is None else _checked_metadata(metadata),
    )


def stored_blocks(ids: Ids, blocks: Any) -> list[Json]:
    """Message blocks as Slack keeps them. Raises SlackError `invalid_blocks` or `msg_blocks_too_long`."""
    problems = check_blocks(blocks)
    if problems:
        raise SlackError("invalid_blocks", problems)
    if characters(blocks) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(ids, blocks)


def with_ids(ids: Ids, blocks: list[Json]) -> list[Json]:
    """A copy of checked `blocks` with block and action ids assigned and text stored Slack's way."""
    kept: list[Json] = clean_values(blocks)
    for block in kept:
        block.setdefault("block_id", ids.block_id())
        _store_texts(block)
        for element in interactive_elements(block):
            if element.get("type") != "image":
                element.setdefault("action_id", ids.block_id())
    return kept


def post(
    workspace: Workspace, channel: Channel, content: Content, *, thread_ts: str | None = None
) -> Message:
    """The app says `content` in `channel`; the app hears of it as Slack tells it."""
    with workspace.lock:
        message = Message(
            ts=workspace.next_ts(),
            user=workspace.app.bot_user_id,
            bot_id=workspace.app.bot_id,
            text=content.text or "",
            blocks=content.blocks or [],
            thread_ts=thread_ts,
            metadata=content.metadata or None,
        )
        add_to(channel, message)
        tell_members(workspace, channel)
        events.message_posted(workspace, channel, message)
        return message


def say(
    workspace: Workspace,
    channel: Channel,
    user: str,
    text: str,
    *,
    thread_ts: str | None = None,
    files: list[Json] | None = None,
) -> Message:
    """A person says `text` (as stored) in `channel`, and shares files."""
    with workspace.lock:
        message = Message(
            ts=workspace.next_ts(),
            user=user,
            text=text,
            thread_ts=thread_ts,
            client_msg_id=workspace.ids.uuid(),
            files=files or [],
        )
        add_to(channel, message)
        channel.last_read[user] = message.ts
        tell_members(workspace, channel)
        events.message_posted(workspace, channel, message)
        return message


def whisper(
    workspace: Workspace,
    channel: Channel,
    user: str,
    content: Content,
    *,
    thread_ts: str | None = None,
    author: str | None = None,
) -> Message:
    """A message that only `user` sees, by the app or by `author`."""
    with workspace.lock:
        message = Message(
            ts=workspace.next_ts(),
            user=author or workspace.app.bot_user_id,
            bot_id=None if author else workspace.app.bot_id,
            text=content.text or "",
            blocks=content.blocks or [],
            thread_ts=thread_ts,
            ephemeral_to=user,
        )
        channel.ephemerals[message.ts] = message
        workspace.changes.tell("messages", channel=channel.id, user=user)
        return message


def change(workspace: Workspace, channel: Channel, message: Message, content: Content) -> None:
    """The app changes its own message; what `content` leaves out stays."""
    with workspace.lock:
        before = message_as_slack(workspace, message)
        if content.text is not None and content.text != message.text:
            message.text = content.text
            message.edited = {"user": workspace.app.bot_user_id, "ts": workspace.next_ts()}
        if content.blocks is not None:
            message.blocks = content.blocks
            # What was chosen belonged to the elements that are gone.
            message.entered.clear()
        if content.metadata is not None:
            message.metadata = content.metadata or None
        if message.ephemeral_to is not None:
            workspace.changes.tell("messages", channel=channel.id, user=message.ephemeral_to)
            return
        tell_members(workspace, channel)
        events.message_changed(workspace, channel, message_as_slack(workspace, message), before)


def take_back(workspace: Workspace, channel: Channel, message: Message) -> None:
    """The app deletes its own message."""
    with workspace.lock:
        if message.ephemeral_to is not None:
            channel.ephemerals.pop(message.ts, None)
            workspace.changes.tell("messages", channel=channel.id, user=message.ephemeral_to)
            return
        channel.messages.pop(message.ts, None)
        tell_members(workspace, channel)
        events.message_deleted(workspace, channel, message_as_slack(workspace, message))


def add_to(channel: Channel, message: Message) -> None:
    """Put `message` into `channel`; a reply is counted at its parent."""
    channel.messages[message.ts] = message
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and parent is not message:
        parent.reply_ts.append(message.ts)
        if message.user not in parent.reply_users:
            parent.reply_users.append(message.user)


def _store_texts(part: Any) -> None:
    if isinstance(part, list):
        for member in part:
            _store_texts(member)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text") and isinstance(part.get("text"), str):
            part["text"] = stored(part["text"])
        for member in part.values():
            _store_texts(member)


def _checked_metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    kept: Json = clean_values(metadata)
    return kept


def tell_members(workspace: Workspace, channel: Channel) -> None:
    """Each member's page is to look at the conversation again."""
    for member in channel.members:
        workspace.changes.tell("messages", channel=channel.id, user=member)

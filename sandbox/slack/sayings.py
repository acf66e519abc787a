"""What people do with messages of their own: share a file, change what they wrote, delete it."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.slack import events
from sandbox.slack.acts import NotAllowed, acting, joined
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Channel, Json, Message
from sandbox.slack.posting import tell_members
from sandbox.slack.text import clean, typed
from sandbox.slack.wire import message_as_slack
from sandbox.slack.workspace import Workspace

MOST_FILES = 10
LONGEST_NAME = 255


@dataclass(frozen=True)
class SharedFile:
    """A file that a person attaches; the sandbox keeps its name and size, never what stands in it."""

    name: str
    size: int


def files_as_slack(workspace: Workspace, user: str, shared: Sequence[SharedFile]) -> list[Json]:
    """The files as messages carry them. Raises SlackError `invalid_arguments` or `too_many_files`."""
    if len(shared) > MOST_FILES:
        raise SlackError("too_many_files")
    if any(not one.name or len(one.name) > LONGEST_NAME or one.size < 0 for one in shared):
        raise SlackError("invalid_arguments", ["[ERROR] a file has a name and a size"])
    return [_file(workspace, user, one) for one in shared]


def edit(workspace: Workspace, user: str, channel_id: str, ts: str, text: str) -> Message:
    """Change one's own message; the same words change nothing. Raises NotAllowed or SlackError."""
    with workspace.lock:
        channel, message = _own(workspace, user, channel_id, ts)
        if not text.strip():
            raise SlackError("no_text")
        wanted = typed(clean(text))
        if wanted == message.text:
            return message
        before = message_as_slack(workspace, message)
        message.text = wanted
        message.edited = {"user": user, "ts": workspace.next_ts()}
        tell_members(workspace, channel)
        events.message_changed(workspace, channel, message_as_slack(workspace, message), before)
        return message


def delete(workspace: Workspace, user: str, channel_id: str, ts: str) -> None:
    """Delete one's own message. Raises NotAllowed or SlackError."""
    with workspace.lock:
        channel, message = _own(workspace, user, channel_id, ts)
        if message.reply_ts:
            raise NotAllowed("The sandbox deletes no message that has replies.")
        before = message_as_slack(workspace, message)
        channel.messages.pop(message.ts)
        parent = channel.messages.get(message.thread_ts or "")
        if parent is not None and message.ts in parent.reply_ts:
            parent.reply_ts.remove(message.ts)
        tell_members(workspace, channel)
        events.message_deleted(workspace, channel, before)


def _own(workspace: Workspace, user: str, channel_id: str, ts: str) -> tuple[Channel, Message]:
    acting(workspace, user)
    channel = joined(workspace, user, channel_id)
    message = workspace.message(channel.id, ts, user)
    if message.user != user or message.ephemeral_to is not None:
        raise NotAllowed("Only your own messages can be changed or deleted.")
    return channel, message


def _file(workspace: Workspace, user: str, shared: SharedFile) -> Json:
    file_id = workspace.ids.draw("F")
    kind = mimetypes.guess_type(shared.name)[0] or "application/octet-stream"
    ending = shared.name.rpartition(".")[2].lower() if "." in shared.name else "binary"
    created = int(workspace.clock.now().timestamp())
    place = f"{workspace.base_url}/slack/files/{workspace.team_id}-{file_id}/{ending}"
    return {
        "id": file_id,
        "created": created,
        "timestamp": created,
        "name": shared.name,
        "title": shared.name,
        "mimetype": kind,
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": user,
        "user_team": workspace.team_id,
        "editable": False,
        "size": shared.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": place,
        "url_private_download": f"{place}?download",
        "permalink": place,
        "file_access": "visible",
    }

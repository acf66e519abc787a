"""conversations.*: opening, looking at and reading conversations."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.model import Channel, Json, Message
from sandbox.slack.webapi.call import Call, page
from sandbox.slack.wire import channel_as_slack, message_as_slack

HISTORY_PAGE, HISTORY_MOST = 100, 999
READ_SCOPES = {"dm": "im", "private": "groups", "public": "channels"}


def open_(call: Call) -> Json:
    """conversations.open: the conversation of one user with the app."""
    call.require_scope("im:write")
    users = call.args.get("users")
    listed = users if isinstance(users, list) else [part for part in str(users or "").split(",") if part]
    channel_id = call.optional_text("channel")
    if channel_id is not None:
        channel = call.workspace.channel(channel_id)
    elif not listed:
        raise SlackError("users_list_not_supplied")
    elif len(listed) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    else:
        channel = _dm(call, str(listed[0]).strip())
    shown = channel_as_slack(call.workspace, channel) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, "no_op": True, "already_open": True, "channel": shown}


def info(call: Call) -> Json:
    """conversations.info."""
    channel = _visible(call, call.text("channel"), "read")
    shown = channel_as_slack(call.workspace, channel)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"ok": True, "channel": shown}


def history(call: Call) -> Json:
    """conversations.history: newest first, replies left out."""
    channel = _readable(call)
    messages = [message for message in channel.messages.values() if message.thread_ts in (None, message.ts)]
    messages.reverse()
    return _page_of(call, messages)


def replies(call: Call) -> Json:
    """conversations.replies: a message and its replies, oldest first."""
    channel = _readable(call)
    parent = channel.messages.get(call.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    thread = [message for message in channel.messages.values() if message.thread_ts == parent.ts]
    return _page_of(call, [parent, *thread])


def _page_of(call: Call, messages: list[Message]) -> Json:
    oldest = call.optional_text("oldest") or "0"
    latest = call.optional_text("latest") or "99999999999"
    inclusive = call.flag("inclusive")
    try:
        low, high = float(oldest), float(latest)
    except ValueError as not_a_ts:
        wrong = "oldest" if oldest.replace(".", "").isdigit() is False else "latest"
        raise SlackError(f"invalid_ts_{wrong}") from not_a_ts
    within = [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and message.ts in (oldest, latest))
    ]
    limit = call.number("limit", default=HISTORY_PAGE, most=HISTORY_MOST)
    shown, cursor = page(within, call.optional_text("cursor"), limit)
    with_metadata = call.flag("include_all_metadata")
    answer: Json = {
        "ok": True,
        "messages": [
            message_as_slack(call.workspace, message, with_metadata=with_metadata) for message in shown
        ],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _dm(call: Call, user: str) -> Channel:
    workspace = call.workspace
    if user not in workspace.people:
        raise SlackError("user_not_found")
    if user not in workspace.screens:
        raise SlackError("cannot_dm_bot")
    if workspace.person(user).deleted:
        raise SlackError("user_disabled")
    return workspace.dm_of(user)


def _visible(call: Call, channel_id: str, what: str) -> Channel:
    channel = call.workspace.channel(channel_id)
    kind = "dm" if channel.kind == "dm" else "private" if channel.private else "public"
    call.require_scope(f"{READ_SCOPES[kind]}:{what}")
    if channel.private and call.workspace.app.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def _readable(call: Call) -> Channel:
    channel = _visible(call, call.text("channel"), "history")
    if call.workspace.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel

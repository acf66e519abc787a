"""assistant.threads.*: what an agent offers to be asked, over the composer of its conversation."""

from __future__ import annotations

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json, Prompt
from sandbox.slack.webapi.call import Call

MOST_PROMPTS = 4


def set_suggested_prompts(call: Call) -> Json:
    """assistant.threads.setSuggestedPrompts: for an agent without `thread_ts`, with which it does nothing."""
    call.require_scope("assistant:write")
    workspace = call.workspace
    if not workspace.manifest.agent_view:
        raise SlackError("not_allowed")
    channel = workspace.channel(call.text("channel_id"))
    if channel.kind != "dm" or workspace.app.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    prompts = _prompts(call.structure("prompts", malformed="invalid_arguments"))
    title = call.optional_text("title") or ""
    if call.optional_text("thread_ts") is None:
        channel.prompts, channel.prompts_title = prompts, title
        for member in channel.members:
            workspace.changes.tell("messages", channel=channel.id, user=member)
    return {"ok": True}


def _prompts(given: Any) -> list[Prompt]:
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: prompts"])
    if len(given) > MOST_PROMPTS:
        raise SlackError(
            "invalid_arguments",
            [f"[ERROR] no more than {MOST_PROMPTS} items allowed [json-pointer:/prompts]"],
        )
    made = []
    for place, one in enumerate(given):
        texts = [one.get(key) if isinstance(one, dict) else None for key in ("title", "message")]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise SlackError(
                "invalid_arguments",
                [f"[ERROR] a prompt has a title and a message [json-pointer:/prompts/{place}]"],
            )
        made.append(Prompt(str(texts[0]), str(texts[1])))
    return made

"""Messages to the assistant: in a DM or a thread, where slash commands do not work, the same words do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.errors import DomainError, StoreError, StoreUnavailable
from bot.services.outgoing.notices import answer_message
from bot.slack.views.blocks import Drawn
from bot.slack.views.notices import files_not_kept, sentence_message
from handlers.commands import handle_message
from handlers.edits import handle_deletion, handle_edit, is_meant
from handlers.guard import Ack, Listener, answered
from handlers.presses import Typed

# A person's own new message: plain, with a file, or a reply that they also sent to the conversation.
NEW: Final = (None, "", "file_share", "thread_broadcast")

_log = logging.getLogger(__name__)


def listen_to_messages(assistant: Assistant) -> Listener:
    """A listener for `message` events; what no person wrote, changed or deleted in a DM is only acknowledged."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        event = body.get("event") or {}
        if event.get("channel_type") == "im":
            try:
                _take(assistant, body, event)
            except StoreUnavailable as error:  # not acknowledged: Slack delivers it again
                log(_log, logging.ERROR, "message.no_database", error=error)
                return
        ack()

    return listener


def _take(assistant: Assistant, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    subtype = event.get("subtype")
    if subtype in NEW and not event.get("bot_id"):
        typed = Typed.of_message(body)
        _answer(assistant, typed, _with_files(assistant, typed))
    elif subtype == "message_changed":
        after, before = event.get("message") or {}, event.get("previous_message") or {}
        typed = Typed.of_edit(body, after)
        # Slack also says so when a preview is unfolded or a reply is counted.
        if _is_a_persons(after) and after.get("text") != before.get("text") and is_meant(assistant, typed):
            _answer(assistant, typed, answered(assistant, typed, handle_edit))
    elif subtype == "message_deleted":
        before = event.get("previous_message") or {}
        if _is_a_persons(before):
            _forget(assistant, Typed.of_edit(body, before))


def _is_a_persons(message: Mapping[str, Any]) -> bool:
    return bool(message.get("user")) and not message.get("bot_id") and message.get("subtype") in NEW


def _answer(assistant: Assistant, typed: Typed, drawn: Drawn) -> None:
    if not drawn.blocks:
        return
    answer_message(assistant.work, typed.channel, typed.key, typed.thread_ts, asdict(drawn))


def _with_files(assistant: Assistant, typed: Typed) -> Drawn:
    """The words are read; of files it is said where they belong, as nobody finds them here."""
    if not typed.files:
        return answered(assistant, typed, handle_message)
    kept_out = files_not_kept(typed.files)
    if not typed.text:
        return sentence_message(kept_out)
    drawn = answered(assistant, typed, handle_message)
    return Drawn(
        drawn.text or kept_out, [*drawn.blocks, *sentence_message(kept_out).blocks], drawn.message_id
    )


def _forget(assistant: Assistant, typed: Typed) -> None:
    try:
        handle_deletion(assistant, typed)
    except StoreUnavailable:
        raise
    except (DomainError, StoreError) as error:
        log(_log, logging.INFO, "message.deleted_unread", error=type(error).__name__)

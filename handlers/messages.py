"""Messages to the assistant: in a DM or a thread, where slash commands do not work, the same words do."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.errors import StoreUnavailable
from bot.services.notices import answer_message
from handlers.commands import handle_message
from handlers.guard import Ack, Listener, answered
from handlers.presses import Typed

_log = logging.getLogger(__name__)


def listen_to_messages(assistant: Assistant) -> Listener:
    """A listener for `message` events; what is no person's own new message in a DM is only acknowledged."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        event = body.get("event") or {}
        if event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id"):
            typed = Typed.of_message(body)
            drawn = answered(assistant, typed, handle_message)
            try:
                answer_message(assistant.work, typed.channel, typed.key, typed.thread_ts, asdict(drawn))
            except StoreUnavailable as error:  # not acknowledged: Slack delivers it again
                log(_log, logging.ERROR, "message.no_database", error=error)
                return
        ack()

    return listener

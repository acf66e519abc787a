"""Slack's agent pane: the Messages tab was opened, and what may be said there is offered over its composer."""

from __future__ import annotations

import logging
from typing import Final

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.errors import DomainError, StoreError
from bot.services.words.prompts import suggested_prompts
from bot.slack.trouble import SlackTrouble
from handlers.presses import Opened

TITLE: Final = "Your day"

_log = logging.getLogger(__name__)


def offer_prompts(assistant: Assistant, opened: Opened) -> None:
    """Offer what fits the person's day; where Slack has no pane, or we do not know them, nothing happens."""
    if not assistant.slack.has_agent_pane or not opened.channel:
        return
    try:
        prompts = suggested_prompts(assistant.work, opened.click, opened.channel)
        offered = [{"title": one.title, "message": one.message} for one in prompts]
        assistant.slack.suggest_prompts(opened.channel, offered, TITLE)
    except (DomainError, StoreError, SlackTrouble) as error:
        log(_log, logging.INFO, "prompts.not_offered", error=type(error).__name__)

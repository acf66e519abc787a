"""A form's place taken by one sentence: what was not done and why, or what was."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Any, Final

from bot.slack.text import escaped_lines
from bot.slack.views.blocks import Block, modal, section

NOTICE: Final = "notice"


def notice_modal(sentence: str) -> Block:
    """One sentence of ours, and *Close*."""
    return modal("Renewals", NOTICE, [section(escaped_lines(sentence, 2500), "notice")], "", submit=None)


def sentence_of(view: Mapping[str, Any]) -> str | None:
    """The plain sentence of such a view; None for any other."""
    if view.get("callback_id") != NOTICE:
        return None
    return unescape(str(view["blocks"][0]["text"]["text"]))

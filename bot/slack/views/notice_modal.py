"""A form's place taken by one sentence: what was not done and why, or what was."""

from __future__ import annotations

from bot.slack.text import escaped_lines
from bot.slack.views.blocks import Block, modal, section


def notice_modal(sentence: str) -> Block:
    """One sentence of ours, and *Close*."""
    return modal("Renewals", "notice", [section(escaped_lines(sentence, 2500), "notice")], "", submit=None)

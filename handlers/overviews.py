"""Typed `week` and `team`: App Home's lists as a short private answer."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.home.asked_for import read_team, read_week
from bot.slack.views.blocks import Drawn
from bot.slack.views.overviews import team_message, week_message
from handlers.presses import Typed


def show_week(assistant: Assistant, typed: Typed, rest: str) -> Drawn:  # noqa: ARG001 - one shape for all verbs
    """What is due on the later days of this week."""
    return week_message(read_week(assistant.work, typed.click))


def show_team(assistant: Assistant, typed: Typed, rest: str) -> Drawn:  # noqa: ARG001 - one shape for all verbs
    """The team board, for those who manage."""
    return team_message(read_team(assistant.work, typed.click))

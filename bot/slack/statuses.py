"""A Slack user's status as the services want it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.services.acts.status_leave import SeenStatus
from bot.services.people.roles import Who
from bot.slack.directory import SlackUser


def seen_status(user: SlackUser, team_id: str) -> SeenStatus:
    """The status; an end beyond what a date can say is none."""
    try:
        ends_at = datetime.fromtimestamp(user.status_until, UTC) if user.status_until else None
    except (OverflowError, ValueError, OSError):
        ends_at = None
    return SeenStatus(Who(team_id, user.id), user.status_text, user.status_emoji, ends_at)

"""A person's status: an emoji and a text beside the name, until a time or until it is cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.slack.errors import SlackError
from sandbox.slack.model import Person, Status

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

LONGEST_TEXT: Final = 100
DEFAULT_EMOJI: Final = ":speech_balloon:"


def status_of(workspace: Workspace, person: Person) -> Status:
    """What stands there now: nothing once its time is over."""
    over = person.status.expiration and person.status.expiration <= workspace.clock.now().timestamp()
    return Status() if over else person.status


def checked_status(text: str, emoji: str, expiration: int) -> Status:
    """A status as Slack keeps it. Raises SlackError `too_long` or `profile_status_set_failed_not_emoji_syntax`."""
    if len(text) > LONGEST_TEXT:
        raise SlackError("too_long")
    if emoji and not (len(emoji) > 2 and emoji.startswith(":") and emoji.endswith(":")):
        raise SlackError("profile_status_set_failed_not_emoji_syntax")
    if not text and not emoji:
        return Status()
    return Status(text, emoji or DEFAULT_EMOJI, expiration)

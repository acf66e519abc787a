"""Trigger ids: a person's act, exchangeable once for a modal within 3 seconds."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.clock import Elapsed
from sandbox.slack.errors import SlackError
from sandbox.slack.ids import Ids

TRIGGER_SECONDS = 3.0


@dataclass
class _Trigger:
    user: str
    view_id: str | None
    born: float
    used: bool = False


class Triggers:
    """The trigger ids handed out. Not safe across threads: call under the workspace's lock."""

    def __init__(self, ids: Ids, elapsed: Elapsed) -> None:
        self.seconds = TRIGGER_SECONDS
        self._ids = ids
        self._elapsed = elapsed
        self._triggers: dict[str, _Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id for an act of `user`, made in `view_id` if that is a modal."""
        digits = "0123456789"
        first, second = self._ids.draw("", 12, digits), self._ids.draw("", 12, digits)
        trigger_id = f"{first}.{second}.{self._ids.hexadecimal()}"
        self._triggers[trigger_id] = _Trigger(user, view_id, self._elapsed())
        return trigger_id

    def exchange(self, trigger_id: str) -> tuple[str, str | None]:
        """Use up `trigger_id`; answers its user and the modal it was made in.

        Raises SlackError `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._elapsed() - trigger.born > self.seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user, trigger.view_id

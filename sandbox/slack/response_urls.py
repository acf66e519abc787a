"""Response URLs: an act's return address, good for 5 answers within 30 minutes."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.clock import Elapsed
from sandbox.slack.errors import SlackError
from sandbox.slack.ids import Ids

USES = 5
SECONDS = 30 * 60.0


@dataclass
class ReturnAddress:
    """Where an answer goes: to `user` in `channel`; `message_ts` is what `replace_original` replaces."""

    user: str
    channel: str
    message_ts: str | None
    born: float
    thread_ts: str | None = None
    uses_left: int = USES


class ResponseUrls:
    """The return addresses handed out. Not safe across threads: call under the workspace's lock."""

    def __init__(self, ids: Ids, elapsed: Elapsed) -> None:
        self.seconds = SECONDS
        self._ids = ids
        self._elapsed = elapsed
        self._addresses: dict[str, ReturnAddress] = {}

    def issue(
        self, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """A new id for the path of a response URL."""
        response_id = self._ids.hexadecimal(40)
        self._addresses[response_id] = ReturnAddress(
            user, channel, message_ts, self._elapsed(), thread_ts=thread_ts
        )
        return response_id

    def check(self, response_id: str) -> ReturnAddress:
        """The address behind an id. Raises SlackError `expired_url` or `used_url`."""
        address = self._addresses.get(response_id)
        if address is None or self._elapsed() - address.born > self.seconds:
            raise SlackError("expired_url")
        if address.uses_left == 0:
            raise SlackError("used_url")
        return address

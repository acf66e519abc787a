"""Slack's rate limits, in elapsed time."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import Elapsed
from sandbox.slack.errors import RateLimited


@dataclass
class RateLimits:
    """What Slack allows; tests loosen it by assigning.

    `post_interval_s`: seconds between two messages to one channel (0: no limit).
    `per_minute`: calls of a method in any 60 seconds, over the whole workspace.
    """

    post_interval_s: float = 1.0
    per_minute: dict[str, int] = field(
        default_factory=lambda: {
            "chat.update": 50,
            "usergroups.list": 20,
            "usergroups.users.list": 20,
            "assistant.threads.setSuggestedPrompts": 100,
        }
    )


class RateLimiter:
    """Counts accepted calls. Not safe across threads: call under the workspace's lock."""

    def __init__(self, limits: RateLimits, elapsed: Elapsed) -> None:
        self.limits = limits
        self._elapsed = elapsed
        self._last_post: dict[str, float] = {}
        self._calls: dict[str, deque[float]] = {}

    def note_post(self, channel: str) -> None:
        """Count a message to `channel`. Raises RateLimited when the last one is too recent."""
        now = self._elapsed()
        last = self._last_post.get(channel)
        if last is not None and now - last < self.limits.post_interval_s:
            raise RateLimited(_whole_seconds(self.limits.post_interval_s - (now - last)))
        self._last_post[channel] = now

    def note_call(self, method: str) -> None:
        """Count a call of `method`. Raises RateLimited when the last minute had as many as allowed."""
        allowed = self.limits.per_minute.get(method)
        if allowed is None:
            return
        now = self._elapsed()
        calls = self._calls.setdefault(method, deque())
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= allowed:
            raise RateLimited(_whole_seconds(60 - (now - calls[0])))
        calls.append(now)


def _whole_seconds(seconds: float) -> int:
    return max(1, math.ceil(seconds))

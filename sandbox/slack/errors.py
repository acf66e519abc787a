"""Slack's refusals, by Slack's own codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A call that Slack refuses: `code` goes to the caller, `messages` say where and why."""

    def __init__(self, code: str, messages: Sequence[str] = (), **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.details = details

    def as_answer(self) -> dict[str, Any]:
        """The body Slack answers with."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class RateLimited(SlackError):
    """Too many calls: answered with HTTP 429 and `Retry-After` whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after

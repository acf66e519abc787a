"""How the CRM says no, in the words the sync and the courier decide by."""

from __future__ import annotations

from datetime import timedelta


class CrmError(Exception):
    """A call to the CRM did not do what was asked; the text is a sentence for logs and admins."""

    @property
    def sentence(self) -> str:
        """For the command line: what did not work, and where to look."""
        said = str(self).rstrip(".")
        return f"{said[:1].upper()}{said[1:]}: `renewals check` says what to mend."


class Unauthorised(CrmError):
    """The token is not accepted (401): nothing goes until it is mended."""


class MissingScope(CrmError):
    """The token is good but may not do this (403); `scopes` names what it lacks, as far as it was said."""

    def __init__(self, scopes: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.scopes = scopes


class RateLimited(CrmError):
    """Too many calls in a second or in ten (429), or our own budget is spent; `after` is elapsed time."""

    def __init__(self, policy: str, after: timedelta) -> None:
        super().__init__(f"rate limit {policy}: again in {after.total_seconds():g} s")
        self.policy = policy
        self.after = after


class DailyLimit(CrmError):
    """The account's calls of the day are used up; `reset` is the elapsed time until there are new ones."""

    def __init__(self, reset: timedelta) -> None:
        super().__init__(f"daily limit reached: again in {reset.total_seconds():g} s")
        self.reset = reset


class Invalid(CrmError):
    """The CRM will never take this (400, 409 ...); `reason` is its own reason in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(CrmError):
    """No such record: deleted, merged into another, or never there (404)."""


class ServerTrouble(CrmError):
    """The CRM is in trouble (5xx, or an answer that is not its own): later."""


class NoAnswer(CrmError):
    """No answer came. `may_have_arrived`: the request had left, so it may have taken effect."""

    def __init__(self, message: str, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived

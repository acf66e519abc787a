"""How the CRM says no, in the words the sync and the courier decide by."""

from __future__ import annotations

from datetime import timedelta


class CrmError(Exception):
    """A call to the CRM did not do what was asked; the text is a sentence for logs and admins.

    `mend`: what a person at a command line does about it.
    """

    mend = "Mend that in HubSpot, and run this again."

    @property
    def sentence(self) -> str:
        """For the command line: what did not work, and what to do."""
        said = str(self).rstrip(".")
        return f"{said[:1].upper()}{said[1:]}. {self.mend}"


class Unauthorised(CrmError):
    """The token is not accepted (401): nothing goes until it is mended."""

    mend = "It is made in HubSpot under Settings > Integrations, as a service key."


class MissingScope(CrmError):
    """The token is good but may not do this (403); `scopes` names what it lacks, as far as it was said."""

    mend = "Add what it lacks to the service key (in HubSpot: Settings > Integrations), and run this again."

    def __init__(self, scopes: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.scopes = scopes


class RateLimited(CrmError):
    """Too many calls in a second or in ten (429), or our own budget is spent; `after` is elapsed time."""

    mend = "Run this again then."

    def __init__(self, policy: str, after: timedelta) -> None:
        super().__init__(f"rate limit {policy}: again in {after.total_seconds():g} s")
        self.policy = policy
        self.after = after


class DailyLimit(CrmError):
    """The account's calls of the day are used up; `reset` is the elapsed time until there are new ones."""

    mend = "Run this again then."

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

    mend = "Check HUBSPOT_API_URL, which is only set if it is not HubSpot's own; `renewals check` says more."


class ServerTrouble(CrmError):
    """The CRM is in trouble (5xx, or an answer that is not its own): later."""

    mend = (
        "Run this again in some minutes. If it stays so, check HUBSPOT_API_URL, which is only set if it is not"
        " HubSpot's own."
    )


class NoAnswer(CrmError):
    """No answer came. `may_have_arrived`: the request had left, so it may have taken effect."""

    mend = "Check this machine's network, and HUBSPOT_API_URL, which is only set if it is not HubSpot's own."

    def __init__(self, message: str, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived

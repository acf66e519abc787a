"""What somebody changed in HubSpot, where HubSpot wins: said on the account, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CrmChange:
    """One value as it was and as it is now, in words or as an ISO date; None where there was or is none.

    `what`: put_out_on, expires_on, stage, price, owner, or `kept`: of a contest that nobody decided. `at` is in
    the reader's zone; `by` is whoever changed it, as far as HubSpot says.
    """

    what: str
    old: str | None
    new: str | None
    at: datetime
    by: str | None = None

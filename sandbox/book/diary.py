"""What the team has told its assistant so far: HubSpot alone does not say which email was a cancellation, that a
note is the account review, or that a task is a deferral. Whoever plays the assistant's memory reads it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Entry:
    """One thing that was logged. `kind` is the playbook's name of the fact; `by` the colleague's e-mail.

    `at` is an aware instant, `until` a local date of the account's owner. `record` is the HubSpot record that
    carries it, as (object type, id).
    """

    deal_id: str
    kind: str
    at: datetime
    by: str
    record: tuple[str, str]
    until: date | None = None
    reason: str | None = None
    note: str | None = None

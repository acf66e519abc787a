"""The CRM as the services see it: deals, activities and owners as plain values, and the port that reads
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

ACTIVITY_TYPES = ("calls", "emails", "meetings", "notes", "tasks")


@dataclass(frozen=True, slots=True)
class CrmOwner:
    """Who can own deals in the CRM. `email` is lower case."""

    id: str
    email: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class CrmNps:
    """A contact's last answer to the NPS survey: 0 to 10, the survey's date, and why in their own words."""

    score: int
    on: date | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CrmContact:
    """One contact of a deal."""

    id: str
    name: str
    phone: str | None
    email: str | None
    nps: CrmNps | None = None


@dataclass(frozen=True, slots=True)
class CrmDeal:
    """One renewal deal as it is in the CRM now.

    Dates are plain dates, never converted between zones. `stage` is one of ours, or None when the portal's
    stage
    means nothing we know. `problems` are sentences about values that are missing or cannot be read; a field
    they speak of is None, and named in `unreadable` when there was something that could not be read.
    """

    id: str
    pipeline: str
    account: str
    stage: str | None
    put_out_on: date | None
    expires_on: date | None
    price_cents: int | None
    currency: str
    hosts_site: bool | None
    owner_id: str | None
    company_id: str | None
    contact: CrmContact | None
    site_down_at: datetime | None = None
    site_down_on: date | None = None  # when the portal keeps only the date
    more_contacts: tuple[CrmContact, ...] = ()
    reports_url: str | None = None
    analytics_url: str | None = None
    company_put_out_on: date | None = None  # what the company says, where the portal keeps it there as well
    company_expires_on: date | None = None
    problems: tuple[str, ...] = ()
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadFact:
    """What an activity says happened. `part` tells apart the facts of one record."""

    kind: str
    at: datetime
    outcome: str | None = None
    starts_at: datetime | None = None
    note: str | None = None
    part: str = ""
    reason: str | None = None  # of a call: the portal's own outcome by its id


@dataclass(frozen=True, slots=True)
class CrmActivity:
    """One call, email, meeting, note or task of the CRM, and the facts it stands for (none: it does not
    count).

    `key` is the unique key the assistant writes into its own records. `out_of_office` is the subject of an
    automatic answer: the customer is away, and a person decides on a deferral. `done`: a task that is
    completed.
    """

    object_type: str
    id: str
    at: datetime
    facts: tuple[ReadFact, ...]
    owner_id: str | None = None
    key: str | None = None
    deal_ids: tuple[str, ...] = ()
    company_ids: tuple[str, ...] = ()
    contact_ids: tuple[str, ...] = ()
    out_of_office: str | None = None
    done: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """Ids of records changed since an instant, and the latest change seen (the CRM's own time)."""

    ids: tuple[str, ...]
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class DealBatch:
    """Deals as they are now; `missing` are deleted or merged into others."""

    deals: tuple[CrmDeal, ...]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class ActivityBatch:
    """Activities as they are now; `missing` are deleted."""

    activities: tuple[CrmActivity, ...]
    missing: frozenset[str]


class CrmReader(Protocol):
    """Reads the CRM. Every method raises `CrmError`s; none changes anything."""

    def forget(self) -> None:
        """Read owners and stages anew the next time they are needed."""
        ...

    def owners(self) -> tuple[CrmOwner, ...]:
        """All owners, those deactivated included."""
        ...

    def call_outcomes(self) -> Mapping[str, str]:
        """The call outcomes that the account added to HubSpot's own: {id: name}."""
        ...

    def changed(self, object_type: str, since: datetime | None) -> Changed:
        """Ids changed at or after `since`; without it, of the renewals pipeline's deals only, all of them."""
        ...

    def deals(self, ids: Iterable[str]) -> DealBatch:
        """These deals with company, contact and owner, read by id (not through the search index, which
        lags)."""
        ...

    def activities(self, object_type: str, ids: Iterable[str]) -> ActivityBatch:
        """These activities with what they are linked to, read by id."""
        ...

    def activity_ids(self, deals: Iterable[CrmDeal]) -> Mapping[str, frozenset[str]]:
        """Activities linked to these deals, their companies or their contacts: {type: ids}."""
        ...

    def lately_archived(self, object_type: str) -> frozenset[str]:
        """Ids on the first page of archived records; the daily re-read finds the others."""
        ...

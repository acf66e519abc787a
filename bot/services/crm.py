"""The CRM as the services see it: deals, activities and owners as plain values, and the port that reads
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")

ACTIVITY_TYPES = ("calls", "emails", "meetings", "notes", "tasks")


@dataclass(frozen=True, slots=True)
class CrmOwner:
    """Who can own deals in the CRM. `email` is lower case; `user_id` is that of the CRM's user, if there is one."""

    id: str
    email: str
    name: str
    active: bool = True
    user_id: str | None = None


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
    merged: tuple[str, ...] = ()  # the deals that were merged into this one

    @property
    def links(self) -> DealLinks:
        """By what its activities are found."""
        contacts = ((self.contact,) if self.contact else ()) + self.more_contacts
        return DealLinks(self.id, self.company_id, tuple(one.id for one in contacts))


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
    completed. `opens`, `clicks`: what the CRM says of a tracked email; mail programs open by themselves.
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
    opens: int | None = None
    clicks: int | None = None


@dataclass(frozen=True, slots=True)
class EmailText:
    """What an email says, as plain text of limited length, and who sent it."""

    subject: str
    text: str
    from_email: str
    from_name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Records changed since an instant: {id: when, in the CRM's own time}; `merged` were merged into these."""

    records: Mapping[str, datetime]
    merged: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(self.records)

    @property
    def latest(self) -> datetime | None:
        """The latest change seen."""
        return max(self.records.values(), default=None)


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


@dataclass(frozen=True, slots=True)
class DealLinks:
    """A deal's own company and contacts, by whose activities it is found as well."""

    deal_id: str
    company_id: str | None
    contact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of the whole book: `after` is the mark to go on from, None at the end; `read` counts the records
    that were looked at, those that are none of ours included."""

    items: tuple[Item, ...]
    after: str | None
    read: int


class CrmReader(Protocol):
    """Reads the CRM. Every method raises `CrmError`s; none changes anything."""

    def forget(self, *, deactivated: bool = False) -> None:
        """Read owners and stages anew the next time they are needed; the deactivated owners when those who are
        active changed, or when told to."""
        ...

    def owners(self) -> tuple[CrmOwner, ...]:
        """All owners, those deactivated included."""
        ...

    def call_outcomes(self) -> Mapping[str, str]:
        """The call outcomes that the account added to HubSpot's own: {id: name}."""
        ...

    def changed(self, object_type: str, since: datetime) -> Changed:
        """What changed at or after `since`."""
        ...

    def deals(self, ids: Iterable[str]) -> DealBatch:
        """These deals with company, contact and owner, read by id (not through the search index, which
        lags)."""
        ...

    def merged_into(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Those of these deals that were merged into others: {deal: the one that is left of it}."""
        ...

    def activities(self, object_type: str, ids: Iterable[str], *, links: bool = True) -> ActivityBatch:
        """These activities, read by id, with what they are linked to unless that is known (`links`)."""
        ...

    def activity_ids(
        self, deals: Iterable[DealLinks], object_types: Sequence[str] = ACTIVITY_TYPES
    ) -> Mapping[str, frozenset[str]]:
        """Activities linked to these deals, their companies or their contacts: {type: ids}."""
        ...

    def count(self, object_type: str, *, renewals: bool = False) -> int:
        """How many records of a type there are, or of the renewals pipeline's deals only."""
        ...

    def listed_deals(self, after: str | None) -> Page[CrmDeal]:
        """The next of all deals; those of other pipelines are left out."""
        ...

    def searched_deals(self, after: str | None) -> Page[CrmDeal]:
        """The next of the renewals pipeline's deals; each costs more calls than a listed one."""
        ...

    def listed_activities(self, object_type: str, after: str | None) -> Page[CrmActivity]:
        """The next of all activities of a type, with their links."""
        ...

    def archived(self, object_type: str, after: str | None) -> Page[str]:
        """The next ids of the recycling bin, in the order of ids and not of when they were deleted."""
        ...

    def erased_contacts(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these contacts who were deleted for good: not there, not merged, and in no recycling bin."""
        ...

    def email_texts(self, ids: Iterable[str]) -> Mapping[str, EmailText]:
        """What these emails say; those that are not there any more are left out."""
        ...

    def meeting_links(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        """The page on which a time with each of these users can be booked, {user id: address}; without one left
        out. Raises MissingScope where the account does not tell."""
        ...

"""The portal: one HubSpot account, its records and rules, whoever writes to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import Elapsed, SandboxClock
from sandbox.faults import FaultPlan
from sandbox.hubspot.associations import Associations
from sandbox.hubspot.catalogue import default_definitions
from sandbox.hubspot.errors import ApiError, not_found
from sandbox.hubspot.kinds import KINDS, kind_of, link_between
from sandbox.hubspot.limits import Limits
from sandbox.hubspot.owners import BEGINNING, Owner
from sandbox.hubspot.pipelines import RENEWALS, SALES, Pipeline
from sandbox.hubspot.properties import Schema
from sandbox.hubspot.records import Record, Records
from sandbox.hubspot.search import SearchIndex
from sandbox.hubspot.sources import PERSON
from sandbox.hubspot.values import instant_text
from sandbox.hubspot.webhooks import Webhooks
from sandbox.hubspot.writing import DEFAULT_PIPELINE, check_values, derived_values, require_on_create
from sandbox.journal import Journal


@dataclass
class PortalSettings:
    """What a test can set. `scopes` None: the key has all. `versions`: which API versions answer."""

    token: str = "pat-na1-sandbox"
    versions: frozenset[str] = frozenset({"2026-09"})
    scopes: frozenset[str] | None = None
    portal_id: int = 4_711_000
    time_zone: str = "America/New_York"
    currency: str = "USD"


@dataclass
class MeetingLink:
    """A user's booking page."""

    id: str
    organizer_user_id: int
    name: str
    slug: str
    default: bool = True

    def as_json(self) -> dict[str, Any]:
        """The page as the scheduler API returns it."""
        return {
            "id": self.id,
            "slug": self.slug,
            "link": f"https://meetings.hubspot.com/{self.slug}",
            "name": self.name,
            "type": "PERSONAL_LINK",
            "organizerUserId": str(self.organizer_user_id),
            "defaultLink": self.default,
            "userIdsOfLinkMembers": [],
            "createdAt": BEGINNING,
            "updatedAt": BEGINNING,
        }


@dataclass
class Outside:
    """What the account holds beside CRM records."""

    meeting_links: list[MeetingLink] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    sent_emails: list[dict[str, Any]] = field(default_factory=list)


class Portal:
    """All public methods take type names such as "deals" and are safe to call from any thread."""

    def __init__(
        self,
        clock: SandboxClock,
        journal: Journal,
        faults: FaultPlan,
        settings: PortalSettings | None = None,
        elapsed: Elapsed = time.monotonic,
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.faults = faults
        self.settings = settings or PortalSettings()
        self.lock = threading.RLock()
        self.schema = Schema(default_definitions())
        self.records = Records()
        self.associations = Associations()
        self.index = SearchIndex(elapsed)
        self.limits = Limits(elapsed, self.settings.time_zone)
        self.pipelines: list[Pipeline] = [SALES, RENEWALS]
        self.owners: dict[str, Owner] = {}
        self.outside = Outside()
        self.webhooks = Webhooks(journal, faults, self.settings.portal_id, elapsed)
        self._bin: dict[tuple[str, str], list[tuple[str, str]]] = {}  # what a deleted record was linked to

    def add_owner(self, owner: Owner) -> Owner:
        """Make a user of the portal."""
        with self.lock:
            self.owners[owner.id] = owner
            return owner

    def get(self, kind_name: str, record_id: str, *, archived: bool = False) -> Record:
        """The record; a merged id leads to the survivor. Raises ApiError 404."""
        with self.lock:
            kind = kind_of(kind_name)
            found = self.records.find(kind, self.records.survivor_id(kind, record_id))
            if found is None or found.archived is not archived:
                raise not_found(record_id, kind.name)
            return found

    def create(
        self,
        kind_name: str,
        properties: Mapping[str, Any],
        associate_with: Sequence[tuple[str, str]] = (),
        *,
        source: str = PERSON,
        at: datetime | None = None,
        filled_in: Mapping[str, str] | None = None,
    ) -> Record:
        """A new record, associated by default types with (type, id) pairs.

        `at` (an aware instant, now if left out) is its creation and modification. `filled_in`: properties that
        only HubSpot itself sets, such as an e-mail's tracker key. Raises ApiError 400, 404 or 409, and then
        nothing was written.
        """
        with self.lock:
            kind = kind_of(kind_name)
            values, targets = self.check_new(kind_name, properties, associate_with)
            now = _to_millisecond(at or self.clock.now())
            record_id = self.records.next_id()
            values |= derived_values(kind, values) | dict(filled_in or {})
            values |= {
                "hs_object_id": record_id,
                kind.created: instant_text(now),
                kind.modified: instant_text(now),
            }
            record = Record(record_id, kind, values, now, source)
            self.records.put(record)
            for name in self.schema.unique_names(kind):
                self.records.claim(record, name, values.get(name, ""))
            for target in targets:
                self.associations.add(record, target)
            self.index.follow(record)
            self.webhooks.tell(kind, record.id, "creation")
            return record

    def check_new(
        self, kind_name: str, properties: Mapping[str, Any], associate_with: Sequence[tuple[str, str]] = ()
    ) -> tuple[dict[str, str], list[Record]]:
        """What `create` would keep and associate, writing nothing. Raises as `create` does."""
        with self.lock:
            kind = kind_of(kind_name)
            targets = [self.get(name, target_id) for name, target_id in associate_with]
            for target in targets:
                link_between(kind, target.kind)
            values = {name: value for name, value in check_values(self, kind, properties).items() if value}
            require_on_create(kind, values)
            if kind.name == "deals":
                values.setdefault("pipeline", DEFAULT_PIPELINE)
            return values, targets

    def update(
        self,
        kind_name: str,
        record_id: str,
        properties: Mapping[str, Any],
        *,
        source: str = PERSON,
        at: datetime | None = None,
    ) -> Record:
        """Change properties ("" or None clears). Raises ApiError 400, 404 (merged ids too) or 409."""
        with self.lock:
            kind = kind_of(kind_name)
            record = self.records.find(kind, record_id)
            if record is None or record.archived:
                raise not_found(record_id, kind.name)
            values = check_values(self, kind, properties, record)
            values |= derived_values(kind, values)
            for name in self.schema.unique_names(kind):
                if name in values:
                    self.records.claim(record, name, values[name])
            before = record.properties
            record.change(values, _to_millisecond(at or self.clock.now()), source)
            self.index.follow(record)
            for name in values:
                if record.properties.get(name) != before.get(name):
                    value = record.properties.get(name, "")
                    self.webhooks.tell(
                        kind, record.id, "propertyChange", propertyName=name, propertyValue=value
                    )
            return record

    def archive(self, kind_name: str, record_id: str) -> None:
        """Delete: no date changes, search forgets it, archived=true lists it. Unknown ids are ignored."""
        with self.lock:
            kind = kind_of(kind_name)
            record = self.records.find(kind, record_id)
            if record is None or record.archived:
                return
            for name in self.schema.unique_names(kind):
                self.records.release(record, name)
            record.archived_at = _to_millisecond(self.clock.now())
            self._bin[kind.name, record.id] = [
                (other.name, other_id)
                for other in KINDS.values()
                for other_id in self.associations.of(kind, record.id, other)
            ]
            self.associations.forget(record, KINDS)
            self.index.follow(record)
            self.webhooks.tell(kind, record.id, "deletion")

    def restore(self, kind_name: str, record_id: str) -> Record:
        """Take a deleted record out of the bin, with its links to what is still there; no date changes."""
        with self.lock:
            record = self.get(kind_name, record_id, archived=True)
            record.archived_at = None
            for name in self.schema.unique_names(record.kind):
                self.records.claim(record, name, record.properties.get(name, ""))
            for other_name, other_id in self._bin.pop((record.kind.name, record.id), []):
                other = self.records.find(kind_of(other_name), other_id)
                if other is not None and not other.archived:
                    self.associations.add(record, other)
            self.index.follow(record)
            self.webhooks.tell(record.kind, record.id, "restore")
            return record

    def purge(self, kind_name: str, record_id: str) -> None:
        """Delete for good, as a data protection request does: no list shows it any more."""
        with self.lock:
            self.archive(kind_name, record_id)
            record = self.records.find(kind_of(kind_name), record_id)
            if record is None:
                raise not_found(record_id, kind_name)
            self.records.drop(record)
            if record.kind.name == "contacts":
                self.webhooks.tell(record.kind, record.id, "privacyDeletion")

    def merge(self, kind_name: str, keep_id: str, gone_id: str) -> Record:
        """Merge `gone` into `keep`: associations move, its id reads as the survivor and takes no writes."""
        with self.lock:
            kind = kind_of(kind_name)
            kept, gone = self.get(kind_name, keep_id), self.get(kind_name, gone_id)
            if kept is gone:
                raise ApiError(
                    400, "VALIDATION_ERROR", f"{kind.singular} {keep_id} cannot be merged with itself"
                )
            others = [
                self.get(other.name, other_id)
                for other in KINDS.values()
                for other_id in self.associations.of(kind, gone.id, other)
            ]
            self.archive(kind_name, gone.id)
            self.records.drop(gone, merged_into=kept)
            for other in others:
                self.associations.add(kept, other)
            merged = ";".join(filter(None, (kept.properties.get("hs_merged_object_ids"), gone.id)))
            kept.change({"hs_merged_object_ids": merged}, _to_millisecond(self.clock.now()), PERSON)
            self.index.follow(kept)
            ids = {"primaryObjectId": int(kept.id), "mergedObjectIds": [int(gone.id)]}
            self.webhooks.tell(kind, kept.id, "merge", **ids, newObjectId=int(kept.id))
            return kept

    def associate(self, kind_name: str, record_id: str, to_kind: str, to_id: str) -> None:
        """Associate two records by the default type; no date changes. Raises ApiError 404."""
        with self.lock:
            source, target = self.get(kind_name, record_id), self.get(to_kind, to_id)
            self.associations.add(source, target)
            named = f"{source.kind.singular}_TO_{target.kind.singular}".upper()
            ends = {"fromObjectId": int(source.id), "toObjectId": int(target.id)}
            types = {"fromObjectTypeId": source.kind.type_id, "toObjectTypeId": target.kind.type_id}
            self.webhooks.tell(
                source.kind, source.id, "associationChange", associationType=named, **ends, **types
            )

    def associated(self, record: Record, to_kind: str) -> list[Record]:
        """The live records of that type that belong to `record`, in the order they were associated."""
        with self.lock:
            kind = kind_of(to_kind)
            found = self.associations.of(record.kind, record.id, kind)
            return [self.get(to_kind, other_id) for other_id in found]

    def pipeline(self, pipeline_id: str) -> Pipeline | None:
        """The deal pipeline of that id, if there is one."""
        return next((pipeline for pipeline in self.pipelines if pipeline.id == pipeline_id), None)


def _to_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

"""The records of the CRM in memory, with their history."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.hubspot.kinds import KINDS, Kind
from sandbox.hubspot.values import instant_text

MOST_VERSIONS = 20


@dataclass(frozen=True)
class Version:
    """One value a property had, since when, and where it came from (INTEGRATION, CRM_UI, ...)."""

    value: str
    since: datetime
    source: str

    def as_json(self) -> dict[str, Any]:
        """The version as `propertiesWithHistory` returns it."""
        return {"value": self.value, "timestamp": instant_text(self.since), "sourceType": self.source}


@dataclass
class Record:
    """One record. `properties` is replaced, never changed in place: the search index holds on to it."""

    id: str
    kind: Kind
    properties: Mapping[str, str]
    created_at: datetime
    source: str
    archived_at: datetime | None = None
    history: dict[str, list[Version]] = field(default_factory=dict)

    @property
    def archived(self) -> bool:
        """Whether it was deleted (it can still be listed with archived=true)."""
        return self.archived_at is not None

    def versions(self, name: str) -> list[Version]:
        """What the property was, newest first."""
        kept = self.history.get(name)
        if kept is not None:
            return kept[::-1]
        value = self.properties.get(name)
        return [] if value is None else [Version(value, self.created_at, self.source)]

    def change(self, values: Mapping[str, str], at: datetime, source: str) -> None:
        """Put `values` in (an empty string clears) and note each change in the history."""
        properties = dict(self.properties)
        for name, value in values.items():
            before = properties.get(name, "")
            if value == before:
                continue
            kept = self.history.setdefault(name, self.versions(name)[::-1])
            kept.append(Version(value, at, source))
            del kept[:-MOST_VERSIONS]
            if value:
                properties[name] = value
            else:
                properties.pop(name, None)
        properties[self.kind.modified] = instant_text(at)
        self.properties = properties

    def as_json(
        self,
        wanted: Sequence[str] = (),
        with_history: Sequence[str] = (),
        properties: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The record as the API returns it: only the asked-for properties, the id and the dates."""
        held = self.properties if properties is None else properties
        names = (*(wanted or self.kind.defaults), self.kind.created, self.kind.modified, "hs_object_id")
        body: dict[str, Any] = {
            "id": self.id,
            "properties": {name: held.get(name) for name in dict.fromkeys(names)},
            "createdAt": instant_text(self.created_at),
            "updatedAt": held[self.kind.modified],
            "archived": self.archived,
        }
        if self.archived_at is not None:
            body["archivedAt"] = instant_text(self.archived_at)
        if with_history:
            body["propertiesWithHistory"] = {
                name: [version.as_json() for version in self.versions(name)] for name in with_history
            }
        return body


class Records:
    """All records by type and id, in order of creation, and the values that must be unique."""

    def __init__(self, first_id: int = 100_000_001) -> None:
        self._ids = itertools.count(first_id)
        self._by_kind: dict[str, dict[str, Record]] = {name: {} for name in KINDS}
        self._merged: dict[tuple[str, str], str] = {}
        self._owner_of_value: dict[tuple[str, str, str], str] = {}

    def next_id(self) -> str:
        """A fresh record id; ids rise over all types."""
        return str(next(self._ids))

    def all(self, kind: Kind) -> Iterator[Record]:
        """Every record of the type, archived ones too, oldest id first."""
        return iter(self._by_kind[kind.name].values())

    def find(self, kind: Kind, record_id: str) -> Record | None:
        """The record that stands, archived or not; the id of one that was merged away finds nothing."""
        return self._by_kind[kind.name].get(record_id)

    def survivor_id(self, kind: Kind, record_id: str) -> str:
        """The id itself, or of the record that it was merged into."""
        while (kept := self._merged.get((kind.name, record_id))) is not None:
            record_id = kept
        return record_id

    def put(self, record: Record) -> None:
        """Add a new record."""
        self._by_kind[record.kind.name][record.id] = record

    def drop(self, record: Record, merged_into: Record | None = None) -> None:
        """Remove a record without trace, or leaving only its id as another name of `merged_into`."""
        del self._by_kind[record.kind.name][record.id]
        if merged_into is not None:
            self._merged[record.kind.name, record.id] = merged_into.id

    def holder(self, kind: Kind, name: str, value: str) -> Record | None:
        """The live record that has this value of a unique property (case does not matter)."""
        record_id = self._owner_of_value.get((kind.name, name, value.casefold()))
        return None if record_id is None else self.find(kind, record_id)

    def claim(self, record: Record, name: str, value: str) -> None:
        """Note that the record holds this value of a unique property, and no longer its former one."""
        self.release(record, name)
        if value:
            self._owner_of_value[record.kind.name, name, value.casefold()] = record.id

    def release(self, record: Record, name: str) -> None:
        """Give the record's value of a unique property free."""
        held = record.properties.get(name)
        key = (record.kind.name, name, (held or "").casefold())
        if held is not None and self._owner_of_value.get(key) == record.id:
            del self._owner_of_value[key]

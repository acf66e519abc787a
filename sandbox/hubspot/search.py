"""Search: an index that follows the records with a delay, and the query that reads it."""

from __future__ import annotations

import heapq
import itertools
import random
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Elapsed
from sandbox.hubspot.errors import ApiError, invalid, missing_fields
from sandbox.hubspot.filters import Predicate, Values, compile_filter
from sandbox.hubspot.kinds import KINDS, Kind
from sandbox.hubspot.properties import Property
from sandbox.hubspot.records import Record
from sandbox.hubspot.values import comparable, parse_instant, to_millis

REQUIRED = ("filterGroups", "sorts", "properties", "limit", "after")
MOST_GROUPS, MOST_FILTERS, MOST_IN_ALL = 5, 6, 18
MOST_RESULTS, LARGEST_PAGE, LONGEST_QUERY = 10_000, 200, 3000
QUERIED = ("dealname", "name", "domain", "email", "firstname", "lastname", "phone", "subject")


@dataclass
class _Indexed:
    record: Record
    values: Values
    modified: int
    number: int


class SearchIndex:
    """What search sees: each write appears only `lag` (plus dice times `jitter`) elapsed seconds later."""

    def __init__(self, elapsed: Elapsed, seed: int = 0) -> None:
        self.lag_s = 0.0
        self.jitter_s = 0.0
        self._elapsed = elapsed
        self._dice = random.Random(seed)
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Record, Values | None]] = []
        self._seen: dict[str, dict[str, _Indexed]] = {name: {} for name in KINDS}
        self._by_modified: dict[str, list[tuple[int, int]]] = {name: [] for name in KINDS}

    def follow(self, record: Record) -> None:
        """Take notice of a write (also of an archival: then it will vanish)."""
        values = None if record.archived else record.properties
        if self.lag_s == 0 and self.jitter_s == 0 and not self._waiting:
            self._show(record, values)
            return
        seen_at = self._elapsed() + self.lag_s + self.jitter_s * self._dice.random()
        heapq.heappush(self._waiting, (seen_at, next(self._order), record, values))

    def refresh(self) -> None:
        """Show every write whose delay has passed."""
        now = self._elapsed()
        while self._waiting and self._waiting[0][0] <= now:
            _, _, record, values = heapq.heappop(self._waiting)
            self._show(record, values)

    def candidates(self, kind: Kind, modified_from: int | None) -> Iterable[_Indexed]:
        """All indexed records of the type, or only those modified at or after that epoch millisecond."""
        seen = self._seen[kind.name]
        if modified_from is None:
            return list(seen.values())
        order = self._by_modified[kind.name]
        recent = order[bisect_left(order, (modified_from, 0)) :]
        # A clock that was set back can bring a record to the same date twice: each is found once.
        found = {number: seen.get(str(number)) for _, number in recent}
        return [entry for entry in found.values() if entry is not None]

    def _show(self, record: Record, values: Values | None) -> None:
        seen = self._seen[record.kind.name]
        before = seen.get(record.id)
        if values is None or record.archived:
            seen.pop(record.id, None)
            return
        modified = to_millis(parse_instant(values[record.kind.modified]))
        if before is not None and modified < before.modified and values is not record.properties:
            return  # an older write whose delay was longer must not hide a newer one
        entry = seen[record.id] = _Indexed(record, values, modified, int(record.id))
        if before is None or before.modified != modified:
            order = self._by_modified[record.kind.name]
            insort(order, (modified, entry.number))
            if len(order) > 2 * len(seen) + 1000:  # most of it are dates that records no longer have
                order[:] = sorted((one.modified, one.number) for one in seen.values())


@dataclass(frozen=True)
class Query:
    """One search, checked."""

    groups: Sequence[Sequence[Predicate]]
    modified_from: int | None
    sort: tuple[str, bool]
    properties: Sequence[str]
    limit: int
    after: int
    words: Sequence[str]


def read_query(body: Mapping[str, Any], kind: Kind, known: Mapping[str, Property]) -> Query:
    """Check a search body. Raises ApiError 400 with HubSpot's reason."""
    missing = [name for name in REQUIRED if name not in body]
    if missing:
        raise missing_fields(missing)
    limit, after = _whole(body["limit"], "limit"), _whole(body["after"] or 0, "after")
    if not 1 <= limit <= LARGEST_PAGE:
        raise invalid(f"limit must be between 1 and {LARGEST_PAGE}, not {limit}", field="limit")
    if after + limit > MOST_RESULTS:
        raise ApiError(
            400,
            "VALIDATION_ERROR",
            f"Search pages end at {MOST_RESULTS} results: after {after} + limit {limit} is beyond.",
        )
    groups = _list_of(body["filterGroups"], "filterGroups", Mapping)
    filters = [_list_of(group.get("filters"), "filters", Mapping) for group in groups]
    if len(groups) > MOST_GROUPS or any(len(one) > MOST_FILTERS for one in filters):
        raise invalid(f"A search has at most {MOST_GROUPS} filterGroups of at most {MOST_FILTERS} filters.")
    if sum(len(one) for one in filters) > MOST_IN_ALL:
        raise invalid(f"A search has at most {MOST_IN_ALL} filters in all.")
    words = str(body.get("query") or "")
    if len(words) > LONGEST_QUERY:
        raise invalid(f"A query has at most {LONGEST_QUERY} characters, not {len(words)}.", field="query")
    predicates = [[compile_filter(one, known) for one in group] for group in filters]
    return Query(
        groups=predicates,
        modified_from=_modified_from(filters, kind),
        sort=_read_sort(body["sorts"], known),
        properties=[str(name) for name in _list_of(body["properties"], "properties", str)],
        limit=limit,
        after=after,
        words=words.casefold().split(),
    )


def run(query: Query, index: SearchIndex, kind: Kind, known: Mapping[str, Property]) -> dict[str, Any]:
    """The search's answer: total, one page of results as the index sees them, the next page's mark."""
    index.refresh()
    found = [entry for entry in index.candidates(kind, query.modified_from) if _fits(entry.values, query)]
    ordered = _in_order(found, query, kind, known)
    end = query.after + query.limit
    answer: dict[str, Any] = {
        "total": len(ordered),
        "results": [
            entry.record.as_json(query.properties, properties=entry.values)
            for entry in ordered[query.after : end]
        ],
    }
    if end < len(ordered):
        answer["paging"] = {"next": {"after": str(end)}}
    return answer


def _in_order(
    found: list[_Indexed], query: Query, kind: Kind, known: Mapping[str, Property]
) -> list[_Indexed]:
    """By the sort, equal ones by id; records without the property come last either way."""
    name, descending = query.sort
    if name == "hs_object_id":
        return sorted(found, key=lambda entry: entry.number, reverse=descending)
    if name == kind.modified:
        return sorted(found, key=lambda entry: (entry.modified, entry.number), reverse=descending)
    value_type = known[name].type
    held = [entry for entry in found if name in entry.values]
    held.sort(
        key=lambda entry: (comparable(entry.values[name], value_type), entry.number), reverse=descending
    )
    empty = [entry for entry in found if name not in entry.values]
    return held + sorted(empty, key=lambda entry: entry.number)


def _fits(values: Values, query: Query) -> bool:
    if query.groups and not any(all(test(values) for test in group) for group in query.groups):
        return False
    if not query.words:
        return True
    text = " ".join(values.get(name, "") for name in QUERIED).casefold()
    return all(word in text for word in query.words)


def _modified_from(groups: Sequence[Sequence[Mapping[str, Any]]], kind: Kind) -> int | None:
    """The earliest modification that can fit, when every group has a lower bound on it."""
    bounds = []
    for group in groups:
        lower = [
            to_millis(parse_instant(one["value"]))
            for one in group
            if one["propertyName"] == kind.modified and one["operator"] in ("GT", "GTE", "BETWEEN")
        ]
        if not lower:
            return None
        bounds.append(max(lower))
    return min(bounds, default=None)


def _read_sort(given: Any, known: Mapping[str, Property]) -> tuple[str, bool]:
    if not isinstance(given, list) or len(given) > 1:
        raise invalid("sorts is a list of at most one sort.", field="sorts")
    if not given:
        return "hs_object_id", False
    one = given[0]
    if isinstance(one, str):
        name, descending = one.removeprefix("-"), one.startswith("-")
    elif isinstance(one, Mapping):
        name, descending = str(one.get("propertyName")), one.get("direction") == "DESCENDING"
    else:
        raise invalid("A sort is a property name, or propertyName with direction.", field="sorts")
    if name not in known:
        raise invalid(f"Property {name} does not exist", code="PROPERTY_DOESNT_EXIST")
    return name, descending


def _whole(given: Any, member: str) -> int:
    if isinstance(given, bool) or not str(given).isdigit():
        raise invalid(f"{member} must be a whole number, not {given!r}", field=member)
    return int(given)


def _list_of(given: Any, member: str, item: type) -> list[Any]:
    if not isinstance(given, list) or not all(isinstance(one, item) for one in given):
        raise invalid(
            f"{member} must be a list of {'objects' if item is Mapping else 'strings'}.", field=member
        )
    return given

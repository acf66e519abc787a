"""What a record's properties said before, by HubSpot's history: to take back what we wrote and nobody changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.hubspot.values import read_instant
from bot.hubspot.writes import Writes
from bot.services.crm_errors import CrmError, NotFound

History = Mapping[str, Sequence[Mapping[str, Any]]]


def history_of(writes: Writes, object_type: str, record_id: str, names: Sequence[str]) -> History:
    """{property: its versions} of a record. Raises CrmError, NotFound for a record that is gone."""
    record = writes.read(object_type, [record_id], names, history=True).get(record_id)
    if isinstance(record, CrmError):
        raise record
    if record is None:
        raise NotFound("there is no such record any more")
    return record.get("propertiesWithHistory") or {}


def values_before(history: History, ours: Mapping[str, str], since: datetime) -> dict[str, str]:
    """What stood there before we wrote `ours` at `since` (aware); only where ours still stands."""
    back = {}
    for name, value in ours.items():
        versions = sorted(history.get(name) or (), key=changed_at, reverse=True)
        # What somebody changed after us is theirs, and what stood there before us was never ours.
        if not versions or not _same(versions[0].get("value"), value) or changed_at(versions[0]) < since:
            continue
        earlier = [one for one in versions if not _same(one.get("value"), value)]
        back[name] = str(earlier[0].get("value") or "") if earlier else ""
    return back


def changed_at(version: Mapping[str, Any]) -> datetime:
    """When a value was set, aware."""
    return read_instant(str(version["timestamp"]))


def _same(there: Any, ours: str) -> bool:
    return str(there or "") == ours

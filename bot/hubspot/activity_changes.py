"""Records that exist already: said anew, taken back, linked again, their task completed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot.hubspot.activity_records import ActivityRecords, Load, Record, record_of
from bot.hubspot.contests import contested_activity
from bot.hubspot.merging import beside_what_is_there, changed_by_people
from bot.hubspot.outcomes import Deliveries, delivery_for, not_seen
from bot.hubspot.outgoing import Outgoing, OutgoingFacts
from bot.hubspot.records import record_for
from bot.hubspot.values import text_of
from bot.hubspot.writes import Writes
from bot.services.crm_errors import CrmError
from bot.services.ports import NotNeeded, Parcel, Sent

GONE = NotNeeded("deleted in HubSpot meanwhile")


class ActivityChanges:
    """Changes the records that `ActivityRecords` made."""

    def __init__(self, writes: Writes, facts: OutgoingFacts, records: ActivityRecords) -> None:
        self._writes = writes
        self._facts = facts
        self._records = records

    def update(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Write what a change says anew; what somebody changed there meanwhile is asked about first."""
        done: Deliveries = {}
        loads = self._records.loaded(parcels, done)
        known = self._known(loads, done)
        # Where the first write never arrived, the record is made as things stand now.
        done |= self._records.make(
            [one for one in loads if one[0].id not in known and one[0].id not in done], {}
        )
        changes = self._wanted([one for one in loads if one[0].id in known], known, done)
        # An earlier try, or row, may have ended between the two steps of the first write.
        again = [one for one in loads if one[0].id in changes and not one[1].linked]
        linked = self._records.link(again, {parcel.id: known[parcel.id] for parcel, _ in again})
        done |= {row_id: delivery for row_id, delivery in linked.items() if not isinstance(delivery, Sent)}
        open_loads = [one for one in loads if one[0].id in changes and one[0].id not in done]
        now = self._read(open_loads, known, {row_id: tuple(changes[row_id]) for row_id in changes}, done)
        wanted: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
        rows: dict[Record, int] = {}
        for parcel, outgoing in open_loads:
            if parcel.id not in now:
                continue
            before = _before(outgoing) | dict(parcel.payload.get("instead_of") or {})
            edited = changed_by_people(changes[parcel.id], before, now[parcel.id])
            if edited:
                done[parcel.id] = contested_activity(known[parcel.id], edited, now[parcel.id])
                continue
            object_type, object_id = known[parcel.id]
            properties = beside_what_is_there(changes[parcel.id], before, now[parcel.id])
            rows[known[parcel.id]] = parcel.id
            if properties:
                wanted[object_type][object_id] = properties
            else:
                done[parcel.id] = _sent(known[parcel.id])
        return done | self._write(wanted, rows)

    def archive(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Take records back out of HubSpot."""
        done: Deliveries = {}
        loads = self._records.loaded(parcels, done)
        known = self._known(loads, done)
        for parcel, _ in loads:
            if parcel.id not in known and parcel.id not in done:
                done[parcel.id] = not_seen(parcel, NotNeeded("it never was in HubSpot"))
        for object_type in sorted({record[0] for record in known.values()}):
            rows = {record[1]: row_id for row_id, record in known.items() if record[0] == object_type}
            for object_id, error in self._writes.archive(object_type, list(rows)).items():
                done[rows[object_id]] = (
                    _sent((object_type, object_id)) if error is None else delivery_for(error)
                )
        return done

    def link_again(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Link records to where their deal stands now."""
        done: Deliveries = {}
        loads = self._records.loaded(parcels, done)
        known = self._known(loads, done)
        for parcel, _ in loads:
            if parcel.id not in known and parcel.id not in done:
                done[parcel.id] = NotNeeded("there is no record to link")
        return done | self._records.link([one for one in loads if one[0].id in known], known)

    def complete_tasks(self, parcels: Sequence[Parcel]) -> Deliveries:
        """The deferrals of these rows are over: their tasks are done."""
        return self._tasks_become("COMPLETED", parcels)

    def reopen_tasks(self, parcels: Sequence[Parcel]) -> Deliveries:
        """The deferrals of these rows hold again."""
        return self._tasks_become("NOT_STARTED", parcels)

    def _tasks_become(self, status: str, parcels: Sequence[Parcel]) -> Deliveries:
        done: Deliveries = {}
        loads = self._records.loaded(parcels, done)
        known = {row_id: one for row_id, one in self._known(loads, done).items() if one[0] == "tasks"}
        for parcel, _ in loads:
            if parcel.id not in known and parcel.id not in done:
                done[parcel.id] = NotNeeded("there is no task")
        there = [one for one in loads if one[0].id in known]
        now = self._read(there, known, dict.fromkeys(known, ("hs_task_status",)), done)
        rows: dict[Record, int] = {}
        for row_id, properties in now.items():
            before = text_of(properties, "hs_task_status")
            if before == status or (status != "COMPLETED" and before != "COMPLETED"):
                done[row_id] = NotNeeded(f"the task is {before} in HubSpot already")
            else:
                rows[known[row_id]] = row_id
        wanted = {"tasks": {object_id: {"hs_task_status": status} for _, object_id in rows}}
        return done | self._write(wanted, rows)

    def _known(self, loads: Sequence[Load], done: Deliveries) -> dict[int, Record]:
        known: dict[int, Record] = {}
        for row_id, found in self._records.known(loads).items():
            if isinstance(found, CrmError):
                done[row_id] = delivery_for(found)
            else:
                known[row_id] = found
        return known

    def _wanted(
        self, loads: Sequence[Load], known: Mapping[int, Record], done: Deliveries
    ) -> dict[int, dict[str, str]]:
        """{row id: what is to stand in its record and did not by what we last wrote}."""
        changes: dict[int, dict[str, str]] = {}
        for parcel, outgoing in loads:
            record = record_of(parcel, outgoing, done)
            if record is None:
                continue
            object_type = known[parcel.id][0]
            if record.object_type != object_type:
                words = f"a {outgoing.fact.kind} changes nothing on a record of {object_type}"
                done[parcel.id] = NotNeeded(words)
                continue
            before = _before(outgoing)
            changed = {name: value for name, value in record.properties.items() if value != before.get(name)}
            if outgoing.fact.kind != "appointment":  # words that were taken out; a meeting keeps those it has
                changed |= {name: "" for name in before if name not in record.properties}
            changes[parcel.id] = changed
        return changes

    def _read(
        self,
        loads: Sequence[Load],
        known: Mapping[int, Record],
        names: Mapping[int, tuple[str, ...]],
        done: Deliveries,
    ) -> dict[int, Mapping[str, Any]]:
        """{row id: its record's properties as they are now}; where that is not known, why is put into `done`."""
        now: dict[int, Mapping[str, Any]] = {}
        for object_type in sorted({known[parcel.id][0] for parcel, _ in loads}):
            some = [parcel for parcel, _ in loads if known[parcel.id][0] == object_type]
            asked = sorted({name for parcel in some for name in names[parcel.id]})
            records = self._writes.read(object_type, [known[parcel.id][1] for parcel in some], asked)
            for parcel in some:
                found = records.get(known[parcel.id][1])
                if found is None:
                    done[parcel.id] = not_seen(parcel, GONE)
                elif isinstance(found, CrmError):
                    done[parcel.id] = delivery_for(found)
                else:
                    now[parcel.id] = found.get("properties") or {}
        return now

    def _write(
        self, wanted: Mapping[str, Mapping[str, Mapping[str, str]]], rows: Mapping[Record, int]
    ) -> Deliveries:
        done: Deliveries = {}
        for object_type, some in wanted.items():
            for object_id, error in self._writes.update(object_type, some).items():
                record = (object_type, object_id)
                done[rows[record]] = _sent(record) if error is None else delivery_for(error)
        return done


def _before(outgoing: Outgoing) -> dict[str, Any]:
    """What we last wrote into the record, as far as it is ours."""
    earlier = record_for(outgoing.earlier) if outgoing.earlier is not None else None
    return earlier.properties if earlier is not None else {}


def _sent(record: Record) -> Sent:
    return Sent({"object_type": record[0], "object_id": record[1]})

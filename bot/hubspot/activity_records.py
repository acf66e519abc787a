"""Facts -> records on HubSpot's timeline: made once, under their owner, linked to deal, company and contact."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.hubspot.outcomes import Deliveries, delivery_for, not_seen
from bot.hubspot.outgoing import Outgoing, OutgoingFacts
from bot.hubspot.records import RecordToWrite, record_for
from bot.hubspot.writes import Writes
from bot.logs import LOGGER, log
from bot.services.crm_errors import CrmError, NotFound
from bot.services.outgoing.returned import DEAL_DELETED, OUT_OF_BOOK
from bot.services.ports import Delivery, NotNeeded, Parcel, Refused, Sent

logger = logging.getLogger(LOGGER)

Record = tuple[str, str]  # object type and id
Load = tuple[Parcel, Outgoing]


class ActivityRecords:
    """Makes the records of `activity` rows."""

    def __init__(self, writes: Writes, facts: OutgoingFacts) -> None:
        self._writes = writes
        self._facts = facts

    def carry(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Make and link the record of each row, or link the one that an earlier try has made."""
        done: Deliveries = {}
        loads = self.loaded(parcels, done)
        doubtful = [one for one in loads if one[0].unknown or one[0].attempts > 1 or one[1].withdrawn]
        done |= self.make(loads, self.by_key(doubtful))
        return done

    def make(self, loads: Sequence[Load], found: Mapping[int, Record | CrmError]) -> Deliveries:
        """Make what is not `found` yet, and link all."""
        done: Deliveries = {}
        records: dict[int, Record] = {}
        wanted: dict[str, dict[str, tuple[int, RecordToWrite, Outgoing]]] = defaultdict(dict)
        for parcel, outgoing in loads:
            there = found.get(parcel.id)
            if isinstance(there, CrmError):
                done[parcel.id] = delivery_for(there)
            elif there is not None:
                records[parcel.id] = there
            elif outgoing.withdrawn:
                done[parcel.id] = NotNeeded("undone before it left")
            elif outgoing.gone:
                done[parcel.id] = NotNeeded(f"{OUT_OF_BOOK} ({outgoing.gone})")
            else:
                record = record_of(parcel, outgoing, done)
                if record is not None:
                    wanted[record.object_type][outgoing.key] = (parcel.id, record, outgoing)
        for object_type, some in wanted.items():
            values = {key: _with_owner(record, outgoing) for key, (_, record, outgoing) in some.items()}
            for key, answer in self._writes.upsert(object_type, values).items():
                row_id = some[key][0]
                if isinstance(answer, CrmError):
                    done[row_id] = delivery_for(answer)
                else:
                    records[row_id] = (object_type, answer)
        return done | self.link([one for one in loads if one[0].id in records], records)

    def link(self, loads: Sequence[Load], records: Mapping[int, Record]) -> Deliveries:
        """Link each row's record to deal, company and contact. A deal deleted meanwhile takes its record with it."""
        failed: dict[int, CrmError] = {}
        for to_type in ("deals", "companies", "contacts"):
            pairs: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
            for parcel, outgoing in loads:
                to_id = _linked_to(outgoing, to_type)
                if to_id is not None and parcel.id not in failed:
                    object_type, object_id = records[parcel.id]
                    pairs[object_type][object_id, to_id] = parcel.id
            for object_type, some in pairs.items():
                for pair, error in self._writes.associate(object_type, to_type, list(some)).items():
                    if isinstance(error, NotFound) and to_type != "deals":
                        # Deleted or merged meanwhile: the deal carries the record all the same.
                        log(logger, logging.INFO, "hubspot.unlinked", kind=to_type, id=pair[1])
                    elif error is not None:
                        failed[some[pair]] = error
        done: Deliveries = {}
        for parcel, outgoing in loads:
            object_type, object_id = records[parcel.id]
            error = failed.get(parcel.id)
            if isinstance(error, NotFound):
                done[parcel.id] = self._without_deal(parcel, outgoing, records[parcel.id])
            elif error is not None:
                done[parcel.id] = delivery_for(error)
            else:
                done[parcel.id] = Sent({"object_type": object_type, "object_id": object_id})
        return done

    def _without_deal(self, parcel: Parcel, outgoing: Outgoing, record: Record) -> Delivery:
        """One of the two is not there. The record may only not be seen yet; it goes when the deal is gone."""
        there = self._writes.read("deals", [outgoing.deal_id], ("dealname",)).get(outgoing.deal_id)
        if isinstance(there, CrmError):
            return delivery_for(there)
        if there is not None:
            return not_seen(parcel, NotNeeded("deleted in HubSpot meanwhile"))
        error = self._writes.archive(record[0], [record[1]])[record[1]]
        if error is not None:
            return delivery_for(error)
        return Refused(f"{DEAL_DELETED}, so nothing was left there")

    def known(self, loads: Sequence[Load]) -> dict[int, Record | CrmError]:
        """{row id: its record}, from our own database, else by its key; those that are not there are left out."""
        found: dict[int, Record | CrmError] = {
            parcel.id: outgoing.record for parcel, outgoing in loads if outgoing.record is not None
        }
        return found | self.by_key([one for one in loads if one[0].id not in found])

    def by_key(self, loads: Iterable[Load]) -> dict[int, Record | CrmError]:
        """{row id: the record that carries its fact's key, or why that is not known}."""
        loads = list(loads)
        types = {object_type for _, outgoing in loads for _, object_type in outgoing.keys}
        answers = {
            object_type: self._writes.found(
                object_type, [key for _, outgoing in loads for key, of in outgoing.keys if of == object_type]
            )
            for object_type in sorted(types)
        }
        found: dict[int, Record | CrmError] = {}
        for parcel, outgoing in loads:
            for key, object_type in outgoing.keys:
                answer = answers[object_type].get(key)
                if answer is not None:
                    found[parcel.id] = answer if isinstance(answer, CrmError) else (object_type, answer)
                    break
        return found

    def loaded(self, parcels: Iterable[Parcel], done: Deliveries) -> list[Load]:
        """The rows with their facts; what cannot be written at all is put into `done`."""
        loads: list[Load] = []
        for parcel in parcels:
            try:
                if parcel.fact_id is None:
                    raise ValueError("the row names no fact")
                loads.append((parcel, self._facts.load(parcel.fact_id)))
            except (ValueError, LookupError) as error:
                done[parcel.id] = Refused(f"cannot be written: {error}")
        return loads


def record_of(parcel: Parcel, outgoing: Outgoing, done: Deliveries) -> RecordToWrite | None:
    """The record of a fact; None, and the reason in `done`, when there is none."""
    try:
        record = record_for(outgoing.fact)
    except ValueError as error:
        done[parcel.id] = Refused(f"cannot be written: {error}")
        return None
    if record is None:
        done[parcel.id] = NotNeeded(f"HubSpot has no record for a {outgoing.fact.kind}")
    return record


def _with_owner(record: RecordToWrite, outgoing: Outgoing) -> dict[str, str]:
    owner = {"hubspot_owner_id": outgoing.owner_id} if outgoing.owner_id else {}
    return record.properties | owner


def _linked_to(outgoing: Outgoing, to_type: str) -> str | None:
    return {"deals": outgoing.deal_id, "companies": outgoing.company_id, "contacts": outgoing.contact_id}[
        to_type
    ]

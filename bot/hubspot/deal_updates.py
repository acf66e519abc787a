"""Writing deals' properties: what somebody changed there meanwhile is never overwritten unasked (FAULTS 18).

Read before it is written, in the same lot: a value is ours to change when it is still the one that was known when
ours was chosen (`known` of the row: stages by our names, else as HubSpot writes them). Where the row does not say,
the later of the two wins.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.contests import contested_deal
from bot.hubspot.outcomes import Deliveries, delivery_for
from bot.hubspot.outgoing import OutgoingFacts
from bot.hubspot.values import read_instant
from bot.hubspot.writes import Writes
from bot.logs import LOGGER, log
from bot.services.crm_errors import CrmError
from bot.services.ports import Delivery, NotNeeded, Parcel, Sent

logger = logging.getLogger(LOGGER)

STAGE, OWNER = "dealstage", "hubspot_owner_id"


class DealUpdates:
    """Carries `deal_update` rows."""

    def __init__(self, client: HubSpotClient, writes: Writes, facts: OutgoingFacts) -> None:
        self._client = client
        self._writes = writes
        self._facts = facts

    def carry(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Write what each row wants of its deal, unless it was changed there meanwhile."""
        done: Deliveries = {}
        wanted: dict[int, dict[str, str]] = {}
        for parcel in parcels:
            gone = self._facts.deal_gone(str(parcel.payload["deal_id"]))
            if gone:
                done[parcel.id] = NotNeeded(f"the deal is out of the book ({gone})")
                continue
            try:
                wanted[parcel.id] = self._properties(parcel)
            except CrmError as error:
                done[parcel.id] = delivery_for(error)
        asked = [parcel for parcel in parcels if parcel.id in wanted]
        names = sorted({name for properties in wanted.values() for name in properties})
        deals = self._writes.read("deals", [_deal_of(parcel) for parcel in asked], names, history=True)
        changes: dict[str, dict[str, str]] = {}
        rows: dict[str, list[int]] = defaultdict(list)
        for parcel in asked:
            deal = deals.get(_deal_of(parcel))
            if deal is None:
                done[parcel.id] = NotNeeded("deleted in HubSpot meanwhile")
            elif isinstance(deal, CrmError):
                done[parcel.id] = delivery_for(deal)
            else:
                decided = self._decide(parcel, wanted[parcel.id], deal)
                if isinstance(decided, dict):
                    changes[_deal_of(parcel)] = decided
                    rows[_deal_of(parcel)].append(parcel.id)
                else:
                    done[parcel.id] = decided
        for deal_id, wrong in self._writes.update("deals", changes).items():
            delivery = _sent(deal_id) if wrong is None else delivery_for(wrong)
            done |= dict.fromkeys(rows[deal_id], delivery)
        return done

    def _properties(self, parcel: Parcel) -> dict[str, str]:
        properties: dict[str, str] = dict(parcel.payload["properties"])
        to: dict[str, str] = parcel.payload.get("new_owner") or {}
        owner_id, email = to.get("id"), to.get("email")
        if email is not None and (owner_id := owner_id_of(self._client, email)) is None:
            # The move itself does not wait for a mend of the configuration; `renewals check` names it.
            log(logger, logging.WARNING, "hubspot.unknown_owner", deal=_deal_of(parcel))
        if owner_id is not None:
            properties[OWNER] = owner_id
        return properties

    def _decide(self, parcel: Parcel, wanted: Mapping[str, str], deal: Json) -> dict[str, str] | Delivery:
        """What to write now; else what becomes of the row."""
        history: Mapping[str, Any] = deal.get("propertiesWithHistory") or {}
        known: Mapping[str, str] = parcel.payload.get("known") or {}
        instead_of: Mapping[str, str] = parcel.payload.get("instead_of") or {}
        write: dict[str, str] = {}
        newer: dict[str, Mapping[str, Any]] = {}
        for name, value in wanted.items():
            current = max(history.get(name) or (), key=_changed_at, default=None)
            there = str(current.get("value") or "") if current is not None else ""
            if there == value:
                continue
            if current is None or self._is_known(name, there, current, parcel.created_at, known, instead_of):
                write[name] = value
            else:
                newer[name] = current
        if newer and parcel.payload.get("asks"):
            raw = {name: str(version.get("value") or "") for name, version in newer.items()}
            said = {name: value for name, value in raw.items() if name != STAGE}
            if STAGE in raw:
                said["stage"] = self._facts.stage_of(raw[STAGE]) or raw[STAGE]
            return contested_deal(raw, said, max(str(version["timestamp"]) for version in newer.values()))
        if newer and not write:
            words = ", ".join(newer)
            return NotNeeded(f"{words} was changed in HubSpot after that; HubSpot's value stands")
        return write or _sent(_deal_of(parcel))

    def _is_known(
        self,
        name: str,
        there: str,
        version: Mapping[str, Any],
        decided_at: datetime,
        known: Mapping[str, str],
        instead_of: Mapping[str, str],
    ) -> bool:
        if instead_of.get(name) == there:
            return True
        expected = known.get(name)
        found = self._facts.stage_of(there) if name == STAGE else there
        if expected is not None and found is not None:
            return found == expected
        return _changed_at(version) <= decided_at


def owner_id_of(client: HubSpotClient, email: str) -> str | None:
    """The active owner with this e-mail (lower case); None when HubSpot has none. Raises CrmError."""
    after: str | None = None
    while True:
        page = client.owners(after=after)
        for owner in page.get("results", ()):
            if str(owner.get("email") or "").strip().lower() == email:
                return str(owner["id"])
        after = ((page.get("paging") or {}).get("next") or {}).get("after")
        if after is None:
            return None


def _deal_of(parcel: Parcel) -> str:
    return str(parcel.payload["deal_id"])


def _sent(deal_id: str) -> Sent:
    return Sent({"object_type": "deals", "object_id": deal_id})


def _changed_at(version: Mapping[str, Any]) -> datetime:
    return read_instant(str(version["timestamp"]))

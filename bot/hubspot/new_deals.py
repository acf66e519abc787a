"""Deals that the assistant makes: each once, by a unique key and linked after it; and taken back while unused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.hubspot.client import HubSpotClient
from bot.hubspot.outcomes import Deliveries, delivery_for, not_seen
from bot.hubspot.outgoing import OutgoingFacts
from bot.hubspot.versions import history_of, values_before
from bot.hubspot.writes import Writes
from bot.services.crm_errors import CrmError, NotFound
from bot.services.ports import Delivery, NotNeeded, Parcel, Refused, Sent, TryAgain

DEALS = "deals"
DECISION = timedelta(minutes=5)  # between two looks whether somebody has decided


class NewDeals:
    """Carries `deal_create`, `deal_archive` and `deal_restore` rows; one at a time, for they are few."""

    def __init__(self, client: HubSpotClient, writes: Writes, facts: OutgoingFacts) -> None:
        self._client = client
        self._writes = writes
        self._facts = facts

    def create(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Make the deal, unless it is there already, and link it to company and contacts; never before its close."""
        return {parcel.id: self._guarded(parcel, self._create) for parcel in parcels}

    def archive(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Delete a deal of ours whose stage nobody has touched."""
        return {parcel.id: self._guarded(parcel, self._archive) for parcel in parcels}

    def restore(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Put back what a deal said before a close that was taken back."""
        return {parcel.id: self._guarded(parcel, self._restore) for parcel in parcels}

    def _guarded(self, parcel: Parcel, carry: Any) -> Delivery:
        try:
            delivery: Delivery = carry(parcel)
        except CrmError as error:
            return delivery_for(error)
        return delivery

    def _create(self, parcel: Parcel) -> Delivery:
        key, properties = str(parcel.payload["key"]), dict(parcel.payload["properties"])
        found = self._found(key) if parcel.unknown or parcel.attempts > 1 else None
        if found is None:
            close = self._facts.close_state(parcel.fact_id)
            if close == "dead":
                return TryAgain("the close itself waits for a decision", after=DECISION, scope="target")
            if close == "dropped":
                return NotNeeded("the close itself did not hold in HubSpot")
            if not self._facts.deal_is_wanted(int(parcel.payload["new_deal"])):
                return NotNeeded("taken back before it was made")
            pipeline, stage = str(parcel.payload["pipeline"]), parcel.payload["stage"]
            stage = stage or self._first_stage(pipeline)
            if stage is None:
                return Refused(
                    f"HubSpot has no pipeline {pipeline!r} with an open stage: mend the configuration"
                )
            made = self._writes.upsert(
                DEALS, {key: properties | {"pipeline": pipeline, "dealstage": str(stage)}}
            )[key]
            if isinstance(made, CrmError):
                return delivery_for(made)
            found = made
        for to_type, to_id in parcel.payload["links"]:
            linked = self._writes.associate(DEALS, to_type, [(found, to_id)])[(found, to_id)]
            # A company or contact that was deleted or merged meanwhile: the deal stands all the same.
            if linked is not None and not isinstance(linked, NotFound):
                return delivery_for(linked)
        return Sent({"object_type": DEALS, "object_id": found, "new_deal": parcel.payload["new_deal"]})

    def _archive(self, parcel: Parcel) -> Delivery:
        found = self._found(str(parcel.payload["key"]))
        if found is None:
            return not_seen(parcel, NotNeeded("it is not in HubSpot"))
        versions = self._history(found, ("dealstage",)).get("dealstage") or ()
        if len({str(one.get("value")) for one in versions}) > 1:
            return NotNeeded("somebody has moved that deal in HubSpot already: it stays")
        error = self._writes.archive(DEALS, [found])[found]
        if error is not None:
            raise error
        return Sent({"object_type": DEALS, "object_id": found})

    def _restore(self, parcel: Parcel) -> Delivery:
        deal_id, since = str(parcel.payload["deal_id"]), datetime.fromisoformat(str(parcel.payload["since"]))
        ours: Mapping[str, str] = parcel.payload["restore"]
        gone = self._facts.deal_gone(deal_id)
        if gone:
            return NotNeeded(f"the deal is out of the book ({gone})")
        back = values_before(self._history(deal_id, tuple(ours)), ours, since)
        if not back:
            return NotNeeded("nothing of the close stands there any more")
        error = self._writes.update(DEALS, {deal_id: back})[deal_id]
        if error is not None:
            raise error
        return Sent({"object_type": DEALS, "object_id": deal_id})

    def _history(self, deal_id: str, names: Sequence[str]) -> Mapping[str, Any]:
        """{property: its versions}. Raises CrmError, NotFound for a deal that is gone."""
        return history_of(self._writes, DEALS, deal_id, names)

    def _found(self, key: str) -> str | None:
        """The deal that carries this key, read by the key and not through the search index. Raises CrmError."""
        found = self._writes.found(DEALS, [key]).get(key)
        if isinstance(found, CrmError):
            raise found
        return found

    def _first_stage(self, pipeline: str) -> str | None:
        """The first stage of a pipeline that does not close a deal."""
        for one in self._client.pipelines().get("results", ()):
            if str(one.get("id")) == pipeline:
                stages = sorted(
                    one.get("stages") or (), key=lambda stage: int(stage.get("displayOrder") or 0)
                )
                is_open = (
                    str(stage["id"])
                    for stage in stages
                    if str((stage.get("metadata") or {}).get("isClosed")).lower() != "true"
                )
                return next(is_open, None)
        return None

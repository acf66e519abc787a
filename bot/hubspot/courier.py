"""Carries outbox rows to HubSpot: each fact one record, however often it is tried (FAULTS 4, 5, I3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot.hubspot.activities import KEY_PROPERTY
from bot.hubspot.client import HubSpotClient
from bot.hubspot.deal_updates import owner_id_of, update_deal
from bot.hubspot.merging import beside_what_is_there, changed_by_people
from bot.hubspot.outgoing import Outgoing, OutgoingFacts
from bot.hubspot.records import RecordToWrite, record_for
from bot.hubspot.values import text_of
from bot.logs import LOGGER, log
from bot.services.crm_errors import (
    CrmError,
    DailyLimit,
    Invalid,
    MissingScope,
    NoAnswer,
    NotFound,
    RateLimited,
    Unauthorised,
)
from bot.services.ports import Delivery, Halted, NotNeeded, Parcel, Refused, Sent, TryAgain, Unknown

logger = logging.getLogger(LOGGER)


class HubSpotCourier:
    """The `Courier` for HubSpot. `facts` reads our own database, `client` talks to HubSpot.

    The record is made by upsert on a unique property that holds the fact's key, then linked. A row that may
    have
    arrived is looked up by that key first, and linked if it is there: a crash between the two steps heals.
    """

    def __init__(self, client: HubSpotClient, facts: OutgoingFacts) -> None:
        self._client = client
        self._facts = facts
        self._kinds: dict[str, Callable[[Parcel], Delivery]] = {
            "activity": self._activity,
            "activity_update": self._activity_update,
            "activity_archive": self._activity_archive,
            "associate": self._associate_again,
            "task_complete": lambda parcel: self._task_becomes("COMPLETED", parcel),
            "task_reopen": lambda parcel: self._task_becomes("NOT_STARTED", parcel),
            "deal_update": self._deal_update,
        }

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send it; see `Courier`. Raises StoreUnavailable when our own database cannot be read."""
        carry = self._kinds.get(parcel.kind)
        if carry is None:
            return Refused(f"nothing of the kind {parcel.kind!r} goes to HubSpot")
        try:
            return carry(parcel)
        except CrmError as error:
            return delivery_for(error)
        except (ValueError, LookupError) as error:
            return Refused(f"cannot be written: {error}")

    def _activity(self, parcel: Parcel) -> Delivery:
        outgoing = self._outgoing(parcel)
        if parcel.unknown or parcel.attempts > 1 or outgoing.withdrawn:
            found = self._find(outgoing)
            if found is not None:
                return self._link(outgoing, found)
        if outgoing.withdrawn:
            return NotNeeded("undone before it left")
        if outgoing.gone:
            return NotNeeded(f"the deal is out of the book ({outgoing.gone})")
        record = self._record(outgoing)
        if record is None:
            return NotNeeded(f"HubSpot has no record for a {outgoing.fact.kind}")
        properties = dict(record.properties)
        if outgoing.owner_id:
            properties["hubspot_owner_id"] = outgoing.owner_id
        answer = self._client.upsert(record.object_type, KEY_PROPERTY, outgoing.key, properties)
        results = answer.get("results") or ()
        if not results:
            errors: Any = answer.get("errors") or ({},)
            return Refused(str(errors[0].get("message") or "HubSpot took no record")[:500])
        return self._link(outgoing, (record.object_type, str(results[0]["id"])))

    def _link(self, outgoing: Outgoing, record: tuple[str, str]) -> Delivery:
        """Link the record to deal, company and contact. A deal deleted meanwhile takes its record with it."""
        object_type, object_id = record
        try:
            self._client.associate(object_type, object_id, "deals", outgoing.deal_id)
        except NotFound:
            self._client.archive(object_type, object_id)
            return Refused("the deal was deleted in HubSpot, so nothing was left there")
        for to_type, to_id in (("companies", outgoing.company_id), ("contacts", outgoing.contact_id)):
            if to_id is None:
                continue
            try:
                self._client.associate(object_type, object_id, to_type, to_id)
            except NotFound:
                # Deleted or merged meanwhile: the deal carries the record all the same.
                log(logger, logging.INFO, "hubspot.unlinked", kind=to_type, id=to_id)
        return Sent({"object_type": object_type, "object_id": object_id})

    def _activity_update(self, parcel: Parcel) -> Delivery:
        outgoing = self._outgoing(parcel)
        found = self._known(outgoing)
        if found is None:
            # Its first write never arrived: then the record is made as things stand now.
            return self._activity(parcel)
        object_type, object_id = found
        record = self._record(outgoing)
        before = self._before(outgoing)
        if record is None or record.object_type != object_type:
            return NotNeeded(f"a {outgoing.fact.kind} changes nothing on a record of {object_type}")
        if outgoing.record is None and parcel.attempts > 1:
            linked = self._link(outgoing, found)  # an earlier try may have ended between the two steps
            if not isinstance(linked, Sent):
                return linked
        changed = {name: value for name, value in record.properties.items() if value != before.get(name)}
        if outgoing.fact.kind != "appointment":  # words that were taken out; a meeting keeps those it has
            changed |= {name: "" for name in before if name not in record.properties}
        now = self._client.read(object_type, object_id, tuple(changed)).get("properties") or {}
        edited = sorted(changed_by_people(changed, before, now))
        if edited:
            return NotNeeded(f"changed in HubSpot meanwhile ({', '.join(edited)}); that stands")
        properties = beside_what_is_there(changed, before, now)
        if properties:
            self._client.update(object_type, object_id, properties)
        return Sent({"object_type": object_type, "object_id": object_id})

    def _activity_archive(self, parcel: Parcel) -> Delivery:
        outgoing = self._outgoing(parcel)
        found = self._known(outgoing)
        if found is None:
            return NotNeeded("it never was in HubSpot")
        try:
            self._client.archive(*found)
        except NotFound:
            return NotNeeded("deleted in HubSpot already")
        return Sent({"object_type": found[0], "object_id": found[1]})

    def _associate_again(self, parcel: Parcel) -> Delivery:
        outgoing = self._outgoing(parcel)
        found = self._known(outgoing)
        return NotNeeded("there is no record to link") if found is None else self._link(outgoing, found)

    def _task_becomes(self, status: str, parcel: Parcel) -> Delivery:
        outgoing = self._outgoing(parcel)
        found = self._known(outgoing)
        if found is None or found[0] != "tasks":
            return NotNeeded("there is no task")
        now = self._client.read("tasks", found[1], ("hs_task_status",)).get("properties") or {}
        before = text_of(now, "hs_task_status")
        if before == status or (status != "COMPLETED" and before != "COMPLETED"):
            return NotNeeded(f"the task is {before} in HubSpot already")
        self._client.update("tasks", found[1], {"hs_task_status": status})
        return Sent({"object_type": "tasks", "object_id": found[1]})

    def _deal_update(self, parcel: Parcel) -> Delivery:
        deal_id = str(parcel.payload["deal_id"])
        gone = self._facts.deal_gone(deal_id)
        if gone:
            return NotNeeded(f"the deal is out of the book ({gone})")
        properties = dict(parcel.payload["properties"])
        to: dict[str, str] = parcel.payload.get("new_owner") or {}
        owner_id, email = to.get("id"), to.get("email")
        if email is not None and (owner_id := owner_id_of(self._client, email)) is None:
            # The move itself does not wait for a mend of the configuration; `renewals check` names it.
            log(logger, logging.WARNING, "hubspot.unknown_owner", deal=deal_id)
        if owner_id is not None:
            properties["hubspot_owner_id"] = owner_id
        return update_deal(self._client, deal_id, properties, parcel.created_at)

    def _outgoing(self, parcel: Parcel) -> Outgoing:
        if parcel.fact_id is None:
            raise ValueError("the row names no fact")
        return self._facts.load(parcel.fact_id)

    def _record(self, outgoing: Outgoing) -> RecordToWrite | None:
        return record_for(outgoing.fact)

    def _before(self, outgoing: Outgoing) -> dict[str, Any]:
        """What we last wrote into the record, as far as it is ours."""
        earlier = record_for(outgoing.earlier) if outgoing.earlier is not None else None
        return earlier.properties if earlier is not None else {}

    def _known(self, outgoing: Outgoing) -> tuple[str, str] | None:
        return outgoing.record or self._find(outgoing)

    def _find(self, outgoing: Outgoing) -> tuple[str, str] | None:
        """The record that carries this fact's key, read by the key and not through the search index."""
        for key, object_type in outgoing.keys:
            answer = self._client.batch_read(object_type, [key], (KEY_PROPERTY,), key=KEY_PROPERTY)
            for found in answer.get("results", ()):
                return object_type, str(found["id"])
        return None


def delivery_for(error: CrmError) -> Delivery:
    """What becomes of a row whose call went wrong."""
    if isinstance(error, Unauthorised | MissingScope):
        return Halted(str(error))
    if isinstance(error, RateLimited):
        return TryAgain(str(error), after=error.after, scope="service")
    if isinstance(error, DailyLimit):
        return TryAgain(str(error), after=error.reset, scope="service")
    if isinstance(error, Invalid):
        return Refused(error.reason)
    if isinstance(error, NotFound):
        return NotNeeded("deleted in HubSpot meanwhile")
    if isinstance(error, NoAnswer) and error.may_have_arrived:
        return Unknown(str(error))
    return TryAgain(str(error), scope="service")

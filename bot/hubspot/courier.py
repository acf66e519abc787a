"""Carries outbox rows to HubSpot: each fact one record, however often it is tried (FAULTS 4, 5, I3).

What waits together leaves together: a call to HubSpot writes, links or reads up to a hundred records. All rows of
a lot are of different deals, for those of one deal leave one after the other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from bot.hubspot.activity_changes import ActivityChanges
from bot.hubspot.activity_records import ActivityRecords
from bot.hubspot.client import HubSpotClient
from bot.hubspot.company_dates import CompanyDates
from bot.hubspot.deal_updates import DealUpdates
from bot.hubspot.new_deals import NewDeals
from bot.hubspot.outcomes import Deliveries, is_service_trouble
from bot.hubspot.outgoing import OutgoingFacts
from bot.hubspot.writes import MOST, Writes
from bot.logs import LOGGER, log
from bot.services.ports import Delivery, Parcel, Refused, TryAgain, Unknown

logger = logging.getLogger(LOGGER)


class HubSpotCourier:
    """The `BatchCourier` for HubSpot. `facts` reads our own database, `client` talks to HubSpot.

    The record is made by upsert on a unique property that holds the fact's key, then linked. A row that may
    have arrived is looked up by that key first, and linked if it is there: a crash between the two steps heals.
    """

    def __init__(self, client: HubSpotClient, facts: OutgoingFacts) -> None:
        writes = Writes(client)
        records = ActivityRecords(writes, facts)
        changes = ActivityChanges(writes, facts, records)
        deals = NewDeals(client, writes, facts)
        companies = CompanyDates(writes, facts)
        self._kinds: dict[str, Callable[[Sequence[Parcel]], Deliveries]] = {
            "activity": records.carry,
            "activity_update": changes.update,
            "activity_archive": changes.archive,
            "associate": changes.link_again,
            "task_complete": changes.complete_tasks,
            "task_reopen": changes.reopen_tasks,
            "deal_update": DealUpdates(client, writes, facts).carry,
            "deal_create": deals.create,
            "deal_archive": deals.archive,
            "deal_restore": deals.restore,
            "company_update": companies.update,
            "company_restore": companies.restore,
        }
        self._at_once = MOST
        self._stumbled = False

    @property
    def at_once(self) -> int:
        """How many rows to hand over in one go: fewer after HubSpot stumbled, for one of them may be why."""
        return self._at_once

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send one; see `Courier`. Raises StoreUnavailable when our own database cannot be read."""
        return self.deliver_all([parcel])[parcel.id]

    def deliver_all(self, parcels: Sequence[Parcel]) -> Mapping[int, Delivery]:
        """Send them, in as few calls as HubSpot allows; {row id: what became of it}. Raises StoreUnavailable."""
        found: Deliveries = {}
        for kind in dict.fromkeys(parcel.kind for parcel in parcels):
            some = [parcel for parcel in parcels if parcel.kind == kind]
            carry = self._kinds.get(kind)
            if carry is None:
                refused = Refused(f"nothing of the kind {kind!r} goes to HubSpot")
                found |= {parcel.id: refused for parcel in some}
            elif (stopped := next(filter(is_service_trouble, found.values()), None)) is not None:
                # It takes nothing just now: the rest of the lot waits without asking.
                found |= {parcel.id: TryAgain(stopped.reason, scope="service") for parcel in some}
            else:
                found |= carry(some)
        self._learn(parcels, found)
        return found

    def _learn(self, parcels: Sequence[Parcel], found: Deliveries) -> None:
        """What HubSpot limits is no reason for smaller lots. What it cannot answer may be one row of many: once it
        has stumbled over two lots, with none between them that it took.
        """
        if not any(map(_stumbles, found.values())):
            self._at_once = min(MOST, max(self._at_once, len(parcels)) * 2)
            self._stumbled = self._stumbled and len(parcels) == 1
        elif len(parcels) > 1:
            if self._stumbled:
                self._at_once = max(1, len(parcels) // 4)
                log(logger, logging.INFO, "hubspot.smaller_lots", rows=self._at_once)
            self._stumbled = True


def _stumbles(delivery: Delivery) -> bool:
    """No answer, or one that HubSpot did not mean: 5xx, a page in place of JSON."""
    if isinstance(delivery, Unknown):
        return True
    return isinstance(delivery, TryAgain) and delivery.scope == "service" and delivery.after is None

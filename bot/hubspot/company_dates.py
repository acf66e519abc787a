"""The new term's dates on the company, for portals that keep them there as well; taken back with their close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.hubspot.outcomes import Deliveries, delivery_for
from bot.hubspot.outgoing import OutgoingFacts
from bot.hubspot.versions import changed_at, history_of, values_before
from bot.hubspot.writes import Writes
from bot.services.crm_errors import CrmError, MissingScope
from bot.services.ports import Delivery, NotNeeded, Parcel, Refused, Sent, TryAgain

COMPANIES = "companies"
SCOPE = "crm.objects.companies.write"
DECISION = timedelta(minutes=5)  # between two looks whether somebody has decided about the close


class CompanyDates:
    """Carries `company_update` and `company_restore` rows; one at a time, for they are few."""

    def __init__(self, writes: Writes, facts: OutgoingFacts) -> None:
        self._writes = writes
        self._facts = facts

    def update(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Write the dates, unless somebody has set others since; never before the close itself."""
        return {parcel.id: _guarded(parcel, self._update) for parcel in parcels}

    def restore(self, parcels: Sequence[Parcel]) -> Deliveries:
        """Put back what the company said before a close that was taken back."""
        return {parcel.id: _guarded(parcel, self._restore) for parcel in parcels}

    def _update(self, parcel: Parcel) -> Delivery:
        close = self._facts.close_state(parcel.fact_id)
        if close == "dead":
            return TryAgain("the close itself waits for a decision", after=DECISION, scope="target")
        if close == "dropped":
            return NotNeeded("the close itself did not hold in HubSpot")
        company_id, wanted = str(parcel.payload["company_id"]), dict(parcel.payload["properties"])
        history = history_of(self._writes, COMPANIES, company_id, tuple(wanted))
        newest = {name: max(versions, key=changed_at) for name, versions in history.items() if versions}
        write = {
            name: value
            for name, value in wanted.items()
            if name not in newest or changed_at(newest[name]) <= parcel.created_at
        }
        if not write:
            return NotNeeded("the dates were changed in HubSpot after that; HubSpot's stand")
        return self._write(company_id, write)

    def _restore(self, parcel: Parcel) -> Delivery:
        company_id, ours = str(parcel.payload["company_id"]), dict(parcel.payload["restore"])
        history = history_of(self._writes, COMPANIES, company_id, tuple(ours))
        back = values_before(history, ours, datetime.fromisoformat(str(parcel.payload["since"])))
        return (
            self._write(company_id, back) if back else NotNeeded("nothing of the close stands there any more")
        )

    def _write(self, company_id: str, properties: dict[str, str]) -> Delivery:
        error = self._writes.update(COMPANIES, {company_id: properties})[company_id]
        if error is not None:
            raise error
        return Sent({"object_type": COMPANIES, "object_id": company_id})


def _guarded(parcel: Parcel, carry: Callable[[Parcel], Delivery]) -> Delivery:
    try:
        return carry(parcel)
    except MissingScope:
        # Nothing else needs that scope: the dates are set aside and told, and all the rest goes on.
        return Refused(f"HubSpot refuses (403): the token lacks {SCOPE}. Grant it, and try this again.")
    except CrmError as error:
        return delivery_for(error)

"""Writing a deal's properties: the later edit wins, whoever made it (FAULTS 18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.hubspot.client import HubSpotClient
from bot.hubspot.values import read_instant
from bot.services.ports import Delivery, NotNeeded, Sent


def update_deal(
    client: HubSpotClient, deal_id: str, properties: Mapping[str, str], decided_at: datetime
) -> Delivery:
    """Write what was decided at `decided_at` (business time), unless the deal was changed in HubSpot after
    that.

    HubSpot's value then stands, and comes back to us with the next sync. Raises NotFound for a dead deal.
    """
    answer = client.read("deals", deal_id, tuple(properties), history=True)
    history = answer.get("propertiesWithHistory") or {}
    wanted, newer = {}, []
    for name, value in properties.items():
        versions = history.get(name) or ()
        current = max(versions, key=_changed_at, default=None)
        if current is not None and str(current.get("value")) == value:
            continue
        if current is not None and _changed_at(current) > decided_at:
            newer.append(name)
        else:
            wanted[name] = value
    if newer and not wanted:
        return NotNeeded(f"{', '.join(newer)} was changed in HubSpot after that; HubSpot's value stands")
    if wanted:
        client.update("deals", deal_id, wanted)
    return Sent({"object_type": "deals", "object_id": deal_id})


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


def _changed_at(version: Mapping[str, Any]) -> datetime:
    return read_instant(str(version["timestamp"]))

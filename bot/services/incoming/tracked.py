"""What HubSpot says of an email that it tracks: when it went out, and how often it was opened and clicked."""

from __future__ import annotations

from typing import Any

from bot.services.crm import CrmActivity
from bot.store.tables import CrmRecord


def tracking_of(activity: CrmActivity) -> dict[str, Any]:
    """What is kept of an email beside its fact; nothing of other activities."""
    if activity.object_type != "emails":
        return {}
    return {"at": activity.at, "opens": activity.opens, "clicks": activity.clicks}


def keep_tracking(record: CrmRecord, activity: CrmActivity) -> bool:
    """Keep what it says now; whether that is something else than before."""
    said = tracking_of(activity)
    if all(getattr(record, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(record, name, value)
    return True

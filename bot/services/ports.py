"""What is remote, as Protocols: the clock, and the couriers that carry outbox rows to Slack and HubSpot."""

from __future__ import annotations

from typing import Protocol

from bot.clock import Clock
from bot.store.parcels import (
    Delivery,
    Halted,
    NotNeeded,
    Parcel,
    Refused,
    Sent,
    TryAgain,
    Unknown,
    too_late,
)

__all__ = [
    "Clock",
    "Courier",
    "Delivery",
    "Halted",
    "NotNeeded",
    "Parcel",
    "Refused",
    "Sent",
    "TryAgain",
    "Unknown",
    "too_late",
]


class Courier(Protocol):
    """Carries the outbox rows of one service. Never raises for what the remote does; has its own
    time-outs.
    """

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send it. When `parcel.unknown`, look for it at the remote first and answer Sent if it is there."""
        ...

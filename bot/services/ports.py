"""What is remote, as Protocols: the clock, and the couriers that carry outbox rows to Slack and HubSpot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from bot.clock import Clock
from bot.store.parcels import (
    Contested,
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
    "BatchCourier",
    "Clock",
    "Contested",
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


@runtime_checkable
class BatchCourier(Courier, Protocol):
    """One that carries several rows, each of another target, in few calls."""

    @property
    def at_once(self) -> int:
        """How many rows it takes in one go, by now."""
        ...

    def deliver_all(self, parcels: Sequence[Parcel]) -> Mapping[int, Delivery]:
        """Send them; {row id: what became of it}, for every one. As for `deliver`."""
        ...

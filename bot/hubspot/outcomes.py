"""What becomes of an outbox row after HubSpot's answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeGuard

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
from bot.services.ports import Delivery, Halted, NotNeeded, Parcel, Refused, TryAgain, Unknown

Deliveries = dict[int, Delivery]  # {row id: what became of it}
# What was just written may be missing from reads for some moments: only then it is held to be gone.
LOOKS = 3
MOMENTS = timedelta(seconds=10)


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


def not_seen(parcel: Parcel, then: Delivery) -> Delivery:
    """A record of ours is not there: looked for again after some moments, and only then `then`."""
    if parcel.attempts >= LOOKS:
        return then
    return TryAgain("not to be seen in HubSpot yet", after=MOMENTS, scope="target")


def is_service_trouble(delivery: Delivery) -> TypeGuard[TryAgain | Halted | Unknown]:
    """Whether HubSpot as a whole takes nothing for now."""
    return isinstance(delivery, Halted | Unknown) or (
        isinstance(delivery, TryAgain) and delivery.scope == "service"
    )

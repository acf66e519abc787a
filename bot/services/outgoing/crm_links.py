"""Which HubSpot record carries which fact, learned when the outbox row arrives and in the same
transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services.ports import Delivery, NotNeeded, Parcel, Sent
from bot.store.inserts import insert_new
from bot.store.tables import CrmRecord, NewDeal


def link_arrived(session: Session, parcel: Parcel, delivery: Delivery, now: datetime) -> None:
    """Keep the record that an `activity` row made, or an `activity_update` in its place; and the deal of a
    `deal_create`.

    `now` is business time. Other rows and deliveries: nothing.

    Should this be lost, the sync finds the record by the key it carries.
    """
    if parcel.kind == "deal_create":
        made = session.get(NewDeal, parcel.payload["new_deal"])
        if made is not None and isinstance(delivery, Sent):
            made.deal_id = delivery.result["object_id"]
        elif made is not None and isinstance(delivery, NotNeeded):
            made.taken_back_at = made.taken_back_at or now  # it was never made
        return
    if (
        parcel.kind not in ("activity", "activity_update")
        or parcel.fact_id is None
        or not isinstance(delivery, Sent)
    ):
        return
    object_type, object_id = delivery.result.get("object_type"), delivery.result.get("object_id")
    if not object_type or not object_id:
        return
    session.execute(
        insert_new(session, CrmRecord).values(
            fact_id=parcel.fact_id,
            object_type=object_type,
            object_id=object_id,
            linked_at=now,
            ours=True,
        )
    )

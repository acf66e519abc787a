"""Interactions and events that were handled: the same one delivered again has no second effect (FAULTS 1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store.inserts import insert_row
from bot.store.tables import Received


def first_time(session: Session, key: str, elapsed: datetime) -> bool:
    """Note `key` as handled; False when it was before. Two processes racing: one of them hears True.

    In the caller's transaction: rolled back with it, and then the key is new again. `elapsed` is elapsed
    time.
    """
    return insert_row(session, Received, {"key": key, "at": elapsed}) is not None


def forget(session: Session, before: datetime) -> int:
    """Drop the keys noted before that instant (elapsed time); how many they were."""
    return len(session.scalars(delete(Received).where(Received.at < before).returning(Received.key)).all())

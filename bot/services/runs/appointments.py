"""Which appointment a touch speaks of."""

from __future__ import annotations

from datetime import datetime

from bot.store.book import FactRow


def appointment_asked_for(facts: tuple[FactRow, ...], now: datetime) -> FactRow | None:
    """The appointment a touch speaks of: the earliest one without a result, started ones first."""
    scheduled = [
        fact
        for fact in facts
        if fact.kind == "appointment" and fact.outcome == "scheduled" and fact.starts_at is not None
    ]
    return min(scheduled, key=lambda fact: (fact.starts_at or now, fact.id), default=None)

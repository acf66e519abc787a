"""What the sync remembers between two passes, in the settings table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.services.sync_cursor import Cursor, cursors_from
from bot.store.inserts import put_row
from bot.store.tables import Setting

NAME = "hubspot_sync"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of the whole book stands: in which part, from which mark on, and how far in records.

    `listed`: by the list of all records, else by way of ours. `began`: where the cursors will start from.
    """

    part: str
    listed: bool
    after: str | None
    done: int
    total: int
    began: Cursor


@dataclass(frozen=True, slots=True)
class SyncState:
    """`cursors` by object type; `swept_at` in business time; `last_began` and `paused_until` in elapsed
    time. `refused`: why the CRM took nothing from us at all the last time (token, scope). `place`: where the
    reading of the whole book was left, None when it is not on; `sweep`: the same of the daily re-reading.
    `archived`: from which mark on each type's recycling bin is leafed through; `bin_turn`: which type of activity
    comes next."""

    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    swept_at: datetime | None = None
    last_began: datetime | None = None
    paused_until: datetime | None = None
    refused: str | None = None
    retry_deals: tuple[str, ...] = ()
    retry_activities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmatched_owners: tuple[str, ...] = ()
    problems: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    sweep: Place | None = None
    archived: Mapping[str, str] = field(default_factory=dict)
    bin_turn: int = 0


def load_state(session: Session) -> SyncState:
    """As the last pass left it; empty before the first import."""
    row = session.get(Setting, NAME)
    if row is None:
        return SyncState()
    value = row.value
    return SyncState(
        cursors=cursors_from(value.get("cursors", {})),
        swept_at=_instant(value.get("swept_at")),
        last_began=_instant(value.get("last_began")),
        paused_until=_instant(value.get("paused_until")),
        refused=value.get("refused"),
        retry_deals=tuple(value.get("retry_deals", ())),
        retry_activities={name: tuple(ids) for name, ids in value.get("retry_activities", {}).items()},
        unmatched_owners=tuple(value.get("unmatched_owners", ())),
        problems=value.get("problems", {}),
        place=_place(value.get("place")),
        sweep=_place(value.get("sweep")),
        archived=dict(value.get("archived", {})),
        bin_turn=int(value.get("bin_turn", 0)),
    )


def save_state(session: Session, state: SyncState) -> None:
    """Keep it."""
    value: dict[str, Any] = {
        "cursors": {name: cursor.to_json() for name, cursor in state.cursors.items()},
        "swept_at": _text(state.swept_at),
        "last_began": _text(state.last_began),
        "paused_until": _text(state.paused_until),
        "refused": state.refused,
        "retry_deals": list(state.retry_deals),
        "retry_activities": {name: list(ids) for name, ids in state.retry_activities.items()},
        "unmatched_owners": list(state.unmatched_owners),
        "place": _written(state.place),
        "sweep": _written(state.sweep),
        "archived": dict(state.archived),
        "bin_turn": state.bin_turn,
        "problems": {
            name: list(said) if isinstance(said, tuple) else said for name, said in state.problems.items()
        },
    }
    put_row(session, Setting, {"name": NAME, "value": value})


def _place(value: Mapping[str, Any] | None) -> Place | None:
    return None if value is None else Place(**{**value, "began": Cursor.from_json(value["began"])})


def _written(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {**asdict(place), "began": place.began.to_json()}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None

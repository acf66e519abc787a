"""Which opened Homes show a book, and how soon they are drawn for what happens in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.services.work import Work
from bot.store.tables import Message

HOME = "home"
# A Home that nobody has opened for so long is not drawn again for what happens; opening it draws it anew.
LOOKED_AT = timedelta(minutes=15)
# Slack takes some hundred Homes a minute from an app: for what happens, each is drawn at most this often,
# a person's own book sooner than a board on which a whole team is at work.
OWN_PAUSE, OTHERS_PAUSE = timedelta(seconds=1), timedelta(seconds=3)


def is_looked_at(work: Work, home: Message) -> bool:
    """Whether somebody opened it, or pressed in it, a short while ago."""
    opened = _instant(home.data.get("opened_at"))
    return opened is not None and work.elapsed() - opened <= LOOKED_AT


def drawn_with(work: Work, home: Message, owner_ids: Iterable[int], run_ids: Iterable[int]) -> dict[str, Any]:
    """A Home's data once it is drawn: whose books it counts, which accounts it lists, and when that was."""
    shown = {"owners": sorted(owner_ids), "runs": sorted(run_ids), "drawn_at": work.elapsed().isoformat()}
    return home.data | shown


def concerns(home: Message, owner_ids: Collection[int], run_ids: Collection[int]) -> bool:
    """Whether it counts one of these owners' books, or lists one of these runs: that may have left the book."""
    owners, runs = home.data.get("owners", ()), home.data.get("runs", ())
    return not set(owner_ids).isdisjoint(owners) or not set(run_ids).isdisjoint(runs)


def pause_before(work: Work, home: Message) -> timedelta:
    """How long it waits for what else happens: not at all when it was not drawn just now."""
    drawn = _instant(home.data.get("drawn_at"))
    if drawn is None:
        return timedelta()
    own = home.person_id in home.data.get("owners", ()) and len(home.data["owners"]) == 1
    return max(timedelta(), drawn + (OWN_PAUSE if own else OTHERS_PAUSE) - work.elapsed())


def _instant(kept: Any) -> datetime | None:
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None

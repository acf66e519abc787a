"""How many accounts of a book were worked today: what was closed today is in no open book any more, yet was worked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.services.runs.lines import Reader, Seen, today_facts
from bot.store.book import load_runs
from bot.store.tables import Fact, RunRow

CLOSED_STAGES = ("won", "lost")
LONGEST_DAY = timedelta(
    hours=25
)  # that of the autumn's clock change; a run's own calendar says which day it is


def worked_today(seen: Iterable[Seen]) -> int:
    """How many of the runs have anything logged on their local today."""
    return sum(bool(today_facts(one)) for one in seen)


def closed_today(reader: Reader, owner_ids: Collection[int]) -> list[Seen]:
    """These owners' runs that were won or lost on their local today."""
    since = reader.now - LONGEST_DAY
    closing = aliased(Fact)
    lately = (
        select(closing.id)
        .where(
            closing.run_id == RunRow.id,
            closing.kind == "stage",
            closing.at > since,
            closing.at <= reader.now,
        )
        .exists()
    )
    found = load_runs(
        reader.session,
        RunRow.owner_id.in_(tuple(owner_ids)),
        RunRow.stage.in_(CLOSED_STAGES),
        RunRow.gone_at.is_(None),
        lately,
    )
    return [one for one in map(reader.see, found) if any(fact.kind == "stage" for fact in today_facts(one))]

"""The quiet start: nothing is sent to anybody until an admin has approved a preview of the first morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.services.book_of import due_runs, reps_of
from bot.services.lines import Reader, Seen, is_late, reading_order
from bot.services.sync_state import load_state
from bot.services.work import Work
from bot.store.tables import Person, RunRow, Setting

GO_LIVE = "go_live"


@dataclass(frozen=True, slots=True)
class RepPreview:
    """What a rep's first morning would be: accounts due and late, and the first few by name."""

    rep: str
    reachable: bool
    due: int
    late: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstMorning:
    """The preview that an admin approves."""

    on: date
    reps: tuple[RepPreview, ...]
    past_day_30: int
    without_owner: int


def live_from(work: Work, session: Session) -> date | None:
    """The first local date on which the assistant speaks.

    None before an admin approved, and until HubSpot was read once: half a book would be told as if it were all.
    """
    if work.book == "hubspot" and not load_state(session).cursors:
        return None
    return approved_from(session)


def approved_from(session: Session) -> date | None:
    """The first morning that an admin approved."""
    row = session.get(Setting, GO_LIVE)
    return date.fromisoformat(row.value["from"]) if row is not None else None


def is_legacy(run: RunRow | object, start: date | None) -> bool:
    """A run that was past day 30 before the assistant went live: reviewed once, never an alarm."""
    put_out_on: date = run.put_out_on  # type: ignore[union-attr]
    return start is not None and put_out_on + timedelta(days=29) < start


def undocumented(seen: Seen, start: date | None) -> bool:
    """Whether the put-out day is undocumented; days before going live never are."""
    return seen.assessment.undocumented_put_out and (start is None or seen.loaded.row.put_out_on >= start)


def preview(work: Work, on: date) -> FirstMorning:
    """What would be sent on the first morning, as the facts stand now."""
    with work.store.read() as session:
        reader = Reader(work, session)
        reps = reps_of(session, work.config)
        seen = [reader.see(loaded) for loaded in due_runs(session, [rep.id for rep in reps], on)]
        with_touches = [one for one in seen if one.assessment.touches]
        groups = [_rep(rep, [one for one in with_touches if _owned(one, rep)]) for rep in reps]
        return FirstMorning(
            on=on,
            reps=tuple(groups),
            past_day_30=sum(
                is_legacy(one.loaded.row, on) and one.assessment.move_out is not None for one in seen
            ),
            without_owner=len(unowned(session)),
        )


def approve(work: Work, on: date, by: str, at: datetime) -> None:
    """Go live from a local date; a later call moves the date."""
    with work.store.write() as session:
        session.merge(Setting(name=GO_LIVE, value={"from": on.isoformat(), "by": by, "at": at.isoformat()}))


def unowned(session: Session) -> list[str]:
    """Accounts of open runs that belong to nobody the assistant can reach."""
    from sqlalchemy import select

    rows = session.execute(
        select(RunRow.account)
        .where(RunRow.owner_id.is_(None), RunRow.gone_at.is_(None), RunRow.stage.in_(("open", "negotiation")))
        .order_by(RunRow.account)
    )
    return [row.account for row in rows]


def _owned(one: Seen, rep: Person) -> bool:
    return one.loaded.row.owner_id == rep.id


def _rep(rep: Person, seen: list[Seen]) -> RepPreview:
    ordered = sorted(seen, key=reading_order)
    return RepPreview(
        rep=rep.name,
        reachable=rep.active and rep.slack_user_id is not None,
        due=len(ordered),
        late=sum(is_late(one.assessment) for one in ordered),
        first=tuple(one.loaded.row.account for one in ordered[:3]),
    )

"""The quiet start: nothing is sent to anybody until an admin has approved a preview of the first morning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.services.people.book_of import due_runs, reps_of
from bot.services.runs.kept import was_kept
from bot.services.runs.lines import Reader, Seen, is_late, reading_order
from bot.services.sync_state import load_state
from bot.services.work import Work
from bot.store.book import LoadedRun
from bot.store.inserts import put_row
from bot.store.tables import Person, RunRow, Setting

GO_LIVE = "go_live"


@dataclass(frozen=True, slots=True)
class RepPreview:
    """What a rep's first morning would be: accounts due and late, and the first few by name.

    `on`: the rep's first working day from the chosen date on.
    """

    rep: str
    on: date
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


def to_review(loaded: LoadedRun, start: date | None) -> bool:
    """A run that was past day 30 before the assistant went live: reviewed once, never an alarm.

    What the manager has kept once is a run like any other.
    """
    day_30 = loaded.row.put_out_on + timedelta(days=29)
    return start is not None and day_30 < start and not was_kept(loaded)


def undocumented(seen: Seen, start: date | None) -> bool:
    """Whether the put-out day is undocumented; days before going live never are."""
    return seen.assessment.undocumented_put_out and (start is None or seen.loaded.row.put_out_on >= start)


def preview(work: Work, on: date) -> FirstMorning:
    """What would be sent on each rep's first morning from `on`, if nothing happened until then."""
    with work.store.read() as session:
        calendars = Reader(work, session).calendars
        groups, past_day_30 = [], 0
        for rep in reps_of(session, work.config):
            first = calendars.own(rep).roll(on)
            morning = datetime.combine(first, work.policy.digest_at, ZoneInfo(rep.tz))
            reader = Reader(_at(work, morning), session)
            seen = [reader.see(loaded) for loaded in due_runs(session, [rep.id], first)]
            groups.append(_rep(rep, first, [one for one in seen if one.assessment.touches]))
            past_day_30 += sum(
                to_review(one.loaded, on) and one.assessment.move_out is not None for one in seen
            )
        return FirstMorning(on, tuple(groups), past_day_30, without_owner=len(unowned(session)))


def _at(work: Work, instant: datetime) -> Work:
    """The same book looked at from another instant."""
    return replace(work, clock=SystemClock(now=lambda: instant))


def approve(work: Work, on: date, by: str, at: datetime) -> None:
    """Go live from a local date; a later call moves the date."""
    with work.store.write() as session:
        value = {"from": on.isoformat(), "by": by, "at": at.isoformat()}
        put_row(session, Setting, {"name": GO_LIVE, "value": value})


def unowned(session: Session) -> list[str]:
    """Accounts of open runs that belong to nobody the assistant can reach."""
    from sqlalchemy import select

    rows = session.execute(
        select(RunRow.account)
        .where(RunRow.owner_id.is_(None), RunRow.gone_at.is_(None), RunRow.stage.in_(("open", "negotiation")))
        .order_by(RunRow.account)
    )
    return [row.account for row in rows]


def _rep(rep: Person, on: date, seen: list[Seen]) -> RepPreview:
    ordered = sorted(seen, key=reading_order)
    return RepPreview(
        rep=rep.name,
        on=on,
        reachable=rep.active and rep.slack_user_id is not None,
        due=len(ordered),
        late=sum(is_late(one.assessment) for one in ordered),
        first=tuple(one.loaded.row.account for one in ordered[:3]),
    )

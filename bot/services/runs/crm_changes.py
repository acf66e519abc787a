"""Dates, stage, price and owner that were changed in HubSpot: read from what the sync has audited.

Neither a first import nor an echo of our own is a change: of those nothing is audited as HubSpot's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.playbook.calendar import WorkCalendar
from bot.services.crm_changes import CrmChange
from bot.services.runs.kept import TAKEN_FROM
from bot.store.tables import Message, MessageRun, Person, RunChange, RunRow

TOLD = {
    "put_out_on": "put_out_on",
    "expires_on": "expires_on",
    "stage": "stage",
    "price_cents": "price",
    "crm_owner_id": "owner",
}
DECIDED = "hubspot_entry"  # the audited field of what was decided about an entry that was not in HubSpot
NOBODY_CHOSE = "HubSpot's stays: nobody chose within a day"
LONGEST = timedelta(days=14)  # what is older is no news, whoever slept


def read_changes(
    session: Session, since: Mapping[int, datetime], people: Mapping[str, Person], zone: ZoneInfo
) -> dict[int, tuple[CrmChange, ...]]:
    """{run id: what changed in HubSpot after its instant of `since`}, one for each value; prices in cents.

    `people` by owner id.
    """
    if not since:
        return {}
    rows = session.scalars(
        select(RunChange)
        .where(
            RunChange.run_id.in_(since),
            RunChange.at > min(since.values()),
            or_(
                RunChange.field.in_((*TOLD, TAKEN_FROM)),
                (RunChange.field == DECIDED) & (RunChange.new == NOBODY_CHOSE),
            ),
        )
        .order_by(RunChange.run_id, RunChange.id)
    )
    found: dict[int, dict[str, CrmChange]] = {run_id: {} for run_id in since}
    ours = set()
    for row in rows:
        if row.field == TAKEN_FROM:
            ours.add(row.run_id)  # the owner that follows is the one that a move-out has written
        elif row.field in TOLD and row.source != "hubspot":
            # Said anew here since: what stood in HubSpot does not stand there any more.
            found[row.run_id].pop(TOLD[row.field], None)
        elif row.at > since[row.run_id] and not (row.field == "crm_owner_id" and row.run_id in ours):
            _add(session, found[row.run_id], row, people, zone)
    return {
        run_id: tuple(change for change in of_run.values() if change.old != change.new)
        for run_id, of_run in found.items()
        if of_run
    }


def told_until(
    session: Session,
    message: Message,
    run_ids: list[int],
    calendar: WorkCalendar,
    owned: Mapping[int, datetime],
) -> dict[int, datetime]:
    """{run id: until when the reader's messages before this one have told of it}: the end of that working day.

    `owned`: since when a run is its owner's; of what was before nothing is told.
    """
    before = session.execute(
        select(MessageRun.run_id, func.max(Message.on))
        .join(Message, Message.id == MessageRun.message_id)
        .where(
            MessageRun.run_id.in_(run_ids),
            Message.person_id == message.person_id,
            Message.kind == "digest",
            Message.on < message.on,
            Message.on >= message.on - LONGEST,
        )
        .group_by(MessageRun.run_id)
    )
    last = {run_id: calendar.end_of_day(on) for run_id, on in before}
    first = calendar.end_of_day(message.on - LONGEST)
    return {run_id: max(last.get(run_id, first), owned[run_id]) for run_id in run_ids}


def new_owners(
    session: Session, since: datetime, at: datetime, people: Mapping[str, Person]
) -> list[tuple[RunRow, Person | None, Person | None]]:
    """The runs that somebody gave another owner in HubSpot after `since` and up to `at`: with both, oldest first.

    Neither what a move-out has written nor what was given back meanwhile is among them.
    """
    rows = session.execute(
        select(RunChange, RunRow)
        .join(RunRow, RunRow.id == RunChange.run_id)
        .where(
            RunChange.at > since,
            RunChange.at <= at,
            RunRow.gone_at.is_(None),
            or_(
                (RunChange.source == "hubspot") & (RunChange.field == "crm_owner_id"),
                RunChange.field == TAKEN_FROM,
            ),
        )
        .order_by(RunChange.id)
    )
    moved: set[int] = set()
    found: dict[int, tuple[RunRow, str | None, str | None]] = {}
    for change, run in rows:
        if change.field == TAKEN_FROM:
            moved.add(run.id)
        elif run.id not in moved:
            found[run.id] = (run, found[run.id][1] if run.id in found else change.old, change.new)
    return [
        (run, people.get(old or ""), people.get(new or "")) for run, old, new in found.values() if old != new
    ]


def _add(
    session: Session,
    found: dict[str, CrmChange],
    row: RunChange,
    people: Mapping[str, Person],
    zone: ZoneInfo,
) -> None:
    if row.field == DECIDED:
        found["kept"] = CrmChange("kept", None, row.new, row.at.astimezone(zone))
        return
    what = TOLD[row.field]
    old, new = row.old, row.new
    if what == "owner":
        old, new = (_owner(people, owner_id) for owner_id in (old, new))
    first = found.get(what)
    by = session.get(Person, row.actor_id) if row.actor_id is not None else None
    found[what] = CrmChange(
        what, first.old if first else old, new, row.at.astimezone(zone), by.name if by is not None else None
    )


def _owner(people: Mapping[str, Person], owner_id: str | None) -> str | None:
    person = people.get(owner_id or "")
    return person.name if person is not None else "somebody who is not in Slack" if owner_id else None

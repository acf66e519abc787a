"""What lay past day 30 before the assistant went live: one list for the manager to look through, no alarms.

It is posted once and kept up to date for as long as the deciding takes; nothing on it moves by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.config import Team
from bot.playbook.assessment import MoveOutStatus
from bot.services.day.manager_list import Window, move_out_line, move_out_lines, moved_lines
from bot.services.models import ReviewList
from bot.services.outgoing.messages import open_message
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.teams import manager_of
from bot.services.runs.go_live import live_from, to_review
from bot.services.runs.kept import kept_fact
from bot.services.runs.lines import Reader, Seen
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Message, MessageRun, RunRow

PAST_DAY_30 = "past_day_30"


def keep_review_list(work: Work, session: Session, team: Team, window: Window, seen: Sequence[Seen]) -> None:
    """Post the list with the team's first morning; what turns up later (an old deal, a handover) joins it."""
    waiting = [one.loaded.row.id for one in sorted(seen, key=_oldest_first) if _undecided(one)]
    if not waiting:
        return
    recipient, slot = f"channel:{team.manager_channel}", f"go_live {team.name}"[:64]
    wanted = select(Message).where(
        Message.kind == PAST_DAY_30, Message.recipient == recipient, Message.slot == slot
    )
    message = session.scalar(wanted)
    if message is None:
        manager = manager_of(session, team)
        data = {"team": team.name, "tz": manager.tz if manager else "UTC"}
        open_message(
            work,
            session,
            kind=PAST_DAY_30,
            recipient=recipient,
            slot=slot,
            on=window.on,
            run_ids=waiting,
            data=data,
        )
        return
    known = set(session.scalars(select(MessageRun.run_id).where(MessageRun.message_id == message.id)))
    place = session.scalar(select(func.max(MessageRun.place)).where(MessageRun.message_id == message.id)) or 0
    new = [run_id for run_id in waiting if run_id not in known]
    session.add_all(
        MessageRun(message_id=message.id, run_id=run_id, place=place + number)
        for number, run_id in enumerate(new, 1)
    )
    if new:
        session.flush()
        redraw_message(work, session, message)


def read_review_list(work: Work, message_id: int) -> ReviewList | None:
    """The list as it stands now; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        if message is None:
            return None
        reader = Reader(work, session)
        start, tz = live_from(work, session), ZoneInfo(message.data["tz"])
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
        seen = [reader.see(one) for one in load_runs(session, RunRow.id.in_(shown))]
        waiting = [one for one in seen if to_review(one.loaded, start) and _undecided(one)]
        of = {one.loaded.row.id: reader.line(one, tz.key, {}) for one in seen}
        lines = [
            move_out_line(reader, one, of[one.loaded.row.id]) for one in sorted(waiting, key=_oldest_first)
        ]
        there = [one for one in seen if one.loaded.row.gone_at is None]
        kept = [one for one in there if _undecided(one) and kept_fact(one.loaded, one.assessment.on)]
        return ReviewList(
            message_id=message.id,
            on=message.on,
            now=work.now().astimezone(tz),
            team=message.data["team"],
            lines=tuple(lines),
            decided=len(seen) - len(lines),
            page=message.page,
            kept=move_out_lines(reader, kept, of),
            moved=moved_lines(reader, there, of, tz),
        )


def _undecided(one: Seen) -> bool:
    """Whether the account is still past day 30 with nothing that exempts it."""
    gate = one.assessment.move_out
    return one.loaded.row.gone_at is None and gate is not None and gate.status is MoveOutStatus.DUE


def _oldest_first(one: Seen) -> tuple[object, ...]:
    return (one.loaded.row.put_out_on, one.loaded.row.account, one.loaded.row.id)

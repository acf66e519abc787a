"""The manager channel's one message of the morning: overdue renewals, undocumented put-out days, move-outs.

Which runs it shows is decided in the morning; what it says of each is read whenever it is drawn, so an entry
disappears as it is cleared.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Team
from bot.logs import log
from bot.playbook.assessment import MoveOutStatus, Touch
from bot.services.book_of import due_runs, reps_of
from bot.services.go_live import is_legacy, live_from, undocumented
from bot.services.lines import Reader, Seen
from bot.services.messages import open_message
from bot.services.models import AccountLine, ManagerMorning, MoveOutLine, OverdueLine, RepGroup
from bot.services.move_out import kept_fact
from bot.services.work import Work
from bot.store.book import FactRow, load_runs
from bot.store.tables import Message, MessageRun, OutboxRow, Person, RunRow

KIND = "manager_morning"
NOTHING_EXEMPTS = "no future appointment and not in negotiation"

_log = logging.getLogger(__name__)


def send_manager_mornings(work: Work) -> int:
    """Open this morning's message for each team whose manager's digest hour has come on a working day."""
    opened = 0
    for team in work.config.teams:
        try:
            opened += _send(work, team) if team.manager_channel else 0
        except Exception as error:  # noqa: BLE001 - one team's failure never stops the others
            log(_log, logging.ERROR, "manager_morning.failed", team=team.name, error=type(error).__name__)
    if opened:
        work.wake()
    return opened


def manager_of(session: Session, team: Team) -> Person | None:
    """The person whose zone and calendar the team's channel follows."""
    found = {p.email: p for p in session.scalars(select(Person).where(Person.email.in_(team.managers)))}
    return next((found[email] for email in team.managers if email in found), None)


def _send(work: Work, team: Team) -> int:
    with work.store.write() as session:
        manager = manager_of(session, team)
        tz = ZoneInfo(manager.tz) if manager else ZoneInfo("UTC")
        local = work.now().astimezone(tz)
        start = live_from(work, session)
        if start is None or local.date() < start or local.time() < work.policy.digest_at:
            return 0
        reader = Reader(work, session)
        if not reader.calendars.of(manager).is_working_day(local.date()):
            return 0
        recipient, slot = f"channel:{team.manager_channel}", local.date().isoformat()
        if _decided(session, recipient, slot):
            return 0
        reps = [rep for rep in reps_of(session, work.config) if work.config.team_of(rep.email) == team]
        seen = [reader.see(one) for one in due_runs(session, [rep.id for rep in reps], local.date())]
        since = _since(reader, manager, local.date())
        shown = [one for one in seen if _sections(one, start, since)]
        message = open_message(
            work,
            session,
            kind=KIND,
            recipient=recipient,
            slot=slot,
            on=local.date(),
            run_ids=[one.loaded.row.id for one in sorted(shown, key=_oldest_first)],
            useful_until=datetime.combine(local.date() + timedelta(days=1), work.policy.digest_at, tz),
            data={
                "team": team.name,
                "tz": tz.key,
                "since": since.isoformat(),
                "unreachable": [_unreachable(rep) for rep in reps if not rep.active or not rep.slack_user_id],
            },
        )
        return int(message is not None)


def read_manager_morning(work: Work, message_id: int) -> ManagerMorning | None:
    """The message as it stands now; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        if message is None:
            return None
        reader = Reader(work, session)
        start, since = live_from(work, session), date.fromisoformat(message.data["since"])
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
        seen = sorted(
            (reader.see(one) for one in load_runs(session, RunRow.id.in_(shown))), key=_oldest_first
        )
        tz = ZoneInfo(message.data["tz"])
        open_now = [one for one in seen if one.loaded.row.gone_at is None]
        sections = {one.loaded.row.id: _sections(one, start, since) for one in open_now}
        lines = {one.loaded.row.id: reader.line(one, tz.key, {}) for one in open_now}
        late = [one for one in open_now if "overdue" in sections[one.loaded.row.id]]
        return ManagerMorning(
            message_id=message.id,
            on=message.on,
            now=work.now().astimezone(tz),
            team=message.data["team"],
            overdue=_by_rep(late, lines),
            undocumented=tuple(
                lines[one.loaded.row.id] for one in open_now if "undocumented" in sections[one.loaded.row.id]
            ),
            previews=_move_outs(open_now, sections, lines, "preview"),
            move_outs=_move_outs(open_now, sections, lines, "due"),
            cleared=sum(not sections.get(one.loaded.row.id) for one in seen),
            unreachable=tuple(message.data.get("unreachable", ())),
            page=message.page,
        )


def _decided(session: Session, recipient: str, slot: str) -> bool:
    found = select(OutboxRow.id).where(
        OutboxRow.kind == KIND, OutboxRow.recipient == recipient, OutboxRow.slot == slot
    )
    return session.scalar(found) is not None


def _since(reader: Reader, manager: Person | None, on: date) -> date:
    """The manager's previous working day: put-out days from then on are news."""
    calendar = reader.calendars.of(manager)
    day = on - timedelta(days=1)
    while not calendar.is_working_day(day) and on - day < timedelta(days=31):
        day -= timedelta(days=1)
    return day


def _sections(one: Seen, start: date | None, since: date) -> frozenset[str]:
    """Under which headings a run stands now; a run of before going live only under the list to review."""
    found = set()
    said = one.assessment
    status = said.move_out.status if said.move_out else None
    if is_legacy(one.loaded.row, start):
        return frozenset({"due"}) if status is MoveOutStatus.DUE and _kept(one) is None else frozenset()
    if _oldest_late(one) is not None:
        found.add("overdue")
    if undocumented(one, start) and one.calendar.roll(one.loaded.row.put_out_on) >= since:
        found.add("undocumented")
    if status is MoveOutStatus.PREVIEW:
        found.add("preview")
    if status is MoveOutStatus.DUE and _kept(one) is None:
        found.add("due")
    return frozenset(found)


def _oldest_late(one: Seen) -> Touch | None:
    late = [touch for touch in one.assessment.touches if touch.overdue(one.assessment.on)]
    return min(late, key=lambda touch: touch.due_on, default=None)


def _oldest_first(one: Seen) -> tuple[date, int]:
    touch = _oldest_late(one)
    return (touch.due_on if touch else date.max, one.loaded.row.id)


def _by_rep(late: Sequence[Seen], lines: dict[int, AccountLine]) -> tuple[RepGroup, ...]:
    """Overdue runs by rep, the rep with the oldest one first."""
    groups: dict[str, list[OverdueLine]] = {}
    for one in late:
        touch = _oldest_late(one)
        if touch is not None:
            name = one.owner.name if one.owner else "Nobody"
            groups.setdefault(name, []).append(
                OverdueLine(
                    lines[one.loaded.row.id], touch, _working_days_late(one, touch), _why_late(one, touch)
                )
            )
    return tuple(RepGroup(rep, tuple(entries)) for rep, entries in groups.items())


def _working_days_late(one: Seen, touch: Touch) -> int:
    days = (one.assessment.on - touch.due_on).days
    return sum(one.calendar.is_working_day(touch.due_on + timedelta(days=n)) for n in range(days))


def _why_late(one: Seen, touch: Touch) -> str:
    """What the rep has done last, or that nothing was done."""
    if touch.step == "appointment_outcome":
        return "the appointment's result is not logged"
    last = _last_activity(one)
    if last is None:
        return "nothing logged yet"
    day = one.calendar.local_date(last.at)
    said = (last.outcome or last.kind).replace("_", " ")
    return f"last: {said}, {day:%a} {day.day} {day:%b}"


def _last_activity(one: Seen) -> FactRow | None:
    worked = ("call", "email", "cancellation_email", "takedown_email", "reply", "review", "note", "deferral")
    done = [
        fact
        for fact in one.loaded.facts
        if fact.kind in worked and one.calendar.local_date(fact.at) >= one.loaded.row.put_out_on
    ]
    return max(done, key=lambda fact: (fact.at, fact.id), default=None)


def _move_outs(
    seen: Sequence[Seen], sections: dict[int, frozenset[str]], lines: dict[int, AccountLine], which: str
) -> tuple[MoveOutLine, ...]:
    found = []
    for one in seen:
        if which in sections[one.loaded.row.id] and one.assessment.move_out is not None:
            kept = _kept(one)
            found.append(
                MoveOutLine(
                    line=lines[one.loaded.row.id],
                    moves_on=one.assessment.move_out.on,
                    why=NOTHING_EXEMPTS,
                    kept_until=kept.until if kept else None,
                    kept_because=kept.note if kept else None,
                )
            )
    return tuple(sorted(found, key=lambda entry: (entry.moves_on, entry.line.account)))


def _kept(one: Seen) -> FactRow | None:
    return kept_fact(one.loaded, one.assessment.on)


def _unreachable(rep: Person) -> str:
    return f"{rep.name}: {rep.inactive_reason or 'has no Slack account that matches'}"

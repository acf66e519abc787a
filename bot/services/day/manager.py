"""The manager channel's one message of the morning: which runs it speaks of (`manager_list` says what it says).

Overdue renewals, put-out days without documentation, move-outs ahead, due and done, accounts of which nobody
hears, takedowns that Customer Care has not answered. And, once, what lay past day 30 before going live.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Team
from bot.logs import log
from bot.playbook.calendar import WorkCalendar
from bot.services.acts.care import open_requests
from bot.services.acts.move_out import is_due
from bot.services.day.manager_list import Window, oldest_first, sections
from bot.services.day.review_list import keep_review_list
from bot.services.incoming.tracking import to_tell_manager
from bot.services.outgoing.messages import open_message
from bot.services.people.book_of import OPEN_STAGES, due_runs, reps_of
from bot.services.people.teams import (
    MANAGER_MORNING,
    looks_after_ownerless,
    manager_message_before,
    manager_message_of,
    manager_of,
    manager_slot,
)
from bot.services.runs.go_live import live_from, to_review
from bot.services.runs.kept import DAY_30, moved_out_fact, taken_from
from bot.services.runs.lines import Reader, Seen
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Fact, Person, RunRow

# However long the assistant slept: what is older is no news.
LONGEST_GAP = timedelta(days=31)

_log = logging.getLogger(__name__)


def send_manager_mornings(work: Work) -> int:
    """Open this morning's message for each team whose manager's digest hour has come on a working day."""
    opened = 0
    for team in work.config.teams:
        try:
            opened += _send(work, team) if team.manager_channel else 0
        except Exception as error:  # noqa: BLE001 - one team's failure never stops the others
            log(_log, logging.ERROR, "manager_morning.failed", team=team.name, error=error)
    if opened:
        work.wake()
    return opened


def _send(work: Work, team: Team) -> int:
    with work.store.read() as session:
        manager = manager_of(session, team)
        tz = ZoneInfo(manager.tz) if manager else ZoneInfo("UTC")
        local = work.now().astimezone(tz)
        start = live_from(work, session)
        if start is None or local.date() < start or local.time() < work.policy.digest_at:
            return 0
        if manager_message_of(session, team, local.date()) is not None:
            return 0
    with work.store.write() as session:
        reader = Reader(work, session)
        calendar = reader.calendars.own(manager)
        if not calendar.is_working_day(local.date()):
            return 0
        reps = [rep for rep in reps_of(session, work.config) if work.config.team_of(rep.email) == team]
        since = _since(work, session, team, calendar, local.date())
        window = Window(start, since, work.now(), local.date(), work.policy)
        asked = open_requests(session)
        untracked = to_tell_manager(work, session, team, calendar, local.date())
        named = {*asked, *untracked.values()}
        seen = _worth_a_look(work, session, reader, team, reps, window, named)
        late_care = {
            run_id: at for run_id, at in asked.items() if window.care_is_late(at, calendar, work.policy)
        }
        shown = [one for one in seen if sections(one, window, late_care, set(untracked.values()))]
        old = [one for one in seen if to_review(one.loaded, start)]
        message = open_message(
            work,
            session,
            kind=MANAGER_MORNING,
            recipient=f"channel:{team.manager_channel}",
            slot=manager_slot(team, local.date()),
            on=local.date(),
            run_ids=[one.loaded.row.id for one in sorted(shown, key=oldest_first)],
            useful_until=datetime.combine(local.date() + timedelta(days=1), work.policy.digest_at, tz),
            data={
                "team": team.name,
                "tz": tz.key,
                "since": window.since.isoformat(),
                "at": window.at.isoformat(),
                "due": [one.loaded.row.id for one in shown if is_due(one)],
                "care": [run_id for run_id in late_care if run_id in {one.loaded.row.id for one in shown}],
                "untracked": list(untracked),
                "to_review": sum(is_due(one) for one in old),
                "unreachable": [rep.id for rep in reps if not rep.active or not rep.slack_user_id],
            },
        )
        keep_review_list(work, session, team, window, old)
        return int(message is not None)


def _worth_a_look(
    work: Work,
    session: Session,
    reader: Reader,
    team: Team,
    reps: Sequence[Person],
    window: Window,
    named: Iterable[int],
) -> list[Seen]:
    """The team's runs that may have to be spoken of, each once; a constant number of statements."""
    loaded = due_runs(session, [rep.id for rep in reps], window.on)
    moved = select(Fact.run_id).where(
        Fact.kind == "stage", Fact.reason == DAY_30, Fact.recorded_at > window.since
    )
    loaded += load_runs(session, RunRow.id.in_(moved))
    loaded += load_runs(session, RunRow.id.in_(tuple(named)))
    if looks_after_ownerless(work.config, team):
        loaded += load_runs(
            session, RunRow.owner_id.is_(None), RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES)
        )
    found = {one.row.id: one for one in loaded}
    seen = [reader.see(one) for one in found.values()]
    return [one for one in seen if _is_of(work, session, team, one)]


def _is_of(work: Work, session: Session, team: Team, one: Seen) -> bool:
    owner = one.owner
    if moved_out_fact(one.loaded) is not None:  # of the team it was taken from, whoever owns it now
        owner = taken_from(session, session.get_one(RunRow, one.loaded.row.id)) or owner
    if owner is None:
        return looks_after_ownerless(work.config, team)
    return work.config.team_of(owner.email) == team


def _since(work: Work, session: Session, team: Team, calendar: WorkCalendar, on: date) -> datetime:
    """When the team was told last, else the morning of the manager's previous working day: news is later."""
    earliest = datetime.combine(on, work.policy.digest_at, calendar.tz) - LONGEST_GAP
    before = manager_message_before(session, team, on)
    if before is not None:
        return max(earliest, datetime.fromisoformat(before.data["at"]))
    day = on - timedelta(days=1)
    while not calendar.is_working_day(day) and on - day < LONGEST_GAP:
        day -= timedelta(days=1)
    return datetime.combine(day, work.policy.digest_at, calendar.tz)

"""What is said unasked during the day, and nothing else: batched, each thing once (issue "The morning").

New or reassigned accounts, second calls at their hour, accounts back from a deferral, contact after a takedown
(on any day, at any hour), and a put-out day that is still blank one hour before the rep's day ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.logs import log
from bot.playbook.assessment import TAKEDOWN_CONTACT, Step
from bot.playbook.rules import assess
from bot.services.acts.preferences import AS_THE_TEAM, Preferred, preferences_of
from bot.services.day.morning import DIGEST, local_day
from bot.services.outgoing.messages import open_message
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.book_of import due_runs, reps_of
from bot.services.people.cover import everybody
from bot.services.runs.go_live import live_from
from bot.services.runs.lines import Reader, Seen, reading_order
from bot.services.work import Work
from bot.store.book import FactRow, to_run
from bot.store.tables import Message, MessageRun, OutboxRow, Person

BEFORE_DAY_END = timedelta(hours=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Day:
    """A rep's day so far: when the morning was decided, and since when each kind of message has shown a run."""

    rep: Person
    on: date
    local: datetime
    starts: datetime
    ends: datetime
    works: bool
    live_from: date
    digest_at: datetime | None
    shown: dict[str, dict[int, datetime]]
    preferred: Preferred

    @property
    def in_hours(self) -> bool:
        return self.works and self.starts <= self.local < self.ends

    def saw(self, run_id: int, since: datetime | None = None) -> bool:
        """Whether any message of today (opened at `since` or later) shows the run."""
        opened = [runs[run_id] for runs in self.shown.values() if run_id in runs]
        return any(since is None or at >= since for at in opened)


def tell_during_day(work: Work) -> int:
    """Open what has come up since the last look; answers how many messages were opened."""
    with work.store.read() as session:
        reader = Reader(work, session)
        start = live_from(work, session)
        reps = [
            rep
            for rep in everybody(reps_of(session, work.config), reader.covers)
            if rep.active and rep.slack_user_id and start is not None and local_day(work, rep) >= start
        ]
        days = _days(work, session, reader, reps, start) if start is not None else {}
        seen: dict[int, list[Seen]] = {rep.id: [] for rep in reps}
        latest = max((day.on for day in days.values()), default=None)
        books = {owner for rep in reps for owner in reader.covers.books_of(rep)}
        for loaded in due_runs(session, books, latest) if latest else []:
            one = reader.see(loaded)
            if one.worker is not None:
                seen[one.worker.id].append(one)
    opened = 0
    for rep in reps:
        try:
            opened += _tell(work, days[rep.id], seen[rep.id])
        except Exception as error:  # noqa: BLE001 - one rep's failure never stops the others
            log(_log, logging.ERROR, "during_day.failed", person=rep.id, error=error)
    if opened:
        work.wake()
    return opened


def _tell(work: Work, day: Day, seen: Sequence[Seen]) -> int:
    """Each kind of message that has something new to show."""
    window = _window(work, day.local)
    down = [one for one in seen if _takedown(day, one) and not _told_before(work, day, one)]
    others = [one for one in seen if one not in down]
    opened = sum(_open(work, day, "takedown", _takedown_slot(one), [one]) for one in down)
    rules: tuple[tuple[str, str, Callable[[Seen], bool]], ...] = (
        ("new_runs", window, lambda one: day.in_hours and _new(day, one)),
        ("second_calls", window, lambda one: day.in_hours and _second_call(work, day, one)),
        ("returning", window, lambda one: day.in_hours and _returning(day, one)),
        ("undocumented", day.on.isoformat(), lambda one: day.in_hours and _still_blank(work, day, one)),
    )
    for kind, slot, due in rules:
        if not day.preferred.wants(kind, day.local):
            continue
        found = sorted((one for one in others if due(one)), key=reading_order)
        opened += bool(found) and _open(work, day, kind, slot, found)
    return opened


def _open(work: Work, day: Day, kind: str, slot: str, found: Sequence[Seen]) -> bool:
    """Open a message, unless this one was opened before. A second call leaves the rows that announced it."""
    run_ids = [one.loaded.row.id for one in found]
    with work.store.write() as session:
        message = open_message(
            work,
            session,
            kind=kind,
            recipient=f"person:{day.rep.id}",
            slot=slot,
            on=day.on,
            run_ids=run_ids,
            person=day.rep,
            useful_until=None if kind == "takedown" else day.ends,
        )
        if message is not None and kind == "second_calls":
            _redraw_earlier(work, session, message, run_ids)
    return message is not None


def _redraw_earlier(work: Work, session: Session, message: Message, run_ids: Sequence[int]) -> None:
    """Draw the day's earlier messages again that show these runs."""
    showing = select(MessageRun.message_id).where(MessageRun.run_id.in_(run_ids))
    earlier = select(Message).where(
        Message.person_id == message.person_id,
        Message.on == message.on,
        Message.id < message.id,
        Message.id.in_(showing),
    )
    for one in session.scalars(earlier):
        redraw_message(work, session, one)


def _takedown(day: Day, one: Seen) -> bool:
    """Contact is due, and nothing that the rep was sent since the site went down says so."""
    contact = any(touch.step in TAKEDOWN_CONTACT for touch in one.assessment.touches)
    return contact and not day.saw(one.loaded.row.id, since=_went_down(one).recorded_at)


def _told_before(work: Work, day: Day, one: Seen) -> bool:
    """Whether a message of an earlier day said it: midnight alone is no reason to say it again."""
    told = (
        select(OutboxRow.id)
        .join(Message, _row_of())
        .join(MessageRun, MessageRun.message_id == Message.id)
        .where(
            Message.person_id == day.rep.id,
            MessageRun.run_id == one.loaded.row.id,
            OutboxRow.created_at >= _went_down(one).recorded_at,
            OutboxRow.state.not_in(("dropped", "dead")),
        )
        .limit(1)
    )
    with work.store.read() as session:
        return session.scalar(told) is not None


def _row_of() -> ColumnElement[bool]:
    """A message and its outbox row carry the same key."""
    return and_(
        OutboxRow.kind == Message.kind,
        OutboxRow.recipient == Message.recipient,
        OutboxRow.slot == Message.slot,
    )


def _went_down(one: Seen) -> FactRow:
    return max((fact for fact in one.loaded.facts if fact.kind == "site_down"), key=lambda fact: fact.id)


def _takedown_slot(one: Seen) -> str:
    """One message for each time a site went down; the same as when Customer Care's click opened it."""
    return f"fact:{_went_down(one).id}"


def _new(day: Day, one: Seen) -> bool:
    """Put out, reassigned or to be covered after the digest was opened."""
    fresh = day.digest_at is not None and one.with_worker_since > day.digest_at
    return fresh and bool(one.assessment.touches) and not day.saw(one.loaded.row.id)


def _second_call(work: Work, day: Day, one: Seen) -> bool:
    """A second call whose hour has come, not announced yet."""
    come = any(
        touch.step is Step.SECOND_CALL and touch.not_before is not None and touch.not_before <= work.now()
        for touch in one.assessment.touches
    )
    return come and one.loaded.row.id not in day.shown.get("second_calls", {})


def _returning(day: Day, one: Seen) -> bool:
    back = one.assessment.returning and bool(one.assessment.touches)
    return back and day.digest_at is not None and not day.saw(one.loaded.row.id)


def _still_blank(work: Work, day: Day, one: Seen) -> bool:
    """A put-out day that would end undocumented, in the last hour of the rep's day."""
    if day.local < day.ends - BEFORE_DAY_END:
        return False
    row = one.loaded.row
    if one.calendar.roll(row.put_out_on) != day.on:
        return False
    if row.put_out_on < day.live_from:
        return False  # put-out days before going live are nobody's alarm
    at_end = assess(to_run(one.loaded), one.calendar, day.ends, work.policy)
    return at_end.undocumented_put_out


def _window(work: Work, local: datetime) -> str:
    """The batch that this minute belongs to: one message of a kind for each, so reps are told in time."""
    minutes = local.hour * 60 + local.minute
    first = minutes - minutes % work.policy.in_day_batch_minutes
    return f"{local.date().isoformat()}T{first // 60:02}:{first % 60:02}"


def _days(
    work: Work, session: Session, reader: Reader, reps: Sequence[Person], live_from: date
) -> dict[int, Day]:
    """Each rep's day so far, in three statements. What was dropped unsent has shown nothing."""
    dates = {local_day(work, rep).isoformat() for rep in reps}
    digests = {
        (row.recipient, row.slot): row.created_at
        for row in session.execute(
            select(OutboxRow.recipient, OutboxRow.slot, OutboxRow.created_at).where(
                OutboxRow.kind == DIGEST, OutboxRow.slot.in_(dates)
            )
        )
    }
    shown: dict[tuple[int, date, str], dict[int, datetime]] = {}
    rows = session.execute(
        select(Message.person_id, Message.on, Message.kind, MessageRun.run_id, OutboxRow.created_at)
        .join(MessageRun, MessageRun.message_id == Message.id)
        .join(OutboxRow, _row_of())
        .where(
            Message.on.in_([date.fromisoformat(day) for day in dates]),
            Message.person_id.is_not(None),
            OutboxRow.state.not_in(("dropped", "dead")),
        )
        .order_by(OutboxRow.created_at)
    )
    for row in rows:
        shown.setdefault((row.person_id, row.on, row.kind), {})[row.run_id] = row.created_at
    preferred = preferences_of(session)
    return {
        rep.id: _day(work, reader, rep, live_from, digests, shown, preferred.get(rep.id, AS_THE_TEAM))
        for rep in reps
    }


def _day(
    work: Work,
    reader: Reader,
    rep: Person,
    live_from: date,
    digests: dict[tuple[str, str], datetime],
    shown: dict[tuple[int, date, str], dict[int, datetime]],
    preferred: Preferred,
) -> Day:
    zone, on = ZoneInfo(rep.tz), local_day(work, rep)
    office, calendar = work.config.office_of(rep.email), reader.calendars.own(rep)
    return Day(
        rep=rep,
        on=on,
        local=work.now().astimezone(zone),
        starts=datetime.combine(on, office.day_starts, zone),
        ends=datetime.combine(on, office.day_ends, zone),
        works=calendar.is_working_day(on),
        live_from=live_from,
        digest_at=digests.get((f"person:{rep.id}", on.isoformat())),
        shown={kind: runs for (person, day, kind), runs in shown.items() if (person, day) == (rep.id, on)},
        preferred=preferred,
    )

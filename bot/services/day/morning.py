"""The morning: exactly one message per rep and local working day, or a recorded reason why not (FAULTS I1)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.logs import log
from bot.playbook.assessment import MoveOutStatus
from bot.playbook.stage_signs import lags
from bot.services.acts.preferences import digest_time, preferences_of
from bot.services.day.next_terms import offer_next_terms
from bot.services.incoming.tracking import to_tell_rep
from bot.services.outgoing.messages import open_message
from bot.services.people.book_of import due_runs, reps_of
from bot.services.people.calendars import Calendars
from bot.services.people.cover import Covers, everybody
from bot.services.runs.go_live import live_from
from bot.services.runs.lines import Reader, Seen, reading_order
from bot.services.runs.not_taken import undecided_runs
from bot.services.runs.stage_fit import fitting_of
from bot.services.work import Work
from bot.store.outbox import skip
from bot.store.tables import OutboxRow, Person

DIGEST = "digest"
LONGEST_GAP = timedelta(days=31)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """A rep's morning that has come: their local date, whether they work, and what is due, in reading order."""

    rep: Person
    on: date
    works: bool
    due: tuple[Seen, ...]


def send_mornings(work: Work) -> int:
    """Open today's digest for each rep whose morning has come; answers how many were opened.

    A rep whose cut-off passed while the assistant was down, or who does not work today, gets a recorded reason
    instead. One rep's failure stops no other.
    """
    with work.store.read() as session:
        planned = plan_mornings(work, session)
    opened = 0
    for morning in planned:
        try:
            opened += _settle_morning(work, morning)
        except Exception as error:  # noqa: BLE001 - one rep's failure never stops the others
            log(_log, logging.ERROR, "digest.failed", person=morning.rep.id, error=error)
    if opened:
        work.wake()
    return opened


def plan_mornings(work: Work, session: Session) -> list[Planned]:
    """What is due for each rep whose morning has come and is not decided yet.

    As many statements for three reps as for three hundred, and for any number of runs.
    """
    waiting = _waiting(work, session)
    if not waiting:
        return []
    reader = Reader(work, session)
    today = {rep.id: local_day(work, rep) for rep in waiting}
    due: dict[int, list[Seen]] = {rep.id: [] for rep in waiting}
    books = {owner for rep in waiting for owner in reader.covers.books_of(rep)}
    for loaded in due_runs(session, books, max(today.values())):
        one = reader.see(loaded)
        if one.worker is not None and (one.assessment.touches or _moves_soon(one) or _stage_lags(work, one)):
            due[one.worker.id].append(one)
    return [
        Planned(
            rep,
            today[rep.id],
            reader.calendars.own(rep).is_working_day(today[rep.id]),
            tuple(sorted(due[rep.id], key=reading_order)),
        )
        for rep in waiting
    ]


def _moves_soon(one: Seen) -> bool:
    """Days 28 and 29: the rep is told of the move-out, also of an account with nothing to do (PLAYBOOK 5)."""
    gate = one.assessment.move_out
    return gate is not None and gate.status is MoveOutStatus.PREVIEW


def _stage_lags(work: Work, one: Seen) -> bool:
    """The stage lags behind what happened: said where the account is looked at, also with nothing to do on it."""
    fits = fitting_of(one.loaded, one.calendar, work.now(), work.policy)
    return fits is not None and lags(fits, one.calendar, one.assessment.on, work.policy)


def local_day(work: Work, person: Person) -> date:
    """The person's local date now."""
    return work.now().astimezone(ZoneInfo(person.tz)).date()


def _waiting(work: Work, session: Session) -> list[Person]:
    """The reps whose digest hour has come today and for whom nothing is decided yet."""
    start = live_from(work, session)
    covers = Covers.read(session, Calendars(session, work.config, work.now()), work.now())
    preferred = preferences_of(session)
    come = [
        rep
        for rep in everybody(reps_of(session, work.config), covers)
        if start is not None
        and local_day(work, rep) >= start
        and work.now().astimezone(ZoneInfo(rep.tz)).time() >= digest_time(preferred, rep, work.policy)
    ]
    slots = {local_day(work, rep).isoformat() for rep in come}
    rows = session.execute(
        select(OutboxRow.recipient, OutboxRow.slot).where(OutboxRow.kind == DIGEST, OutboxRow.slot.in_(slots))
    )
    decided = {(row.recipient, row.slot) for row in rows}
    return [rep for rep in come if (f"person:{rep.id}", local_day(work, rep).isoformat()) not in decided]


def _settle_morning(work: Work, morning: Planned) -> int:
    """One transaction: the reasons for mornings that were slept through, then today's message or its reason."""
    rep, on = morning.rep, morning.on
    zone = ZoneInfo(rep.tz)
    until = datetime.combine(on, work.policy.digest_until, zone)
    with work.store.write() as session:
        _record_missed(work, session, rep, on)
        if not morning.works:
            why = "day off"
        elif not rep.active or rep.slack_user_id is None:
            why = rep.inactive_reason or "not reachable in Slack"
        elif work.now() >= until:
            why = f"the assistant was down until {work.now().astimezone(zone):%H:%M}"
        else:
            due = [one.loaded.row.id for one in morning.due]
            also = [*undecided_runs(work, session, rep), *offer_next_terms(work, session, rep)]
            message = open_message(
                work,
                session,
                kind=DIGEST,
                recipient=f"person:{rep.id}",
                slot=on.isoformat(),
                on=on,
                run_ids=list(dict.fromkeys((*due, *also))),
                person=rep,
                useful_until=until,
                data={"untracked": to_tell_rep(work, session, rep)},
            )
            return int(message is not None)
        _skip(work, session, rep, on, why)
        return 0


def _record_missed(work: Work, session: Session, rep: Person, on: date) -> None:
    """Mornings since the last decided one on which the assistant did not run; none is sent late."""
    last = session.scalar(
        select(func.max(OutboxRow.slot)).where(
            OutboxRow.kind == DIGEST,
            OutboxRow.recipient == f"person:{rep.id}",
            OutboxRow.slot < on.isoformat(),
        )
    )
    day = on if last is None else max(date.fromisoformat(last), on - LONGEST_GAP) + timedelta(days=1)
    while day < on:
        _skip(work, session, rep, day, "the assistant was not running that morning")
        day += timedelta(days=1)


def _skip(work: Work, session: Session, rep: Person, on: date, why: str) -> None:
    skip(
        session,
        service="slack",
        kind=DIGEST,
        recipient=f"person:{rep.id}",
        slot=on.isoformat(),
        now=work.now(),
        elapsed=work.elapsed(),
        reason=why,
    )

"""Emails that somebody logged as sent and that HubSpot's tracking never showed: the rep hears, then the manager.

Quietly, as a part of the morning's messages, each reader once (PLAYBOOK 6). Which emails a message has told of
is kept with the message; whether they are still missing is read whenever it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from bot.config import Team
from bot.playbook.calendar import WorkCalendar
from bot.playbook.run import EMAIL_KINDS
from bot.services.models import UntrackedEmail
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.teams import MANAGER_MORNING, looks_after_ownerless
from bot.services.sync_state import load_state
from bot.services.work import Work
from bot.store.tables import CrmRecord, Fact, Message, OutboxRow, Person, RunRow

DIGEST = "digest"
# What is older is no news, whoever slept.
LONGEST_GAP = timedelta(days=31)
# As long as HubSpot was not read, nothing can be called missing there.
FRESH = timedelta(minutes=30)


def to_tell_rep(work: Work, session: Session, rep: Person) -> list[int]:
    """The emails, by fact id, of which the rep's morning has to tell: what they logged, or on an account of
    theirs."""
    found = _missing(work, session, or_(Fact.actor_id == rep.id, RunRow.owner_id == rep.id))
    told = _told_on(session, found, Message.kind == DIGEST, Message.person_id == rep.id)
    return [fact.id for fact, _ in found if fact.id not in told]


def to_tell_manager(
    work: Work, session: Session, team: Team, calendar: WorkCalendar, on: date
) -> dict[int, int]:
    """The emails of which the team's message of `on` has to tell: fact id -> run id.

    Those of which the rep was told some working days ago, or could not be told at all.
    """
    found = [
        (fact, run) for fact, run in _missing(work, session) if _is_of(work, team, session, run.owner_id)
    ]
    reps = _told_on(session, found, Message.kind == DIGEST)
    ours = _told_on(
        session,
        found,
        Message.kind == MANAGER_MORNING,
        Message.recipient == f"channel:{team.manager_channel}",
    )
    wait, late = work.policy.untracked_manager_working_days, {}
    for fact, run in found:
        missing_on = calendar.local_date(fact.at + timedelta(hours=work.policy.email_match_hours))
        told_on = reps.get(fact.id) or missing_on + timedelta(days=1)
        if fact.id not in ours and calendar.add_working_days(told_on, wait) <= on:
            late[fact.id] = run.id
    return late


def still_missing(work: Work, session: Session, message: Message, tz: ZoneInfo) -> tuple[UntrackedEmail, ...]:
    """Those of which the message has told that have not turned up since; instants in zone `tz`."""
    told = message.data.get("untracked", ())
    if not told:
        return ()
    people = {person.id: person.name for person in session.scalars(select(Person))}
    return tuple(
        UntrackedEmail(
            run_id=run.id,
            account=run.account,
            url=work.deal_url(run.deal_id),
            kind=fact.kind,
            at=fact.at.astimezone(tz),
            by=people.get(fact.actor_id or 0, "the assistant"),
        )
        for fact, run in _untracked(session, Fact.id.in_(told))
    )


def redraw_told(work: Work, session: Session, email: Fact) -> None:
    """An email has turned up: draw the mornings of today again that called it missing."""
    since = work.now().date() - timedelta(days=1)
    wanted = select(Message).where(Message.kind == DIGEST, Message.on >= since)
    for message in session.scalars(wanted):
        if email.id in message.data.get("untracked", ()):
            redraw_message(work, session, message)


def _missing(work: Work, session: Session, *where: ColumnElement[bool]) -> list[tuple[Fact, RunRow]]:
    """The emails whose time to show up is over; none while HubSpot is not read, or nothing is tracked."""
    if work.book != "hubspot" or work.policy.email_tracking == "off" or not _was_read(work, session):
        return []
    until = work.now() - timedelta(hours=work.policy.email_match_hours)
    return _untracked(session, Fact.at <= until, Fact.at > until - LONGEST_GAP, *where)


def _untracked(session: Session, *where: ColumnElement[bool]) -> list[tuple[Fact, RunRow]]:
    """Logged emails that hold and have no record in HubSpot, oldest first."""
    later = aliased(Fact)
    superseded = select(later.id).where(later.supersedes_id == Fact.id).exists()
    has_record = select(CrmRecord.id).where(CrmRecord.fact_id == Fact.id).exists()
    rows = session.execute(
        select(Fact, RunRow)
        .join(RunRow, RunRow.id == Fact.run_id)
        .where(
            Fact.kind.in_(tuple(EMAIL_KINDS)),
            Fact.source == "slack",
            RunRow.book == "hubspot",
            RunRow.gone_at.is_(None),
            ~superseded,
            ~has_record,
            *where,
        )
        .order_by(Fact.at, Fact.id)
    )
    return [(fact, run) for fact, run in rows]


def _was_read(work: Work, session: Session) -> bool:
    state = load_state(session)
    return state.last_began is not None and work.elapsed() - state.last_began < FRESH


def _told_on(
    session: Session, found: Sequence[tuple[Fact, RunRow]], *where: ColumnElement[bool]
) -> dict[int, date]:
    """Fact id -> the first local date on which a message that was not given up told of it."""
    if not found:
        return {}
    given_up = (
        select(OutboxRow.id)
        .where(
            OutboxRow.kind == Message.kind,
            OutboxRow.recipient == Message.recipient,
            OutboxRow.slot == Message.slot,
            OutboxRow.state.in_(("dropped", "dead")),
        )
        .exists()
    )
    since = min(fact.at for fact, _ in found).date()
    rows = session.execute(
        select(Message.on, Message.data).where(Message.on >= since, ~given_up, *where).order_by(Message.on)
    )
    told: dict[int, date] = {}
    for on, data in rows:
        for fact_id in data.get("untracked", ()):
            told.setdefault(fact_id, on)
    return told


def _is_of(work: Work, team: Team, session: Session, owner_id: int | None) -> bool:
    owner = session.get(Person, owner_id) if owner_id is not None else None
    if owner is None:
        return looks_after_ownerless(work.config, team)
    return work.config.team_of(owner.email) == team

"""A rep's status in Slack that says they are off work is offered as leave, never assumed.

What the status says is kept; whether it is offered is read from it each time: not when it is over, answered, not
wanted, or when leave covers its days already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Click, audited
from bot.services.acts.preferences import AWAY_STATUS, read_preferences
from bot.services.errors import NotYours, StaleTouch
from bot.services.outgoing.homes import HOME, is_looked_at
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.away import last_day, says_off
from bot.services.people.book_of import reps_query
from bot.services.people.calendars import Calendars
from bot.services.people.people import lock_people
from bot.services.people.roles import Who, known_person
from bot.services.work import Work, local_date
from bot.store.received import first_time
from bot.store.tables import Message, Person, SlackStatus

DIGEST = "digest"
# A status without an end is not offered when leave begins within these days: Friday's is put up for Monday's.
NEAR = timedelta(days=3)
LONGEST = timedelta(days=365)
LATELY = timedelta(days=2)  # a Home that is looked at may have been opened yesterday
OVER = "This status is over, or answered already. Nothing was changed."


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """A status as Slack tells of it. `ends_at` aware, None: until it is cleared."""

    who: Who
    words: str
    emoji: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeaveOffer:
    """A status that may be put in as leave; `last_on` None: it has no end. Dates are the person's."""

    person_id: int
    number: int
    words: str
    emoji: str
    today: date
    last_on: date | None


def hear_of_status(work: Work, status: SeenStatus, event_ts: str) -> None:
    """A status has changed. Of anybody but a rep nothing is kept; an event that is older than the one before, or
    that one again, says nothing (FAULTS 1).
    """
    with work.store.read() as session:
        if _rep(work, session, status.who) is None:
            return
    with work.store.write() as session:
        rep = _rep(work, session, status.who)
        if rep is None:
            return
        kept = _kept(session, rep)
        if kept is None or _in_order(kept.event_ts) < _in_order(event_ts):
            _keep(work, session, rep, kept, status, event_ts)
    work.wake()


def note_statuses(work: Work, statuses: Iterable[SeenStatus], asked_at: datetime) -> None:
    """What the list of people says of all statuses, for what was missed while nobody listened. `asked_at` in elapsed
    time: what was heard since is newer.
    """
    with work.store.write() as session:
        reps = {
            (rep.slack_team_id, rep.slack_user_id): rep
            for rep in session.scalars(reps_query(work.config))
            if rep.active
        }
        known = set(session.scalars(select(SlackStatus.person_id)))
        told = [
            (rep, status)
            for status in statuses
            if (rep := reps.get((status.who.team_id, status.who.user_id))) is not None
            and (rep.id in known or says_off(status.words, status.emoji))
        ]
        for rep, status in sorted(told, key=lambda one: one[0].id):  # each is locked: in one order
            kept = _kept(session, rep)
            if kept is None or kept.noted_at < asked_at:
                _keep(work, session, rep, kept, status, kept.event_ts if kept is not None else "")
    work.wake()


def offered_leave(work: Work, session: Session, person: Person) -> LeaveOffer | None:
    """What is offered to the person now."""
    kept = session.get(SlackStatus, person.id)
    if kept is None or not kept.away or kept.answered:
        return None
    today = local_date(work.now(), person.tz)
    last_on = last_day(kept.ends_at, person.tz) if kept.ends_at is not None else None
    if _is_over(work, kept.ends_at) or (last_on is not None and last_on < today):
        return None
    if AWAY_STATUS in read_preferences(session, person).nudges_off:
        return None
    if not _has_days_left(Calendars(session, work.config, work.now()), person, today, last_on):
        return None
    return LeaveOffer(person.id, kept.number, kept.words, kept.emoji, today, last_on)


def offer_shown(work: Work, message_id: int) -> LeaveOffer | None:
    """What a person's list or Home offers; a list of an earlier day offers nothing any more."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        person = session.get(Person, message.person_id) if message and message.person_id else None
        if message is None or person is None or not _shows_offer(work, message, person):
            return None
        return offered_leave(work, session, person)


def read_offer(work: Work, click: Click, person_id: int, number: int) -> LeaveOffer:
    """The offer whose button was pressed, as it stands. Raises StaleTouch, NotYours (audited), UnknownPerson."""
    with audited(work, click, None, "open_status_leave"), work.store.read() as session:
        found = offered_leave(work, session, _own(session, click, person_id))
        if found is None or found.number != number:
            raise StaleTouch(OVER)
        return found


def decline_leave(work: Work, click: Click, person_id: int, number: int) -> None:
    """*No*: this status is not offered again. Raises StaleTouch, NotYours (audited), UnknownPerson."""
    with audited(work, click, None, "decline_status_leave"), work.store.write() as session:
        person = _own(session, click, person_id)
        if not first_time(session, click.key, work.elapsed()):
            return
        found = offered_leave(work, session, person)
        kept = _kept(session, person)
        if found is None or kept is None or found.number != number:
            raise StaleTouch(OVER)
        kept.answered = True
        show_offer_again(work, session, person, click)
    work.wake()


def answer_by_leave(work: Work, session: Session, person: Person, first_on: date, last_on: date) -> None:
    """Leave was entered: a status of these days is answered with it."""
    kept = _kept(session, person)
    if kept is None or not kept.away or kept.answered:
        return
    ends_on = last_day(kept.ends_at, person.tz) if kept.ends_at is not None else date.max
    if first_on <= ends_on and last_on >= local_date(work.now(), person.tz):
        kept.answered = True
        show_offer_again(work, session, person)


def show_offer_again(work: Work, session: Session, person: Person, click: Click | None = None) -> None:
    """Draw the person's list of today, and their Home, with the offer or without it."""
    session.flush()
    wanted = select(Message).where(Message.person_id == person.id, Message.kind.in_((DIGEST, HOME)))
    latest = wanted.where(Message.on >= local_date(work.now(), person.tz) - LATELY)
    for message in session.scalars(latest):
        if _shows_offer(work, message, person):
            redraw_message(work, session, message, click.pressed.address_of(message) if click else None)


def _shows_offer(work: Work, message: Message, person: Person) -> bool:
    """Today's list, or a Home that is looked at."""
    if message.kind == HOME:
        return is_looked_at(work, message)
    return message.kind == DIGEST and message.on == local_date(work.now(), person.tz)


def _rep(work: Work, session: Session, who: Who) -> Person | None:
    found = reps_query(work.config).where(
        Person.slack_user_id == who.user_id, Person.slack_team_id == who.team_id, Person.active
    )
    return session.scalars(found).one_or_none()


def _own(session: Session, click: Click, person_id: int) -> Person:
    person = known_person(session, click.who)
    if person.id != person_id:
        raise NotYours("This is somebody else's status. Nothing was changed.")
    return person


def _kept(session: Session, person: Person) -> SlackStatus | None:
    """What is kept of a person's status; the person is locked, so that two events do not race."""
    lock_people(session, Person.id == person.id)
    return session.get(SlackStatus, person.id, populate_existing=True)


def _keep(
    work: Work, session: Session, rep: Person, kept: SlackStatus | None, status: SeenStatus, event_ts: str
) -> None:
    away = says_off(status.words, status.emoji) and not _is_over(work, status.ends_at)
    if kept is None:
        if not away:
            return
        kept = SlackStatus(person_id=rep.id, number=0, words="", emoji="", away=False, answered=False)
        session.add(kept)
    before = (kept.away, kept.words, kept.emoji, kept.ends_at)
    now = (True, status.words[:200], status.emoji[:100], status.ends_at) if away else (False, "", "", None)
    kept.event_ts, kept.noted_at = event_ts, work.elapsed()
    if before == now:
        return
    kept.away, kept.words, kept.emoji, kept.ends_at = now
    if away:
        kept.number, kept.answered = kept.number + 1, False
    show_offer_again(work, session, rep)


def _is_over(work: Work, ends_at: datetime | None) -> bool:
    return ends_at is not None and ends_at <= work.now()


def _has_days_left(calendars: Calendars, person: Person, today: date, last_on: date | None) -> bool:
    """Whether the status speaks of a working day that is no leave yet. Today alone does not count when there are
    later days: tonight's status announces tomorrow's leave.
    """
    if last_on is None:
        return not any(
            one.days.first <= today + NEAR and one.days.last >= today for one in calendars.absences(person)
        )
    own = calendars.own(person)
    first = today if last_on == today else today + timedelta(days=1)
    days = (min(last_on, today + LONGEST) - first).days + 1
    return any(own.is_working_day(first + timedelta(days=number)) for number in range(days))


def _in_order(ts: str) -> tuple[int, int]:
    """An event's timestamp, "1734567890.000001", so that it can be compared; what is none comes first."""
    seconds, _, part = ts.partition(".")
    return (int(seconds), int(part or 0)) if seconds.isdigit() and (part or "0").isdigit() else (0, 0)

"""Which accounts a person may choose from, to log one outcome on several: of a list, of what is due, of a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.playbook.assessment import Touch
from bot.services.acts.acting import Click, audited
from bot.services.acts.bulk_plan import MOST_AT_ONCE
from bot.services.errors import NotYours, StaleTouch
from bot.services.home.book import seen_in_book
from bot.services.home.models import Asked
from bot.services.people.roles import known_person, manages
from bot.services.runs.call_outcomes import offered_outcomes
from bot.services.runs.lines import Reader, Seen
from bot.services.showing.shown import in_order, why_gone
from bot.services.showing.today import seen_due_now
from bot.services.work import Work, local_date
from bot.store.tables import Message, Person


@dataclass(frozen=True, slots=True)
class Source:
    """Where the accounts stand: in a message of ours, in a book as App Home shows it, or what is due now."""

    message_id: int | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account to choose, and what is due on it."""

    run_id: int
    account: str
    touches: tuple[Touch, ...]
    on: date  # the run's local date
    deferred_until: date | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """The first MOST_AT_ONCE of `total` accounts; the portal's own outcomes that are no contact, {key: name}."""

    candidates: tuple[Candidate, ...]
    total: int
    own_outcomes: Mapping[str, str]
    now: datetime  # in the reader's zone


def read_choosing(work: Work, click: Click, source: Source) -> Choosing:
    """What the person may choose from now.

    Raises UnknownPerson, NotYours (audited), StaleTouch when nothing is left.
    """
    with audited(work, click, None, "open_several"), work.store.read() as session:
        person = known_person(session, click.who)
        reader = Reader(work, session)
        message, owner = _source(work, session, person, source)
        if message is not None:
            shown = in_order(session, reader, message)
            seen = [one for one in shown if one.assessment.touches and why_gone(one, person) is None]
        elif owner is not None and source.asked is not None:
            seen = seen_in_book(work, reader, owner, source.asked)
        else:
            seen = seen_due_now(work, reader, person)
        if not seen:
            raise StaleTouch("No account is left here to log on. `/renewal today` shows what is due now.")
        own = offered_outcomes(session, work.config.hubspot, contact=False)
        candidates = tuple(map(_candidate, seen[:MOST_AT_ONCE]))
        return Choosing(candidates, len(seen), own, work.now().astimezone(ZoneInfo(person.tz)))


def require_source(work: Work, click: Click, source: Source) -> None:
    """Whether the person may choose from there now. Raises UnknownPerson, NotYours (audited), StaleTouch."""
    with audited(work, click, None, "choose_several"), work.store.read() as session:
        _source(work, session, known_person(session, click.who), source)


def _source(
    work: Work, session: Session, person: Person, source: Source
) -> tuple[Message | None, Person | None]:
    """The message, or the owner of the book, that is meant; neither is needed for what is due now."""
    if source.message_id is not None:
        message = session.get(Message, source.message_id)
        if message is None or message.person_id != person.id:
            raise NotYours("This list is somebody else's. Nothing was changed.")
        if message.on != local_date(work.now(), person.tz):
            raise StaleTouch("This list is of an earlier day. `/renewal today` shows what is due now.")
        return message, None
    if source.asked is None:
        return None, None
    owner = session.get(Person, source.asked.book_of) if source.asked.book_of is not None else person
    if owner is None or (owner.id != person.id and not manages(work.config, person, owner)):
        raise NotYours("This book is not one of your team's. Nothing was changed.")
    return None, owner


def _candidate(seen: Seen) -> Candidate:
    row, said = seen.loaded.row, seen.assessment
    return Candidate(row.id, row.account, said.touches, said.on, said.deferred_until)

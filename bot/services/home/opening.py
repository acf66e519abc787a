"""Opening App Home and choosing what it shows: it is kept like a message, and drawn again by the sender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.services.acts.acting import Click, audited
from bot.services.errors import NotYours
from bot.services.home.board import managed_reps, read_board
from bot.services.home.book import read_book
from bot.services.home.models import Asked, Board, Book, Days, Place, Show, Value
from bot.services.home.requests import read_requests
from bot.services.models import CareLine
from bot.services.outgoing.homes import HOME, drawn_with, is_looked_at
from bot.services.outgoing.messages import keep_message, locked_message
from bot.services.outgoing.queue import Queue, read_queues
from bot.services.outgoing.quiet import QuietDay, read_quiet
from bot.services.outgoing.redraws import coalesced, redraw_message
from bot.services.people.roles import known_person, manages
from bot.services.people.user_groups import is_named
from bot.services.work import Work, local_date
from bot.store.outbox import hasten
from bot.store.tables import Message, Person

BOOK_ROWS = 15
BOARD_ROWS = 20


@dataclass(frozen=True, slots=True)
class Home:
    """What to draw, and for whom."""

    shown: Book | Board
    manages: bool
    now: datetime  # in the reader's zone
    quiet: tuple[QuietDay, ...] = ()  # for an admin: what each rep was sent unasked, yesterday and today
    queues: tuple[Queue, ...] = ()  # for an admin, too: what waits for HubSpot and Slack
    place: Place | None = None  # of a reader who has no book
    requests: tuple[CareLine, ...] = ()  # for Customer Care: the sites to take down


def open_home(work: Work, click: Click, asked: Asked | None = None) -> None:
    """Draw the person's Home as they ask for it now; None: from the start.

    Raises UnknownPerson, and NotYours for a book of somebody whom they do not manage.
    """
    _draw(work, click, lambda _: asked if asked is not None else Asked())


def filter_home(work: Work, click: Click, chosen: Show | Days | Value) -> None:
    """Change one filter of what the person's Home shows; it begins at the first page again.

    Raises UnknownPerson, NotYours.
    """
    field = {Show: "show", Days: "days", Value: "value"}[type(chosen)]
    _draw(work, click, lambda before: replace(before, page=0, **{field: chosen}))  # type: ignore[arg-type]


def show_home_again(work: Work, click: Click) -> None:
    """Draw the person's Home afresh, as they asked for it before. Raises UnknownPerson."""
    _draw(work, click, lambda before: before, may_look=_as_far_as_allowed)


def _draw(work: Work, click: Click, ask: Callable[[Asked], Asked], may_look: MayLook | None = None) -> None:
    """Keep what is asked for and have it drawn. A refusal is audited."""
    may_look = may_look or _require_may_look
    with audited(work, click, None, "open_book"), work.store.write() as session:
        person = known_person(session, click.who)
        today = local_date(work.now(), person.tz)
        home, _ = keep_message(session, person, kind=HOME, slot=HOME, on=today, data={}, lock=True)
        asked = may_look(work, session, person, ask(_asked(home.data.get("asked"))))
        home.on = today
        home.data = home.data | {"asked": asdict(asked), "opened_at": work.elapsed().isoformat()}
        session.flush()
        redraw_message(work, session, home)
        hasten(session, coalesced(home), work.elapsed())  # somebody waits for it
    work.wake()


def read_home(work: Work, message_id: int) -> Home | None:
    """What a Home shows now; None when nobody has looked at it for a while."""
    with work.store.read() as session:
        home = session.get(Message, message_id)
        person = session.get(Person, home.person_id) if home and home.person_id else None
        if home is None or person is None or not person.active or not is_looked_at(work, home):
            return None
        asked = _asked(home.data.get("asked"))
        reps = managed_reps(work, session, person)
        is_admin = is_named(person, work.config.admins)
        quiet = tuple(read_quiet(work, session, 2)) if is_admin else ()
        queues = read_queues(session) if is_admin else ()
        now = work.now().astimezone(ZoneInfo(person.tz))
        owner = session.get(Person, asked.book_of) if asked.book_of is not None else None
        shown = _read(work, session, person, owner, reps, asked)
        has_book = isinstance(shown, Board) or _has_book(work, person, shown)
        place = None if has_book else _place_of(work, person)
        requests = read_requests(work, session, person) if place is Place.CUSTOMER_CARE else ()
    run_ids = [] if isinstance(shown, Board) else [entry.line.run_id for entry in shown.entries]
    run_ids += [request.line.run_id for request in requests]
    _keep_shown(work, message_id, shown.owner_ids, run_ids)
    manager = bool(reps) or manages(work.config, person, None)
    return Home(shown, manages=manager, quiet=quiet, queues=queues, now=now, place=place, requests=requests)


def _read(
    work: Work, session: Session, person: Person, owner: Person | None, reps: Sequence[Person], asked: Asked
) -> Book | Board:
    """The board for who manages and asked for nobody's book; else a book: of one whom they manage, or their own."""
    if owner is None and (reps or manages(work.config, person, None)):
        return read_board(work, session, person, reps, asked.page, BOARD_ROWS)
    if owner is None or not manages(work.config, person, owner):
        owner = person
    return read_book(work, session, person, owner, asked, BOOK_ROWS)


def _has_book(work: Work, person: Person, book: Book) -> bool:
    """Whether a book is anything to this reader: a rep's may be empty today."""
    is_rep = any(person.email in team.reps for team in work.config.teams)
    return is_rep or book.whose is not None or book.counts.of[Show.ALL] > 0 or bool(book.covers_for)


def _place_of(work: Work, person: Person) -> Place:
    if is_named(person, work.config.customer_care):
        return Place.CUSTOMER_CARE
    return Place.ADMIN if is_named(person, work.config.admins) else Place.NONE


def _keep_shown(work: Work, message_id: int, owner_ids: Iterable[int], run_ids: Iterable[int]) -> None:
    """Remember what stands there, so that what happens to it is drawn."""
    with work.store.write() as session:
        home = locked_message(session, message_id)
        if home is not None:
            home.data = drawn_with(work, home, owner_ids, run_ids)


MayLook = Callable[[Work, Session, Person, Asked], Asked]


def _require_may_look(work: Work, session: Session, person: Person, asked: Asked) -> Asked:
    if asked.book_of is None or _may_look(work, session, person, asked.book_of):
        return asked
    raise NotYours("This book is not one of your team's. Nothing was changed.")


def _as_far_as_allowed(work: Work, session: Session, person: Person, asked: Asked) -> Asked:
    """What was asked for, from the start when it may not be seen any more."""
    allowed = asked.book_of is None or _may_look(work, session, person, asked.book_of)
    return asked if allowed else Asked()


def _may_look(work: Work, session: Session, person: Person, book_of: int) -> bool:
    owner = session.get(Person, book_of)
    return owner is not None and (owner.id == person.id or manages(work.config, person, owner))


def _asked(kept: Any) -> Asked:
    """What was kept by this version or an earlier one; what cannot be read is as at the start."""
    try:
        return Asked(
            Show(kept["show"]), Days(kept["days"]), Value(kept["value"]), int(kept["page"]), kept["book_of"]
        )
    except (KeyError, TypeError, ValueError):
        return Asked()

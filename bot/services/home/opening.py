"""Opening App Home and choosing what it shows: it is kept like a message, and drawn again by the sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.services.acting import Click
from bot.services.errors import NotYours
from bot.services.home.board import managed_reps, read_board
from bot.services.home.book import read_book
from bot.services.home.models import Asked, Board, Book, Days, Show, Value
from bot.services.quiet import QuietDay, read_quiet
from bot.services.redraws import redraw_message
from bot.services.roles import known_person, manages
from bot.services.work import Work, local_date
from bot.store.tables import Message, MessageRun, Person

HOME = "home"
BOOK_ROWS = 15
BOARD_ROWS = 20
# A Home that nobody has opened for so long is not drawn again for what happens; opening it draws it anew.
LOOKED_AT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Home:
    """What to draw, and for whom."""

    shown: Book | Board
    manages: bool
    quiet: tuple[QuietDay, ...] = ()  # for an admin: what each rep was sent unasked, yesterday and today


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


def _draw(work: Work, click: Click, ask: Callable[[Asked], Asked]) -> None:
    """Keep what is asked for and have it drawn."""
    with work.store.write() as session:
        person = known_person(session, click.who)
        key = {"kind": HOME, "recipient": f"person:{person.id}", "slot": HOME}
        home = session.scalar(select(Message).filter_by(**key))
        if home is None:
            home = Message(**key, person_id=person.id, data={})
            session.add(home)
        asked = ask(_asked(home.data.get("asked")))
        if asked.book_of is not None:
            _require_may_look(work, session, person, asked.book_of)
        home.on = local_date(work.now(), person.tz)
        home.data = {"asked": asdict(asked), "opened_at": work.elapsed().isoformat()}
        session.flush()
        redraw_message(work, session, home)
    work.wake()


def read_home(work: Work, message_id: int) -> Home | None:
    """What a Home shows now; None when nobody has looked at it for a while."""
    with work.store.read() as session:
        home = session.get(Message, message_id)
        person = session.get(Person, home.person_id) if home and home.person_id else None
        if home is None or person is None or not person.active or not _is_looked_at(work, home):
            return None
        asked = _asked(home.data.get("asked"))
        reps = managed_reps(work, session, person)
        quiet = tuple(read_quiet(work, session, 2)) if person.email in work.config.admins else ()
        owner = session.get(Person, asked.book_of) if asked.book_of is not None else None
        if owner is None and reps:
            board = read_board(work, session, person, reps, asked.page, BOARD_ROWS)
            return Home(board, manages=True, quiet=quiet)
        if owner is None or not manages(work.config, person, owner):
            owner = person
        shown = read_book(work, session, person, owner, asked, BOOK_ROWS)
    _keep_shown(work, message_id, shown)
    return Home(shown, manages=bool(reps), quiet=quiet)


def _keep_shown(work: Work, message_id: int, book: Book) -> None:
    """Remember which accounts stand there, so that what happens on them is drawn."""
    run_ids = [entry.line.run_id for entry in book.entries]
    with work.store.write() as session:
        known = set(session.scalars(select(MessageRun.run_id).where(MessageRun.message_id == message_id)))
        gone = known - set(run_ids)
        if gone:
            session.execute(
                delete(MessageRun).where(MessageRun.message_id == message_id, MessageRun.run_id.in_(gone))
            )
        session.add_all(
            MessageRun(message_id=message_id, run_id=run_id, place=place)
            for place, run_id in enumerate(run_ids)
            if run_id not in known
        )


def _require_may_look(work: Work, session: Session, person: Person, book_of: int) -> None:
    owner = session.get(Person, book_of)
    if owner is None or (owner.id != person.id and not manages(work.config, person, owner)):
        raise NotYours("This book is not one of your team's. Nothing was changed.")


def _is_looked_at(work: Work, home: Message) -> bool:
    opened = home.data.get("opened_at")
    return isinstance(opened, str) and work.elapsed() - datetime.fromisoformat(opened) <= LOOKED_AT


def _asked(kept: Any) -> Asked:
    """What was kept by this version or an earlier one; what cannot be read is as at the start."""
    try:
        return Asked(
            Show(kept["show"]), Days(kept["days"]), Value(kept["value"]), int(kept["page"]), kept["book_of"]
        )
    except (KeyError, TypeError, ValueError):
        return Asked()

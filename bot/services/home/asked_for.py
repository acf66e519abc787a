"""Parts of App Home that somebody asks for in words: their week, their team."""

from __future__ import annotations

from bot.services.acts.acting import Click
from bot.services.errors import DomainError
from bot.services.home.board import managed_reps, read_board
from bot.services.home.book import read_book
from bot.services.home.models import Asked, Board, Book, Show
from bot.services.people.roles import known_person, manages
from bot.services.work import Work

WEEK_ROWS = 15
TEAM_ROWS = 20


def read_week(work: Work, click: Click) -> Book:
    """What the person's book has on the later days of this week. Raises UnknownPerson."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        return read_book(work, session, person, person, Asked(show=Show.WEEK), WEEK_ROWS)


def read_team(work: Work, click: Click) -> Board:
    """The board of those whom the person manages. Raises UnknownPerson, and DomainError for who manages nobody."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        reps = managed_reps(work, session, person)
        if not reps and not manages(work.config, person, None):
            raise DomainError("The team board is for managers. `/renewal week` shows your own week.")
        return read_board(work, session, person, reps, 0, TEAM_ROWS)

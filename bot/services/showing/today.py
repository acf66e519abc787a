"""`today`, asked for: the same list as in the morning, as it stands now, only visible to the person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.services.acts.acting import Click
from bot.services.outgoing.messages import open_message
from bot.services.people.book_of import due_runs, reps_of
from bot.services.people.roles import known_person
from bot.services.people.user_groups import is_named
from bot.services.runs.lines import Reader, Seen, reading_order
from bot.services.work import Work, local_date
from bot.store.received import first_time
from bot.store.tables import Person


def today_of(work: Work, click: Click) -> int:
    """How many accounts of the person's book have something due now. Raises UnknownPerson."""
    with work.store.read() as session:
        return len(_due_now(work, session, known_person(session, click.who)))


def nothing_due(work: Work, click: Click) -> str:
    """Why the list is empty, as a sentence for the person. Raises UnknownPerson."""
    with work.store.read() as session:
        person = known_person(session, click.who)
        if any(rep.id == person.id for rep in reps_of(session, work.config)):
            return "Nothing is due now. The next list comes on your next working morning."
    if any(is_named(person, team.managers) for team in work.config.teams):
        return "You have no renewals of your own. Your team's list comes to its channel each working morning."
    return "You have no renewals of your own, so nothing is due for you."


def open_today(work: Work, click: Click, channel: str, *, in_dm: bool) -> None:
    """Send the list to where it was asked for; `in_dm` says that this is the person's own channel with us."""
    with work.store.write() as session:
        person = known_person(session, click.who)
        if not first_time(session, click.key, work.elapsed()):
            return
        open_message(
            work,
            session,
            kind="today",
            recipient=f"person:{person.id}",
            slot=click.key[-64:],
            on=local_date(work.now(), person.tz),
            run_ids=_due_now(work, session, person),
            person=person,
            data={"channel": channel, "private": not in_dm},
        )
    work.wake()


def _due_now(work: Work, session: Session, person: Person) -> list[int]:
    return [one.loaded.row.id for one in seen_due_now(work, Reader(work, session), person)]


def seen_due_now(work: Work, reader: Reader, person: Person) -> list[Seen]:
    """What is due now in the books that the person works, in reading order."""
    on = local_date(work.now(), person.tz)
    books = reader.covers.books_of(person) | {person.id}
    seen = [reader.see(loaded) for loaded in due_runs(reader.session, books, on)]
    return [one for one in sorted(seen, key=reading_order) if one.assessment.touches]

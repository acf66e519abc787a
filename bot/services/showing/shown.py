"""What a rep's message shows now: read when it is sent and each time it is drawn again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.assessment import Step
from bot.services.acts.acting import Click, audited
from bot.services.errors import NotYours
from bot.services.incoming.tracking import still_missing
from bot.services.models import AccountLine, Digest
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.roles import known_person, manages
from bot.services.runs.crm_changes import told_until
from bot.services.runs.lines import Reader, Seen, is_late, today_facts
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Message, MessageRun, Person, RunRow

# A manager may ask to be reminded of a rep's account.
ASKED_FOR = "reminder"


def read_digest(work: Work, message_id: int, rows_per_page: int) -> Digest | None:
    """A rep's message as it stands now; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        person = session.get(Person, message.person_id) if message and message.person_id else None
        if message is None or person is None:
            return None
        reader = Reader(work, session)
        seen = in_order(session, reader, message)
        now = work.now().astimezone(reader.calendars.of(person).tz)
        past = now.date() != message.on
        pages = max(1, -(-len(seen) // rows_per_page))
        page = min(message.page, pages - 1)
        of_page = seen[page * rows_per_page : (page + 1) * rows_per_page]
        crm = reader.crm_states(of_page)
        if message.kind != ASKED_FOR and not past:
            owned = {one.loaded.row.id: one.with_worker_since for one in of_page}
            calendar = reader.calendars.own(person)
            until = told_until(session, message, list(owned), calendar, owned)
            reader.tell_changes(until, reader.calendars.of(person).tz)
        newer = _shown_later(session, message)
        mine = [one for one in seen if why_gone(one, person) is None]
        return Digest(
            message_id=message.id,
            kind=message.kind,
            reader=person.name,
            on=message.on,
            now=now,
            lines=tuple(
                _line(reader, one, person, crm, kind=message.kind, past=past, newer=newer) for one in of_page
            ),
            page=page,
            pages=pages,
            total=len(seen),
            late=sum(is_late(one.assessment) for one in mine),
            done=sum(not one.assessment.touches and bool(today_facts(one)) for one in mine),
            next_working_day=reader.calendars.own(person).next_working_day(message.on),
            untracked=still_missing(work, session, message, reader.calendars.of(person).tz),
            several=0 if past else sum(bool(one.assessment.touches) for one in mine),
        )


def turn_page(work: Work, click: Click, message_id: int, page: int) -> None:
    """Show another page of a message, to its own reader or in its channel. Raises NotYours (audited), UnknownPerson."""
    with audited(work, click, None, "turn_page"), work.store.write() as session:
        person = known_person(session, click.who)
        message = session.get(Message, message_id)
        if message is None or message.person_id not in (None, person.id):
            raise NotYours("This list is somebody else's. Nothing was changed.")
        message.page = max(0, page)
        redraw_message(work, session, message, click.pressed.address_of(message))
    work.wake()


def in_order(session: Session, reader: Reader, message: Message) -> list[Seen]:
    """The message's runs in the order in which it shows them."""
    places = {
        row.run_id: row.place
        for row in session.execute(
            select(MessageRun.run_id, MessageRun.place).where(MessageRun.message_id == message.id)
        )
    }
    shown = select(MessageRun.run_id).where(MessageRun.message_id == message.id)
    loaded = load_runs(session, RunRow.id.in_(shown))
    return [reader.see(one) for one in sorted(loaded, key=lambda one: places.get(one.row.id, 0))]


def _shown_later(session: Session, message: Message) -> frozenset[int]:
    """The runs whose second call a newer message of the same day shows: this row is stale then."""
    newer = (
        select(MessageRun.run_id)
        .join(Message, Message.id == MessageRun.message_id)
        .where(
            Message.person_id == message.person_id,
            Message.on == message.on,
            Message.kind == "second_calls",
            Message.id > message.id,
        )
    )
    return frozenset(session.scalars(newer))


def _line(
    reader: Reader,
    one: Seen,
    person: Person,
    crm: dict[int, str],
    *,
    kind: str,
    past: bool,
    newer: frozenset[int],
) -> AccountLine:
    theirs = kind == ASKED_FOR and manages(reader.work.config, person, one.owner)
    gone = why_gone(one, person, theirs=theirs)
    second_call = any(touch.step is Step.SECOND_CALL for touch in one.assessment.touches)
    if gone is None and past:
        gone = "of an earlier day"
    elif gone is None and second_call and one.loaded.row.id in newer:
        gone = "second call: in the newer message below"
    line = reader.with_offer(reader.line(one, person.tz, crm, gone), one)
    covering = one.owner is not None and one.owner.id != person.id and one.worker is person
    return replace(line, covers_for=line.owner) if covering else line


def why_gone(one: Seen, person: Person, *, theirs: bool = False) -> str | None:
    """Why the run is no longer this reader's to work, or None; `theirs`: it is, whoever owns it."""
    if one.loaded.row.gone_at is not None:
        return "not in the renewals book any more"
    covered = one.worker is not None and one.worker.id == person.id
    if one.loaded.row.owner_id != person.id and not covered and not theirs:
        return f"moved to {one.owner.name}" if one.owner else "moved to nobody yet"
    return None

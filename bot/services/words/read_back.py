"""What was understood, kept with the message that reads it back, until its person says *Log it* (or does not).

The button names only the message and the choice; what is logged stands here, and is checked again at the press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.plain_words.as_data import from_data, to_data
from bot.plain_words.reading import Defer, Doing, Log, Remind, Show
from bot.services.acts.acting import Click, TouchAt, audited
from bot.services.acts.defer import DAY_30, defer
from bot.services.acts.reminders import remind
from bot.services.acts.report_missing import report_missing
from bot.services.errors import NotYours, StaleTouch
from bot.services.outgoing.messages import keep_message, locked_message
from bot.services.outgoing.redraws import redraw_message
from bot.services.people.roles import known_person
from bot.services.showing.day_off import said_of
from bot.services.words.log_said import log_said
from bot.services.work import Work, local_date
from bot.store.tables import Message, MessageRun, Person, RunRow

READ_BACK = "read_back"


@dataclass(frozen=True, slots=True)
class SaidAccount:
    """An account that a reading speaks of."""

    name: str
    owner: str | None
    put_out_on: date

    @property
    def day_30(self) -> date:
        return self.put_out_on + DAY_30


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A message that reads back: one choice to be confirmed, several to be chosen from, or none to a question.

    `chosen`: the choice that was taken; `settled`: it was logged or opened elsewhere, the account itself is shown;
    `over`: its person went on with words - answered, edited or deleted those that it was read from.
    """

    message_id: int
    choices: tuple[Doing, ...]
    what: str | None  # what is asked, None where nothing is open
    words: str | None
    chosen: int | None
    settled: bool
    over: str | None
    accounts: dict[int, SaidAccount]
    now: datetime  # in the reader's zone
    private: bool = False  # only its person sees it
    off: str | None = None  # what to say of the day of the one reading, when nobody works on it

    @property
    def to_confirm(self) -> Doing | None:
        """The one reading that may be logged with the next press."""
        if self.chosen is not None:
            return self.choices[self.chosen]
        return self.choices[0] if self.what is None and self.choices else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody wrote: the conversation, its thread and their message; `private`: the answer is theirs alone."""

    channel: str
    thread_ts: str | None = None
    ts: str | None = None
    private: bool = False


def keep_read_back(
    work: Work,
    click: Click,
    place: Place,
    choices: Sequence[Doing],
    *,
    text: str,
    what: str | None = None,
    words: str | None = None,
    run_id: int | None = None,
) -> int:
    """Remember what a message of ours reads back or asks; its id. The caller sends it. Raises UnknownPerson.

    `run_id`: the account that a question is about, where that much is clear.
    """
    with work.store.write() as session:
        person = known_person(session, click.who)
        data = {
            "channel": place.channel,
            "thread_ts": place.thread_ts,
            "said_ts": place.ts,
            "private": place.private,
            "choices": [to_data(choice) for choice in choices],
            "what": what,
            "words": words,
            "text": text,
            "run_id": run_id,
            "asked_at": work.elapsed().isoformat(),
        }
        on = local_date(work.now(), person.tz)
        message, is_new = keep_message(
            session, person, kind=READ_BACK, slot=click.key[-64:], on=on, data=data
        )
        if is_new:
            runs = dict.fromkeys(choice.run_id for choice in choices if choice.run_id is not None)
            session.add_all(
                MessageRun(message_id=message.id, run_id=shown, place=number)
                for number, shown in enumerate(runs)
            )
        return message.id


def read_read_back(work: Work, message_id: int) -> ReadBack | None:
    """The message as it stands now, or None."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        person = session.get(Person, message.person_id) if message and message.person_id else None
        if message is None or person is None or message.kind != READ_BACK:
            return None
        return _state(work, session, message, person)


def choose_said(work: Work, click: Click, message_id: int, choice: int) -> None:
    """Take one of the choices that were asked about; it is read back next. Raises NotYours (audited), StaleTouch."""
    with audited(work, click, None, "choose_said"), work.store.write() as session:
        asked = locked_message(session, message_id)
        if asked is not None and click.key in (asked.data.get("chosen_by"), asked.data.get("settled_by")):
            return  # a copy of this very press
        message = _own_and_open(work, session, click, message_id)
        if not 0 <= choice < len(message.data["choices"]):
            raise NotYours("This choice does not exist. Nothing was changed.")
        said = from_data(message.data["choices"][choice])
        shown = {"settled_by": click.key} if isinstance(said, Show) else {}  # there is nothing to confirm
        again = {"chosen": choice, "chosen_by": click.key, "asked_at": work.elapsed().isoformat()}
        message.data = message.data | again | shown
        session.execute(
            delete(MessageRun).where(MessageRun.message_id == message_id, MessageRun.run_id != said.run_id)
        )
        redraw_message(work, session, message, click.pressed.address_of(message))
    work.wake()


def settle_said(work: Work, click: Click, message_id: int) -> Doing:
    """Close a read-back because its person does it another way; answers what it read. Raises like the others."""
    said, _ = _to_confirm(work, click, message_id)
    _settle(work, click, message_id)
    return said


def confirm_said(work: Work, click: Click, message_id: int) -> None:
    """Do what a message of the person's read back today, once however often it is pressed.

    Raises NotYours, StaleTouch when it is of another day, done or changed, and what the doing itself raises.
    """
    with work.store.read() as session:
        message = session.get(Message, message_id)
        if message is not None and message.data.get("settled_by") == click.key:
            return
    said, text = _to_confirm(work, click, message_id)
    # The message, not the press, is what may happen once: two presses carry the same key.
    once = replace(click, key=f"said:{message_id}")
    at = TouchAt(said.run_id or 0, None, work.now().date(), message_id)
    if isinstance(said, Log) and said.outcome == "report_missing":
        report_missing(work, once, at)
    elif isinstance(said, Log):
        log_said(work, once, said, text)
    elif isinstance(said, Defer):
        defer(
            work, once, at, reason=said.reason, note=said.note or text, until=said.until, warned_of=said.until
        )
    elif isinstance(said, Remind):
        remind(work, once, at, said.at)
    _settle(work, click, message_id)


def _to_confirm(work: Work, click: Click, message_id: int) -> tuple[Doing, str]:
    """What may be done with this message, and the words it was read from. Raises NotYours (audited), StaleTouch."""
    with audited(work, click, None, "confirm_said"), work.store.read() as session:
        message = _own_and_open(work, session, click, message_id)
        choices, chosen = message.data["choices"], message.data.get("chosen")
        if chosen is None and message.data.get("what") is not None:
            raise StaleTouch("Choose first what you meant. Nothing was logged.")
        return from_data(choices[chosen or 0]), str(message.data["text"])


def _own_and_open(work: Work, session: Session, click: Click, message_id: int) -> Message:
    person = known_person(session, click.who)
    message = session.get(Message, message_id)
    if message is None or message.kind != READ_BACK or message.person_id != person.id:
        raise NotYours("Only who wrote it can confirm it. Nothing was logged.")
    if message.data.get("settled_by") is not None:
        raise StaleTouch("This was logged or changed already. Nothing was logged again.")
    if message.data.get("over") is not None:
        raise StaleTouch("You went on in words from here. Nothing was logged with this button.")
    if message.on != local_date(work.now(), person.tz):
        raise StaleTouch(
            f"You wrote this on {message.on:%A} {message.on.day} {message.on:%B}, and the dates in it are of that day."
            " Nothing was logged; write it again."
        )
    return message


def _settle(work: Work, click: Click, message_id: int) -> None:
    with work.store.write() as session:
        message = locked_message(session, message_id)
        if message is None:
            return
        message.data = message.data | {"settled_by": click.key}
        redraw_message(work, session, message, click.pressed.address_of(message))
    work.wake()


def _state(work: Work, session: Session, message: Message, person: Person) -> ReadBack:
    choices = tuple(from_data(choice) for choice in message.data["choices"])
    wanted = {choice.run_id for choice in choices if choice.run_id is not None}
    rows = session.execute(
        select(RunRow.id, RunRow.account, RunRow.put_out_on, Person.name)
        .outerjoin(Person, Person.id == RunRow.owner_id)
        .where(RunRow.id.in_(wanted))
    )
    found = ReadBack(
        message_id=message.id,
        choices=choices,
        what=message.data.get("what"),
        words=message.data.get("words"),
        chosen=message.data.get("chosen"),
        settled=message.data.get("settled_by") is not None,
        over=message.data.get("over"),
        private=bool(message.data.get("private")),
        accounts={row.id: SaidAccount(row.account, row.name, row.put_out_on) for row in rows},
        now=work.now().astimezone(ZoneInfo(person.tz)),
    )
    return replace(found, off=_day_off(work, found))


def _day_off(work: Work, said: ReadBack) -> str | None:
    doing = said.to_confirm
    if said.settled or not isinstance(doing, Log | Defer) or doing.run_id is None:
        return None
    starts_at = doing.starts_at if isinstance(doing, Log) else None
    starts_on = starts_at.astimezone(said.now.tzinfo).date() if starts_at is not None else None
    return said_of(work, doing.run_id, until=doing.until, starts_on=starts_on)

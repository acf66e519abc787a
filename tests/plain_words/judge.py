"""What the assistant makes of a phrase, judged against what the phrase's writer expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.plain_words.reader import read
from bot.plain_words.reading import Account, Ask, Defer, Log, Reading, Refused, Remind, Show, Undo
from bot.playbook.calendar import WorkCalendar

PHRASES = Path(__file__).with_name("phrases.yml")
RIGHT, SAFE, WRONG = "right", "safe, not exact", "wrong silent reading"
# Our names for what the phrases name otherwise.
OUTCOMES = {"replied": "reply", "called_in": "reply", "meeting": "meeting_booked"}
QUESTIONS = {"what": "action", "words": "words"}


@dataclass(frozen=True)
class Phrase:
    number: int
    say: str
    thread: str | None
    kind: str  # log | defer | remind | show | undo | ask | refuse
    expected: Any
    or_ask: bool


@dataclass(frozen=True)
class Book:
    """The rep's situation, the same for all phrases."""

    accounts: tuple[Account, ...]
    now: datetime
    calendar: WorkCalendar

    def read(self, phrase: Phrase) -> Reading:
        thread = [one.run_id for one in self.accounts if one.name == phrase.thread]
        return read(phrase.say, self.accounts, now=self.now, calendar=self.calendar, thread=thread)

    def name(self, run_id: int | None) -> str | None:
        return next((one.name for one in self.accounts if one.run_id == run_id), None)


def load() -> tuple[Book, list[Phrase]]:
    data = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    context = data["context"]
    zone = ZoneInfo(context["zone"])
    calendar = WorkCalendar(tz=zone, workdays=frozenset(range(5)), day_ends=time(17))
    people = context["contacts"]
    accounts = tuple(
        Account(number, name, people.get(name)) for number, name in enumerate(context["accounts"], 1)
    )
    now = datetime.fromisoformat(context["now"]).replace(tzinfo=zone)
    phrases = []
    for number, one in enumerate(data["phrases"], 1):
        kind = next(key for key in ("log", "defer", "remind", "show", "undo", "ask", "refuse") if key in one)
        phrases.append(
            Phrase(number, one["say"], one.get("in_thread_of"), kind, one[kind], bool(one.get("or_ask")))
        )
    return Book(accounts, now, calendar), phrases


def judged(book: Book, phrase: Phrase, said: Reading) -> str:
    """RIGHT, SAFE or WRONG, as the head of phrases.yml defines them."""
    if _fits(book, phrase, said):
        return RIGHT
    if isinstance(said, Ask):
        return RIGHT if phrase.or_ask else SAFE
    if isinstance(said, Refused):
        return SAFE
    if isinstance(said, Show):
        return SAFE if said.run_id is None or _names(book, phrase, said.run_id) else WRONG
    return WRONG


def _names(book: Book, phrase: Phrase, run_id: int) -> bool:
    """Whether the phrase speaks of this account."""
    expected = phrase.expected
    named = {phrase.thread}
    for one in expected if isinstance(expected, list) else [expected]:
        if isinstance(one, Mapping):
            named.add(one.get("account"))
    words = (book.name(run_id) or "").casefold().split()
    return book.name(run_id) in named or any(word in phrase.say.casefold() for word in words)


def _fits(book: Book, phrase: Phrase, said: Reading) -> bool:
    expected = phrase.expected
    match phrase.kind:
        case "log":
            if isinstance(expected, list):
                return isinstance(said, Ask)
            return isinstance(said, Log) and _log_fits(book, expected, said, phrase.say)
        case "defer":
            return isinstance(said, Defer) and _defer_fits(book, expected, said, phrase.say)
        case "remind":
            return (
                isinstance(said, Remind)
                and book.name(said.run_id) == expected["account"]
                and _at(expected["at"], said.at)
            )
        case "show":
            return (
                isinstance(said, Show)
                and said.topic == expected["view"]
                and book.name(said.run_id) == expected.get("account")
            )
        case "undo":
            if not isinstance(said, Undo) or "becomes" in expected:
                return False
            return said.run_id is None or book.name(said.run_id) == expected["account"]
        case "ask":
            return isinstance(said, Ask) and QUESTIONS.get(said.what, said.what) == expected
        case _:
            return isinstance(said, Refused) or said == Show("help")


def _log_fits(book: Book, expected: Mapping[str, Any], said: Log, typed: str) -> bool:
    # YAML 1.1 reads the key `on` as true. A past day or a reason is never logged from plain words here.
    if True in expected or "reason" in expected:
        return False
    following = [value for value in (said.until, said.remind_at, said.starts_at) if value is not None]
    if "next" in expected:
        if len(following) != 1 or not _at(expected["next"], following[0]):
            return False
    elif following:
        return False
    return (
        book.name(said.run_id) == expected["account"]
        and OUTCOMES.get(said.outcome, said.outcome) == expected["outcome"]
        and str(expected.get("note", "")).casefold() in (said.note or "").casefold()
    )


def _defer_fits(book: Book, expected: Mapping[str, Any], said: Defer, typed: str) -> bool:
    return (
        book.name(said.run_id) == expected["account"]
        and said.until == date.fromisoformat(str(expected["until"]))
        and str(expected.get("reason", "")).casefold() in (said.note or typed).casefold()
    )


def _at(expected: Any, at: date | datetime) -> bool:
    """Whether an instant or a date is the expected one; a day alone means any hour of it under `remind`."""
    if isinstance(expected, Mapping):
        local = at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())
        return datetime.fromisoformat(expected["from"]) <= local <= datetime.fromisoformat(expected["to"])
    wanted = str(expected)
    if len(wanted) == 10:
        return (at.date() if isinstance(at, datetime) else at) == date.fromisoformat(wanted)
    return isinstance(at, datetime) and at.replace(tzinfo=None) == datetime.fromisoformat(wanted)

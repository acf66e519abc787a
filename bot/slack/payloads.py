"""Typed, versioned values of buttons and of a form's private metadata.

A value is compact JSON with a version and a kind. It says what was pressed, never what is allowed: who may
do it is decided from our own database. Everything that we did not write ourselves in this version
(malformed, older, foreign, forged) raises StaleButton and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from bot.services.errors import DomainError
from bot.services.home.models import Asked, Days, Show, Value

VERSION = 1
MOST_CHARACTERS = 2000  # a button's value; private metadata may have 3,000
LARGEST_ID = 2**63 - 1


class StaleButton(DomainError):
    """A press whose value this version of the assistant did not write; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__("This button is from an older message. Use `/renewal today` to see what is due now.")
        self.why = why


@dataclass(frozen=True, slots=True)
class TouchRef:
    """A run, and the touch of it that a message showed on local date `on`.

    `step` is None where no touch is meant (a move-out, a chosen account). `seen_until` is the return date
    that was already read back to the person in the form, None before.
    """

    run_id: int
    step: str | None
    on: date
    message_id: int | None
    seen_until: date | None = None

    def encode(self) -> str:
        return _encode(
            "touch", [self.run_id, self.step, _iso(self.on), self.message_id, _iso(self.seen_until)]
        )

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        run_id, step, on, message_id, seen = _decode("touch", value, 5)
        if step is not None and not _is_step(step):
            raise StaleButton("step")
        day = _date(on)
        if day is None:
            raise StaleButton("date missing")
        return cls(_id(run_id), step, day, _optional_id(message_id), _date(seen))


@dataclass(frozen=True, slots=True)
class FactRef:
    """Something logged, and the message that shows it (None: an answer that is not kept up to date)."""

    fact_id: int
    message_id: int | None

    def encode(self) -> str:
        return _encode("fact", [self.fact_id, self.message_id])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        fact_id, message_id = _decode("fact", value, 2)
        return cls(_id(fact_id), _optional_id(message_id))


@dataclass(frozen=True, slots=True)
class ChangeRef:
    """Something logged that a form changes, its run, and the message that shows it."""

    run_id: int
    fact_id: int
    message_id: int | None

    def encode(self) -> str:
        return _encode("change", [self.run_id, self.fact_id, self.message_id])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        run_id, fact_id, message_id = _decode("change", value, 3)
        return cls(_id(run_id), _id(fact_id), _optional_id(message_id))


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page of a message, counted from 0: the one to turn to."""

    message_id: int
    page: int

    def encode(self) -> str:
        return _encode("page", [self.message_id, self.page])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        message_id, page = _decode("page", value, 2)
        return cls(_id(message_id), _number(page, least=0))


@dataclass(frozen=True, slots=True)
class SaidRef:
    """A message that reads back what was typed, and one of its choices, counted from 0."""

    message_id: int
    choice: int

    def encode(self) -> str:
        return _encode("said", [self.message_id, self.choice])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        message_id, choice = _decode("said", value, 2)
        return cls(_id(message_id), _number(choice, least=0))


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message of ours."""

    message_id: int

    def encode(self) -> str:
        return _encode("message", [self.message_id])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        (message_id,) = _decode("message", value, 1)
        return cls(_id(message_id))


@dataclass(frozen=True, slots=True)
class HomeRef:
    """What App Home is to show next."""

    asked: Asked

    def encode(self) -> str:
        return _encode("home", _asked_fields(self.asked))

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        return cls(_asked(_decode("home", value, 5)))


@dataclass(frozen=True, slots=True)
class SeveralRef:
    """Where several accounts are chosen from: a message of ours, what App Home shows, or what is due now.

    `drawn` goes up whenever the form is drawn again: Slack keeps what was ticked while a block's id stays.
    """

    message_id: int | None = None
    asked: Asked | None = None
    drawn: int = 0

    def encode(self) -> str:
        asked = None if self.asked is None else _asked_fields(self.asked)
        return _encode("several", [self.message_id, asked, self.drawn])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        message_id, asked, drawn = _decode("several", value, 3)
        if asked is not None and (not isinstance(asked, list) or len(asked) != 5):
            raise StaleButton("several")
        shown = None if asked is None else _asked(asked)
        return cls(_optional_id(message_id), shown, _number(drawn, least=0))


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person of the team."""

    person_id: int

    def encode(self) -> str:
        return _encode("person", [self.person_id])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        (person_id,) = _decode("person", value, 1)
        return cls(_id(person_id))


def _asked_fields(asked: Asked) -> list[Any]:
    return [asked.show, asked.days, asked.value, asked.page, asked.book_of]


def _asked(fields: list[Any]) -> Asked:
    show, days, worth, page, book_of = fields
    try:
        return Asked(Show(show), Days(days), Value(worth), _number(page, least=0), _optional_id(book_of))
    except ValueError as unknown:
        raise StaleButton("home") from unknown


@dataclass(frozen=True, slots=True)
class StatusRef:
    """A person's status in Slack, by the number under which it is kept."""

    person_id: int
    number: int

    def encode(self) -> str:
        return _encode("status", [self.person_id, self.number])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        person_id, number = _decode("status", value, 2)
        return cls(_id(person_id), _id(number))


@dataclass(frozen=True, slots=True)
class AwayRef:
    """A customer's automatic answer, the day until which it was shown as to defer, and the message that shows it."""

    reply_id: int
    until: date | None
    message_id: int | None

    def encode(self) -> str:
        return _encode("away", [self.reply_id, _iso(self.until), self.message_id])

    @classmethod
    def decode(cls, value: object) -> Self:
        """Raises StaleButton."""
        reply_id, until, message_id = _decode("away", value, 3)
        return cls(_id(reply_id), _date(until), _optional_id(message_id))


def _encode(kind: str, fields: list[Any]) -> str:
    """Raises ValueError when it would not fit into a button: a mistake of ours, not of the person."""
    value = json.dumps([VERSION, kind, *fields], separators=(",", ":"))
    if len(value) > MOST_CHARACTERS:
        raise ValueError(f"a {kind} value of {len(value)} characters does not fit into a button")
    return value


def _decode(kind: str, value: object, count: int) -> list[Any]:
    """The fields, only if the text is, character for character, what `_encode` writes."""
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        raise StaleButton("not a value of ours")
    try:
        parts = json.loads(value)
        written = json.dumps(parts, separators=(",", ":"))
    except (ValueError, RecursionError) as unreadable:
        raise StaleButton("not readable") from unreadable
    if not isinstance(parts, list) or len(parts) != count + 2 or written != value:
        raise StaleButton("not a value of ours")
    if type(parts[0]) is not int or parts[0] != VERSION or parts[1] != kind:
        raise StaleButton("another version or kind")
    return parts[2:]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(value: object) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError as unreadable:
        raise StaleButton("date") from unreadable
    if day is None or day.isoformat() != value:
        raise StaleButton("date")
    return day


def _number(value: object, least: int) -> int:
    if type(value) is not int or not least <= value <= LARGEST_ID:
        raise StaleButton("number")
    return value


def _id(value: object) -> int:
    return _number(value, least=1)


def _optional_id(value: object) -> int | None:
    return None if value is None else _id(value)


def _is_step(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 32 and value.isascii() and value.isidentifier()

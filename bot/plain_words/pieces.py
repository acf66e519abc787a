"""Every piece that stretches of a text can be: a name, an outcome, a date, a filler - or a word nobody explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from bot.plain_words import days, hours, lexicon, outcomes
from bot.plain_words.common import COMMON
from bot.plain_words.days import NotADate, day_in_words, weekday_number
from bot.plain_words.names import Book, Name
from bot.plain_words.reading import Account
from bot.plain_words.spelling import corrected
from bot.plain_words.tokens import Words
from bot.playbook.calendar import WorkCalendar


class Kind(StrEnum):
    """What a piece is; its value's type goes with it."""

    NAME = "name"  # Name
    PERSON = "person"  # the accounts where they are, a frozenset
    OUTCOME = "outcome"  # the outcomes it can be, a tuple
    FORM = "form"
    WON = "won"
    LOST = "lost"
    CANNOT = "cannot"
    MANY = "many"
    TO_CALL = "to_call"
    GUARDED = "guarded"
    MEETING = "meeting"
    OUT = "out"  # the deferral's reason
    RETRY = "retry"
    UNTIL = "until"
    REMIND = "remind"
    UNDO = "undo"
    SHOW = "show"  # the topic
    DAY = "day"  # the dates it can be, a tuple; none where it is no real date
    CLOCK = "clock"  # a time
    SPAN = "span"  # a timedelta
    PART = "part"  # morning, afternoon, evening
    VAGUE = "vague"
    TODAY = "today"
    PAST = "past"
    NEGATION = "negation"
    FUTURE = "future"
    QUESTION = "question"
    CALL = "call"
    AGAIN = "again"
    FILLER = "filler"
    NOTE = "note"  # its text
    UNKNOWN = "unknown"


PIECE, FILLER, PART_OF_NAME, PERSON, TYPO, NOTE, UNKNOWN = 0.5, 0.6, 1.0, 1.2, 1.5, 2.5, 10.0
THIRD_PERSON = ("she", "he", "they")
NEAR, FAR = timedelta(days=60), timedelta(days=180)
# What would be lost in a note, because it moves something or speaks of another account.
MOVES = frozenset({Kind.DAY, Kind.CLOCK, Kind.SPAN, Kind.UNDO, Kind.REMIND, Kind.GUARDED, Kind.MEETING})
# And what would turn the whole around, unless a colon says clearly that a note begins.
DOUBTS = frozenset(
    {Kind.NEGATION, Kind.FUTURE, Kind.PAST, Kind.VAGUE, Kind.FORM, Kind.WON, Kind.LOST, Kind.RETRY}
)


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    start: int
    end: int
    value: object = None
    cost: float = PIECE


@dataclass(frozen=True, slots=True)
class _Phrases:
    kind: Kind
    value: object
    patterns: tuple[re.Pattern[str], ...]
    cost: float = PIECE


def pieces_of(words: Words, accounts: Sequence[Account], today: date, calendar: WorkCalendar) -> list[Piece]:
    """All pieces, overlapping ones too; every word is at least unknown, so that a cover always exists."""
    texts = [word.text for word in words.words]
    spelled = [corrected(text, common_words()) for text in texts]
    line = _Line(words, spelled)
    found = [Piece(Kind.UNKNOWN, at, at + 1, cost=UNKNOWN) for at in range(len(texts))]
    book = Book(accounts, common_words())
    for first, last, there in book.people_in(texts):
        found.append(Piece(Kind.PERSON, first, last, there, PIECE + PERSON))
    for name in book.names_in(texts):
        if line.unbroken(name.start, name.end) or name.sure:
            cost = PIECE + (0.0 if name.sure else PART_OF_NAME) + (TYPO if name.typo else 0.0)
            found.append(Piece(Kind.NAME, name.start, name.end, name, cost))
    for start in range(len(texts)):
        found += line.phrases(start)
        found += line.days(start, today, calendar)
        found += line.hours(start)
    found += line.notes(found)
    mended = {at for at, text in enumerate(texts) if spelled[at] != text}
    return found if not mended else [_dearer(piece, mended) for piece in found]


def _nearest(days: tuple[date, ...], today: date) -> tuple[date, ...]:
    """Of two ways to read "12/10" the one that is near, if the other is most of a year away; else both."""
    near = tuple(day for day in days if day <= today + NEAR)
    far = [day for day in days if day > today + FAR]
    return near if len(near) == 1 and len(far) == len(days) - 1 else days


@cache
def common_words() -> frozenset[str]:
    """The words of our own language: they are never taken for a misspelt account."""
    tables = [*outcomes.OUTCOMES.values(), *lexicon.OUT.values(), *lexicon.SHOW.values()]
    tables += [patterns for _, patterns in outcomes.UNSURE]
    tables += [patterns for _, patterns in _SINGLE]
    return lexicon.words_of(*tables) | COMMON


_SINGLE: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.WON, outcomes.WON),
    (Kind.FORM, outcomes.BY_FORM),
    (Kind.LOST, outcomes.LOST),
    (Kind.CANNOT, lexicon.CANNOT),
    (Kind.MANY, lexicon.MANY),
    (Kind.TO_CALL, lexicon.TO_CALL),
    (Kind.GUARDED, outcomes.GUARDED),
    (Kind.MEETING, outcomes.MEETING),
    (Kind.RETRY, lexicon.RETRY),
    (Kind.UNTIL, lexicon.UNTIL),
    (Kind.REMIND, lexicon.REMIND),
    (Kind.UNDO, lexicon.UNDO),
    (Kind.VAGUE, lexicon.VAGUE_DAY),
    (Kind.PAST, lexicon.PAST),
    (Kind.NEGATION, lexicon.NEGATION),
    (Kind.FUTURE, lexicon.FUTURE),
    (Kind.CALL, lexicon.CALL_WORDS),
    (Kind.AGAIN, lexicon.AGAIN),
    (Kind.FILLER, lexicon.FILLERS),
    (Kind.TODAY, (r"today|eod|end of day|tonight",)),
)


@cache
def _phrases() -> tuple[_Phrases, ...]:
    made = [
        _Phrases(Kind.OUTCOME, (outcome,), lexicon.compiled(patterns))
        for outcome, patterns in outcomes.OUTCOMES.items()
    ]
    made += [
        _Phrases(Kind.OUTCOME, either, lexicon.compiled(patterns)) for either, patterns in outcomes.UNSURE
    ]
    made += [
        _Phrases(Kind.OUT, reason, lexicon.compiled(patterns)) for reason, patterns in lexicon.OUT.items()
    ]
    made += [
        _Phrases(Kind.SHOW, topic, lexicon.compiled(patterns)) for topic, patterns in lexicon.SHOW.items()
    ]
    made += [
        _Phrases(kind, None, lexicon.compiled(patterns), FILLER if kind is Kind.FILLER else PIECE)
        for kind, patterns in _SINGLE
    ]
    return tuple(made)


_NOTE_STARTS = lexicon.compiled(lexicon.NOTE_STARTS)
_QUESTIONS = lexicon.compiled(lexicon.QUESTION)


class _Line:
    """The words as one line, to which patterns are held at the beginning of a word."""

    def __init__(self, words: Words, spelled: Sequence[str]) -> None:
        self._words = words
        self._at: list[int] = []
        line = ""
        for word, spelling in zip(words.words, spelled, strict=True):
            line += (" | " if word.broken_by else " ") if line else ""
            self._at.append(len(line))
            line += spelling
        self._line = line
        self._ends = {
            at + len(text): n + 1 for n, (at, text) in enumerate(zip(self._at, spelled, strict=True))
        }

    def unbroken(self, start: int, end: int) -> bool:
        return not any(word.broken_by for word in self._words.words[start + 1 : end])

    def phrases(self, start: int) -> Iterator[Piece]:
        asking = start == 0 and any(pattern.match(self._line) for pattern in _QUESTIONS)
        if asking:
            yield Piece(Kind.QUESTION, 0, 1)
        for phrases in _phrases():
            if asking and phrases.kind is Kind.FILLER:
                continue
            for pattern in phrases.patterns:
                end = self._end(pattern.match(self._line, self._at[start]))
                if end is not None:
                    cost = phrases.cost if phrases.kind is not Kind.FILLER else FILLER * (end - start)
                    yield Piece(phrases.kind, start, end, phrases.value, cost)

    def days(self, start: int, today: date, calendar: WorkCalendar) -> Iterator[Piece]:
        for pattern in days.PHRASES:
            match = pattern.match(self._line, self._at[start])
            end = self._end(match)
            if match is None or end is None:
                continue
            said = match[0].removeprefix("at ").removeprefix("by ")
            yield Piece(Kind.DAY, start, end, self._dates(said, today, calendar))
        end = self._end(days.MONTH_ALONE.match(self._line, self._at[start]))
        if end is not None:  # "may" is a month least of all
            yield Piece(Kind.VAGUE, start, end, cost=PIECE + FILLER)

    def _dates(self, said: str, today: date, calendar: WorkCalendar) -> tuple[date, ...]:
        try:
            day = day_in_words(said, today, calendar)
        except NotADate as reason:
            return _nearest(reason.days, today)
        # "Tuesday" on a Tuesday: today, or in a week?
        same = weekday_number(said.split(" ")[-1]) == today.weekday() and "next" not in said
        return () if day is None or same else (day,)

    def hours(self, start: int) -> Iterator[Piece]:
        at = self._at[start]
        if match := hours.CLOCK.match(self._line, at):
            end = self._end(match)
            if end is not None:
                moment = hours.time_of(match)
                yield Piece(Kind.CLOCK if moment else Kind.VAGUE, start, end, moment)
        if match := hours.SPAN.match(self._line, at):
            end = self._end(match)
            if end is not None:
                yield Piece(Kind.SPAN, start, end, hours.span_of(match))
        if match := hours.PART.match(self._line, at):
            end = self._end(match)
            if end is not None:
                yield Piece(Kind.PART, start, end, match["part"])

    def notes(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Parts of the sentence that a sign or "she said" introduces, where nothing in them moves anything."""
        free = any(piece.value == ("note",) for piece in pieces)
        found: list[Piece] = []
        for start, word in enumerate(self._words.words):
            if word.broken_by:
                # What the customer does or does not is no doubt about what happened.
                clear = ":" in word.broken_by or word.text in THIRD_PERSON
                for stop in self._part_ends(start):
                    if (clear and free) or self._keeps(pieces, start, stop, clear=clear):
                        found.append(self._note(start, start, stop, NOTE))
            for pattern in _NOTE_STARTS:
                end = self._end(pattern.match(self._line, self._at[start]))
                if end is not None and start and end < len(self._words.words):
                    stop = next(iter(self._part_ends(end)))
                    found.append(Piece(Kind.FILLER, start, end))
                    if self._keeps(pieces, end, stop, clear=True):
                        found.append(self._note(start, end, stop, PIECE))
        return found

    def _note(self, start: int, said_from: int, stop: int, cost: float) -> Piece:
        return Piece(Kind.NOTE, start, stop, self._words.said(said_from, stop), cost)

    def _keeps(self, pieces: Sequence[Piece], start: int, stop: int, *, clear: bool) -> bool:
        """Whether these words may be kept as a note without losing anything that they say."""
        for piece in pieces:
            if not start <= piece.start < piece.end <= stop:
                continue
            if piece.kind in MOVES or (piece.kind in DOUBTS and not clear):
                return False
            if isinstance(piece.value, Name) and not piece.value.weak:
                return False
            if piece.kind is Kind.OUTCOME and not (
                clear and isinstance(piece.value, tuple) and len(piece.value) > 1
            ):
                return False
        return True

    def _end(self, match: re.Match[str] | None) -> int | None:
        """The word behind a match that ends with a word."""
        return None if match is None else self._ends.get(match.end())

    def _part_ends(self, start: int) -> Iterator[int]:
        """Where the part of the sentence that begins at `start` can end, and the whole text."""
        words = self._words.words
        for at in range(start + 1, len(words)):
            if words[at].broken_by:
                yield at
        yield len(words)


def _dearer(piece: Piece, mended: set[int]) -> Piece:
    """A piece that rests on a corrected word costs more than one on a word as it was written."""
    if piece.kind in (Kind.NAME, Kind.UNKNOWN, Kind.NOTE) or mended.isdisjoint(range(piece.start, piece.end)):
        return piece
    return Piece(piece.kind, piece.start, piece.end, piece.value, piece.cost + TYPO)

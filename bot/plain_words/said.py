"""The pieces of one cover, sorted: which accounts they name, and the dates and instants they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from bot.plain_words.covers import Cover
from bot.plain_words.hours import PARTS_OF_DAY
from bot.plain_words.names import Name
from bot.plain_words.pieces import Kind, Piece
from bot.plain_words.reading import Doing, Open, Outcome
from bot.plain_words.tokens import Words

MOST_CHOICES = 5
# A day without a year that lies further ahead than this was probably meant to be past.
FURTHEST_UNASKED = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a text was written: `now` in the rep's zone; `thread` the accounts its thread shows."""

    words: Words
    now: datetime
    thread: tuple[int, ...]

    @property
    def today(self) -> date:
        return self.now.date()


class OpenQuestion(Exception):
    """The reading lacks something: what, and the readings it could be."""

    def __init__(self, what: Open, choices: Iterable[Doing] = (), words: str | None = None) -> None:
        self.what = what
        self.choices = tuple(dict.fromkeys(choices))[:MOST_CHOICES]
        self.words = words


class Said:
    """The pieces of one cover, sorted by kind."""

    def __init__(self, cover: Cover, setting: Setting) -> None:
        self.cover = cover
        self.setting = setting
        names = [cast(Name, piece.value) for piece in self.all(Kind.NAME)]
        self.weak = any(name.weak for name in names)
        self.several = False
        self.accounts = self._accounts(names)
        self.outcomes = list(
            dict.fromkeys(cast(tuple[Outcome, ...], p.value) for p in self.all(Kind.OUTCOME))
        )

    def all(self, *kinds: Kind) -> list[Piece]:
        return [piece for piece in self.cover if piece.kind in kinds]

    def has(self, *kinds: Kind) -> bool:
        return any(piece.kind in kinds for piece in self.cover)

    def _accounts(self, names: list[Name]) -> tuple[int, ...]:
        """The accounts it can be about: one that every name can mean, or all that any can mean."""
        people = [set(cast(frozenset[int], piece.value)) for piece in self.all(Kind.PERSON)]
        if not names:
            there = set.intersection(set(self.setting.thread), *people) if self.setting.thread else set()
            if there or not people:
                return self.setting.thread
            self.several = True  # a person alone names no account
            return tuple(sorted({*self.setting.thread, *people[0]}))
        sets = [set(name.run_ids) for name in names]
        if self.setting.thread:
            sets.append(set(self.setting.thread))
        if people and len(names) == 1 and len(sets[0]) == 1 and not sets[0] <= people[0]:
            sets.append(people[0])
        shared = set.intersection(*sets)
        if shared and (len(shared) == 1 or len(names) == 1):
            every = [run_id for run_id in names[0].run_ids if run_id in shared]
            # The thread alone does not choose between accounts that the words leave open.
            if not (self.setting.thread and len(names[0].run_ids) > 1):
                return tuple(every)
        self.several = len(sets) > 1
        return tuple(dict.fromkeys(run_id for one in sets for run_id in sorted(one)))

    def retries(self) -> bool:
        return self.has(Kind.RETRY) or (self.has(Kind.CALL, Kind.TO_CALL) and self.has(Kind.AGAIN))

    def defers(self) -> bool:
        return self.retries() or self.has(Kind.OUT, Kind.UNTIL, Kind.DAY, Kind.VAGUE, Kind.CLOCK, Kind.SPAN)

    def speaks_of_one(self) -> bool:
        return self.has(Kind.NAME) or bool(self.setting.thread)

    def clock(self) -> bool:
        return self.has(Kind.CLOCK)

    def whens(self) -> list[date | datetime]:
        """The dates and instants it can be, all later than now. Raises OpenQuestion where no sure one is left."""
        if self.has(Kind.VAGUE):
            raise OpenQuestion("date", ())
        days = [cast(tuple[date, ...], piece.value) for piece in self.all(Kind.DAY)]
        hours = self._hours()
        if self.all(Kind.SPAN):
            if days or hours or len(self.all(Kind.SPAN)) > 1:
                raise OpenQuestion("date", ())
            return [self.setting.now + cast(timedelta, self.all(Kind.SPAN)[0].value)]
        if any(not one for one in days) or len(hours) > 1:
            raise OpenQuestion("date", ())
        dates = list(dict.fromkeys(day for one in days for day in one))
        year_said = any(char.isdigit() for piece in self.all(Kind.DAY) for char in self._long_number(piece))
        late = [day for day in dates if day > self.setting.today + FURTHEST_UNASKED and not year_said]
        if any(day <= self.setting.today for day in dates) or late:
            raise OpenQuestion("date", ())
        if self.has(Kind.TODAY) and (dates or (not hours and self.defers())):
            raise OpenQuestion("date", ())
        if not hours:
            return list(dates)
        if not dates:
            at = self.at(self.setting.today, hours[0])
            if at <= self.setting.now:
                raise OpenQuestion("date", ())
            return [at]
        return [self.at(day, hours[0]) for day in dates]

    def _long_number(self, piece: Piece) -> str:
        """The four digits of a year, if one was written; empty otherwise."""
        said = [word.text for word in self.setting.words.words[piece.start : piece.end]]
        return next((word for word in said if len(word) >= 8 or (word.isdigit() and len(word) == 4)), "")

    def _hours(self) -> list[time]:
        clocks = [cast(time, piece.value) for piece in self.all(Kind.CLOCK)]
        if clocks:
            return clocks
        parts = [PARTS_OF_DAY[str(piece.value)] for piece in self.all(Kind.PART)]
        if parts and not self.has(Kind.REMIND) and self.all(Kind.DAY):
            raise OpenQuestion("date", ())
        return parts

    def at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.setting.now.tzinfo)

    def note(self) -> str | None:
        notes = [str(piece.value) for piece in self.all(Kind.NOTE)]
        # A person who is named is kept in the rep's own words.
        named = self.setting.words.typed.strip() if self.has(Kind.PERSON) else None
        return "; ".join(notes) if notes and not named else named or self._why_out()

    def _why_out(self) -> str | None:
        """ "until Thursday: on holiday": what follows the colon is the reason and the note as well."""
        words = self.setting.words
        for piece in self.all(Kind.OUT):
            if ":" in words.words[piece.start].broken_by:
                return words.said(piece.start, piece.end)
        return None

    def reason(self, usual: str) -> str:
        reasons = [] if self.retries() else [str(piece.value) for piece in self.all(Kind.OUT)]
        return next((reason for reason in reasons if reason != "other"), reasons[0] if reasons else usual)

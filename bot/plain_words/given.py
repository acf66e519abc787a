"""What a few words give where they are no sentence: an account, an outcome, a day or an hour - and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import cast

from bot.plain_words.covers import Cover, covers
from bot.plain_words.hours import PARTS_OF_DAY
from bot.plain_words.names import Name
from bot.plain_words.pieces import Kind, Piece, pieces_of
from bot.plain_words.reading import Account, Defer, Doing, Log, Open, Outcome, Remind
from bot.plain_words.tokens import Words, split
from bot.playbook.calendar import WorkCalendar

_TIMES = (Kind.DAY, Kind.CLOCK, Kind.SPAN, Kind.PART, Kind.VAGUE, Kind.TODAY)
_LINKS = (Kind.UNTIL, Kind.RETRY, Kind.AGAIN, Kind.FILLER)
_ALLOWED = frozenset({Kind.NAME, Kind.OUTCOME, *_TIMES, *_LINKS})
# Outcomes that a date of an appointment goes with.
_APPOINTED = ("connected", "meeting", "moved")


@dataclass(frozen=True, slots=True)
class Given:
    """What the words say. `day`: none where it is no sure date; `led` by "until" or "try again"."""

    run_ids: tuple[int, ...] = ()
    weak: bool = False
    outcomes: tuple[Outcome, ...] = ()
    day: date | None = None
    hour: time | None = None
    span: timedelta | None = None
    vague: bool = False
    led: bool = False

    @property
    def has_time(self) -> bool:
        return self.day is not None or self.hour is not None or self.span is not None

    def says(self, what: Open | None) -> bool:
        """Whether this is of the kind that was asked for."""
        match what:
            case "account":
                return bool(self.run_ids)
            case "outcome":
                return bool(self.outcomes)
            case "date":
                return self.has_time or self.vague
            case _:
                return False

    def fits(self, choice: Doing) -> bool:
        """Whether a choice is one of those that these words name."""
        if self.run_ids and choice.run_id not in self.run_ids:
            return False
        if self.outcomes and not (isinstance(choice, Log) and choice.outcome in self.outcomes):
            return False
        when = _when(choice)
        if self.span is not None:
            return False
        if self.day is not None and (when is None or _date(when) != self.day):
            return False
        if self.hour is not None:
            return isinstance(when, datetime) and when.time() == self.hour
        return bool(self.run_ids or self.outcomes or self.has_time)

    def put_into(
        self, doing: Doing, now: datetime, run_id: int | None = None, outcome: Outcome | None = None
    ) -> Log | Defer | Remind | None:
        """`doing` with what is said here in its place; None where that says nothing whole.

        `now` is aware, in the person's zone; what is made lies after it.
        """
        if not isinstance(doing, Log | Defer | Remind):
            return None
        made: Log | Defer | Remind = doing
        account = run_id or (self.run_ids[0] if len(self.run_ids) == 1 else None)
        if account is not None:
            made = replace(made, run_id=account)
        happened = outcome or (self.outcomes[0] if len(self.outcomes) == 1 else None)
        if happened is not None:
            if not isinstance(made, Log) or (made.starts_at is not None and happened not in _APPOINTED):
                return None
            made = replace(made, outcome=happened)
        elif self.outcomes:
            return None
        return self._at(made, now) if self.has_time else made

    def _at(self, made: Log | Defer | Remind, now: datetime) -> Log | Defer | Remind | None:
        """The same at another time, of the kind that it has: a date, or an instant."""
        if isinstance(made, Remind):
            at = self._instant(made.at, now)
            return replace(made, at=at) if at is not None else None
        if isinstance(made, Log) and made.starts_at is not None:
            at = self._instant(made.starts_at, now)
            return replace(made, starts_at=at) if at is not None else None
        if isinstance(made, Log) and made.remind_at is not None:
            at = self._instant(made.remind_at, now)
            return replace(made, remind_at=at) if at is not None else None
        if made.until is None or self.day is None or self.hour is not None or self.day <= now.date():
            return None
        return replace(made, until=self.day)

    def _instant(self, before: datetime, now: datetime) -> datetime | None:
        """That instant with the day or the hour said here; None when it is past."""
        if self.span is not None:
            return now + self.span
        local = before.astimezone(now.tzinfo)
        day, hour = self.day or local.date(), self.hour or local.time()
        at = datetime.combine(day, hour, now.tzinfo)
        return at if at > now else None


def given_in(words: Words, accounts: Sequence[Account], now: datetime, calendar: WorkCalendar) -> list[Given]:
    """The ways in which the words say only such things, the likeliest first; none where a word says more."""
    allowed = [
        piece
        for piece in pieces_of(words, accounts, now.date(), calendar)
        if piece.kind in _ALLOWED or piece.kind is Kind.UNKNOWN
    ]
    ways = covers(allowed, len(words.words))
    made = [_given(cover, now) for cover in ways if all(piece.kind is not Kind.UNKNOWN for piece in cover)]
    return [one for one in dict.fromkeys(made) if one is not None]


def without_times(text: str, accounts: Sequence[Account], now: datetime, calendar: WorkCalendar) -> str:
    """A text without the days and hours in it, by its likeliest reading; an account's name stays whole."""
    words = split(text)
    pieces = pieces_of(words, accounts, now.date(), calendar)
    likeliest = covers(pieces, len(words.words))[0]
    gone = {at for piece in likeliest if piece.kind in _TIMES for at in range(piece.start, piece.end)}
    return " ".join(text[word.start : word.end] for at, word in enumerate(words.words) if at not in gone)


def _given(cover: Cover, now: datetime) -> Given | None:
    def all_of(*kinds: Kind) -> list[Piece]:
        return [piece for piece in cover if piece.kind in kinds]

    names = [cast(Name, piece.value) for piece in all_of(Kind.NAME)]
    happened = [cast(tuple[Outcome, ...], piece.value) for piece in all_of(Kind.OUTCOME)]
    if len(names) > 1 or len(happened) > 1:
        return None
    days = [cast(tuple[date, ...], piece.value) for piece in all_of(Kind.DAY)]
    hours = [cast(time, piece.value) for piece in all_of(Kind.CLOCK)]
    hours += [PARTS_OF_DAY[str(piece.value)] for piece in all_of(Kind.PART)]
    spans = [cast(timedelta, piece.value) for piece in all_of(Kind.SPAN)]
    today = bool(all_of(Kind.TODAY))
    sure = len(days) <= 1 and len(hours) <= 1 and len(spans) <= 1 and all(len(day) == 1 for day in days)
    given = Given(
        run_ids=names[0].run_ids if names else (),
        weak=bool(names) and names[0].weak,
        outcomes=happened[0] if happened else (),
        day=now.date() if today and hours else days[0][0] if days and sure else None,
        hour=hours[0] if hours and sure else None,
        span=spans[0] if spans and sure else None,
        vague=bool(all_of(Kind.VAGUE)) or not sure or (today and (bool(days) or not hours)),
        led=bool(all_of(Kind.UNTIL, Kind.RETRY)),
    )
    return given if given.run_ids or given.outcomes or given.has_time or given.vague else None


def _when(doing: Doing) -> date | datetime | None:
    match doing:
        case Log():
            return doing.starts_at or doing.remind_at or doing.until
        case Defer():
            return doing.until
        case Remind():
            return doing.at
        case _:
            return None


def _date(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when

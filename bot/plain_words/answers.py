"""What a short answer means to the question that was asked last: "thursday", "the second one", "no, voicemail".

An answer completes or changes a reading, which is then read back; only a yes to a read-back stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.plain_words.given import Given, given_in, without_times
from bot.plain_words.reader import read
from bot.plain_words.reading import Account, Ask, Defer, Doing, Log, Open, Reading, Refused, Remind, Show
from bot.plain_words.said import MOST_CHOICES
from bot.plain_words.short_answers import place_of, yes_or_no
from bot.plain_words.tokens import MOST_WORDS, Words, name_words, split
from bot.playbook.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Question:
    """What was said to a person last: `what` is open, or - None - the one choice was read back.

    `text`: all that the person typed so far; `run_id`: the account, where that much is clear.
    """

    what: Open | None
    choices: tuple[Doing, ...]
    text: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Yes to what was read back."""


@dataclass(frozen=True, slots=True)
class Declined:
    """No, and nothing else."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answer amounts to; `text` is all that was typed for it, the note of a deferral without one."""

    reading: Reading | Confirmed | Declined
    text: str


_Read: TypeAlias = Callable[[str, Sequence[int]], Reading]


def answered(
    question: Question,
    typed: str,
    accounts: Sequence[Account],
    *,
    now: datetime,
    calendar: WorkCalendar,
    thread: Sequence[int] = (),
) -> Answered | None:
    """The answer that the typed words are to the question; None where they are none and speak for themselves.

    `now` is aware, in the person's zone.
    """
    words = split(typed)
    if not words.words or len(words.words) > MOST_WORDS:
        return None

    def reading_of(text: str, there: Sequence[int] = ()) -> Reading:
        return read(text, accounts, now=now, calendar=calendar, thread=there or thread)

    again = Ask(question.what or "what", question.choices, None, question.run_id)
    if _is_a_name(words, accounts) and (yes_or_no(words)[0] is not None or place_of(words) is not None):
        return Answered(again, question.text)
    said_yes, rest = yes_or_no(words)
    whole = _of(question, words, accounts, now, calendar)
    if said_yes is not None and not rest.words:
        plain = again if words.asks else _plain_yes_or_no(question, again, said_yes)
        return Answered(plain, question.text)
    place = place_of(rest)
    if place is not None and question.choices:
        return Answered(again if question.what is None else _chosen(question, place, again), question.text)
    broken = said_yes is not None and bool(rest.words[0].broken_by)
    given = whole if whole and not broken else _of(question, rest, accounts, now, calendar)
    corrects = said_yes is not None and not (whole and not broken)
    alone = reading_of(typed)
    if not given:
        unknown_name = question.what == "account" and alone == Refused("not_understood")
        return Answered(again, question.text) if said_yes is not None or unknown_name else None
    if said_yes is None and given[0].run_ids and isinstance(alone, Log | Defer | Remind):
        return None
    if question.what == "account" and _says_it_anew(question, given[0]):
        return None
    if question.what is None and not corrects and given[0].run_ids:
        return _another_account(question, given[0], alone, now)
    answer = rest.typed if corrects else typed
    untimed = without_times(question.text, accounts, now, calendar)
    meant = _Meant(question, answer, untimed, now, reading_of, again, corrects=corrects)
    return Answered(meant.of(given), f"{question.text}, {typed}")


def _says_it_anew(question: Question, given: Given) -> bool:
    """Which account was asked, and what happened is said otherwise instead: "no answer" - "left vm"."""
    return bool(given.outcomes) and not given.run_ids and not any(given.fits(one) for one in question.choices)


def _another_account(question: Question, given: Given, alone: Reading, now: datetime) -> Answered | None:
    """A mere name after a read-back: to be shown that account, or meant instead of the one that was read."""
    first = question.choices[0]
    instead = given.put_into(first, now)
    if not isinstance(alone, Show) or instead is None or alone.run_id == first.run_id:
        return None
    return Answered(Ask("what", (instead, alone), None, alone.run_id), question.text)


def _is_a_name(words: Words, accounts: Sequence[Account]) -> bool:
    """Whether an account is called exactly so: "Yes", "Second"."""
    said = tuple(word.text for word in words.words)
    return any(name_words(account.name) == said for account in accounts)


def _of(
    question: Question, words: Words, accounts: Sequence[Account], now: datetime, calendar: WorkCalendar
) -> list[Given]:
    """What the words can say; first of all what was asked for."""
    if not words.words:
        return []
    found = given_in(words, accounts, now, calendar)
    fitting = [given for given in found if given.says(question.what)]
    return fitting or found


def _plain_yes_or_no(question: Question, again: Ask, yes: bool) -> Reading | Confirmed | Declined:
    if not yes:
        return Declined()
    if question.what is None:
        return Confirmed()
    if question.what in ("what", "words") and len(question.choices) == 1:
        return question.choices[0]
    return again


def _chosen(question: Question, place: int, again: Ask) -> Reading:
    """The choice in that place as it was shown; -1 is the last one."""
    choices = question.choices
    return choices[place] if -1 <= place < len(choices) else again


@dataclass(frozen=True, slots=True)
class _Meant:
    """An answer put together with its question."""

    question: Question
    answer: str
    untimed: str  # what was typed first, without its days and hours
    now: datetime
    read: Callable[..., Reading]
    again: Ask
    corrects: bool

    def of(self, ways: Sequence[Given]) -> Reading:
        found = list(dict.fromkeys(self._one(given) for given in ways))
        complete = list(dict.fromkeys(one for one in found if not isinstance(one, Ask | Refused)))
        if len(complete) == 1:
            return complete[0]
        if complete:
            return Ask(self.again.what, tuple(complete[:MOST_CHOICES]), None, self.question.run_id)
        return found[0]

    def _one(self, given: Given) -> Reading:
        if given.vague:
            return Ask("date", self.question.choices, None, self.question.run_id)
        if self.question.what is None:
            first = self.question.choices[0]
            changed = self._corrected(first, given) if self.corrects else None
            return changed or self._together(given) or self.again
        fitting = [one for one in self.question.choices if given.fits(one)]
        if len(fitting) == 1 and not given.weak:
            return fitting[0]
        if len(fitting) > 1:
            return Ask(self.question.what, tuple(fitting), None, self.question.run_id)
        return self._named(given) or self._together(given) or self._filled_in(given) or self.again

    def _named(self, given: Given) -> Reading | None:
        """The account was open: what was typed first is read as if it stood in that account's thread."""
        if not given.run_ids or given.outcomes or given.has_time:
            return None
        found: list[Doing] = []
        for run_id in given.run_ids:
            said = self.read(self.question.text, (run_id,))
            if isinstance(said, Log | Defer | Remind) and said.run_id == run_id:
                found.append(said)
                continue
            made = [given.put_into(one, self.now, run_id) for one in self.question.choices]
            found += dict.fromkeys(one for one in made if one is not None)
        if len(found) == 1 and not given.weak:
            return found[0]
        return Ask("account", tuple(dict.fromkeys(found))[:MOST_CHOICES]) if found else None

    def _together(self, given: Given) -> Reading | None:
        """Both texts as one, the first way that makes it complete."""
        if given.run_ids and self.question.run_id is not None:
            return None
        text, answer = self.question.text, self.answer
        first = [text, self.untimed] if given.has_time else [text]
        led = [" ", " until "] if given.has_time and not given.led else [" ", ", "]
        for before in first:
            for link in led:
                said = self.read(f"{before}{link}{answer}")
                same = self.question.run_id in (None, getattr(said, "run_id", None))
                if isinstance(said, Log | Defer | Remind) and same:
                    return said
        return None

    def _filled_in(self, given: Given) -> Reading | None:
        """None of the choices was meant, but they differ only in what is said now."""
        made = {given.put_into(one, self.now) for one in self.question.choices}
        if len(made) == 1 and not given.weak:
            return made.pop()
        return None

    def _corrected(self, first: Doing, given: Given) -> Reading | None:
        """What was read back, with what is said now in its place."""
        if isinstance(first, Show):
            return None
        if len(given.run_ids) > 1 or given.weak:
            made = [given.put_into(first, self.now, run_id) for run_id in given.run_ids]
            return Ask("account", tuple(one for one in made if one is not None)[:MOST_CHOICES])
        if len(given.outcomes) > 1:
            each = [given.put_into(first, self.now, outcome=one) for one in given.outcomes]
            return Ask("outcome", tuple(one for one in each if one is not None), None, first.run_id)
        return given.put_into(first, self.now)

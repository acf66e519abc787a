"""What people enter in a form, parsed from `view.state.values` into types.

Dates in words stay as typed (`when_text`); somebody who knows the reader's calendar reads them. Dates and
times are local to the reader. Every `parse` raises FormErrors, with a sentence for each field, and nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Self

from bot.slack import ids
from bot.slack.text import clean
from bot.slack.words import DEFER_REASONS, LOST_REASONS, RESULTS

LONGEST_NOTE = 2500
LONGEST_WHEN = 100
NEEDS_NOTE = "Write a note: the manager reads here where the renewal stands."


class FormErrors(Exception):
    """What is wrong with a form: block id -> a sentence, as Slack's `errors` answer wants it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class _ResultForm:
    """What came of a conversation (PLAYBOOK 7).

    `result` is a key of RESULTS. Meeting on: `starts_on` and `starts_at`; call back on: `when_text` or
    `until`; lost: `lost_reason` and `note`.
    """

    result: str
    note: str | None = None
    starts_on: date | None = None
    starts_at: time | None = None
    when_text: str | None = None
    until: date | None = None
    lost_reason: str | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors. What belongs to another result than the chosen one is left out."""
        fields = _Fields(view, fallback=ids.RESULT_BLOCK)
        result = fields.option(ids.RESULT_BLOCK, RESULTS, "Choose what came of it.")
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        starts_on = starts_at = until = None
        when_text = lost_reason = None
        if result == "meeting_on":
            starts_on, starts_at = fields.start()
        elif result == "call_back_on":
            when_text, until = fields.when("Say when to call back, for example: Thursday.")
        elif result == "lost":
            lost_reason = fields.option(ids.LOST_REASON_BLOCK, LOST_REASONS, "Choose why it is lost.")
            if note is None:
                fields.wrong(ids.NOTE_BLOCK, "Write a note: what did the customer say?")
        fields.finish()
        return cls(result, note, starts_on, starts_at, when_text, until, lost_reason or None)


@dataclass(frozen=True, slots=True)
class ConnectedForm(_ResultForm):
    """The result of a call that connected."""


@dataclass(frozen=True, slots=True)
class HeldForm(_ResultForm):
    """The result of an appointment that was held."""


@dataclass(frozen=True, slots=True)
class DeferForm:
    """Not before a date: `when_text` in words or `until`, one of them. `reason` is a key of DEFER_REASONS."""

    reason: str
    note: str
    when_text: str | None = None
    until: date | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = _Fields(view, fallback=ids.NOTE_BLOCK)
        reason = fields.option(ids.REASON_BLOCK, DEFER_REASONS, "Choose a reason.")
        when_text, until = fields.when("Say until when, for example: Monday, in 2 weeks, end of month.")
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        if note is None:
            fields.wrong(ids.NOTE_BLOCK, NEEDS_NOTE)
        fields.finish()
        return cls(reason, note or "", when_text, until)


@dataclass(frozen=True, slots=True)
class MoreForm:
    """Anything else about a touch.

    `choice`: `call` (with `outcome`), `replied`, `called_in`, `note` (with `note`), or `remind` (with
    `minutes`).
    """

    choice: str
    outcome: str | None = None
    minutes: int | None = None
    note: str | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = _Fields(view, fallback=ids.CHOICE_BLOCK)
        chosen = fields.value(ids.CHOICE_BLOCK)
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        choice, _, detail = chosen.partition(":")
        if choice not in _CHOICES or bool(detail) is not (choice in ("call", "remind")):
            fields.wrong(ids.CHOICE_BLOCK, "Choose what happened.")
        elif choice == "remind" and detail not in _MINUTES:
            fields.wrong(ids.CHOICE_BLOCK, "Choose when to be reminded.")
        elif choice == "note" and note is None:
            fields.wrong(ids.NOTE_BLOCK, NEEDS_NOTE)
        fields.finish()
        outcome = detail if choice == "call" else None
        minutes = int(detail) if choice == "remind" else None
        return cls(choice, outcome, minutes, note)


_CHOICES = frozenset({"call", "replied", "called_in", "note", "remind"})
_MINUTES = frozenset({"60", "180"})


@dataclass(frozen=True, slots=True)
class GuardedEmailForm:
    """That a cancellation or takedown email was sent after its dates were double-checked (PLAYBOOK 6)."""

    double_checked: bool

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors when the tick is missing."""
        return cls(_ticked(view, "Tick this once you have compared the dates with the contract."))


@dataclass(frozen=True, slots=True)
class ConfirmSiteDownForm:
    """That Customer Care has taken the site down."""

    confirmed: bool
    note: str | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors when the tick is missing."""
        fields = _Fields(view, fallback=ids.CHECKED_BLOCK)
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        fields.finish()
        return cls(_ticked(view, "Tick this once the site is down."), note)


@dataclass(frozen=True, slots=True)
class MovedForm:
    """The new date and time of an appointment."""

    starts_on: date
    starts_at: time

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = _Fields(view, fallback=ids.STARTS_ON_BLOCK)
        starts_on, starts_at = fields.start()
        fields.finish()
        return cls(starts_on, starts_at)


@dataclass(frozen=True, slots=True)
class KeepForm:
    """Why a run stays with its rep beyond day 30, and until when."""

    reason: str
    when_text: str | None = None
    until: date | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = _Fields(view, fallback=ids.REASON_BLOCK)
        reason = fields.text(ids.REASON_BLOCK, LONGEST_NOTE)
        if reason is None:
            fields.wrong(ids.REASON_BLOCK, "Say why the account stays with its rep.")
        when_text, until = fields.when("Say until when, for example: Friday, in 2 weeks.")
        fields.finish()
        return cls(reason or "", when_text, until)


def _ticked(view: Mapping[str, Any], sentence: str) -> bool:
    fields = _Fields(view, fallback=ids.CHECKED_BLOCK)
    if not fields.ticks(ids.CHECKED_BLOCK):
        fields.wrong(ids.CHECKED_BLOCK, sentence)
    fields.finish()
    return True


class _Fields:
    """Reads the fields of a form and collects what is wrong; a value of a foreign shape counts as not
    given.

    An error on a field that the form does not show would be refused by Slack: it goes to the field
    `fallback`.
    """

    def __init__(self, view: Mapping[str, Any], fallback: str) -> None:
        state = view.get("state") if isinstance(view, Mapping) else None
        values = state.get("values") if isinstance(state, Mapping) else None
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        self._fallback = fallback
        self._errors: dict[str, str] = {}

    def wrong(self, block: str, sentence: str) -> None:
        self._errors.setdefault(block if block in self._values else self._fallback, sentence)

    def finish(self) -> None:
        if self._errors:
            raise FormErrors(self._errors)

    def text(self, block: str, longest: int) -> str | None:
        """What was typed, trimmed; None when empty."""
        typed = self._of(block, "value")
        text = clean(typed).strip() if isinstance(typed, str) else ""
        if len(text) > longest:
            self.wrong(block, f"This is too long: at most {longest:,} characters, yours has {len(text):,}.")
        return text or None

    def value(self, block: str) -> str:
        """The value of the chosen option; empty when none is chosen."""
        option = self._of(block, "selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return value if isinstance(value, str) and len(value) <= 150 else ""

    def option(self, block: str, known: Mapping[str, str], sentence: str) -> str:
        value = self.value(block)
        if value not in known:
            self.wrong(block, sentence)
            return ""
        return value

    def ticks(self, block: str) -> bool:
        chosen = self._of(block, "selected_options")
        return isinstance(chosen, list) and len(chosen) > 0

    def when(self, sentence: str) -> tuple[str | None, date | None]:
        """A date in words or as picked, exactly one of them."""
        text, day = self.text(ids.WHEN_BLOCK, LONGEST_WHEN), self._day(ids.UNTIL_BLOCK)
        if text is None and day is None:
            self.wrong(ids.WHEN_BLOCK, sentence)
        elif text is not None and day is not None:
            self.wrong(ids.WHEN_BLOCK, "Give the date once: either in words or picked below.")
        return text, day

    def start(self) -> tuple[date, time]:
        """The date and time of an appointment; on an error any, as `finish` then raises."""
        day, hour = self._day(ids.STARTS_ON_BLOCK), self._hour(ids.STARTS_AT_BLOCK)
        if day is None:
            self.wrong(ids.STARTS_ON_BLOCK, "Choose the day of the appointment.")
        if hour is None:
            self.wrong(ids.STARTS_AT_BLOCK, "Choose the time of the appointment.")
        return day or date.min, hour or time.min

    def _day(self, block: str) -> date | None:
        value = self._of(block, "selected_date")
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def _hour(self, block: str) -> time | None:
        value = self._of(block, "selected_time")
        try:
            hour = time.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return None if hour is None else hour.replace(tzinfo=None)

    def _of(self, block: str, key: str) -> Any:
        """A property of the one element in a block."""
        elements = self._values.get(block)
        if not isinstance(elements, Mapping):
            return None
        for element in elements.values():
            if isinstance(element, Mapping):
                return element.get(key)
        return None

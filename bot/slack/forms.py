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

from bot.playbook.run import CONNECTED
from bot.slack import ids
from bot.slack.fields import Fields
from bot.slack.words import DEFER_REASONS, LOST_REASONS, RESULTS

LONGEST_NOTE = 2500
NEEDS_NOTE = "Write a note: the manager reads here where the renewal stands."


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
        fields = Fields(view, fallback=ids.RESULT_BLOCK)
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

    @staticmethod
    def outcome_in(view: Mapping[str, Any]) -> str:
        """How the call stands in HubSpot: `connected`, unless one of the portal's own was chosen."""
        return Fields(view, fallback=ids.RESULT_BLOCK).value(ids.OUTCOME_BLOCK) or CONNECTED


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
        fields = Fields(view, fallback=ids.NOTE_BLOCK)
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

    `choice`: `call` (with `outcome`), `replied`, `called_in`, or `note` (with `note`).
    """

    choice: str
    outcome: str | None = None
    note: str | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.CHOICE_BLOCK)
        chosen = fields.value(ids.CHOICE_BLOCK)
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        choice, _, detail = chosen.partition(":")
        if choice not in _CHOICES or bool(detail) is not (choice == "call"):
            fields.wrong(ids.CHOICE_BLOCK, "Choose what happened.")
        elif choice == "note" and note is None:
            fields.wrong(ids.NOTE_BLOCK, NEEDS_NOTE)
        fields.finish()
        outcome = detail if choice == "call" else None
        return cls(choice, outcome, note)


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What was logged, said anew; `outcome` is None where the form does not ask for it."""

    outcome: str | None
    note: str | None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.NOTE_BLOCK)
        outcome, note = fields.value(ids.OUTCOME_BLOCK), fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        fields.finish()
        return cls(outcome or None, note)


_CHOICES = frozenset({"call", "replied", "called_in", "note"})


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
        fields = Fields(view, fallback=ids.CHECKED_BLOCK)
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
        fields = Fields(view, fallback=ids.STARTS_ON_BLOCK)
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
        fields = Fields(view, fallback=ids.REASON_BLOCK)
        reason = fields.text(ids.REASON_BLOCK, LONGEST_NOTE)
        if reason is None:
            fields.wrong(ids.REASON_BLOCK, "Say why the account stays with its rep.")
        when_text, until = fields.when("Say until when, for example: Friday, in 2 weeks.")
        fields.finish()
        return cls(reason or "", when_text, until)


def _ticked(view: Mapping[str, Any], sentence: str) -> bool:
    fields = Fields(view, fallback=ids.CHECKED_BLOCK)
    if not fields.ticks(ids.CHECKED_BLOCK):
        fields.wrong(ids.CHECKED_BLOCK, sentence)
    fields.finish()
    return True

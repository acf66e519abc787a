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
from bot.services.runs.new_deals import Terms
from bot.slack import ids
from bot.slack.fields import Fields
from bot.slack.words import DEFER_REASONS, LOST_REASONS, NEW_DEALS, RESULTS, TERMS

LONGEST_NOTE = 2500
LONGEST_DEAL_NAME = 200
NEEDS_NOTE = "Write a note: the manager reads here where the renewal stands."


@dataclass(frozen=True, slots=True)
class ResultForm:
    """What came of a conversation, or what comes next (PLAYBOOK 7).

    `result` is a key of RESULTS or NEXT_STEPS. Meeting on: `starts_text` in words, or `starts_on` and
    `starts_at`; call back on: `when_text` or `until`; won: `terms`; lost: `lost_reason` and `note`.
    """

    result: str
    note: str | None = None
    starts_on: date | None = None
    starts_at: time | None = None
    when_text: str | None = None
    until: date | None = None
    lost_reason: str | None = None
    starts_text: str | None = None
    terms: Terms | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors. No result: nothing yet. What belongs to another one than the chosen is left out."""
        fields = Fields(view, fallback=ids.RESULT_BLOCK)
        result, reason = fields.value(ids.RESULT_BLOCK), fields.value(ids.LOST_REASON_BLOCK)
        if not result:
            # The reasons stand beside the results: one says both.
            result = "lost" if reason else "nothing_yet"
        elif reason and result != "lost":
            fields.wrong(ids.LOST_REASON_BLOCK, "Choose one: what came of it, or why it is lost.")
            fields.finish()
        if result not in RESULTS:
            fields.wrong(ids.RESULT_BLOCK, "Choose what came of it.")
        read = cls.read(fields, result)
        fields.finish()
        return read

    @classmethod
    def read(cls, fields: Fields, result: str) -> Self:
        """The fields that this result needs; what is wrong is left with `fields`."""
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        starts_on = starts_at = until = None
        starts_text = when_text = lost_reason = terms = None
        if result == "meeting_on":
            starts_text, starts_on, starts_at = fields.start()
        elif result == "call_back_on":
            when_text, until = fields.when("Say when to call back, for example: Thursday.")
        elif result == "won":
            terms = read_terms(fields)
        elif result == "lost":
            lost_reason = fields.option(ids.LOST_REASON_BLOCK, LOST_REASONS, "Choose why it is lost.")
            if note is None:
                fields.wrong(ids.NOTE_BLOCK, "Write a note that says what the customer said.")
        return cls(
            result, note, starts_on, starts_at, when_text, until, lost_reason or None, starts_text, terms
        )


def read_terms(fields: Fields) -> Terms | None:
    """What was agreed; None when something is wrong, which is left with `fields`."""
    if not fields.shows(ids.AMOUNT_BLOCK):
        fields.wrong(
            ids.AMOUNT_BLOCK, "Choose Won again: the form then asks for amount, term and new expiration."
        )
        return None
    amount, months = fields.cents(ids.AMOUNT_BLOCK), fields.value(ids.TERM_BLOCK)
    block = fields.block_of(ids.NEW_EXPIRES_BLOCK)
    expires_on = fields.day(block)
    if months not in TERMS:
        fields.wrong(ids.TERM_BLOCK, "Choose the term.")
    if expires_on is None:
        fields.wrong(block, "Choose the last day of the new term.")
    return Terms(amount, int(months), expires_on) if amount and months in TERMS and expires_on else None


@dataclass(frozen=True, slots=True)
class CloseForm:
    """A run that is closed by its own form: `won` with its terms, or `lost` with reason and note."""

    lost_reason: str | None
    note: str | None
    terms: Terms | None

    @classmethod
    def parse(cls, view: Mapping[str, Any], result: str) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.NOTE_BLOCK)
        read = ResultForm.read(fields, result)
        fields.finish()
        return cls(read.lost_reason, read.note, read.terms)


@dataclass(frozen=True, slots=True)
class NewDealForm:
    """An upsell, or a new customer: `kind` is a key of NEW_DEALS."""

    kind: str
    name: str
    amount_cents: int

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.DEAL_NAME_BLOCK)
        kind = fields.option(ids.DEAL_KIND_BLOCK, NEW_DEALS, "Choose what kind of deal it is.")
        deal_name = fields.text(ids.DEAL_NAME_BLOCK, LONGEST_DEAL_NAME)
        if deal_name is None:
            fields.wrong(ids.DEAL_NAME_BLOCK, "Give the deal a name.")
        amount = fields.cents(ids.AMOUNT_BLOCK)
        fields.finish()
        return cls(kind, deal_name or "", amount)


@dataclass(frozen=True, slots=True)
class ConnectedForm(ResultForm):
    """The result of a call that connected."""

    @staticmethod
    def outcome_in(view: Mapping[str, Any]) -> str:
        """How the call stands in HubSpot: `connected`, unless one of the portal's own was chosen."""
        return Fields(view, fallback=ids.RESULT_BLOCK).value(ids.OUTCOME_BLOCK) or CONNECTED


@dataclass(frozen=True, slots=True)
class HeldForm(ResultForm):
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
    """Anything else about an account.

    `choice`: `call` or `appointment` (with `outcome`), `replied`, `called_in`, `meeting`, or `note` (with `note`).
    `then` is the next step, None where the playbook decides; of a meeting its day and time.
    """

    choice: str
    outcome: str | None = None
    note: str | None = None
    then: ResultForm | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors. Of two things chosen neither is guessed."""
        fields = Fields(view, fallback=ids.NOTE_BLOCK)
        chosen = fields.chosen()
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        choice, _, detail = (chosen[0][1] if chosen else "").partition(":")
        if len(chosen) > 1:
            for block, _ in chosen:
                fields.wrong(block, "Two things are chosen: choose one of them again.")
        elif choice not in _CHOICES or bool(detail) is not (choice in _DETAILED):
            fields.wrong(chosen[0][0] if chosen else ids.CHOICE_BLOCK, "Choose what happened.")
        elif choice == "note" and note is None:
            fields.wrong(ids.NOTE_BLOCK, NEEDS_NOTE)
        result = fields.value(ids.NEXT_BLOCK) or fields.value(ids.RESULT_BLOCK)
        result = "meeting_on" if choice == "meeting" else result if result in RESULTS else ""
        if result == "won" and choice in _DETAILED and not fields.shows(ids.AMOUNT_BLOCK):
            then: ResultForm | None = ResultForm("won")  # the form did not offer it; the service says why not
        else:
            then = ResultForm.read(fields, result) if result and choice != "note" else None
        fields.finish()
        return cls(choice, detail or None, note, None if then is None or result == "nothing_yet" else then)

    @staticmethod
    def chosen_in(view: Mapping[str, Any]) -> str | None:
        """What is chosen so far; None for nothing, or for two things at once."""
        chosen = Fields(view, fallback=ids.NOTE_BLOCK).chosen()
        return chosen[0][1] if len(chosen) == 1 else None


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


_DETAILED = frozenset({"call", "appointment"})
_CHOICES = _DETAILED | {"replied", "called_in", "meeting", "note"}


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
class StartForm:
    """Day and time of an appointment, in words or picked, and a note."""

    starts_on: date | None = None
    starts_at: time | None = None
    starts_text: str | None = None
    note: str | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.STARTS_BLOCK)
        text, day, hour = fields.start()
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        fields.finish()
        return cls(day, hour, text, note)


@dataclass(frozen=True, slots=True)
class MovedForm(StartForm):
    """The new date and time of an appointment."""


@dataclass(frozen=True, slots=True)
class MeetingForm(StartForm):
    """A meeting that the customer agreed to."""


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

"""The terms of a renewal that was won: amount, months, and the last day, proposed and read back in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.playbook.terms import expiration_after, last_expiration, put_out_before
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.views.blocks import (
    Block,
    chosen,
    context,
    date_picker,
    input_block,
    options,
    select,
    text_input,
)
from bot.slack.words import TERMS

LONGEST_AMOUNT: Final = 20
A_MONTH: Final = timedelta(days=31)
_PER: Final = {"month": "a month", "year": "a year", "term": "for the whole term"}


@dataclass(frozen=True, slots=True)
class OfferedTerms:
    """What the form begins with: the price as it is, for which period, and the contract's last day until now.

    `months` and `picked` (a last day) are what is chosen so far; `lead_days` before it the next term is put out,
    tomorrow (`today`: the run's local date) at the earliest. None: its deal is made by HubSpot's own workflow.
    """

    amount_cents: int | None = None
    currency: str = "USD"
    period: str = "month"
    expires_on: date | None = None
    months: int = 12
    picked: date | None = None
    lead_days: int | None = 30
    today: date = date.min

    @property
    def proposed(self) -> date | None:
        """The last day that is picked, else the one that the term leads to."""
        if self.picked is not None or self.expires_on is None:
            return self.picked
        return expiration_after(self.expires_on, self.months)


def offered_terms(line: AccountLine, today: date, months: int, lead_days: int | None) -> OfferedTerms:
    """What is known of a run."""
    known = (line.price_cents, line.currency, line.price_period, line.expires_on)
    return OfferedTerms(*known, months, None, lead_days, today)


def terms_blocks(offered: OfferedTerms) -> list[Block]:
    """Amount, term and new expiration. Choosing a term or a day draws the form anew, with the day in words."""
    amount = text_input(ids.FIELD, LONGEST_AMOUNT, initial=_amount(offered.amount_cents))
    term = chosen(select(ids.TERM_CHOSEN, options(TERMS)), str(offered.months))
    day = date_picker(ids.EXPIRES_CHOSEN, offered.proposed)
    return [
        input_block(
            f"Amount, {offered.currency} {_PER.get(offered.period, '')}".strip(), ids.AMOUNT_BLOCK, amount
        ),
        input_block("Term", ids.TERM_BLOCK, term, dispatch=True),
        input_block("New expiration", ids.new_expires_block(offered.months), day, dispatch=True),
        context(_read_back(offered), "terms_read_back"),
    ]


def _read_back(offered: OfferedTerms) -> str:
    until, new = offered.expires_on, offered.proposed
    said = f"Contract until now: {in_words(until)}." if until else "When the contract expires is not known."
    if new is None:
        return said
    if until is not None and new <= until:
        return f":warning: {said} {in_words(new)} is not later."
    if new <= offered.today or new > (last := last_expiration(until, offered.today)):
        wrong = "is past" if new <= offered.today else f"is too far ahead: {in_words(last)} at the latest"
        return f":warning: {said} {in_words(new)} {wrong}."
    said = f"{said} New term until *{in_words(new)}*"
    if offered.lead_days is not None:
        put_out = in_words(put_out_before(new, offered.lead_days, offered.today))
        said = f"{said}, put out on {put_out}"
    full = expiration_after(until, offered.months) if until is not None else new
    if abs(new - full) > A_MONTH:
        # A slip in the year is seen here, and nowhere else before the next renewal.
        months = "1 month" if offered.months == 1 else f"{offered.months} months"
        return f":warning: {said}. A term of {months} would end on {in_words(full)}."
    return f"{said}."


def in_words(day: date) -> str:
    """ "Friday 31 December 2027"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _amount(cents: int | None) -> str | None:
    if not cents:
        return None
    whole, rest = divmod(cents, 100)
    return str(whole) if rest == 0 else f"{whole}.{rest:02}"

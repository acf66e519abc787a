"""What a run becomes when it is won or lost: the fact, with the deal that follows, checked before it is written."""

from __future__ import annotations

from datetime import date

from bot.playbook.terms import LONGEST_TERM, last_expiration, put_out_before
from bot.services.acts.acting import Acting
from bot.services.acts.record import NewFact
from bot.services.errors import BadField, NotAllowed
from bot.services.runs.lines import price
from bot.services.runs.new_deals import HIGHEST_CENTS, RENEWAL, DealToMake, Terms

LOST_REASONS = (
    *("price", "no_results", "service_problem", "missing_feature", "competitor"),
    *("business_closed", "not_needed", "payment_failed", "never_reached"),
)


def won_fact(desk: Acting, terms: Terms | None, note: str | None) -> NewFact:
    """What a run that is won becomes. Raises BadField, NotAllowed without the terms."""
    if terms is None:
        raise NotAllowed(
            "Won needs amount, term and new expiration: the form asks for them. Nothing was logged."
        )
    deal = next_term(desk, terms)
    said = f"{terms_words(desk, terms)}."
    return NewFact("stage", outcome="won", note="\n".join(filter(None, (said, note))), deal=deal)


def lost_fact(reason: str | None, note: str | None) -> NewFact:
    """What a run that is lost becomes. Raises NotAllowed without reason or note (PLAYBOOK 7)."""
    if reason not in LOST_REASONS or not (note or "").strip():
        raise NotAllowed("Lost needs a reason and a note: the form asks for both. Nothing was logged.")
    return NewFact("stage", outcome="lost", reason=reason, note=note)


def next_term(desk: Acting, terms: Terms) -> DealToMake:
    """The next term's deal. Raises BadField (`amount`, `term`, `expires_on`)."""
    run, today = desk.run, desk.today
    if not 0 < terms.amount_cents <= HIGHEST_CENTS:
        raise BadField("amount", "Give the amount that was agreed, more than 0.")
    if not 1 <= terms.months <= LONGEST_TERM:
        raise BadField("term", f"Give the term in months, from 1 to {LONGEST_TERM}.")
    if run.expires_on is not None and terms.expires_on <= run.expires_on:
        raise BadField(
            "expires_on",
            f"The contract runs until {day_words(run.expires_on)}: the new expiration has to be later.",
        )
    if terms.expires_on <= today:
        raise BadField(
            "expires_on", f"{day_words(terms.expires_on)} is past: the new expiration has to be ahead."
        )
    if terms.expires_on > (last := last_expiration(run.expires_on, today)):
        raise BadField(
            "expires_on",
            f"{day_words(terms.expires_on)} is further ahead than the longest term: {day_words(last)} at the latest.",
        )
    put_out_on = put_out_before(terms.expires_on, desk.work.policy.put_out_lead_days, today)
    name = f"{run.account} - renewal {terms.expires_on.year}"
    return DealToMake(RENEWAL, name, terms.amount_cents, terms.months, put_out_on, terms.expires_on)


def terms_words(desk: Acting, terms: Terms) -> str:
    """ "150 USD/month for 12 months, until Friday 31 December 2027"."""
    amount = price(terms.amount_cents, desk.run.currency, desk.run.price_period)
    months = "1 month" if terms.months == 1 else f"{terms.months} months"
    return f"{amount} for {months}, until {day_words(terms.expires_on)}"


def day_words(day: date) -> str:
    """ "Friday 31 December 2027"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"

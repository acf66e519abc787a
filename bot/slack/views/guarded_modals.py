"""Irreversible steps: cancellation and takedown email, and the site that is down (PLAYBOOK 6)."""

from __future__ import annotations

from bot.playbook.assessment import Step
from bot.services.models import GuardedSum
from bot.slack import ids
from bot.slack.text import day_words, escaped, name
from bot.slack.views.blocks import (
    Block,
    actions,
    button,
    confirmation,
    context,
    input_block,
    modal,
    section,
    tick,
)
from bot.slack.views.drafts import Draft
from bot.slack.views.email_modal import draft_blocks
from bot.slack.views.result_modal import note_block

_TITLES = {Step.CANCELLATION_EMAIL: "Cancellation email", Step.TAKEDOWN_EMAIL: "Takedown email"}


def guarded_email_modal(dates: GuardedSum, step: Step, draft: Draft, private_metadata: str) -> Block:
    """The sum of dates, the draft, and the tick; when it is blocked, why, and no way to log it.

    `private_metadata` is the TouchRef; it is also the value of *The dates are right*.
    """
    blocks = [section(f"*{name(dates.account)}*"), section(dates_in_words(dates), "dates")]
    if dates.blocked:
        why = "\n".join(f":no_entry: {escaped(sentence, 300)}" for sentence in dates.blocked[:5])
        blocks.append(section(why, "blocked"))
        if dates.expires_on is not None:
            blocks.append(actions([_dates_are_right(private_metadata)], "confirm_dates"))
        return modal(_TITLES[step], ids.GUARDED_EMAIL_FORM, blocks, private_metadata, submit=None)
    blocks += draft_blocks(draft)
    if step is Step.CANCELLATION_EMAIL:
        blocks.append(context(_wording(dates), "wording"))
    checked = tick("I have double-checked the dates", ids.FIELD)
    blocks.append(input_block("Before you log it as sent", ids.CHECKED_BLOCK, checked))
    return modal(_TITLES[step], ids.GUARDED_EMAIL_FORM, blocks, private_metadata, submit="Sent")


def _wording(dates: GuardedSum) -> str:
    """What the cancellation email says of the website, and why."""
    if dates.takedown_wording:
        return "The draft says that we take the website down: the contract expired 7 or more days ago."
    if dates.takedown_from is None:
        return "We do not host this website, so the draft says nothing about taking it down."
    allowed = day_words(dates.takedown_from)
    return f"The draft says nothing about taking the website down: that is allowed from {allowed} on."


def dates_in_words(dates: GuardedSum) -> str:
    """The sum: expiration, from when a takedown email is allowed, and the put-out date that is not used."""
    if dates.expires_on is None:
        expiry = "The contract expiration is missing."
    else:
        verb = "expired" if dates.expires_on < dates.on else "expires"
        expiry = f"Contract {verb} {day_words(dates.expires_on)}."
    takedown = ""
    if dates.takedown_from is not None:
        takedown = f" Takedown email allowed from {day_words(dates.takedown_from)} (expiration + 7)."
    return f"{expiry}{takedown}\nPut out {day_words(dates.put_out_on)} - not used."


def confirm_site_down_modal(account: str, private_metadata: str) -> Block:
    """Customer Care says that the site is down; the rep is told at once."""
    blocks = [
        section(f"Is the website of *{name(account)}* down?"),
        context("The rep is told to contact the customer as soon as you confirm."),
        input_block("Confirm", ids.CHECKED_BLOCK, tick("The site is down", ids.FIELD)),
        note_block(),
    ]
    return modal("Site down", ids.CONFIRM_SITE_DOWN_FORM, blocks, private_metadata, submit="Confirm")


def _dates_are_right(ref: str) -> Block:
    question = confirmation(
        "Are these dates right?",
        "Compare them with the contract first. Your confirmation is kept with your name.",
        "They are right",
    )
    return button("The dates are right", ids.CONFIRM_DATES, ref, confirm=question)

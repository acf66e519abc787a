"""Typed verbs on one account: `remind ACCOUNT WHEN`, `won ACCOUNT`, `lost ACCOUNT`."""

from __future__ import annotations

from typing import Final

from bot.bootstrap import Assistant
from bot.plain_words.reading import Remind
from bot.services.acts.acting import TouchAt
from bot.services.acts.reminders import remind
from bot.services.errors import DomainError
from bot.services.showing.search import accounts_with, find_accounts
from bot.services.words.remind_words import read_reminder
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words
from bot.slack.views.blocks import Drawn
from bot.slack.views.closing import close_modal, with_close
from bot.slack.views.notices import sentence_message
from bot.slack.words import STAGES
from handlers.accounts import show_card
from handlers.closing import terms_of
from handlers.naming import card_of, which
from handlers.plain_words import ask_which
from handlers.presses import Typed, more_form

USAGE_REMIND: Final = (
    "Write: `/renewal remind ACCOUNT WHEN`, for example `remind acme in 1 hour`, `remind acme this afternoon`,"
    " `remind acme tomorrow 9:00`, `remind acme 14:30`."
)


def remind_account(assistant: Assistant, typed: Typed, rest: str) -> Drawn:
    """`remind ACCOUNT WHEN` sets it at once; without WHEN the form offers the usual hours."""
    if not rest:
        raise DomainError(f"Which account? {USAGE_REMIND}")
    work = assistant.work
    name, when = read_reminder(work, typed.who, rest)
    hits = find_accounts(work, typed.who, name)
    if when is not None and (named := accounts_with(work, typed.who, rest)):
        # "acme friday" is an account, or one called "acme" and a day: asked, never guessed.
        hits, when = list(dict.fromkeys((*named, *hits))), None
    if when is not None and len(hits) > 1:
        return ask_which(assistant, typed, [Remind(hit.run_id, when) for hit in hits])
    if len(hits) != 1:
        return which(assistant, typed, "remind", name, hits)
    card = card_of(assistant, typed, hits[0])
    if when is not None:
        due_at = remind(work, typed.click, TouchAt(card.line.run_id, None, card.on), when)
        today = work.now().astimezone(due_at.tzinfo).date()
        on = "" if due_at.date() == today else f"on {day_words(due_at.date(), today)} "
        return sentence_message(
            f"You will see {card.line.account} again {on}at {due_at:%H:%M}. No date moves."
        )
    if typed.trigger_id is None:
        raise DomainError(f"When? {USAGE_REMIND}")
    ref = TouchRef(card.line.run_id, None, card.on, None).encode()
    assistant.slack.open_view(typed.trigger_id, more_form(card, ref))
    return sentence_message(f"{card.line.account}: choose in the form when you want to see it again.")


def won_account(assistant: Assistant, typed: Typed, rest: str) -> Drawn:
    """`won ACCOUNT`: the form of the close."""
    return _close(assistant, typed, rest, "won")


def lost_account(assistant: Assistant, typed: Typed, rest: str) -> Drawn:
    """`lost ACCOUNT`: the same; it asks why."""
    return _close(assistant, typed, rest, "lost")


def _close(assistant: Assistant, typed: Typed, rest: str, result: str) -> Drawn:
    if not rest:
        raise DomainError(f"Which account? Write: `/renewal {result} ACCOUNT`, for example `{result} acme`.")
    hits = find_accounts(assistant.work, typed.who, rest)
    if len(hits) != 1:
        return which(assistant, typed, result, rest, hits)
    card = card_of(assistant, typed, hits[0])
    line = card.line
    if line.stage not in ("open", "negotiation"):
        stage = STAGES.get(line.stage, line.stage).lower()
        raise DomainError(f"{line.account} is closed already: {stage}. Nothing was changed.")
    if typed.trigger_id is None:
        shown = show_card(assistant, typed, line.run_id)
        return with_close(result, line, card.on, shown)
    ref = TouchRef(line.run_id, None, card.on, None).encode()
    # How it was agreed is not known: no call is logged that nobody made.
    view = close_modal(line, ref, result, terms_of(assistant, card))
    assistant.slack.open_view(typed.trigger_id, view)
    return sentence_message(
        f"{line.account}: the form asks for the rest. Nothing is logged before you send it."
    )

"""The account that typed words name: exactly one is taken, of several the person chooses, none is said so."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.acts.acting import TouchAt
from bot.services.errors import DomainError
from bot.services.showing.cards import Card, read_card
from bot.services.showing.search import Hit
from bot.slack.views.blocks import Drawn
from bot.slack.views.notices import account_choice
from handlers.presses import Typed


def which(assistant: Assistant, typed: Typed, verb: str, name: str, hits: list[Hit]) -> Drawn:
    """No account or several: ask, never guess. Raises DomainError when there is none."""
    if not hits:
        raise DomainError(
            f"No account in your book is called “{name[:80]}”. A part of its name is enough;"
            " `/renewal today` lists what is due."
        )
    cards = [card_of(assistant, typed, hit) for hit in hits]
    return account_choice(verb, name, [card.line for card in cards], cards[0].on)


def card_of(assistant: Assistant, typed: Typed, hit: Hit) -> Card:
    """The account as its reader may work it now. Raises NotYours."""
    at = TouchAt(hit.run_id, None, assistant.work.now().date())
    return read_card(assistant.work, typed.click, at, "log")

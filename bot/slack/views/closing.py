"""The forms that close a renewal, and what they offer after it."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.forms import LONGEST_DEAL_NAME
from bot.slack.payloads import TouchRef
from bot.slack.text import escaped, name
from bot.slack.views.blocks import (
    Block,
    Drawn,
    Element,
    actions,
    button,
    chosen,
    input_block,
    modal,
    options,
    section,
    text_input,
)
from bot.slack.views.result_modal import Filled, note_block, result_fields
from bot.slack.views.terms import LONGEST_AMOUNT, OfferedTerms, terms_blocks
from bot.slack.words import NEW_DEALS

TITLES: Final = {"won": "Won", "lost": "Lost"}


def close_modal(line: AccountLine, private_metadata: str, result: str, terms: OfferedTerms) -> Block:
    """Close a renewal as won or lost; no call is logged with it."""
    lost = result == "lost"
    label = "What did the customer say?" if lost else "Note"
    blocks = [
        section(f"*{name(line.account)}* is {'lost' if lost else 'won'}."),
        *result_fields(result, None, Filled(terms=terms)),
        note_block(label, optional=not lost),
    ]
    return modal(TITLES[result], ids.CLOSE_FORM, blocks, private_metadata, submit=f"Close as {result}")


def with_close(result: str, line: AccountLine, on: date, card: Drawn) -> Drawn:
    """What a message can do that no form can open from: the button of the close, above the account's card."""
    asks = {"won": "amount, term and new expiration", "lost": "a reason and a note"}[result]
    words = (
        f"Is *{name(line.account)}* {result}? Closing asks for {asks}. Nothing is logged before you send it."
    )
    ref = TouchRef(line.run_id, None, on, card.message_id).encode()
    press = button(f"{TITLES[result]}…", ids.open_close(result), ref, style="primary", about=line.account)
    blocks = [section(words, "question"), actions([press], "close"), *card.blocks]
    return Drawn(f"Is {line.account} {result}? Closing asks for {asks}.", blocks, card.message_id)


def next_term_modal(line: AccountLine, private_metadata: str, terms: OfferedTerms) -> Block:
    """The next term of a renewal that somebody closed as won in HubSpot."""
    blocks = [
        section(f"*{name(line.account)}* was won in HubSpot. What was agreed for the next term?"),
        *terms_blocks(terms),
    ]
    return modal("Next term", ids.NEXT_TERM_FORM, blocks, private_metadata, submit="Create the deal")


def new_deal_modal(account: str, private_metadata: str, currency: str, *, seeds: bool) -> Block:
    """After a renewal was won: one more deal, or none. `seeds`: the next term's deal is made by us."""
    kinds: Element = {"type": "radio_buttons", "action_id": ids.FIELD, "options": options(NEW_DEALS)}
    next_term = "follows in HubSpot" if seeds else "is made by HubSpot's own workflow"
    words = (
        f"*{name(account)}*: saved. The deal of its next term {next_term}.\n"
        "Did more come of it? Then give the deal a name and an amount."
    )
    deal_name = text_input(ids.FIELD, LONGEST_DEAL_NAME)
    amount = text_input(ids.FIELD, LONGEST_AMOUNT)
    blocks = [
        section(words),
        input_block("Deal", ids.DEAL_KIND_BLOCK, chosen(kinds, "upsell")),
        input_block("Name", ids.DEAL_NAME_BLOCK, deal_name),
        input_block(f"Amount, {escaped(currency, 3)}", ids.AMOUNT_BLOCK, amount),
    ]
    view = modal("Won", ids.NEW_DEAL_FORM, blocks, private_metadata, submit="Create the deal")
    return view | {"close": {"type": "plain_text", "text": "No, thanks", "emoji": True}}

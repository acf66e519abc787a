"""A customer's automatic answer on their account: who is away until when, and the deferral with one tap."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.services.models import AccountLine, AwayOffer
from bot.slack import ids
from bot.slack.payloads import AwayRef
from bot.slack.text import day_words, escaped
from bot.slack.views.blocks import Block, actions, button

LONGEST_SENDER: Final = 40
LONGEST_SHOWN: Final = 120
LONGEST_IN_LIST: Final = 60
_SAYS: Final = {"until": "away until {}", "last": "away until {} inclusive", "back": "back on {}"}


def away_words(offer: AwayOffer, on: date) -> str:
    """ ":palm_tree: Automatic reply from Carl: away until Fri 4 Dec", escaped."""
    sender = f" from {escaped(offer.sender, LONGEST_SENDER)}" if offer.sender else ""
    said = "away, until when is not certain" if offer.says else "no date in it"
    if offer.day is not None:
        said = _SAYS.get(offer.says, "away until {}").format(day_words(offer.day, on))
        if not offer.sure:
            said += ", not certain"
    return f":palm_tree: Automatic reply{sender}: {said}"


def away_quote(offer: AwayOffer, longest: int = LONGEST_SHOWN) -> str:
    """The words that say it, escaped; empty when there are none."""
    return f"“{escaped(offer.quote, longest)}”" if offer.quote else ""


def away_buttons(line: AccountLine, on: date, message_id: int | None) -> list[Block]:
    """One row: the deferral - by one tap, or by its form where the date is not certain - and *No*."""
    offer = line.away
    if offer is None:
        return []
    ref = AwayRef(offer.reply_id, offer.until, message_id or None).encode()
    of = line.account
    if offer.one_tap and offer.until is not None:
        defer = button(f"Defer until {day_words(offer.until, on)}", ids.DEFER_AWAY, ref, about=of)
    else:
        defer = button("Defer…", ids.OPEN_AWAY, ref, about=of)
    no = button("No", ids.DECLINE_AWAY, ref, about=f"automatic reply, {of}")
    return [actions([defer, no], ids.run_block(line.run_id, "away"))]

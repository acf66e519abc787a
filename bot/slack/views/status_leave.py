"""The offer to put a status in Slack in as leave: one line and two buttons, in the list and in Home."""

from __future__ import annotations

from typing import Final

from bot.services.acts.status_leave import LeaveOffer
from bot.slack import ids
from bot.slack.payloads import StatusRef
from bot.slack.text import day_words, escaped
from bot.slack.views.blocks import Block, actions, button, section

MOST_BLOCKS_OFFER: Final = 2
MOST_CHARACTERS_OFFER: Final = 350
LONGEST_STATUS: Final = 100


def offer_blocks(offer: LeaveOffer | None) -> list[Block]:
    """Nothing where nothing is offered."""
    if offer is None:
        return []
    words = escaped(offer.words, LONGEST_STATUS)
    said = f"says *{words}*" if words else f"shows {offer.emoji}"
    until = f" until {day_words(offer.last_on, offer.today)}" if offer.last_on is not None else ""
    ref = StatusRef(offer.person_id, offer.number).encode()
    return [
        section(f":palm_tree: Your Slack status {said}{until}. Put it in as leave?", "status"),
        actions(
            [
                button("Put in leave…", ids.OPEN_STATUS_LEAVE, ref),
                button("No", ids.DECLINE_STATUS_LEAVE, ref),
            ],
            "status:actions",
        ),
    ]

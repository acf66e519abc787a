"""App Home of somebody who has no book: what the assistant is to them, instead of an empty list with filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.services.home.models import Asked, Book, Place
from bot.services.models import CareLine
from bot.slack import ids
from bot.slack.payloads import HomeRef, TouchRef
from bot.slack.text import day_words, name, plural
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Block, actions, button, context, header, section

MOST_REQUESTS: Final = 40  # that stand in Home; the others stand in the channel


def home_without_book(
    book: Book, place: Place, care_channel: str | None, requests: Sequence[CareLine] = ()
) -> list[Block]:
    """`care_channel` is the id of Customer Care's channel; `requests` wait for it, the oldest first."""
    where = f"<#{care_channel}>" if care_channel else "its channel"
    words = {
        Place.CUSTOMER_CARE: (
            f"You have no accounts of your own. Customer Care is asked in {where} when a site may be taken down."
            f" {_waiting(requests)}"
        ),
        Place.ADMIN: (
            "You have no accounts of your own. As admin you see here how many messages each rep is sent;"
            " `renewals check` says whether everything works."
        ),
        Place.NONE: (
            "You have no open renewals, and you are not a manager here. Accounts appear as soon as one is put out"
            " for you in HubSpot. If you expected some, ask your admin whether your Slack e-mail is that of your"
            " HubSpot owner, and whether your team is set up."
        ),
    }
    return [
        header(f"Renewals, {day_words(book.on, book.on)}"),
        section(words[place], "place"),
        actions([button("Refresh", ids.HOME_REFRESH, HomeRef(Asked()).encode())], "ways"),
        *_requests(requests, book.on),
    ]


def _waiting(requests: Sequence[CareLine]) -> str:
    if not requests:
        return "No request is waiting."
    return f"*{plural(len(requests), 'site')} to take down:* say so here or there once it is done."


def _requests(requests: Sequence[CareLine], on: date) -> list[Block]:
    blocks = [block for one in requests[:MOST_REQUESTS] for block in _request(one, on)]
    if len(requests) > MOST_REQUESTS:
        blocks.append(context(f"+{len(requests) - MOST_REQUESTS:,} more in the channel", "more"))
    return blocks


def _request(one: CareLine, on: date) -> list[Block]:
    """The button stands below: beside the words it would leave them no width on a phone."""
    line = one.line
    owner = f" · {name(line.owner, 60)}" if line.owner else ""
    expired = f" · contract expired {day_words(line.expires_on, on)}" if line.expires_on else ""
    words = f"{linked_name(line)}{owner}\nAsked {day_words(one.asked_on, on)}{expired}"
    down = TouchRef(line.run_id, None, on, None).encode()
    way = button("The site is down…", ids.CONFIRM_SITE_DOWN, down, about=line.account)
    return [
        section(words, ids.run_block(line.run_id)),
        actions([way], ids.run_block(line.run_id, "actions")),
    ]

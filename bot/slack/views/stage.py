"""The stage that fits what happened on an account: said in a line once it lags, and moved with one tap."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.playbook.run import Stage
from bot.playbook.stage_signs import ANSWERED_TWICE, HELD, SAID_NO, TALKING, Fitting
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.text import day_words
from bot.slack.views.blocks import Element, button
from bot.slack.words import STAGES

FULL: Final = 2  # a row with more to do than this has no room for more words: the button alone stays
_SINCE: Final = {
    HELD: "the appointment of {day}",
    ANSWERED_TWICE: "a second answer of the customer on {day}",
    TALKING: "the note of {day}",
    SAID_NO: "the customer's no of {day}",
}


def stage_buttons(line: AccountLine, on: date, message_id: int | None) -> list[Element]:
    """The move that fits, quietly: one button; with its way out once the stage lags."""
    ref = TouchRef(line.run_id, None, on, message_id or None).encode()
    if line.next_term_missing:
        return [button("Next term…", ids.OPEN_NEXT_TERM, ref, about=line.account)]
    if line.fits is None:
        return []
    if line.fits.to is Stage.LOST:
        move = button("Close lost…", ids.open_close("lost"), ref, about=line.account)
    else:
        move = button("Move to In negotiation", ids.MOVE_STAGE, ref, about=line.account)
    if len(line.touches) > FULL:
        return [move]
    stays = button("Stage is right", ids.KEEP_STAGE, ref, about=line.account)
    return [move, stays] if line.lags else [move]


def stage_words(line: AccountLine, on: date) -> str | None:
    """What a stage that lags behind is told about; None while it is in time."""
    if line.next_term_missing:
        return ":arrows_counterclockwise: Won in HubSpot: what is the next term?"
    if line.fits is None or not line.lags or len(line.touches) > FULL:
        return None
    words = lag_words(line, line.fits, on)
    return f":warning: {words[0].upper()}{words[1:]}"


def lag_words(line: AccountLine, fits: Fitting, on: date) -> str:
    """ "still open since the appointment of Thu 12 Nov"."""
    since = _SINCE[fits.why].format(day=day_words(fits.since, on))
    return f"still {STAGES.get(line.stage, line.stage).lower()} since {since}"

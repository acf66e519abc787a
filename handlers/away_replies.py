"""Buttons on a customer's automatic answer: parse -> one service call -> the redraw follows from the facts."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.acts.away_reply import (
    OUT_OF_TOWN,
    away_note,
    decline_deferral,
    defer_as_said,
    offer_to_fill_in,
)
from bot.slack.payloads import AwayRef, StaleButton, TouchRef
from bot.slack.views.result_modal import Filled
from bot.slack.views.touch_modals import defer_modal
from handlers.accounts import show_form
from handlers.presses import Press


def handle_defer_away(assistant: Assistant, press: Press) -> None:
    ref = AwayRef.decode(press.value)
    if ref.until is None:
        raise StaleButton("without a date")
    defer_as_said(assistant.work, press.click, ref.reply_id, ref.until)


def handle_decline_away(assistant: Assistant, press: Press) -> None:
    decline_deferral(assistant.work, press.click, AwayRef.decode(press.value).reply_id)


def handle_open_away(assistant: Assistant, press: Press) -> None:
    """The date is not certain, or leads past day 30: the person decides in the form."""
    ref = AwayRef.decode(press.value)
    found = offer_to_fill_in(assistant.work, press.click, ref.reply_id)
    metadata = TouchRef(found.run_id, None, found.on, ref.message_id).encode()
    filled = Filled(choice=OUT_OF_TOWN, until=found.offer.until, note=away_note(found.offer))
    show_form(assistant, press, defer_modal(found.account, metadata, filled=filled))

"""What HubSpot did not take, and what both sides changed: the buttons on the entry itself."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.acts.not_taken import drop_entry, keep_theirs, try_again, write_mine
from bot.slack.payloads import FactRef
from handlers.presses import Press


def handle_try_again(assistant: Assistant, press: Press) -> None:
    try_again(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_drop_entry(assistant: Assistant, press: Press) -> None:
    drop_entry(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_keep_theirs(assistant: Assistant, press: Press) -> None:
    keep_theirs(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_write_mine(assistant: Assistant, press: Press) -> None:
    write_mine(assistant.work, press.click, FactRef.decode(press.value).fact_id)

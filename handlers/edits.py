"""A message of a person's that they changed or deleted after it was read: never logged twice, never in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.bootstrap import Assistant
from bot.services.words.questions import DELETED, EDITED, read_from, went_on
from bot.slack.views.blocks import Drawn
from bot.slack.views.notices import sentence_message
from handlers.commands import handle_message, is_command
from handlers.presses import Typed

# Who changes older words than these does not mean them for us.
STILL_MEANT: Final = timedelta(hours=12)
READ_ALREADY: Final = (
    "I went on from what you wrote first, so the change logged nothing. Undo and Change are on the account;"
    " or write it anew."
)
COMMAND_COUNTS: Final = (
    "A command counts as it was sent first, so the change did nothing. Undo and Change are on the account; or write"
    " it anew."
)


def is_meant(assistant: Assistant, typed: Typed) -> bool:
    """Whether the changed words are new enough to be read."""
    try:
        said_at = datetime.fromtimestamp(float(typed.ts or ""), UTC)
    except ValueError:
        return False
    return assistant.work.now() - said_at <= STILL_MEANT


def handle_edit(assistant: Assistant, typed: Typed) -> Drawn:
    """Read the new words in the place of the old ones, as long as nothing came of those."""
    if is_command(typed.text):
        return sentence_message(COMMAND_COUNTS)
    found = read_from(assistant.work, typed.click, typed.channel, typed.ts or "")
    if found is not None and found.over:
        return sentence_message(READ_ALREADY)
    drawn = handle_message(assistant, typed)
    if found is not None:
        went_on(assistant.work, typed.click, found.message_id, EDITED)
    return drawn


def handle_deletion(assistant: Assistant, typed: Typed) -> None:
    """What was only read back is off with the words that it was read from."""
    found = read_from(assistant.work, typed.click, typed.channel, typed.ts or "")
    if found is not None and not found.over:
        went_on(assistant.work, typed.click, found.message_id, DELETED)

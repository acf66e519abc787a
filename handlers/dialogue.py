"""A short answer to what was asked last in the same place: completed, changed, confirmed or declined."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.bootstrap import Assistant
from bot.plain_words.answers import Confirmed, Declined
from bot.plain_words.reading import Defer, Log, Refused, Show
from bot.plain_words.short_answers import says_only_yes_or_no
from bot.services.words.questions import went_on
from bot.services.words.read_back import confirm_said, read_read_back
from bot.services.words.understanding import AnswerTo, Understood, understand_answer
from bot.slack.views.blocks import Drawn
from bot.slack.views.notices import sentence_message
from bot.slack.views.read_back import done_message
from handlers.plain_words import answer_plain_words
from handlers.presses import Typed

NOTHING_WAITS: Final = (
    "I have no open question here, so nothing was logged: an answer counts for 15 minutes, until something else is"
    " written. Use the buttons, or write it whole, for example: `acme no answer`."
)


def continue_dialogue(assistant: Assistant, typed: Typed) -> Drawn | None:
    """The answer to an answer; None where no question is open, or the words speak for themselves."""
    found = understand_answer(assistant.work, typed.click, typed.text, typed.channel, typed.thread_ts)
    if found is None:
        return None
    match found.said.reading:
        case Confirmed():
            return _confirmed(assistant, typed, found.message_id)
        case Declined():
            went_on(assistant.work, typed.click, found.message_id)
            return sentence_message("All right, nothing was logged.")
        case Show(topic) if topic != "account":
            return None
        case reading:
            said = Understood(found.said.text, reading, found.now)
            return _read_on(assistant, typed, said, found)


def nothing_waits(typed: Typed, said: Understood) -> Drawn | None:
    """What to say to a yes or a no that answers nothing; None for all other words."""
    answers_nothing = says_only_yes_or_no(typed.text) and not isinstance(said.reading, Show)
    return sentence_message(NOTHING_WAITS) if answers_nothing else None


def _confirmed(assistant: Assistant, typed: Typed, message_id: int) -> Drawn:
    kept = read_read_back(assistant.work, message_id)
    doing = kept.to_confirm if kept is not None else None
    confirm_said(assistant.work, replace(typed.click, message_id=message_id), message_id)
    if kept is None or doing is None:
        return sentence_message("Done.")
    return done_message(kept, doing, undo=isinstance(doing, Log | Defer))


def _read_on(assistant: Assistant, typed: Typed, said: Understood, found: AnswerTo) -> Drawn:
    drawn = answer_plain_words(assistant, typed, said, "")
    if not isinstance(said.reading, Refused):
        went_on(assistant.work, typed.click, found.message_id)
    return drawn

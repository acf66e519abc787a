"""Plain words in a message: answered, read back with *Log it / Change*, or asked; and the presses on that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.bootstrap import Assistant
from bot.plain_words.reading import Ask, Defer, Doing, Log, Refused, Remind, Show, Undo
from bot.services.acts.acting import TouchAt
from bot.services.showing.cards import read_card
from bot.services.words.read_back import (
    Place,
    choose_said,
    confirm_said,
    keep_read_back,
    read_read_back,
    settle_said,
)
from bot.services.words.understanding import Understood, last_logged_run
from bot.slack.payloads import SaidRef, StaleButton, TouchRef
from bot.slack.views.blocks import Block, Drawn
from bot.slack.views.closing import with_close
from bot.slack.views.notices import help_message, sentence_message
from bot.slack.views.read_back import open_question, read_back_message, refusal
from bot.slack.views.result_modal import Filled, connected_modal
from bot.slack.views.touch_modals import defer_modal
from handlers.accounts import show_card
from handlers.presses import Press, Typed, more_form

CLOSES = {"won": "won", "reason": "lost"}  # what only a form can answer -> which one
CHOICE_OF_OUTCOME = {"replied": "replied", "called_in": "called_in", "note": "note"}


def answer_plain_words(assistant: Assistant, typed: Typed, said: Understood, hint: str) -> Drawn:
    """Answer what was understood; `hint` is a sentence for words that were not. Lists are answered elsewhere."""
    match said.reading:
        case Refused(why):
            return refusal(why, f"{hint} " if hint else "")
        case Show("account", run_id):
            return show_card(assistant, typed, run_id or 0)
        case Show("help"):
            return help_message()
        case Show(topic):
            raise AssertionError(f"{topic} is answered elsewhere")
        case Undo(run_id):
            return _to_undo(assistant, typed, run_id)
        case Ask():
            return _asked(assistant, typed, said, said.reading)
        case Log(run_id, "cancellation_email" | "takedown_email"):
            return _above(refusal("guarded"), show_card(assistant, typed, run_id))
        case Log() | Defer() | Remind():
            return _read_back(assistant, typed, said, (said.reading,))


def handle_log_said(assistant: Assistant, press: Press) -> None:
    confirm_said(assistant.work, press.click, SaidRef.decode(press.value).message_id)


def handle_choose_said(assistant: Assistant, press: Press) -> None:
    ref = SaidRef.decode(press.value)
    choose_said(assistant.work, press.click, ref.message_id, ref.choice)


def handle_change_said(assistant: Assistant, press: Press) -> None:
    """The form that fits what was read, filled in; the message shows the account from now on."""
    message_id = SaidRef.decode(press.value).message_id
    said = settle_said(assistant.work, press.click, message_id)
    assistant.slack.open_view(press.trigger_id, _form(assistant, press, said, message_id))


def _form(assistant: Assistant, press: Press, said: Doing, message_id: int) -> Block:
    at = TouchAt(said.run_id or 0, None, assistant.work.now().date())
    card = read_card(assistant.work, press.click, at, "change_said")
    account = card.line.account
    ref = TouchRef(card.line.run_id, None, card.on, message_id).encode()
    if isinstance(said, Defer):
        return defer_modal(account, ref, filled=Filled(said.reason, said.until, note=said.note))
    if not isinstance(said, Log):
        raise StaleButton("nothing to change")
    if said.outcome in ("connected", "meeting"):
        starts = said.starts_at.astimezone(card.now.tzinfo) if said.starts_at else None
        result = "meeting_on" if starts else "call_back_on" if said.until else None
        filled = Filled(None, said.until, starts.time() if starts else None, said.note)
        meeting_on = starts.date() if starts else None
        own = card.contact
        return connected_modal(
            account, ref, result=result, meeting_on=meeting_on, filled=filled, portal_outcomes=own
        )
    choice = CHOICE_OF_OUTCOME.get(said.outcome, f"call:{said.outcome}")
    return more_form(card, ref, Filled(choice, note=said.note))


def _asked(
    assistant: Assistant,
    typed: Typed,
    said: Understood,
    asked: Ask,
) -> Drawn:
    """A question: a button for each answer, or - an account with its own buttons - what to write instead."""
    about = tuple(choice for choice in asked.choices if choice.run_id is not None)
    shown = {choice.run_id for choice in about}
    if about and all(isinstance(choice, Show) for choice in about) and len(shown) == 1:
        _keep(assistant, typed, said, (), replace(asked, run_id=about[0].run_id))
        shows = show_card(assistant, typed, about[0].run_id or 0)
        if (result := CLOSES.get(asked.what)) is not None:
            at = TouchAt(about[0].run_id or 0, None, assistant.work.now().date())
            card = read_card(assistant.work, typed.click, at, "open_close")
            if card.line.stage in ("open", "negotiation"):
                return with_close(result, card.line, card.on, shows)
        return _above(open_question(asked.what, asked.words), shows)
    return _read_back(assistant, typed, said, about, asked)


def ask_which(assistant: Assistant, typed: Typed, choices: Sequence[Doing]) -> Drawn:
    """The same for one of several accounts: asked, and read back once it is chosen, with all that was said."""
    said = Understood(typed.text, Ask("account"), assistant.work.now())
    return _read_back(assistant, typed, said, tuple(choices), Ask("account"))


def _above(words: Drawn, card: Drawn) -> Drawn:
    """A sentence, and under it the account that it is about with its buttons."""
    return Drawn(words.text, [*words.blocks, *card.blocks], card.message_id)


def _read_back(
    assistant: Assistant,
    typed: Typed,
    said: Understood,
    choices: tuple[Doing, ...],
    asked: Ask | None = None,
) -> Drawn:
    message_id = _keep(assistant, typed, said, choices, asked)
    kept = read_read_back(assistant.work, message_id)
    if kept is None:
        raise StaleButton("the message is not known")
    drawn = read_back_message(kept)
    return Drawn(drawn.text, drawn.blocks, message_id)


def _keep(
    assistant: Assistant, typed: Typed, said: Understood, choices: tuple[Doing, ...], asked: Ask | None
) -> int:
    """Remember what is read back or asked, so that a press or a short answer goes on from it."""
    place = Place(typed.channel, typed.thread_ts, typed.ts, private=typed.surface == "command")
    clear = asked.run_id if asked is not None else choices[0].run_id
    what, words = (asked.what, asked.words) if asked is not None else (None, None)
    return keep_read_back(
        assistant.work, typed.click, place, choices, text=said.text, what=what, words=words, run_id=clear
    )


def _to_undo(assistant: Assistant, typed: Typed, run_id: int | None) -> Drawn:
    """The account with what was logged on it today, each entry with its *Undo*."""
    found = run_id or last_logged_run(assistant.work, typed.click)
    if found is None:
        return sentence_message("You have logged nothing today that could be undone.")
    card = show_card(assistant, typed, found)
    return _above(sentence_message("Press Undo beside what you want to take back."), card)

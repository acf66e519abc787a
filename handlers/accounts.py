"""An account's card: by its name, from a message, from a button; and the modals that show one, kept fresh."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.acts.acting import Click
from bot.services.acts.log_touch import log_review
from bot.services.errors import DomainError
from bot.services.showing.account_card import ACCOUNT_CARD, read_account_card, runs_shown_in
from bot.services.showing.cards import keep_card, read_card
from bot.services.showing.search import accounts_named_in, find_accounts, stands_in
from bot.slack import ids
from bot.slack.payloads import StaleButton, TouchRef
from bot.slack.review_form import ticked_note
from bot.slack.text import escaped, plural
from bot.slack.trouble import SlackTrouble
from bot.slack.views.blocks import Block, Drawn
from bot.slack.views.brief import review_modal
from bot.slack.views.card import card_message, card_modal, choice_blocks, choice_modal
from bot.slack.views.notice_modal import notice_modal, sentence_of
from handlers.presses import Press, Shortcut, Submission, Typed, touch_at

MOST_CHOICES = 8
MOST_IN_MODAL = 40
# What opens something else leaves the card as it is.
OPENING = ("open_", ids.CONFIRM_SITE_DOWN, ids.CHOOSE_ACCOUNT)

_log = logging.getLogger(__name__)


def show_card(assistant: Assistant, typed: Typed, run_id: int, words: str | None = None) -> Drawn:
    """The card as an answer that stays alive: private to who typed the command."""
    card = read_account_card(assistant.work, typed.click, run_id)
    private = typed.surface == "command"
    message_id = keep_card(
        assistant.work,
        typed.click,
        run_id,
        typed.channel,
        private=private,
        kind=ACCOUNT_CARD,
        thread_ts=typed.thread_ts,
    )
    return card_message(card, message_id, words)


def find_card(assistant: Assistant, typed: Typed, *, surely: bool = False) -> Drawn | None:
    """The card of the account that the words name, or a choice of several; None when they name none.

    `surely`: only accounts in whose name the very words stand.
    """
    hits = find_accounts(assistant.work, typed.who, typed.text, to_see=True)
    if surely:
        hits = [hit for hit in hits if stands_in(typed.text, hit.account)]
    if len(hits) == 1:
        return show_card(assistant, typed, hits[0].run_id)
    if not hits:
        return None
    cards = [read_account_card(assistant.work, typed.click, hit.run_id) for hit in hits[:MOST_CHOICES]]
    title = f"{plural(len(hits), 'account')} match “{escaped(typed.text, 80)}”. Which one?"
    return Drawn(title, choice_blocks(cards, title, len(hits) - len(cards)))


def handle_open_card(assistant: Assistant, press: Press) -> None:
    """*Open account*: a modal of its own, or in the place of the one it was pressed in."""
    card = read_account_card(assistant.work, press.click, TouchRef.decode(press.value).run_id)
    if _in_modal(press):
        assistant.slack.update_view(str((press.view or {})["id"]), card_modal(card))
    else:
        assistant.slack.open_view(press.trigger_id, card_modal(card))


def handle_open_review(assistant: Assistant, press: Press) -> None:
    """*Review…*: what to know before the first call, with its checklist."""
    ref = TouchRef.decode(press.value)
    read_card(assistant.work, press.click, touch_at(ref), press.action_id)  # due today, and theirs to do
    card = read_account_card(assistant.work, press.click, ref.run_id)
    if card.brief is None or not card.may.work:
        raise StaleButton("no review is due")
    show_form(assistant, press, review_modal(card, press.value))


def handle_review_form(assistant: Assistant, form: Submission) -> dict[str, Any] | None:
    log_review(assistant.work, form.click, touch_at(form.touch_ref), ticked_note(form.view))
    return None


def handle_account_shortcut(assistant: Assistant, shortcut: Shortcut) -> None:
    """*Open account* on a message: the account that it shows or names; a choice when there are several."""
    work = assistant.work
    run_ids = runs_shown_in(work, shortcut.click, shortcut.channel, shortcut.message_ts)
    if not run_ids:
        run_ids = [hit.run_id for hit in accounts_named_in(work, shortcut.who, shortcut.text)]
    cards = [read_account_card(work, shortcut.click, run_id) for run_id in run_ids[:MOST_IN_MODAL]]
    if len(cards) == 1:
        view = card_modal(cards[0])
    elif cards:
        title = f"This message shows {plural(len(run_ids), 'account')}."
        view = choice_modal(cards, title, len(run_ids) - len(cards))
    else:
        view = notice_modal(
            "This message names no account of yours. `/renewal` and a part of its name finds one."
        )
    assistant.slack.open_view(shortcut.trigger_id, view)


def show_form(assistant: Assistant, press: Press, view: Block) -> None:
    """A form opens: over a card it is laid, pressed within another form it takes that one's place."""
    if press.view is None or not _in_modal(press):
        assistant.slack.open_view(press.trigger_id, view)
    elif press.view.get("callback_id") == ids.CARD_VIEW:
        assistant.slack.push_view(press.trigger_id, view)
    else:
        assistant.slack.update_view(str(press.view["id"]), view, press.view.get("hash"))


def after_press(assistant: Assistant, press: Press, sentence: str | None = None) -> None:
    """Draw the modal again in which something was pressed; `sentence` says why it was not done."""
    if press.view is None or (sentence is None and press.action_id.startswith(OPENING)):
        return
    fresh = _fresh(assistant, press.click, press.view, sentence)
    if fresh is None and sentence is not None:
        fresh = notice_modal(sentence)
    if fresh is not None:
        _update(assistant, str(press.view.get("id", "")), fresh)


def after_submission(assistant: Assistant, form: Submission, answer: dict[str, Any]) -> dict[str, Any]:
    """What to answer to a form that lay on a card: the card says what came of it, in the notice's place."""
    below = form.view.get("root_view_id")
    if below in (None, "", form.view.get("id")):
        return answer
    said = sentence_of(answer.get("view") or {})
    if answer and said is None:
        return answer  # the form asks something back
    try:
        card = read_account_card(assistant.work, form.click, form.run_id)
    except DomainError:
        return answer
    return {} if _update(assistant, str(below), card_modal(card, said)) else answer


def _in_modal(press: Press) -> bool:
    """Whether it was pressed in a modal: neither a message nor Home gives its place to a form."""
    return press.view is not None and press.view.get("type") == "modal"


def _fresh(assistant: Assistant, click: Click, view: Mapping[str, Any], sentence: str | None) -> Block | None:
    """The same modal as it looks now; None for one that does not change by itself."""
    callback, metadata = view.get("callback_id"), view.get("private_metadata")
    if callback not in (ids.CARD_VIEW, ids.REVIEW_FORM):
        return None
    try:
        ref = TouchRef.decode(metadata)
        card = read_account_card(assistant.work, click, ref.run_id)
    except DomainError as error:
        return notice_modal(sentence or error.sentence)
    if callback == ids.REVIEW_FORM:
        return review_modal(card, ref.encode(), sentence)
    return card_modal(card, sentence)


def _update(assistant: Assistant, view_id: str, view: Block) -> bool:
    try:
        assistant.slack.update_view(view_id, view)
    except SlackTrouble as error:  # closed meanwhile: what was done is done
        log(_log, logging.INFO, "card.not_redrawn", error=type(error).__name__)
        return False
    return True

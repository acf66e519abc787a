"""Stages and closing: the move that fits with one tap, the forms of won and lost, and what follows from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.bootstrap import Assistant
from bot.services.acts.acting import TouchAt
from bot.services.acts.closing import (
    add_deal,
    close_lost,
    close_won,
    keep_stage,
    move_to,
    reopen,
    seed_next_term,
)
from bot.services.acts.log_touch import Logged
from bot.services.errors import StaleTouch
from bot.services.showing.cards import Card, read_card
from bot.slack import ids
from bot.slack.fields import Fields, FormErrors
from bot.slack.forms import CloseForm, NewDealForm, read_terms
from bot.slack.payloads import TouchRef
from bot.slack.views.blocks import Block
from bot.slack.views.closing import close_modal, new_deal_modal, next_term_modal
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.terms import OfferedTerms, offered_terms
from bot.slack.words import STAGES, TERMS
from handlers.accounts import show_form
from handlers.presses import Press, Submission

Answer = dict[str, Any] | None


def handle_move_stage(assistant: Assistant, press: Press) -> None:
    """*Move to In negotiation*: what happened says so already."""
    move_to(assistant.work, press.click, whole_run(press), "negotiation")


def handle_keep_stage(assistant: Assistant, press: Press) -> None:
    """*Stage is right*: nothing moves, and nothing is said of it until something else happens."""
    keep_stage(assistant.work, press.click, whole_run(press))


def handle_reopen(assistant: Assistant, press: Press) -> None:
    reopen(assistant.work, press.click, whole_run(press))


def handle_open_close(assistant: Assistant, press: Press) -> None:
    """*Won…*, *Close lost…*: the form of the close alone."""
    result = ids.told_by(press.action_id)
    card = read_card(assistant.work, press.click, whole_run(press), "open_close")
    if card.line.stage not in ("open", "negotiation"):
        stage = STAGES.get(card.line.stage, card.line.stage).lower()
        raise StaleTouch(f"{card.line.account} is closed already: {stage}. Nothing was changed.")
    show_form(assistant, press, close_modal(card.line, press.value, result, terms_of(assistant, card)))


def handle_open_next_term(assistant: Assistant, press: Press) -> None:
    """*Next term…* of what somebody won in HubSpot."""
    card = read_card(assistant.work, press.click, whole_run(press), "open_next_term")
    if not card.line.next_term_missing:
        raise StaleTouch(f"{card.line.account}: nothing is missing for its next term. Nothing was changed.")
    show_form(assistant, press, next_term_modal(card.line, press.value, terms_of(assistant, card)))


def drawn_with_terms(assistant: Assistant, press: Press, card: Card) -> Block:
    """The closing forms of their own, drawn again with the term or the day that was chosen."""
    view = press.view or {}
    metadata, terms = str(view.get("private_metadata", "")), terms_of(assistant, card, press)
    if view.get("callback_id") == ids.NEXT_TERM_FORM:
        return next_term_modal(card.line, metadata, terms)
    return close_modal(card.line, metadata, "won", terms)


def handle_close_form(assistant: Assistant, form: Submission) -> Answer:
    """The form says itself whether it is won or lost: by the fields it shows."""
    ref, at = form.touch_ref, _at(form.touch_ref)
    lost = Fields(form.view, fallback=ids.NOTE_BLOCK).shows(ids.LOST_REASON_BLOCK)
    entered = CloseForm.parse(form.view, "lost" if lost else "won")
    if entered.terms is not None:
        logged = close_won(assistant.work, form.click, at, entered.terms, entered.note)
        return after_won(assistant, form, logged)
    logged = close_lost(assistant.work, form.click, at, entered.lost_reason, entered.note)
    return None if ref.message_id is not None else _instead(f"{logged.account}: closed as lost.")


def handle_next_term_form(assistant: Assistant, form: Submission) -> Answer:
    fields = Fields(form.view, fallback=ids.AMOUNT_BLOCK)
    terms = read_terms(fields)
    fields.finish()
    if terms is None:
        raise FormErrors({ids.AMOUNT_BLOCK: "Fill in amount, term and new expiration."})
    logged = seed_next_term(assistant.work, form.click, _at(form.touch_ref), terms)
    return after_won(assistant, form, logged)


def handle_new_deal_form(assistant: Assistant, form: Submission) -> Answer:
    entered = NewDealForm.parse(form.view)
    at = _at(form.touch_ref)
    # It stands in the place of the form before it, under the same id.
    click = replace(form.click, key=f"{form.key}:{ids.NEW_DEAL_FORM}")
    logged = add_deal(assistant.work, click, at, entered.kind, entered.name, entered.amount_cents)
    return _instead(f"{logged.account}: the deal “{entered.name}” is saved and follows in HubSpot.")


def after_won(assistant: Assistant, form: Submission, logged: Logged) -> Answer:
    """A renewal was won: one more deal is offered, once. An imported book has no deals to make."""
    if assistant.work.book != "hubspot":
        return None if form.touch_ref.message_id is not None else _instead(f"{logged.account}: saved.")
    at = _at(form.touch_ref)
    card = read_card(assistant.work, form.click, at, "open_new_deal")
    metadata = TouchRef(at.run_id, None, at.on, at.message_id).encode()
    seeds = assistant.work.makes_next_terms
    view = new_deal_modal(logged.account, metadata, card.line.currency, seeds=seeds)
    return {"response_action": "update", "view": view}


def terms_of(assistant: Assistant, card: Card, press: Press | None = None) -> OfferedTerms:
    """What a form of a won renewal proposes; with what was chosen in it so far."""
    policy = assistant.work.policy
    lead_days = policy.put_out_lead_days if assistant.work.makes_next_terms else None
    offered = offered_terms(card.line, card.on, policy.term_months, lead_days)
    if press is None or press.view is None:
        return offered
    fields = Fields(press.view, fallback=ids.AMOUNT_BLOCK)
    months = press.value if press.action_id == ids.TERM_CHOSEN else fields.value(ids.TERM_BLOCK)
    if months in TERMS:
        offered = replace(offered, months=int(months))
    if press.action_id == ids.EXPIRES_CHOSEN:
        offered = replace(offered, picked=fields.day(fields.block_of(ids.NEW_EXPIRES_BLOCK)))
    return offered


def whole_run(press: Press) -> TouchAt:
    """The account as a whole, whatever touch the button stood beside. Raises StaleButton."""
    return _at(TouchRef.decode(press.value))


def _at(ref: TouchRef) -> TouchAt:
    return TouchAt(ref.run_id, None, ref.on, ref.message_id)


def _instead(sentence: str) -> Answer:
    return {"response_action": "update", "view": notice_modal(sentence)}

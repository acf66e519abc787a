"""Buttons: parse -> one service call -> the redraw follows from the facts; or a form opens and is filled."""

from __future__ import annotations

from dataclasses import replace

from bot.bootstrap import Assistant
from bot.playbook.assessment import Step
from bot.services.acts.acting import TouchAt
from bot.services.acts.care import account_to_confirm
from bot.services.acts.change import read_change
from bot.services.acts.defer import account_to_defer
from bot.services.acts.guarded_email import confirm_dates, guarded_sum
from bot.services.acts.log_touch import log_appointment, log_call, log_email, log_review
from bot.services.acts.move_out import move_out_now, read_to_keep, take_back_keep, take_back_move_out
from bot.services.acts.reminders import Later, remind
from bot.services.acts.report_missing import acknowledge_report, report_missing
from bot.services.acts.undo import undo
from bot.services.dates import spoken
from bot.services.errors import BadField
from bot.services.showing.cards import Card, read_card, read_day
from bot.services.showing.day_off import said_of
from bot.services.showing.shown import turn_page
from bot.slack import ids
from bot.slack.forms import ConnectedForm, MoreForm
from bot.slack.payloads import ChangeRef, FactRef, PageRef, StaleButton, TouchRef
from bot.slack.text import moment_words
from bot.slack.views.blocks import Block
from bot.slack.views.buttons import GUARDED
from bot.slack.views.change_modal import change_modal
from bot.slack.views.drafts import email_draft, email_touch
from bot.slack.views.email_modal import email_modal
from bot.slack.views.guarded_modals import confirm_site_down_modal, guarded_email_modal
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.result_modal import Filled, connected_modal, held_modal
from bot.slack.views.touch_modals import defer_modal, drawn_in, keep_modal, meeting_modal, moved_modal
from handlers.accounts import show_form
from handlers.closing import drawn_with_terms, handle_open_close, terms_of
from handlers.presses import Press, more_form, touch_at


def handle_log_call(assistant: Assistant, press: Press) -> None:
    at = touch_at(TouchRef.decode(press.value))
    log_call(assistant.work, press.click, at, ids.told_by(press.action_id))


def handle_log_email(assistant: Assistant, press: Press) -> None:
    log_email(assistant.work, press.click, touch_at(TouchRef.decode(press.value)))


def handle_log_review(assistant: Assistant, press: Press) -> None:
    log_review(assistant.work, press.click, touch_at(TouchRef.decode(press.value)))


def handle_report_missing(assistant: Assistant, press: Press) -> None:
    report_missing(assistant.work, press.click, touch_at(TouchRef.decode(press.value)))


def handle_acknowledge_report(assistant: Assistant, press: Press) -> None:
    acknowledge_report(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_log_appointment(assistant: Assistant, press: Press) -> None:
    at = touch_at(TouchRef.decode(press.value))
    log_appointment(assistant.work, press.click, at, ids.told_by(press.action_id))


def handle_undo_fact(assistant: Assistant, press: Press) -> None:
    undo(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_open_change(assistant: Assistant, press: Press) -> None:
    ref = FactRef.decode(press.value)
    found = read_change(assistant.work, press.click, ref.fact_id)
    metadata = ChangeRef(found.run_id, ref.fact_id, ref.message_id).encode()
    show_form(assistant, press, change_modal(found, metadata))


def handle_turn_page(assistant: Assistant, press: Press) -> None:
    ref = PageRef.decode(press.value)
    turn_page(assistant.work, press.click, ref.message_id, ref.page)


def handle_move_out_now(assistant: Assistant, press: Press) -> None:
    move_out_now(assistant.work, press.click, TouchRef.decode(press.value).run_id)


def handle_take_back_keep(assistant: Assistant, press: Press) -> None:
    take_back_keep(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_take_back_move_out(assistant: Assistant, press: Press) -> None:
    take_back_move_out(assistant.work, press.click, FactRef.decode(press.value).fact_id)


def handle_confirm_dates(assistant: Assistant, press: Press) -> None:
    ref = TouchRef.decode(press.value)
    confirm_dates(assistant.work, press.click, touch_at(ref))
    if press.view is not None:
        assistant.slack.update_view(str(press.view["id"]), _guarded_email(assistant, press, ref))


def handle_open_connected(assistant: Assistant, press: Press) -> None:
    card = _card(assistant, press)
    view = connected_modal(card.line.account, press.value, portal_outcomes=card.contact)
    show_form(assistant, press, view)


def handle_open_defer(assistant: Assistant, press: Press) -> None:
    account = account_to_defer(assistant.work, press.click, TouchRef.decode(press.value).run_id)
    show_form(assistant, press, defer_modal(account, press.value))


def handle_open_held(assistant: Assistant, press: Press) -> None:
    card = _card(assistant, press)
    show_form(assistant, press, held_modal(card.line.account, press.value))


def handle_open_moved(assistant: Assistant, press: Press) -> None:
    card = _card(assistant, press)
    show_form(assistant, press, moved_modal(card.line.account, press.value))


def handle_open_more(assistant: Assistant, press: Press) -> None:
    show_form(assistant, press, more_form(_card(assistant, press), press.value))


def handle_open_meeting(assistant: Assistant, press: Press) -> None:
    card = read_card(assistant.work, press.click, _whole_run(TouchRef.decode(press.value)), "open_meeting")
    show_form(assistant, press, meeting_modal(card.line.account, press.value))


def handle_remind(assistant: Assistant, press: Press) -> None:
    """*Remind me*: the form says when."""
    ref = TouchRef.decode(press.value)
    later = ids.told_by(press.action_id)
    when = remind(assistant.work, press.click, _whole_run(ref), Later(later))
    if press.view is not None:
        now = assistant.work.now().astimezone(when.tzinfo)
        said = notice_modal(f"You will see it again at {moment_words(when, now)}.")
        assistant.slack.update_view(str(press.view["id"]), said)


def handle_open_email(assistant: Assistant, press: Press) -> None:
    """The draft of the email that is due; of an account without one what fits where it stands."""
    card = _card(assistant, press)
    step = TouchRef.decode(press.value).step
    if step in GUARDED:
        raise StaleButton("its dates have to be seen first")
    touch = next((one for one in card.line.touches if one.step == step), None) or email_touch(card.line)
    show_form(assistant, press, email_modal(card.line.account, email_draft(card.line, touch), press.value))


def handle_open_guarded_email(assistant: Assistant, press: Press) -> None:
    show_form(assistant, press, _guarded_email(assistant, press, TouchRef.decode(press.value)))


def handle_open_keep(assistant: Assistant, press: Press) -> None:
    found = read_to_keep(assistant.work, press.click, TouchRef.decode(press.value).run_id)
    view = keep_modal(found.account, found.owner, found.moves_on, press.value)
    show_form(assistant, press, view)


def handle_confirm_site_down(assistant: Assistant, press: Press) -> None:
    account = account_to_confirm(assistant.work, press.click, TouchRef.decode(press.value).run_id)
    show_form(assistant, press, confirm_site_down_modal(account, press.value))


def handle_choose_account(assistant: Assistant, press: Press) -> None:
    verb = ids.told_by(press.action_id)
    if verb == "defer":
        handle_open_defer(assistant, press)
    elif verb in ("won", "lost"):
        handle_open_close(assistant, press)
    else:
        view = more_form(_card(assistant, press), press.value)
        assistant.slack.open_view(press.trigger_id, view)


def handle_choose_result(assistant: Assistant, press: Press) -> None:
    """A result was chosen in a form, or a term in it: draw it again with the inputs that this needs."""
    if press.view is None:
        return
    metadata = str(press.view.get("private_metadata", ""))
    card = read_card(assistant.work, press.click, _whole_run(TouchRef.decode(metadata)), "open_connected")
    account, result = card.line.account, press.value
    filled = Filled(terms=terms_of(assistant, card, press))
    if press.action_id in (ids.TERM_CHOSEN, ids.EXPIRES_CHOSEN):
        result = "won"
    if press.view.get("callback_id") in (ids.CLOSE_FORM, ids.NEXT_TERM_FORM):
        view = drawn_with_terms(assistant, press, card)
    elif press.view.get("callback_id") == ids.MORE_FORM:
        chosen, drawn = MoreForm.chosen_in(press.view), drawn_in(press.view)
        view = more_form(card, metadata, replace(filled, choice=chosen), result=result, drawn=drawn)
    elif press.view.get("callback_id") == ids.HELD_FORM:
        view = held_modal(account, metadata, result=result, filled=filled)
    else:
        view = connected_modal(
            account,
            metadata,
            result=result,
            portal_outcomes=card.contact,
            outcome=ConnectedForm.outcome_in(press.view),
            filled=filled,
        )
    assistant.slack.update_view(str(press.view["id"]), view, press.view.get("hash"))


def handle_choose_happened(assistant: Assistant, press: Press) -> None:
    """Something was chosen in *More…*: it alone stays chosen, and its next step can be said."""
    if press.view is None:
        return
    metadata = str(press.view.get("private_metadata", ""))
    card = read_card(assistant.work, press.click, _whole_run(TouchRef.decode(metadata)), "open_more")
    view = more_form(card, metadata, Filled(press.value), drawn=drawn_in(press.view, press.block_id))
    # Not bound to the view's hash: of two quick choices the later one has to be drawn, not the first.
    assistant.slack.update_view(str(press.view["id"]), view)


def handle_type_when(assistant: Assistant, press: Press) -> None:
    """A date was typed in a form: say under it how it is read, or what cannot be read."""
    if press.view is None or press.view.get("callback_id") != ids.DEFER_FORM:
        return
    metadata = str(press.view.get("private_metadata", ""))
    ref = TouchRef.decode(metadata)
    card = read_card(assistant.work, press.click, _whole_run(ref), "defer")
    try:
        day = read_day(assistant.work, press.click, ref.run_id, None, press.value)
        off = said_of(assistant.work, ref.run_id, until=day)
        words = f"Read as {spoken(day)}." if off is None else f"Read as {spoken(day)}. {off}"
    except BadField as error:
        words = error.sentence
    view = defer_modal(card.line.account, metadata, read_back=words)
    assistant.slack.update_view(str(press.view["id"]), view, press.view.get("hash"))


def handle_unknown(assistant: Assistant, press: Press) -> None:  # noqa: ARG001 - one shape for all presses
    """A button of another version of the assistant."""
    raise StaleButton(press.action_id)


def handle_link(assistant: Assistant, press: Press) -> None:
    """A link was followed in the browser: Slack wants to hear that we heard."""


def _card(assistant: Assistant, press: Press) -> Card:
    return read_card(assistant.work, press.click, touch_at(TouchRef.decode(press.value)), press.action_id)


def _whole_run(ref: TouchRef) -> TouchAt:
    return TouchAt(ref.run_id, None, ref.on)


def _guarded_email(assistant: Assistant, press: Press, ref: TouchRef) -> Block:
    dates = guarded_sum(assistant.work, press.click, touch_at(ref))
    card = read_card(assistant.work, press.click, touch_at(ref), "open_guarded_email")
    touch = next(touch for touch in card.line.touches if touch.step == ref.step)
    return guarded_email_modal(dates, Step(touch.step), email_draft(card.line, touch), ref.encode())

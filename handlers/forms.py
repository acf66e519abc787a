"""Submitted forms: parse -> one service call -> close, or say at the field what is wrong."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from bot.bootstrap import Assistant
from bot.services.acting import TouchAt
from bot.services.cards import Card, read_card, read_day, read_zone
from bot.services.care import confirm_site_down
from bot.services.change import change
from bot.services.dates import spoken
from bot.services.defer import PassesDayThirty, defer
from bot.services.log_touch import (
    Logged,
    Result,
    log_call,
    log_connected,
    log_guarded_email,
    log_held,
    log_note,
    log_reply,
    move_appointment,
)
from bot.services.move_out import keep
from bot.slack import ids
from bot.slack.fields import FormErrors
from bot.slack.forms import (
    ChangeForm,
    ConfirmSiteDownForm,
    ConnectedForm,
    DeferForm,
    GuardedEmailForm,
    HeldForm,
    KeepForm,
    MoreForm,
    MovedForm,
)
from bot.slack.payloads import ChangeRef, StaleButton, TouchRef
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.result_modal import Filled, connected_modal
from bot.slack.views.touch_modals import defer_modal
from handlers.presses import Submission, touch_at

Answer = dict[str, Any] | None


def handle_connected_form(assistant: Assistant, form: Submission) -> Answer:
    ref = form.touch_ref
    result = _result(assistant, form, ref, ConnectedForm.parse(form.view))
    outcome = ConnectedForm.outcome_in(form.view)
    logged = log_connected(assistant.work, form.click, touch_at(ref), result, outcome)
    return _said(ref, logged, result.until)


def handle_held_form(assistant: Assistant, form: Submission) -> Answer:
    ref = form.touch_ref
    result = _result(assistant, form, ref, HeldForm.parse(form.view))
    logged = log_held(assistant.work, form.click, touch_at(ref), result)
    return _said(ref, logged, result.until)


def handle_defer_form(assistant: Assistant, form: Submission) -> Answer:
    """A date past day 30 is warned of once: the same form again, with what it leads to."""
    ref, entered = form.touch_ref, DeferForm.parse(form.view)
    try:
        logged, until = defer(
            assistant.work,
            form.click,
            touch_at(ref),
            reason=entered.reason,
            note=entered.note,
            until=entered.until,
            when_text=entered.when_text,
            warned_of=ref.seen_until,
        )
    except PassesDayThirty as warning:
        seen = TouchRef(ref.run_id, ref.step, ref.on, ref.message_id, warning.until)
        card = read_card(assistant.work, form.click, TouchAt(ref.run_id, None, ref.on), "defer")
        view = defer_modal(card.line.account, seen.encode(), warning=warning.sentence)
        return {"response_action": "update", "view": view}
    return _said(ref, logged, until)


def handle_more_form(assistant: Assistant, form: Submission) -> Answer:
    ref, chosen = form.touch_ref, MoreForm.parse(form.view)
    at, work = touch_at(ref), assistant.work
    match chosen.choice:
        case "call":
            outcome = chosen.outcome or ""
            card = read_card(work, form.click, TouchAt(at.run_id, None, at.on), "log_call")
            touch = _call_touch(card, at)
            if outcome in card.contact:  # somebody was reached: the form goes on with what came of it
                seen = TouchRef(ref.run_id, touch.step, ref.on, ref.message_id)
                return {"response_action": "update", "view": _asks_result(card, seen, outcome, chosen.note)}
            return _said(ref, log_call(work, form.click, touch, outcome, chosen.note))
        case "replied" | "called_in":
            how = "email" if chosen.choice == "replied" else "call"
            return _said(ref, log_reply(work, form.click, at, how, chosen.note))
        case "note":
            return _said(ref, log_note(work, form.click, at, chosen.note or ""))
    return None


def _said(ref: TouchRef, logged: Logged, until: date | None = None) -> Answer:
    """A form that no message of ours stands behind says itself what was saved, and how a date was read."""
    if ref.message_id is not None:
        return None
    what = "saved" if until is None else f"deferred until {spoken(until)}"
    return _instead(f"{logged.account}: {what}.")


def _instead(sentence: str) -> Answer:
    return {"response_action": "update", "view": notice_modal(sentence)}


def handle_guarded_email_form(assistant: Assistant, form: Submission) -> Answer:
    entered = GuardedEmailForm.parse(form.view)
    log_guarded_email(
        assistant.work, form.click, touch_at(form.touch_ref), double_checked=entered.double_checked
    )
    return None


def handle_moved_form(assistant: Assistant, form: Submission) -> Answer:
    ref, entered = form.touch_ref, MovedForm.parse(form.view)
    starts_at = _instant(assistant, form, entered.starts_on, entered.starts_at)
    move_appointment(assistant.work, form.click, touch_at(ref), starts_at)
    return None


def handle_keep_form(assistant: Assistant, form: Submission) -> Answer:
    entered = KeepForm.parse(form.view)
    keep(
        assistant.work,
        form.click,
        form.touch_ref.run_id,
        reason=entered.reason,
        until=entered.until,
        when_text=entered.when_text,
    )
    return None


def handle_confirm_site_down_form(assistant: Assistant, form: Submission) -> Answer:
    entered = ConfirmSiteDownForm.parse(form.view)
    confirm_site_down(assistant.work, form.click, form.touch_ref.run_id, entered.note)
    return None


def handle_unknown_form(assistant: Assistant, form: Submission) -> Answer:  # noqa: ARG001 - one shape for all
    """A form of another version of the assistant."""
    raise StaleButton(form.callback_id)


def _result(
    assistant: Assistant, form: Submission, ref: TouchRef, entered: ConnectedForm | HeldForm
) -> Result:
    """The result with its dates read: an appointment in the person's zone, a call back by the run's calendar."""
    starts_at = until = None
    if entered.starts_on is not None and entered.starts_at is not None:
        starts_at = _instant(assistant, form, entered.starts_on, entered.starts_at)
    if entered.result == "call_back_on":
        until = read_day(assistant.work, form.click, ref.run_id, entered.until, entered.when_text)
    return Result(entered.result, entered.note, starts_at, until, entered.lost_reason)


def _instant(assistant: Assistant, form: Submission, on: date, at: time) -> datetime:
    """A future wall time of the person as an instant. Raises FormErrors."""
    starts_at = datetime.combine(on, at, read_zone(assistant.work, form.click))
    if starts_at <= assistant.work.now():
        raise FormErrors({ids.STARTS_ON_BLOCK: f"{spoken(on)} at {at:%H:%M} is past. Choose a later time."})
    return starts_at


def handle_change_form(assistant: Assistant, form: Submission) -> Answer:
    ref = ChangeRef.decode(form.view.get("private_metadata"))
    entered = ChangeForm.parse(form.view)
    logged = change(assistant.work, form.click, ref.fact_id, entered.outcome, entered.note)
    return None if ref.message_id is not None else _instead(f"{logged.account}: changed.")


def _asks_result(card: Card, ref: TouchRef, outcome: str, note: str | None) -> dict[str, Any]:
    filled = Filled(note=note)
    return connected_modal(
        card.line.account, ref.encode(), filled=filled, portal_outcomes=card.contact, outcome=outcome
    )


def _call_touch(card: Card, at: TouchAt) -> TouchAt:
    """The touch a call answers: the one of the message when it is a call, else the run as a whole."""
    calls = [touch.step for touch in card.line.touches if touch.kind == "call"]
    return at if at.step is None or at.step in calls else TouchAt(at.run_id, None, at.on, at.message_id)

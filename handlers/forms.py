"""Submitted forms: parse -> one service call -> close, or say at the field what is wrong."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.bootstrap import Assistant
from bot.services.acts.acting import TouchAt
from bot.services.acts.care import confirm_site_down
from bot.services.acts.change import change
from bot.services.acts.defer import PassesDayThirty, defer
from bot.services.acts.log_touch import (
    Logged,
    Result,
    log_appointment,
    log_call,
    log_connected,
    log_email,
    log_guarded_email,
    log_held,
    log_meeting,
    log_note,
    log_reply,
    move_appointment,
)
from bot.services.acts.move_out import keep
from bot.services.dates import spoken
from bot.services.showing.cards import Card, read_card, read_day, read_moment
from bot.services.showing.day_off import said_of
from bot.slack.forms import (
    ChangeForm,
    ConfirmSiteDownForm,
    ConnectedForm,
    DeferForm,
    GuardedEmailForm,
    HeldForm,
    KeepForm,
    MeetingForm,
    MoreForm,
    MovedForm,
    ResultForm,
    StartForm,
)
from bot.slack.payloads import ChangeRef, StaleButton, TouchRef
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.touch_modals import defer_modal
from handlers.closing import after_won
from handlers.presses import Submission, touch_at

Answer = dict[str, Any] | None


def handle_connected_form(assistant: Assistant, form: Submission) -> Answer:
    ref = form.touch_ref
    result = _result(assistant, form, ref, ConnectedForm.parse(form.view))
    outcome = ConnectedForm.outcome_in(form.view)
    logged = log_connected(assistant.work, form.click, touch_at(ref), result, outcome)
    return _after(assistant, form, result, logged)


def handle_held_form(assistant: Assistant, form: Submission) -> Answer:
    ref = form.touch_ref
    result = _result(assistant, form, ref, HeldForm.parse(form.view))
    logged = log_held(assistant.work, form.click, touch_at(ref), result)
    return _after(assistant, form, result, logged)


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
    return _said(assistant, ref, logged, until)


def handle_more_form(assistant: Assistant, form: Submission) -> Answer:
    ref, chosen = form.touch_ref, MoreForm.parse(form.view)
    at, work = touch_at(ref), assistant.work
    card = read_card(work, form.click, TouchAt(at.run_id, None, at.on), "open_more")
    then = _then(assistant, form, ref, chosen)
    match chosen.choice:
        case "call" if (chosen.outcome or "") in card.contact:
            touch, outcome = _touch_of(card, at, "call"), chosen.outcome or ""
            logged = log_connected(work, form.click, touch, then, outcome)
        case "call":
            touch = _touch_of(card, at, "call")
            logged = log_call(work, form.click, touch, chosen.outcome or "", chosen.note, then)
        case "appointment":
            touch = _touch_of(card, at, "log")
            logged = log_appointment(work, form.click, touch, chosen.outcome or "", chosen.note, then)
        case "meeting":
            starts_at = then.starts_at or work.now()
            logged = log_meeting(work, form.click, at, starts_at, chosen.note)
        case "note":
            logged = log_note(work, form.click, at, chosen.note or "")
        case _:
            how = "email" if chosen.choice == "replied" else "call"
            logged = log_reply(work, form.click, at, how, chosen.note, then)
    return _after(assistant, form, then, logged)


def handle_meeting_form(assistant: Assistant, form: Submission) -> Answer:
    ref, entered = form.touch_ref, MeetingForm.parse(form.view)
    starts_at = _starts(assistant, form, entered)
    logged = log_meeting(assistant.work, form.click, touch_at(ref), starts_at, entered.note)
    return _said(assistant, ref, logged, starts_at=starts_at)


def _after(assistant: Assistant, form: Submission, result: Result, logged: Logged) -> Answer:
    """What follows a result: of a renewal that was won one more deal is offered."""
    if result.terms is not None:
        return after_won(assistant, form, logged)
    return _said(assistant, form.touch_ref, logged, result.until, result.starts_at)


def _said(
    assistant: Assistant,
    ref: TouchRef,
    logged: Logged,
    until: date | None = None,
    starts_at: datetime | None = None,
) -> Answer:
    """A form that no message of ours stands behind says itself what was saved, and how a date was read; every form
    does when that day is a day off."""
    starts_on = starts_at.date() if starts_at is not None else None
    off = said_of(assistant.work, logged.run_id, until=until, starts_on=starts_on)
    if ref.message_id is not None and off is None:
        return None
    what = "saved" if until is None else f"deferred until {spoken(until)}"
    if starts_at is not None:
        what = f"appointment on {spoken(starts_at.date())} at {starts_at:%H:%M}"
    return _instead(f"{logged.account}: {what}. {off}" if off else f"{logged.account}: {what}.")


def _instead(sentence: str) -> Answer:
    return {"response_action": "update", "view": notice_modal(sentence)}


def handle_email_form(assistant: Assistant, form: Submission) -> Answer:
    ref = form.touch_ref
    return _said(assistant, ref, log_email(assistant.work, form.click, touch_at(ref)))


def handle_guarded_email_form(assistant: Assistant, form: Submission) -> Answer:
    entered = GuardedEmailForm.parse(form.view)
    log_guarded_email(
        assistant.work, form.click, touch_at(form.touch_ref), double_checked=entered.double_checked
    )
    return None


def handle_moved_form(assistant: Assistant, form: Submission) -> Answer:
    ref, entered = form.touch_ref, MovedForm.parse(form.view)
    starts_at = _starts(assistant, form, entered)
    logged = move_appointment(assistant.work, form.click, touch_at(ref), starts_at, entered.note)
    return _said(assistant, ref, logged, starts_at=starts_at)


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


def _result(assistant: Assistant, form: Submission, ref: TouchRef, entered: ResultForm) -> Result:
    """The result with its dates read: an appointment in the person's zone, a call back by the run's calendar."""
    starts_at = until = None
    if entered.result == "meeting_on":
        starts_at = _starts(assistant, form, entered)
    if entered.result == "call_back_on":
        until = read_day(assistant.work, form.click, ref.run_id, entered.until, entered.when_text)
    return Result(entered.result, entered.note, starts_at, until, entered.lost_reason, entered.terms)


def _then(assistant: Assistant, form: Submission, ref: TouchRef, chosen: MoreForm) -> Result:
    """The next step that *More…* sets; none was said: what the playbook says."""
    if chosen.then is None:
        return Result("nothing_yet", chosen.note)
    return _result(assistant, form, ref, chosen.then)


def _starts(assistant: Assistant, form: Submission, entered: StartForm | ResultForm) -> datetime:
    """When an appointment starts, in the person's zone. Raises BadField."""
    return read_moment(assistant.work, form.click, entered.starts_on, entered.starts_at, entered.starts_text)


def handle_change_form(assistant: Assistant, form: Submission) -> Answer:
    ref = ChangeRef.decode(form.view.get("private_metadata"))
    entered = ChangeForm.parse(form.view)
    logged = change(assistant.work, form.click, ref.fact_id, entered.outcome, entered.note)
    return None if ref.message_id is not None else _instead(f"{logged.account}: changed.")


def _touch_of(card: Card, at: TouchAt, kind: str) -> TouchAt:
    """The touch of a kind that this answers: the one of the message, or the one that is due, or none."""
    steps = [touch.step for touch in card.line.touches if touch.kind == kind]
    if at.step is None or at.step in steps:
        return at
    return TouchAt(at.run_id, None, at.on, at.message_id)

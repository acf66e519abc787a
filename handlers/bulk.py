"""Several accounts at once: the form opens, is drawn again as it is filled in, and leads to a plan that is logged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.bootstrap import Assistant
from bot.services.acts.bulk import log_plan, undo_plan
from bot.services.acts.bulk_plan import plan_several, read_plan
from bot.services.acts.one_of_several import Several
from bot.services.home.several import Source, read_choosing, require_source
from bot.services.showing.today import nothing_due, today_of
from bot.slack import ids
from bot.slack.payloads import MessageRef, SeveralRef, StaleButton
from bot.slack.several_form import SeveralForm
from bot.slack.views.blocks import Block, Drawn
from bot.slack.views.bulk import choose_modal, plan_modal, result_modal, several_message
from bot.slack.views.notices import sentence_message
from handlers.accounts import show_form
from handlers.presses import Press, Submission, Typed


def handle_open_several(assistant: Assistant, press: Press) -> None:
    show_form(assistant, press, _form(assistant, press, SeveralRef.decode(press.value)))


def handle_choose_several(assistant: Assistant, press: Press) -> None:
    """*Choose all*, *Choose none*, or an outcome: the form again, with what stands in it."""
    if press.view is None:
        raise StaleButton("several")
    ref, filled = SeveralRef.decode(press.view.get("private_metadata")), SeveralForm.so_far(press.view)
    which = ids.told_by(press.action_id)
    _draw(assistant, press, _form(assistant, press, ref, filled, which))


def handle_choose_several_again(assistant: Assistant, press: Press) -> None:
    """*Back*: nothing was logged, and what was chosen stands in the form."""
    plan = read_plan(assistant.work, press.click, MessageRef.decode(press.value).message_id)
    what = plan.several
    run_ids = tuple(one.run_id for one in plan.accounts)
    filled = SeveralForm(run_ids, what.outcome, what.note, what.reason, None, what.until)
    _draw(assistant, press, _form(assistant, press, SeveralRef.decode(plan.origin), filled))


def handle_several_form(assistant: Assistant, form: Submission) -> dict[str, Any]:
    entered, origin = SeveralForm.parse(form.view), SeveralRef.decode(form.view.get("private_metadata"))
    require_source(assistant.work, form.click, Source(origin.message_id, origin.asked))
    wanted = Several(entered.outcome, entered.note, entered.reason, entered.until, entered.when_text)
    slot = (
        f"{form.view.get('id', '')}:{form.view.get('hash', '')}"  # the same for every delivery of this form
    )
    plan = plan_several(assistant.work, form.click, slot, entered.run_ids, wanted, origin.encode())
    return {"response_action": "update", "view": plan_modal(plan)}


def handle_several_plan_form(assistant: Assistant, form: Submission) -> dict[str, Any]:
    plan_id = MessageRef.decode(form.view.get("private_metadata")).message_id
    result = log_plan(assistant.work, form.click, plan_id)
    return {"response_action": "update", "view": result_modal(result)}


def handle_undo_several(assistant: Assistant, press: Press) -> None:
    result = undo_plan(assistant.work, press.click, MessageRef.decode(press.value).message_id)
    if press.view is not None:
        assistant.slack.update_view(str(press.view["id"]), result_modal(result))


def open_several(assistant: Assistant, typed: Typed, rest: str) -> Drawn:  # noqa: ARG001 - one shape for all verbs
    """`bulk`: the form over what is due now, or the way to it where a form cannot open by itself."""
    due = today_of(assistant.work, typed.click)
    if due == 0:
        return sentence_message(nothing_due(assistant.work, typed.click))
    if typed.trigger_id is None:
        return several_message(due)
    choosing = read_choosing(assistant.work, typed.click, Source())
    assistant.slack.open_view(typed.trigger_id, choose_modal(choosing, SeveralRef()))
    return sentence_message("Choose the accounts in the form, and one outcome for all of them.")


def _form(
    assistant: Assistant,
    press: Press,
    ref: SeveralRef,
    filled: SeveralForm | None = None,
    which: str = "",
) -> Block:
    """The form as it stands now. Drawn again its accounts have new ids: Slack then shows what is ticked here."""
    choosing = read_choosing(assistant.work, press.click, Source(ref.message_id, ref.asked))
    if filled is None:
        return choose_modal(choosing, ref)
    if which:
        offered = tuple(one.run_id for one in choosing.candidates)
        filled = replace(filled, run_ids=offered if which == "all" else ())
    return choose_modal(choosing, replace(ref, drawn=ref.drawn + 1), filled)


def _draw(assistant: Assistant, press: Press, view: Block) -> None:
    if press.view is not None:
        assistant.slack.update_view(str(press.view["id"]), view, press.view.get("hash"))

"""The buttons that each touch has (PLAYBOOK 7), and how they share rows."""

from __future__ import annotations

from datetime import date, datetime

from bot.playbook.assessment import Step, Touch, TouchKind
from bot.playbook.email_templates import MAIL_CLIENT
from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.payloads import TouchRef
from bot.slack.views.blocks import Block, Element, actions, button, link_button
from bot.slack.views.drafts import email_draft

GUARDED = (Step.CANCELLATION_EMAIL, Step.TAKEDOWN_EMAIL)


def action_row(line: AccountLine, on: date, now: datetime, message_id: int | None) -> list[Block]:
    """The row of buttons for a run's touches, ending in *More…*; none when nothing is to do.

    Two touches that one call or one email answers (contact after takedown beside the day's own) share their
    buttons: with two sets the same call would be logged twice.
    """
    if not line.touches:
        return []
    row: list[Element] = []
    alone = len(line.touches) == 1
    for touch in line.touches:
        taken = {element["action_id"] for element in row}
        wanted = touch_buttons(line, touch, _ref(line, touch.step, on, message_id), now, alone=alone)
        row += [element for element in wanted if element["action_id"] not in taken]
    main = line.touches[0].step if alone else None
    row.append(button("More…", ids.OPEN_MORE, _ref(line, main, on, message_id), about=line.account))
    return [actions(row, ids.run_block(line.run_id, "actions"))]


def touch_buttons(
    line: AccountLine, touch: Touch, ref: str, now: datetime, *, alone: bool = True
) -> list[Element]:
    """What a touch can be answered with; `alone` allows labels that do not name the touch."""
    if touch.blocked is not None or (touch.not_before is not None and now < touch.not_before):
        return []
    of = line.account
    if touch.step in GUARDED:
        return [button("Preview email…", ids.OPEN_GUARDED_EMAIL, ref, about=of)]
    if touch.kind is TouchKind.CALL:
        return [
            button("No answer", ids.log_call("no_answer"), ref, about=of),
            button("Left voicemail", ids.log_call("left_voicemail"), ref, about=of),
            button("Connected…", ids.OPEN_CONNECTED, ref, about=of, style="primary"),
        ]
    if touch.kind is TouchKind.EMAIL:
        draft = email_draft(line, touch)
        way = link_button("Open draft", ids.OPEN_DRAFT, draft.url, about=of)
        if draft.opens_in == MAIL_CLIENT or not draft.carried:
            way = button("Open draft…", ids.OPEN_EMAIL, ref, about=of)
        return [
            way,
            button("Sent" if alone else "Email sent", ids.LOG_EMAIL, ref, about=of),
        ]
    if touch.kind is TouchKind.REVIEW:
        return [
            button("Review…", ids.OPEN_REVIEW, ref, about=of),
            button("Done" if alone else "Review done", ids.LOG_REVIEW, ref, about=of),
            button("Report missing", ids.REPORT_MISSING, ref, about=of),
        ]
    return [
        button("Held…", ids.OPEN_HELD, ref, about=of, style="primary"),
        button("No-show", ids.log_appointment("no_show"), ref, about=of),
        button("Moved…", ids.OPEN_MOVED, ref, about=of),
        button("Canceled", ids.log_appointment("canceled"), ref, about=of),
    ]


def _ref(line: AccountLine, step: Step | None, on: date, message_id: int | None) -> str:
    return TouchRef(line.run_id, None if step is None else step.value, on, message_id or None).encode()

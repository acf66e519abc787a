"""Several accounts at once: choosing them, what will be logged on each, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.services.acts.bulk import Done, Result
from bot.services.acts.bulk_plan import Plan, Planned
from bot.services.acts.one_of_several import DEFER, EMAIL, REVIEW
from bot.services.dates import spoken
from bot.services.home.several import Candidate, Choosing
from bot.slack import ids
from bot.slack.payloads import MessageRef, SeveralRef
from bot.slack.several_form import SeveralForm
from bot.slack.text import day_words, escaped, length, name, plain, plural
from bot.slack.views.account import touch_summary
from bot.slack.views.blocks import (
    MOST_OPTIONS,
    OPTION_LABEL,
    Block,
    Drawn,
    Element,
    actions,
    button,
    chosen,
    context,
    input_block,
    modal,
    options,
    plain_text,
    section,
)
from bot.slack.views.result_modal import note_block, when_blocks
from bot.slack.words import CALL_OUTCOMES, DEFER_REASONS, STEPS

TITLE: Final = "Several at once"
OPEN: Final = "Several at once…"
BOXES_IN_GROUP: Final = 10
MOST_BOXES: Final = 30  # beyond it a list in which one can search
MOST_RADIO: Final = 10
LONGEST_SECTION: Final = 2900
# Slack drops answers of 20,000 bytes and more; what does not fit is counted.
MOST_BYTES: Final = 16_000
_NOT_CALLS: Final = {EMAIL: "Email sent", REVIEW: "Review done", DEFER: "Defer…"}
_EMPTY: Final = SeveralForm((), "")


def several_button(ref: SeveralRef) -> Element:
    """The way in, wherever accounts are listed."""
    return button(OPEN, ids.OPEN_SEVERAL, ref.encode())


def several_message(count: int) -> Drawn:
    """The way in where a form cannot open by itself."""
    words = (
        f"{plural(count, 'account is', 'accounts are')} due today. Choose some, and log one outcome on all."
    )
    return Drawn(words, [section(words, "several"), actions([several_button(SeveralRef())], "several:open")])


def choose_modal(choosing: Choosing, ref: SeveralRef, filled: SeveralForm = _EMPTY) -> Block:
    """Accounts and an outcome; `filled` is what stands in it already."""
    listed = choosing.candidates
    blocks = [section(_how_many(choosing), "several"), _outcome(choosing, filled.outcome)]
    if filled.outcome == DEFER:
        reasons: Element = {
            "type": "static_select",
            "action_id": ids.FIELD,
            "options": options(DEFER_REASONS),
        }
        blocks.append(input_block("Why?", ids.REASON_BLOCK, chosen(reasons, filled.reason)))
        blocks += _when(filled)
    both = [
        button(f"Choose all {len(listed):,}", ids.choose_several("all"), "all"),
        button("Choose none", ids.choose_several("none"), "none"),
    ]
    blocks.append(actions(both, "several:which"))
    blocks += _groups(listed, ref.drawn, frozenset(filled.run_ids))
    if choosing.total > len(listed):
        rest = f"+{choosing.total - len(listed):,} more: they come up here once these are logged."
        blocks.append(context(rest, "several:more"))
    hint = "It is kept on each of the accounts."
    blocks.append(note_block(optional=filled.outcome != DEFER, hint=hint, note=filled.note))
    return modal(TITLE, ids.SEVERAL_FORM, blocks, ref.encode(), submit="Next")


def plan_modal(plan: Plan) -> Block:
    """What will be logged on each account, and which cannot take it; nothing is logged yet."""
    ready = plan.ready
    refused = [one for one in plan.accounts if one.refused is not None]
    blocks: list[Block] = [section(_what(plan), "several")]
    if ready:
        head = f"*Will be logged on {plural(len(ready), 'account')}*"
        blocks += _listed("ready", head, [_ready_line(one) for one in ready], MOST_BYTES // 2)
    if refused:
        head = f"*{plural(len(refused), 'account')} cannot take it*"
        blocks += _listed("refused", head, [_refused_line(one) for one in refused], MOST_BYTES // 2)
    value = MessageRef(plan.plan_id).encode()
    blocks.append(actions([button("Back", ids.CHOOSE_SEVERAL_AGAIN, value)], "several:back"))
    submit = f"Log {len(ready):,}" if ready else None
    return modal("Check, then log", ids.SEVERAL_PLAN_FORM, blocks, value, submit=submit)


def result_modal(result: Result) -> Block:
    """What became of each account; what there was no time for is one more press away."""
    plan, did = result.plan, "Undone" if result.undone else "Logged"
    refused = [one for one in result.lines if one.refused is not None]
    blocks: list[Block] = [section(_what(plan), "several")]
    parts = (
        ("refused", f"*Not {did.lower()} on", refused),
        ("left", f"*Not {did.lower()} yet on", result.left),
        ("done", f"*{did} on", result.done),
    )
    shown = [(key, head, lines) for key, head, lines in parts if lines]
    for key, head, lines in shown:
        words = f"{head} {plural(len(lines), 'account')}*"
        blocks += _listed(key, words, [_result_line(one, did) for one in lines], MOST_BYTES // len(shown))
    value = MessageRef(plan.plan_id).encode()
    if result.left:
        blocks.append(
            context("Slack does not wait longer than this. Press again for the rest.", "several:left")
        )
    back = len(result.left) if result.undone else len(result.done)
    if back and (result.undone or not result.left):
        label = f"Undo the other {back:,}" if result.undone else f"Undo all {back:,}"
        blocks.append(actions([button(label, ids.UNDO_SEVERAL, value)], "several:undo"))
    submit = f"Log {len(result.left):,} more" if result.left and not result.undone else None
    return modal(TITLE, ids.SEVERAL_PLAN_FORM, blocks, value, submit=submit)


def _how_many(choosing: Choosing) -> str:
    words = "One outcome is logged on each that you choose; you see the list first."
    return f"*{plural(choosing.total, 'account')}.* {words}"


def _outcome(choosing: Choosing, outcome: str) -> Block:
    calls = {key: label for key, label in CALL_OUTCOMES.items() if key != "connected"}
    room = MOST_OPTIONS - len(calls) - len(_NOT_CALLS)
    own = dict(list(choosing.own_outcomes.items())[:room])
    offered = options({**calls, **own, **_NOT_CALLS})
    kind = "radio_buttons" if len(offered) <= MOST_RADIO else "static_select"
    chooser: Element = {"type": kind, "action_id": ids.SEVERAL_OUTCOME, "options": offered}
    return input_block("What happened?", ids.OUTCOME_BLOCK, chosen(chooser, outcome), dispatch=True)


def _when(filled: SeveralForm) -> list[Block]:
    blocks = when_blocks("Back when?", until=filled.until)
    blocks[0]["dispatch_action"] = False  # the confirmation reads it back
    if filled.when_text:
        blocks[0]["element"]["initial_value"] = filled.when_text[:100]
    return blocks


def _groups(listed: Sequence[Candidate], drawn: int, ticked: frozenset[int]) -> list[Block]:
    """Boxes in groups of ten, or one list with search for many."""
    size = BOXES_IN_GROUP if len(listed) <= MOST_BOXES else MOST_OPTIONS
    kind = "checkboxes" if len(listed) <= MOST_BOXES else "multi_static_select"
    blocks = []
    for number, start in enumerate(range(0, len(listed), size)):
        of_group = listed[start : start + size]
        choices = [_option(one) for one in of_group]
        element: Element = {"type": kind, "action_id": ids.FIELD, "options": choices}
        initial = [choice for choice, one in zip(choices, of_group, strict=True) if one.run_id in ticked]
        if initial:
            element["initial_options"] = initial
        if kind == "multi_static_select":
            element["placeholder"] = plain_text("Type a part of a name")
        many = len(listed) > size
        label = f"Accounts {start + 1:,} to {start + len(of_group):,}" if many else "Accounts"
        blocks.append(input_block(label, ids.accounts_block(drawn, number), element, optional=True))
    return blocks


def _option(one: Candidate) -> Element:
    label = plain(one.account, OPTION_LABEL) or "(no name)"
    option: Element = {"text": plain_text(label, OPTION_LABEL), "value": str(one.run_id)}
    option["description"] = plain_text(_due_words(one), OPTION_LABEL)
    return option


def _due_words(one: Candidate) -> str:
    if one.touches:
        words = "; ".join(touch_summary(touch, one.on) for touch in one.touches[:2])
        return words[0].upper() + words[1:]
    if one.deferred_until is not None:
        return f"Deferred until {day_words(one.deferred_until, one.on)}"
    return "Nothing to do now"


def _what(plan: Plan) -> str:
    """The outcome, its date and its note in one line."""
    what = plan.several
    label = {**CALL_OUTCOMES, **_NOT_CALLS, DEFER: "Defer"}.get(what.outcome) or plan.own_name or what.outcome
    parts = [f"*{escaped(label)}*"]
    if what.until is not None:
        parts.append(f"until {spoken(what.until)}")
    if what.reason is not None:
        parts.append(escaped(DEFER_REASONS.get(what.reason, what.reason)))
    if what.note:
        parts.append(f"“{escaped(what.note, 300)}”")
    return " · ".join(parts)


def _ready_line(one: Planned) -> str:
    words = _step_words(one.step)
    if one.means is not None:
        words = f":warning: {escaped(one.means, 150)}"
    return " · ".join(part for part in (f"• {name(one.account or '')}", words) if part)


def _refused_line(one: Planned | Done) -> str:
    of = name(one.account) if one.account is not None else "An account"
    return f"• :no_entry: {of} · {escaped(one.refused or '', 200)}"


def _result_line(one: Done, did: str) -> str:
    if one.refused is not None:
        return _refused_line(one)
    of = name(one.account or "")
    return f"• {of} · {did.lower()}" if one.fact_id is not None else f"• {of}"


def _step_words(step: str | None) -> str:
    known: Mapping[str, str] = {key.value: words for key, words in STEPS.items()}
    return known.get(step or "", "")


def _listed(key: str, heading: str, lines: Iterable[str], most_bytes: int) -> list[Block]:
    """A heading and its lines in as few sections as hold them; "+N more" once they would not fit."""
    blocks: list[Block] = []
    text, size, rest = heading, 0, 0
    for line in lines:
        size += len(json.dumps(line)) + 2
        if rest or size > most_bytes:
            rest += 1
            continue
        if length(text) + length(line) + 1 > LONGEST_SECTION:
            blocks.append(section(text, f"{key}:{len(blocks)}"))
            text = line
        else:
            text = f"{text}\n{line}"
    blocks.append(section(text, f"{key}:{len(blocks)}"))
    if rest:
        blocks.append(context(f"+{rest:,} more", f"{key}:more"))
    return blocks

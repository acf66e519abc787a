"""The form in which several accounts and one outcome are chosen, parsed from `view.state.values`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from bot.services.acts.one_of_several import DEFER
from bot.slack import ids
from bot.slack.fields import Fields
from bot.slack.forms import LONGEST_NOTE, NEEDS_NOTE
from bot.slack.words import DEFER_REASONS


@dataclass(frozen=True, slots=True)
class SeveralForm:
    """The chosen runs, in the order shown, and what is to be logged on each.

    Nothing in it is checked against what was offered: that is the service's, at the moment it counts. `reason` is a
    key of DEFER_REASONS; the date is in words or picked.
    """

    run_ids: tuple[int, ...]
    outcome: str
    note: str | None = None
    reason: str | None = None
    when_text: str | None = None
    until: date | None = None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        run_ids, outcome = chosen_runs(view), chosen_outcome(view)
        fields = Fields(view, fallback=ids.OUTCOME_BLOCK)
        note = fields.text(ids.NOTE_BLOCK, LONGEST_NOTE)
        reason, when_text, until = "", None, None
        if not outcome:
            fields.wrong(ids.OUTCOME_BLOCK, "Choose what happened.")
        if not run_ids:
            fields.wrong(_first_group(view), "Choose at least one account.")
        if outcome == DEFER:
            reason = fields.option(ids.REASON_BLOCK, DEFER_REASONS, "Choose a reason.")
            when_text, until = fields.when("Say until when, for example: Monday, in 2 weeks, end of month.")
            if note is None:
                fields.wrong(ids.NOTE_BLOCK, NEEDS_NOTE)
        fields.finish()
        return cls(run_ids, outcome, note, reason or None, when_text, until)

    @classmethod
    def so_far(cls, view: Mapping[str, Any]) -> Self:
        """What stands in the form while it is still being filled in; wrong entries count as none."""
        fields = Fields(view, fallback=ids.OUTCOME_BLOCK)
        return cls(
            chosen_runs(view),
            chosen_outcome(view),
            fields.text(ids.NOTE_BLOCK, LONGEST_NOTE),
            fields.value(ids.REASON_BLOCK) or None,
            fields.text(ids.WHEN_BLOCK, LONGEST_NOTE),
            fields.day(ids.UNTIL_BLOCK),
        )


def chosen_runs(view: Mapping[str, Any]) -> tuple[int, ...]:
    """The ids that are ticked; what is no id of ours counts as not ticked."""
    found = (option.get("value") for group in _groups(view) for option in _options(group))
    small = (value for value in found if isinstance(value, str) and value.isdecimal() and len(value) < 19)
    return tuple(dict.fromkeys(int(value) for value in small if value.isascii()))


def chosen_outcome(view: Mapping[str, Any]) -> str:
    """The chosen outcome; empty when none is."""
    return Fields(view, fallback=ids.OUTCOME_BLOCK).value(ids.OUTCOME_BLOCK)


def _first_group(view: Mapping[str, Any]) -> str:
    blocks = (
        str(block.get("block_id", "")) for block in view.get("blocks", []) if isinstance(block, Mapping)
    )
    return next((block for block in blocks if _is_group(block)), ids.OUTCOME_BLOCK)


def _groups(view: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    for block, elements in values.items() if isinstance(values, Mapping) else ():
        if _is_group(str(block)) and isinstance(elements, Mapping):
            yield from (element for element in elements.values() if isinstance(element, Mapping))


def _options(element: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    chosen = element.get("selected_options")
    if isinstance(chosen, list):
        yield from (option for option in chosen if isinstance(option, Mapping))


def _is_group(block_id: str) -> bool:
    return block_id.partition(":")[0] == ids.ACCOUNTS_BLOCK

"""The fields of a submitted form, read one by one; what is wrong is collected and told at its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bot.slack import ids
from bot.slack.text import clean

LONGEST_WHEN = 100
HIGHEST_AMOUNT = 20_000_000
_AMOUNT = re.compile(
    r"(?:[A-Z]{3}|[$€£])?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?\s*(?:[A-Z]{3}|[$€£])?"
)


class FormErrors(Exception):
    """What is wrong with a form: block id -> a sentence, as Slack's `errors` answer wants it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


class Fields:
    """Reads the fields of a form and collects what is wrong; a value of a foreign shape counts as not
    given.

    An error on a field that the form does not show would be refused by Slack: it goes to the field
    `fallback`.
    """

    def __init__(self, view: Mapping[str, Any], fallback: str) -> None:
        state = view.get("state") if isinstance(view, Mapping) else None
        values = state.get("values") if isinstance(state, Mapping) else None
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        self._fallback = fallback
        self._errors: dict[str, str] = {}

    def wrong(self, block: str, sentence: str) -> None:
        self._errors.setdefault(block if block in self._values else self._fallback, sentence)

    def finish(self) -> None:
        if self._errors:
            raise FormErrors(self._errors)

    def text(self, block: str, longest: int) -> str | None:
        """What was typed, trimmed; None when empty."""
        typed = self._of(block, "value")
        text = clean(typed).strip() if isinstance(typed, str) else ""
        if len(text) > longest:
            self.wrong(block, f"This is too long: at most {longest:,} characters, yours has {len(text):,}.")
        return text or None

    def cents(self, block: str) -> int:
        """An amount of money, exact: "1,250", "1250.50", "$99". Anything else is wrong, and 0."""
        typed = self.text(block, LONGEST_WHEN)
        try:
            return read_amount(typed or "")
        except ValueError as error:
            self.wrong(block, str(error))
            return 0

    def shows(self, block: str) -> bool:
        """Whether the form has this field."""
        return block in self._values

    def block_of(self, first_part: str) -> str:
        """The block whose id begins so, before a colon; the part itself when there is none."""
        return next((block for block in self._values if block.partition(":")[0] == first_part), first_part)

    def value(self, block: str) -> str:
        """The value of the chosen option; empty when none is chosen."""
        option = self._of(block, "selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return value if isinstance(value, str) and len(value) <= 150 else ""

    def option(self, block: str, known: Mapping[str, str], sentence: str) -> str:
        value = self.value(block)
        if value not in known:
            self.wrong(block, sentence)
            return ""
        return value

    def values(self, block: str, known: Mapping[str, str]) -> frozenset[str]:
        """The values of the ticked boxes, of those that we offered."""
        chosen = self._of(block, "selected_options")
        ticked = (
            [one.get("value") for one in chosen if isinstance(one, Mapping)]
            if isinstance(chosen, list)
            else []
        )
        return frozenset(known) & {one for one in ticked if isinstance(one, str)}

    def ticks(self, block: str) -> bool:
        chosen = self._of(block, "selected_options")
        return isinstance(chosen, list) and len(chosen) > 0

    def when(self, sentence: str) -> tuple[str | None, date | None]:
        """A date in words or as picked, exactly one of them."""
        text, day = self.text(ids.WHEN_BLOCK, LONGEST_WHEN), self.day(ids.UNTIL_BLOCK)
        if text is None and day is None:
            self.wrong(ids.WHEN_BLOCK, sentence)
        elif text is not None and day is not None:
            self.wrong(ids.WHEN_BLOCK, "Give the date once: either in words or picked below.")
        return text, day

    def start(self) -> tuple[str | None, date | None, time | None]:
        """Day and time of an appointment: in words, or both picked."""
        text, day = self.text(ids.STARTS_BLOCK, LONGEST_WHEN), self.day(ids.STARTS_ON_BLOCK)
        hour = self.hour(ids.STARTS_AT_BLOCK)
        if text is not None and day is not None:
            self.wrong(ids.STARTS_BLOCK, "Give day and time once: either in words or picked below.")
        elif text is not None:
            return text, None, None  # the time that stands below is only the one it would start with
        elif day is None:
            self.wrong(ids.STARTS_BLOCK, "Say when, for example: Thursday 14:00. Or pick the day below.")
        elif hour is None:
            self.wrong(ids.STARTS_AT_BLOCK, "Choose the time of the appointment.")
        return text, day, hour

    def chosen(self) -> list[tuple[str, str]]:
        """What is chosen in the groups of *More…*: block id and value."""
        found = ((block, self.value(block)) for block in self._values if ids.group_of(block) is not None)
        return [(block, value) for block, value in found if value]

    def day(self, block: str) -> date | None:
        """The picked date; None when none is picked."""
        value = self._of(block, "selected_date")
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def hour(self, block: str) -> time | None:
        """The picked time of day; None when none is picked."""
        value = self._of(block, "selected_time")
        try:
            hour = time.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return None if hour is None else hour.replace(tzinfo=None)

    def _of(self, block: str, key: str) -> Any:
        """A property of the one element in a block."""
        elements = self._values.get(block)
        if not isinstance(elements, Mapping):
            return None
        for element in elements.values():
            if isinstance(element, Mapping):
                return element.get(key)
        return None


def read_amount(text: str) -> int:
    """An amount in cents, more than 0. Raises ValueError with a sentence; a comma parts thousands only."""
    found = _AMOUNT.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError("Write the amount as a number, for example: 1250 or 1,250.50 (cents at most).")
    cents = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    if cents == 0:
        raise ValueError("Write what was agreed: more than 0.")
    if cents > HIGHEST_AMOUNT * 100:
        raise ValueError(f"Write an amount of at most {HIGHEST_AMOUNT:,}.")
    return cents

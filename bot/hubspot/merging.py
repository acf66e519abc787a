"""Changing a record that people may have changed meanwhile: their result stands, their words stay. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.hubspot.values import text_of

Values = Mapping[str, Any]

# What a record says happened. The rest is words and derived times, which are no reason to give way.
_RESULTS = ("hs_meeting_start_time", "hs_meeting_outcome", "hs_call_disposition", "hs_task_status")
_WORDS = ("_body", "_text")
_NAMES = ("_title", "_subject")


def changed_by_people(wanted: Values, before: Values, now: Values) -> set[str]:
    """Results that are neither what we knew (`before`) nor what we want to write."""
    return {
        name
        for name, value in wanted.items()
        if name in _RESULTS and name in before and text_of(now, name) not in (None, before[name], value)
    }


def beside_what_is_there(wanted: Values, before: Values, now: Values) -> dict[str, str]:
    """What to write: our words are added to those of others, never put in their place; nothing twice."""
    found: dict[str, str] = {}
    for name, value in wanted.items():
        there = text_of(now, name)
        if there == value:
            continue
        if there is not None and there != before.get(name):
            if name.endswith(_NAMES):
                continue
            if name.endswith(_WORDS):
                if value not in there:
                    found[name] = f"{there}<br>{value}"
                continue
        found[name] = value
    return found

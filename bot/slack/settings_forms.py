"""The forms behind App Home, parsed: a person's settings, and leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Self

from bot.services.acts.preferences import Preferred
from bot.slack import ids
from bot.slack.fields import Fields
from bot.slack.views.settings_modals import AS_THE_TEAM, NO_QUIET_HOURS, NOBODY, NUDGES


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What a person set for themselves."""

    preferred: Preferred

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.DIGEST_AT_BLOCK)
        found = Preferred(
            digest_at=_hour(fields, ids.DIGEST_AT_BLOCK, AS_THE_TEAM),
            quiet_from=_hour(fields, ids.QUIET_FROM_BLOCK, NO_QUIET_HOURS),
            quiet_until=_hour(fields, ids.QUIET_UNTIL_BLOCK, NO_QUIET_HOURS),
            nudges_off=frozenset(NUDGES) - fields.values(ids.NUDGES_BLOCK, NUDGES),
        )
        fields.finish()
        return cls(found)


@dataclass(frozen=True, slots=True)
class LeaveForm:
    """Leave, both days included; `cover_id` is a person of ours, None: nobody covers."""

    first_on: date
    last_on: date
    cover_id: int | None

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """Raises FormErrors."""
        fields = Fields(view, fallback=ids.FIRST_BLOCK)
        first_on, last_on = fields.day(ids.FIRST_BLOCK), fields.day(ids.LAST_BLOCK)
        if first_on is None:
            fields.wrong(ids.FIRST_BLOCK, "Choose the first day of the leave.")
        if last_on is None:
            fields.wrong(ids.LAST_BLOCK, "Choose the last day of the leave.")
        cover = fields.value(ids.COVER_BLOCK)
        if cover not in ("", NOBODY) and not (cover.isascii() and cover.isdigit()):
            fields.wrong(ids.COVER_BLOCK, "Choose who covers, or nobody.")
        fields.finish()
        return cls(first_on or date.min, last_on or date.min, int(cover) if cover.isdigit() else None)


def _hour(fields: Fields, block: str, without: str) -> time | None:
    """A chosen hour; None where the choice is to have none."""
    chosen = fields.value(block)
    if chosen in ("", without):
        return None
    try:
        return time.fromisoformat(chosen).replace(tzinfo=None)
    except ValueError:
        fields.wrong(block, "Choose one of these hours.")
        return None

"""What was ticked in the account review's checklist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack import ids
from bot.slack.views.brief import CHECKLIST


def ticked_note(view: Mapping[str, Any]) -> str | None:
    """ "Looked at: reports, analytics", in the checklist's order; None when nothing was ticked.

    What is not on the checklist (an older form, a forged one) is left out.
    """
    values = (view.get("state") or {}).get("values") or {}
    element = (values.get(ids.CHECKED_BLOCK) or {}).get(ids.FIELD) or {}
    ticked = {str(one.get("value")) for one in element.get("selected_options") or () if isinstance(one, dict)}
    found = [label for value, label in CHECKLIST.items() if value in ticked]
    return f"Looked at: {', '.join(found)}" if found else None

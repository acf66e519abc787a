"""Text from people and the CRM made harmless, and dates, times and sums in words.

`escaped` is the one helper through which every foreign text enters a view (FAULTS 26, 27).
"""

from __future__ import annotations

import re

ELLIPSIS = "…"
LONGEST_LINE = 300

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without NUL and lone surrogates, which neither JSON to Slack nor PostgreSQL can carry."""
    return _LONE_SURROGATE.sub("", text).replace("\x00", "")

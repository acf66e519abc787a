"""Log lines are events with ids: `action=outbox.sent row=7 kind=digest`. Never customer text, never
tokens.
"""

from __future__ import annotations

import logging

LOGGER = "renewals"


def log(logger: logging.Logger, level: int, action: str, **ids: object) -> None:
    """Write one event. `ids` are ids, kinds, counts and class names; a value with blanks is quoted."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", " ".join([f"action={action}", *(f"{k}={_plain(v)}" for k, v in ids.items())]))


def _plain(value: object) -> str:
    text = str(value)
    return text if text and not any(c.isspace() or c in '="' for c in text) else repr(text)

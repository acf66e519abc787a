"""Log lines are events with ids: `action=outbox.sent row=7 kind=digest`. Never customer text, never
tokens.
"""

from __future__ import annotations

import logging

LOGGER = "renewals"


OURS = ("bot.", "handlers", "scheduler")


def log(logger: logging.Logger, level: int, action: str, **ids: object) -> None:
    """Write one event. `ids` are ids, kinds, counts and class names; a value with blanks is quoted.

    Of an exception only its class and the place in our code are told: what it says may be a customer's.
    """
    if not logger.isEnabledFor(level):
        return
    words = [f"action={action}"]
    for name, value in ids.items():
        if isinstance(value, BaseException):
            words += [f"{name}={type(value).__name__}", f"at={_place(value)}"]
        else:
            words.append(f"{name}={_plain(value)}")
    logger.log(level, "%s", " ".join(words))


def _place(error: BaseException) -> str:
    """Where it came from: the innermost line of ours, else the innermost of all."""
    places: list[tuple[bool, str]] = []
    trace = error.__traceback__
    while trace is not None:
        module, code = str(trace.tb_frame.f_globals.get("__name__")), trace.tb_frame.f_code
        places.append((module.startswith(OURS), f"{module}.{code.co_qualname}:{trace.tb_lineno}"))
        trace = trace.tb_next
    return next((place for ours, place in reversed(places) if ours), places[-1][1] if places else "?")


def _plain(value: object) -> str:
    text = str(value)
    return text if text and not any(c.isspace() or c in '="' for c in text) else repr(text)

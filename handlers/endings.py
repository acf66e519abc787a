"""What happened, as it may end the `log` command: "log acme no answer"."""

from __future__ import annotations

from typing import Final

CALLS: Final = {
    "no answer": "no_answer",
    "left voicemail": "left_voicemail",
    "voicemail": "left_voicemail",
    "left vm": "left_voicemail",
    "vm": "left_voicemail",
    "left live message": "left_live_message",
    "live message": "left_live_message",
    "busy": "busy",
    "wrong number": "wrong_number",
}
OTHERS: Final = ("connected", "email sent", "email", "replied", "called in", "review done", "reviewed")
ENDINGS: Final = tuple(sorted((*CALLS, *OTHERS), key=len, reverse=True))


def ending_of(rest: str) -> str | None:
    """The longest of them that the words end in; None where an account's name is all there is."""
    return next((end for end in ENDINGS if rest.lower().endswith(f" {end}")), None)

"""What can go wrong in a call to Slack: one exception class per meaning, whatever the wire looked like.

Read from error codes, HTTP status, answers that are no JSON, time-outs and broken connections. The messages
carry codes and class names only, never what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final


class SlackTrouble(Exception):
    """A call that did not succeed; `code` is Slack's word for it, or ours where there was no answer."""

    def __init__(self, code: str, details: str = "") -> None:
        super().__init__(f"{code}: {details}" if details else code)
        self.code = code
        self.details = details

    @property
    def sentence(self) -> str:
        """For the command line: what did not work, and where to look."""
        return f"Slack did not do what was asked ({self}): `renewals check` says what to mend."


class RateLimited(SlackTrouble):
    """Too many calls. `after` as Slack asked (None: it did not say)."""

    def __init__(self, after: timedelta | None) -> None:
        super().__init__("ratelimited")
        self.after = after


class TokenRejected(SlackTrouble):
    """The token was revoked, or a scope is missing: nothing goes out before somebody mends it."""


class ChannelGone(SlackTrouble):
    """The channel does not exist (for us) or is archived."""


class NotInChannel(SlackTrouble):
    """The app is not in the channel, or may not post there."""


class UserGone(SlackTrouble):
    """The user is deactivated, or cannot be written to."""


class MessageGone(SlackTrouble):
    """The message was deleted, or cannot be changed any more."""


class InvalidContent(SlackTrouble):
    """Slack refuses the blocks, the text or the view: our mistake; `details` says where."""


class TriggerExpired(SlackTrouble):
    """The form came too late: 3 seconds have passed since the press."""


class ViewGone(SlackTrouble):
    """The form was closed, or has changed meanwhile."""


class ServerTrouble(SlackTrouble):
    """Slack failed, or answered what cannot be read: the call may or may not have taken effect."""


class NoAnswer(SlackTrouble):
    """No answer came. `arrived` is False only when the call surely never reached Slack."""

    def __init__(self, code: str, *, arrived: bool) -> None:
        super().__init__(code)
        self.arrived = arrived


class CallRefused(SlackTrouble):
    """Slack refused the call for another reason."""


_MEANINGS: Final[dict[type[SlackTrouble], tuple[str, ...]]] = {
    TokenRejected: (
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "team_access_not_granted",
        "access_denied",
    ),
    ChannelGone: ("channel_not_found", "is_archived", "channel_is_archived"),
    NotInChannel: (
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_not_in_channel",
    ),
    UserGone: (
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "messages_tab_disabled",
    ),
    MessageGone: (
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "expired_url",
        "used_url",
    ),
    InvalidContent: (
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "view_too_large",
        "duplicate_external_id",
        "push_limit_reached",
    ),
    TriggerExpired: ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "invalid_trigger_id"),
    ViewGone: ("not_found", "hash_conflict"),
    ServerTrouble: (
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
        "unreadable_answer",
    ),
}
_CLASS_OF: Final = {code: meaning for meaning, codes in _MEANINGS.items() for code in codes}
LONGEST_DETAILS: Final = 500


def trouble_of(status: int, headers: Mapping[str, Any], answer: object) -> SlackTrouble:
    """What an answer that is not a success means."""
    code = answer.get("error") if isinstance(answer, Mapping) else None
    code = code if isinstance(code, str) and code.isidentifier() else None
    if status == 429 or code in ("ratelimited", "rate_limited", "message_limit_exceeded"):
        return RateLimited(_retry_after(headers))
    if status >= 500 or code is None:
        return ServerTrouble("unreadable_answer" if status == 200 else f"http_{status}")
    return _CLASS_OF.get(code, CallRefused)(code, _details(answer))


def _retry_after(headers: Mapping[str, Any]) -> timedelta | None:
    """Whole seconds as the header says; None when it is absent or no number, a day at the most."""
    found = [value for key, value in headers.items() if key.lower() == "retry-after"]
    text = str(found[0]).strip() if found else ""
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=min(int(text[:9]), 86_400))


def _details(answer: object) -> str:
    """Where Slack says the mistake is; block paths, never our text."""
    metadata = answer.get("response_metadata") if isinstance(answer, Mapping) else None
    messages = metadata.get("messages") if isinstance(metadata, Mapping) else None
    if not isinstance(messages, list):
        return ""
    return "; ".join(str(message) for message in messages[:5])[:LONGEST_DETAILS]

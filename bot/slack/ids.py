"""Every command, action, form, block and field id that the assistant shows or listens to, in one place.

Action ids are unique within their actions block and block ids within their message. Both are the same on
every redraw, so that a press that was on its way during a redraw still finds its element.
"""

from __future__ import annotations

import re
from typing import Final

COMMAND: Final = "/renewal"

# Actions: buttons. Those that end in a colon carry what they log (see the builders below).
LOG_CALL: Final = "log_call:"
LOG_APPOINTMENT: Final = "log_appointment:"
TURN_PAGE: Final = "turn_page:"
CHOOSE_ACCOUNT: Final = "choose_account:"
OPEN_CONNECTED: Final = "open_connected"
LOG_REVIEW: Final = "log_review"
REPORT_MISSING: Final = "report_missing"
OPEN_DRAFT: Final = "open_draft"
OPEN_ACCOUNT: Final = "open_account"
LOG_EMAIL: Final = "log_email"
OPEN_GUARDED_EMAIL: Final = "open_guarded_email"
OPEN_HELD: Final = "open_held"
OPEN_MOVED: Final = "open_moved"
OPEN_MORE: Final = "open_more"
OPEN_DEFER: Final = "open_defer"
UNDO_FACT: Final = "undo_fact"
OPEN_CHANGE: Final = "open_change"
OPEN_KEEP: Final = "open_keep"
MOVE_OUT_NOW: Final = "move_out_now"
TAKE_BACK_MOVE_OUT: Final = "take_back_move_out"
CONFIRM_SITE_DOWN: Final = "confirm_site_down"
CONFIRM_DATES: Final = "confirm_dates"
LOG_SAID: Final = "log_said"
CHANGE_SAID: Final = "change_said"
CHOOSE_SAID: Final = "choose_said:"
ACKNOWLEDGE_REPORT: Final = "acknowledge_report"
OPEN_CARD: Final = "open_card"
OPEN_REVIEW: Final = "open_review"

# App Home.
HOME_VIEW: Final = "home"
HOME_SHOW: Final = "home_show"
HOME_DAYS: Final = "home_days"
HOME_VALUE: Final = "home_value"
HOME_REFRESH: Final = "home_refresh"
HOME_TEAM: Final = "home_team"
HOME_BOOK: Final = "home_book"
TURN_HOME: Final = "turn_home:"
OPEN_SETTINGS: Final = "open_settings"
OPEN_LEAVE: Final = "open_leave"
END_LEAVE: Final = "end_leave"

# Actions inside a form that change what the form shows.
RESULT_CHOSEN: Final = "result_chosen"
WHEN_TYPED: Final = "when_typed"

# Patterns for the route table, whole ids only.
LOG_CALL_PATTERN: Final = re.compile(r"^log_call:[a-z0-9_-]{1,64}$")
LOG_APPOINTMENT_PATTERN: Final = re.compile(r"^log_appointment:(no_show|canceled)$")
TURN_PAGE_PATTERN: Final = re.compile(r"^turn_page:(next|previous)$")
CHOOSE_ACCOUNT_PATTERN: Final = re.compile(r"^choose_account:(log|defer|remind|won|lost)$")
REMIND_PATTERN: Final = re.compile(r"^remind:(hour|afternoon|morning)$")
CHOOSE_SAID_PATTERN: Final = re.compile(r"^choose_said:[0-9]$")

TURN_HOME_PATTERN: Final = re.compile(r"^turn_home:(next|previous)$")

# Forms (callback ids).
SETTINGS_FORM: Final = "settings_form"
LEAVE_FORM: Final = "leave_form"
CONNECTED_FORM: Final = "connected_form"
HELD_FORM: Final = "held_form"
DEFER_FORM: Final = "defer_form"
MORE_FORM: Final = "more_form"
CHANGE_FORM: Final = "change_form"
GUARDED_EMAIL_FORM: Final = "guarded_email_form"
MOVED_FORM: Final = "moved_form"
KEEP_FORM: Final = "keep_form"
CONFIRM_SITE_DOWN_FORM: Final = "confirm_site_down_form"
REVIEW_FORM: Final = "review_form"
CARD_VIEW: Final = "account_card"  # nothing to send; drawn again after each press

# Message shortcuts, as the manifest names them.
OPEN_ACCOUNT_SHORTCUT: Final = "open_account"

# Block ids of the forms' inputs: the keys of `view.state.values` and of the errors shown on a field.
OUTCOME_BLOCK: Final = "outcome"
RESULT_BLOCK: Final = "result"
STARTS_ON_BLOCK: Final = "starts_on"
STARTS_AT_BLOCK: Final = "starts_at"
WHEN_BLOCK: Final = "when"
UNTIL_BLOCK: Final = "until"
LOST_REASON_BLOCK: Final = "lost_reason"
REASON_BLOCK: Final = "reason"
NOTE_BLOCK: Final = "note"
CHOICE_BLOCK: Final = "choice"
CHECKED_BLOCK: Final = "checked"
DIGEST_AT_BLOCK: Final = "digest_at"
QUIET_FROM_BLOCK: Final = "quiet_from"
QUIET_UNTIL_BLOCK: Final = "quiet_until"
NUDGES_BLOCK: Final = "nudges"
FIRST_BLOCK: Final = "first"
LAST_BLOCK: Final = "last"
COVER_BLOCK: Final = "cover"

# The one action id of each input that changes nothing by itself.
FIELD: Final = "field"


def log_call(outcome: str) -> str:
    return f"{LOG_CALL}{outcome}"


def log_appointment(status: str) -> str:
    """`status` is `no_show` or `canceled`."""
    return f"{LOG_APPOINTMENT}{status}"


def turn_page(way: str) -> str:
    """`way` is `next` or `previous`."""
    return f"{TURN_PAGE}{way}"


def turn_home(way: str) -> str:
    """`way` is `next` or `previous`."""
    return f"{TURN_HOME}{way}"


def remind(later: str) -> str:
    """*Remind me*: in an hour, this afternoon, the next working morning."""
    return f"remind:{later}"


def choose_account(verb: str) -> str:
    """`verb` is what the account is wanted for: `log` or `defer`."""
    return f"{CHOOSE_ACCOUNT}{verb}"


def choose_said(choice: int) -> str:
    """`choice` is counted from 0."""
    return f"{CHOOSE_SAID}{choice}"


def told_by(action_id: str) -> str:
    """What an action id carries after its colon: `no_answer` of `log_call:no_answer`; empty without one."""
    return action_id.partition(":")[2]


def run_block(run_id: int, part: str = "") -> str:
    """The block id of a run's row, or of a part of it (`actions`, `logged:7`)."""
    return f"run:{run_id}:{part}" if part else f"run:{run_id}"


def key_block(key: str) -> str:
    """The block id by which a message is found again when the server does not give back its metadata."""
    return f"key:{key}"[:255]

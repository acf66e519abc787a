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
OPEN_EMAIL: Final = "open_email"
OPEN_ACCOUNT: Final = "open_account"
LOG_EMAIL: Final = "log_email"
OPEN_GUARDED_EMAIL: Final = "open_guarded_email"
OPEN_HELD: Final = "open_held"
OPEN_MOVED: Final = "open_moved"
OPEN_MEETING: Final = "open_meeting"
OPEN_MORE: Final = "open_more"
OPEN_DEFER: Final = "open_defer"
UNDO_FACT: Final = "undo_fact"
TRY_AGAIN: Final = "try_again"
DROP_ENTRY: Final = "drop_entry"
KEEP_THEIRS: Final = "keep_theirs"
WRITE_MINE: Final = "write_mine"
OPEN_CHANGE: Final = "open_change"
OPEN_KEEP: Final = "open_keep"
TAKE_BACK_KEEP: Final = "take_back_keep"
MOVE_OUT_NOW: Final = "move_out_now"
TAKE_BACK_MOVE_OUT: Final = "take_back_move_out"
CONFIRM_SITE_DOWN: Final = "confirm_site_down"
CONFIRM_DATES: Final = "confirm_dates"
LOG_SAID: Final = "log_said"
CHANGE_SAID: Final = "change_said"
CHOOSE_SAID: Final = "choose_said:"
ACKNOWLEDGE_REPORT: Final = "acknowledge_report"
OPEN_CARD: Final = "open_card"
DEFER_AWAY: Final = "defer_away"
OPEN_AWAY: Final = "open_away"
DECLINE_AWAY: Final = "decline_away"
FIND_A_TIME: Final = "find_a_time"
OPEN_CLOSE: Final = "open_close:"
OPEN_NEXT_TERM: Final = "open_next_term"
MOVE_STAGE: Final = "move_stage"
KEEP_STAGE: Final = "keep_stage"
REOPEN: Final = "reopen"
OPEN_REVIEW: Final = "open_review"

# Several accounts at once.
OPEN_SEVERAL: Final = "open_several"
CHOOSE_SEVERAL: Final = "choose_several:"
SEVERAL_OUTCOME: Final = "several_outcome"
CHOOSE_SEVERAL_AGAIN: Final = "choose_several_again"
UNDO_SEVERAL: Final = "undo_several"

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
OPEN_STATUS_LEAVE: Final = "open_status_leave"
DECLINE_STATUS_LEAVE: Final = "decline_status_leave"

# Actions inside a form that change what the form shows.
RESULT_CHOSEN: Final = "result_chosen"
HAPPENED: Final = "happened"
WHEN_TYPED: Final = "when_typed"
TERM_CHOSEN: Final = "term_chosen"
EXPIRES_CHOSEN: Final = "expires_chosen"

# Patterns for the route table, whole ids only.
LOG_CALL_PATTERN: Final = re.compile(r"^log_call:[a-z0-9_-]{1,64}$")
LOG_APPOINTMENT_PATTERN: Final = re.compile(r"^log_appointment:(no_show|canceled)$")
TURN_PAGE_PATTERN: Final = re.compile(r"^turn_page:(next|previous)$")
CHOOSE_ACCOUNT_PATTERN: Final = re.compile(r"^choose_account:(log|defer|remind|won|lost)$")
OPEN_CLOSE_PATTERN: Final = re.compile(r"^open_close:(won|lost)$")
REMIND_PATTERN: Final = re.compile(r"^remind:(hour|afternoon|morning)$")
CHOOSE_SAID_PATTERN: Final = re.compile(r"^choose_said:[0-9]$")

CHOICE_BLOCK_PATTERN: Final = re.compile(r"choice:([0-9]{1,3}):([0-9]{1,6})")

TURN_HOME_PATTERN: Final = re.compile(r"^turn_home:(next|previous)$")

CHOOSE_SEVERAL_PATTERN: Final = re.compile(r"^choose_several:(all|none)$")

# Forms (callback ids).
SEVERAL_FORM: Final = "several_form"
SEVERAL_PLAN_FORM: Final = "several_plan_form"
SETTINGS_FORM: Final = "settings_form"
LEAVE_FORM: Final = "leave_form"
CONNECTED_FORM: Final = "connected_form"
CLOSE_FORM: Final = "close_form"
NEXT_TERM_FORM: Final = "next_term_form"
NEW_DEAL_FORM: Final = "new_deal_form"
HELD_FORM: Final = "held_form"
DEFER_FORM: Final = "defer_form"
MORE_FORM: Final = "more_form"
CHANGE_FORM: Final = "change_form"
GUARDED_EMAIL_FORM: Final = "guarded_email_form"
MOVED_FORM: Final = "moved_form"
MEETING_FORM: Final = "meeting_form"
EMAIL_FORM: Final = "email_form"
KEEP_FORM: Final = "keep_form"
CONFIRM_SITE_DOWN_FORM: Final = "confirm_site_down_form"
REVIEW_FORM: Final = "review_form"
CARD_VIEW: Final = "account_card"  # nothing to send; drawn again after each press

# Message shortcuts, as the manifest names them.
OPEN_ACCOUNT_SHORTCUT: Final = "open_account"

# Block ids of the forms' inputs: the keys of `view.state.values` and of the errors shown on a field.
OUTCOME_BLOCK: Final = "outcome"
RESULT_BLOCK: Final = "result"
NEXT_BLOCK: Final = "next_step"
STARTS_BLOCK: Final = "starts"
STARTS_ON_BLOCK: Final = "starts_on"
STARTS_AT_BLOCK: Final = "starts_at"
WHEN_BLOCK: Final = "when"
UNTIL_BLOCK: Final = "until"
LOST_REASON_BLOCK: Final = "lost_reason"
AMOUNT_BLOCK: Final = "amount"
TERM_BLOCK: Final = "term"
NEW_EXPIRES_BLOCK: Final = "new_expires"  # the first part of its id: another term proposes another date
DEAL_KIND_BLOCK: Final = "deal_kind"
DEAL_NAME_BLOCK: Final = "deal_name"
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
ACCOUNTS_BLOCK: Final = "accounts"  # the first part of several blocks' ids
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


def choice_block(group: int, drawn: int) -> str:
    """The block id of one of several groups of which only one may have a choice.

    Slack keeps what was chosen while the id stays: `drawn` goes up when the group is to be empty again.
    """
    return CHOICE_BLOCK if group == 0 and drawn == 0 else f"{CHOICE_BLOCK}:{group}:{drawn}"


def group_of(block_id: str) -> tuple[int, int] | None:
    """The group, and how often it was emptied; None for another block."""
    if block_id == CHOICE_BLOCK:
        return 0, 0
    found = CHOICE_BLOCK_PATTERN.fullmatch(block_id)
    return (int(found[1]), int(found[2])) if found else None


def choose_several(which: str) -> str:
    """`which` is `all` or `none`."""
    return f"{CHOOSE_SEVERAL}{which}"


def accounts_block(drawn: int, group: int) -> str:
    """One of the groups in which accounts are ticked; another id empties it."""
    return f"{ACCOUNTS_BLOCK}:{drawn}:{group}"


def choose_account(verb: str) -> str:
    """`verb` is what the account is wanted for: `log` or `defer`."""
    return f"{CHOOSE_ACCOUNT}{verb}"


def choose_said(choice: int) -> str:
    """`choice` is counted from 0."""
    return f"{CHOOSE_SAID}{choice}"


def open_close(result: str) -> str:
    """`result` is `won` or `lost`."""
    return f"{OPEN_CLOSE}{result}"


def new_expires_block(months: int) -> str:
    """The date that a term of `months` leads to: Slack keeps what was picked while the id stays."""
    return f"{NEW_EXPIRES_BLOCK}:{months}"


def told_by(action_id: str) -> str:
    """What an action id carries after its colon: `no_answer` of `log_call:no_answer`; empty without one."""
    return action_id.partition(":")[2]


def run_block(run_id: int, part: str = "") -> str:
    """The block id of a run's row, or of a part of it (`actions`, `logged:7`)."""
    return f"run:{run_id}:{part}" if part else f"run:{run_id}"


def key_block(key: str) -> str:
    """The block id by which a message is found again when the server does not give back its metadata."""
    return f"key:{key}"[:255]

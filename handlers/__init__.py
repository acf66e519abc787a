"""People act here. The route table: what Slack sends, and who handles it."""

from __future__ import annotations

import re
from collections.abc import Callable

from slack_bolt import App

from bot.bootstrap import Assistant
from bot.slack import ids
from handlers import (
    accounts,
    actions,
    away_replies,
    bulk,
    closing,
    forms,
    home,
    not_taken,
    plain_words,
    statuses,
)
from handlers.commands import handle_words
from handlers.guard import (
    guarded_command,
    guarded_opening,
    guarded_press,
    guarded_shortcut,
    guarded_submission,
)
from handlers.messages import listen_to_messages
from handlers.presses import Press

PRESSES: dict[str | re.Pattern[str], Callable[[Assistant, Press], None]] = {
    ids.LOG_CALL_PATTERN: actions.handle_log_call,
    ids.LOG_APPOINTMENT_PATTERN: actions.handle_log_appointment,
    ids.TURN_PAGE_PATTERN: actions.handle_turn_page,
    ids.CHOOSE_ACCOUNT_PATTERN: actions.handle_choose_account,
    ids.REMIND_PATTERN: actions.handle_remind,
    ids.LOG_SAID: plain_words.handle_log_said,
    ids.CHANGE_SAID: plain_words.handle_change_said,
    ids.CHOOSE_SAID_PATTERN: plain_words.handle_choose_said,
    ids.LOG_EMAIL: actions.handle_log_email,
    ids.LOG_REVIEW: actions.handle_log_review,
    ids.REPORT_MISSING: actions.handle_report_missing,
    ids.ACKNOWLEDGE_REPORT: actions.handle_acknowledge_report,
    ids.UNDO_FACT: actions.handle_undo_fact,
    ids.TRY_AGAIN: not_taken.handle_try_again,
    ids.DROP_ENTRY: not_taken.handle_drop_entry,
    ids.KEEP_THEIRS: not_taken.handle_keep_theirs,
    ids.WRITE_MINE: not_taken.handle_write_mine,
    ids.OPEN_CHANGE: actions.handle_open_change,
    ids.TAKE_BACK_KEEP: actions.handle_take_back_keep,
    ids.MOVE_OUT_NOW: actions.handle_move_out_now,
    ids.TAKE_BACK_MOVE_OUT: actions.handle_take_back_move_out,
    ids.CONFIRM_DATES: actions.handle_confirm_dates,
    ids.OPEN_CONNECTED: actions.handle_open_connected,
    ids.OPEN_HELD: actions.handle_open_held,
    ids.OPEN_MOVED: actions.handle_open_moved,
    ids.OPEN_MEETING: actions.handle_open_meeting,
    ids.OPEN_DEFER: actions.handle_open_defer,
    ids.OPEN_MORE: actions.handle_open_more,
    ids.HOME_SHOW: home.handle_home_filter,
    ids.HOME_DAYS: home.handle_home_filter,
    ids.HOME_VALUE: home.handle_home_filter,
    ids.HOME_REFRESH: home.handle_home_ref,
    ids.HOME_TEAM: home.handle_home_ref,
    ids.HOME_BOOK: home.handle_home_ref,
    ids.TURN_HOME_PATTERN: home.handle_home_ref,
    ids.OPEN_SETTINGS: home.handle_open_settings,
    ids.OPEN_LEAVE: home.handle_open_leave,
    ids.END_LEAVE: home.handle_end_leave,
    ids.OPEN_STATUS_LEAVE: statuses.handle_open_status_leave,
    ids.DECLINE_STATUS_LEAVE: statuses.handle_decline_status_leave,
    ids.DEFER_AWAY: away_replies.handle_defer_away,
    ids.OPEN_AWAY: away_replies.handle_open_away,
    ids.DECLINE_AWAY: away_replies.handle_decline_away,
    ids.FIND_A_TIME: actions.handle_link,
    ids.OPEN_CARD: accounts.handle_open_card,
    ids.OPEN_REVIEW: accounts.handle_open_review,
    ids.OPEN_GUARDED_EMAIL: actions.handle_open_guarded_email,
    ids.OPEN_EMAIL: actions.handle_open_email,
    ids.OPEN_KEEP: actions.handle_open_keep,
    ids.CONFIRM_SITE_DOWN: actions.handle_confirm_site_down,
    ids.RESULT_CHOSEN: actions.handle_choose_result,
    ids.TERM_CHOSEN: actions.handle_choose_result,
    ids.EXPIRES_CHOSEN: actions.handle_choose_result,
    ids.OPEN_CLOSE_PATTERN: closing.handle_open_close,
    ids.OPEN_NEXT_TERM: closing.handle_open_next_term,
    ids.MOVE_STAGE: closing.handle_move_stage,
    ids.KEEP_STAGE: closing.handle_keep_stage,
    ids.REOPEN: closing.handle_reopen,
    ids.HAPPENED: actions.handle_choose_happened,
    ids.WHEN_TYPED: actions.handle_type_when,
    ids.OPEN_SEVERAL: bulk.handle_open_several,
    ids.CHOOSE_SEVERAL_PATTERN: bulk.handle_choose_several,
    ids.SEVERAL_OUTCOME: bulk.handle_choose_several,
    ids.CHOOSE_SEVERAL_AGAIN: bulk.handle_choose_several_again,
    ids.UNDO_SEVERAL: bulk.handle_undo_several,
    ids.OPEN_DRAFT: actions.handle_link,
    ids.OPEN_ACCOUNT: actions.handle_link,
}
FORMS = {
    ids.CONNECTED_FORM: forms.handle_connected_form,
    ids.CLOSE_FORM: closing.handle_close_form,
    ids.NEXT_TERM_FORM: closing.handle_next_term_form,
    ids.NEW_DEAL_FORM: closing.handle_new_deal_form,
    ids.HELD_FORM: forms.handle_held_form,
    ids.DEFER_FORM: forms.handle_defer_form,
    ids.MORE_FORM: forms.handle_more_form,
    ids.CHANGE_FORM: forms.handle_change_form,
    ids.GUARDED_EMAIL_FORM: forms.handle_guarded_email_form,
    ids.MOVED_FORM: forms.handle_moved_form,
    ids.EMAIL_FORM: forms.handle_email_form,
    ids.MEETING_FORM: forms.handle_meeting_form,
    ids.KEEP_FORM: forms.handle_keep_form,
    ids.CONFIRM_SITE_DOWN_FORM: forms.handle_confirm_site_down_form,
    ids.SETTINGS_FORM: home.handle_settings_form,
    ids.LEAVE_FORM: home.handle_leave_form,
    ids.SEVERAL_FORM: bulk.handle_several_form,
    ids.SEVERAL_PLAN_FORM: bulk.handle_several_plan_form,
    ids.REVIEW_FORM: accounts.handle_review_form,
}
SHORTCUTS = {ids.OPEN_ACCOUNT_SHORTCUT: accounts.handle_account_shortcut}
LISTENED = ("message", "app_home_opened", "user_status_changed")
ANYTHING = re.compile(".*")


def register(app: App, assistant: Assistant) -> None:
    """Hang every listener into a Bolt app; what nobody handles is acknowledged, or Slack delivers it again."""
    for action_id, press in PRESSES.items():
        app.action(action_id)(guarded_press(assistant, press))
    for callback_id, submission in FORMS.items():
        app.view(callback_id)(guarded_submission(assistant, submission))
    for callback_id, shortcut in SHORTCUTS.items():
        app.message_shortcut(callback_id)(guarded_shortcut(assistant, shortcut))
    app.command(ids.COMMAND)(guarded_command(assistant, handle_words))
    app.event("message")(listen_to_messages(assistant))
    app.event("app_home_opened")(guarded_opening(assistant, home.handle_opened))
    app.event("user_status_changed")(statuses.listen_to_statuses(assistant))
    # Only what is nobody's: what a listener leaves unacknowledged is handed on to the next that fits.
    unknown = guarded_press(assistant, actions.handle_unknown)
    app.action(ANYTHING, matchers=[lambda body: not _is_known(body["actions"][0].get("action_id", ""))])(
        unknown
    )
    unknown_form = guarded_submission(assistant, forms.handle_unknown_form)
    app.view(ANYTHING, matchers=[lambda body: body["view"].get("callback_id") not in FORMS])(unknown_form)
    app.event(ANYTHING, matchers=[lambda event: event.get("type") not in LISTENED])(lambda ack: ack())


def _is_known(action_id: str) -> bool:
    return any(
        key == action_id if isinstance(key, str) else key.search(action_id) is not None for key in PRESSES
    )

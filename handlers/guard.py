"""The guard around every listener: no exception reaches Bolt, and each answer is a sentence for the person.

Without the database nothing is acknowledged: Slack then says so itself and the person tries again (FAULTS 10).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.acts.acting import keep_refusal
from bot.services.errors import (
    BadField,
    Collided,
    DomainError,
    StaleTouch,
    StoreError,
    StoreUnavailable,
    UnknownPerson,
)
from bot.services.outgoing.messages import note_press
from bot.services.outgoing.notices import show_fresh, tell
from bot.services.people.roles import Who
from bot.slack import ids
from bot.slack.fields import Fields, FormErrors
from bot.slack.payloads import StaleButton
from bot.slack.trouble import SlackTrouble
from bot.slack.views.blocks import Drawn
from bot.slack.views.notice_modal import notice_modal
from bot.slack.views.notices import sentence_message, unexpected_message
from handlers.accounts import after_press, after_submission
from handlers.home import say_in_home, show_fresh_home
from handlers.presses import Opened, Press, Shortcut, Submission, Typed

Ack = Callable[..., Any]
Listener = Callable[..., None]
Answer = TypeVar("Answer")

# A service names the field, the form shows it in this block.
BLOCK_OF_FIELD = {
    "when": ids.WHEN_BLOCK,
    "note": ids.NOTE_BLOCK,
    "reason": ids.REASON_BLOCK,
    "starts": ids.STARTS_BLOCK,
    "digest_at": ids.DIGEST_AT_BLOCK,
    "quiet_from": ids.QUIET_FROM_BLOCK,
    "quiet_until": ids.QUIET_UNTIL_BLOCK,
    "first": ids.FIRST_BLOCK,
    "last": ids.LAST_BLOCK,
    "cover": ids.COVER_BLOCK,
    "amount": ids.AMOUNT_BLOCK,
    "term": ids.TERM_BLOCK,
    "expires_on": ids.NEW_EXPIRES_BLOCK,
    "deal_name": ids.DEAL_NAME_BLOCK,
}

NOT_OPENED = "Slack did not open the form. Please try again."

_log = logging.getLogger(__name__)


def _once_more(handle: Callable[[], Answer]) -> Answer:
    """Handle it, and again when the database took it back because somebody else's act stood in its way.

    Nothing of it has happened then, and whatever was done before carries the act's key: it is not done twice.
    """
    try:
        return handle()
    except Collided as error:
        log(_log, logging.WARNING, "act.collided", error=error)
        return handle()


def guarded_press(assistant: Assistant, handle: Callable[[Assistant, Press], None]) -> Listener:
    """A listener for buttons. What a person may not do, or no longer can, is told to them alone."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        press = Press.of(body)
        try:
            _note_press(assistant, press)
            _once_more(lambda: handle(assistant, press))
            after_press(assistant, press)
        except StoreUnavailable as error:
            _tell_at_once(assistant, press.channel, press.who.user_id, error.sentence)
            return
        except (DomainError, StoreError) as error:
            _audit(assistant, press.who, press.action_id, error)
            _answer_press(assistant, press, error.sentence, stale=isinstance(error, StaleTouch | StaleButton))
        except SlackTrouble as error:
            _log_failure("press.slack_failed", press.action_id, error)
            if press.view is None:  # what stands in a form is left to the person
                _answer_press(assistant, press, NOT_OPENED, stale=False)
        except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the reference is in the log
            _answer_press(assistant, press, _unexpected("press.failed", press.action_id, error), stale=False)
        ack()

    return listener


def guarded_opening(assistant: Assistant, handle: Callable[[Assistant, Opened], None]) -> Listener:
    """A listener for a tab that is opened; what is wrong is said in Home itself."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        opened = Opened.of(body)
        try:
            _once_more(lambda: handle(assistant, opened))
        except (DomainError, StoreError) as error:
            _say_in_home(assistant, opened.who.user_id, error.sentence)
        except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the reference is in the log
            said = _unexpected("home.failed", opened.tab, error)
            _say_in_home(assistant, opened.who.user_id, said)
        ack()

    return listener


def guarded_submission(
    assistant: Assistant, handle: Callable[[Assistant, Submission], dict[str, Any] | None]
) -> Listener:
    """A listener for forms. What is wrong stands at its field; anything else replaces the form."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        submission = Submission.of(body)
        try:
            answer = _once_more(lambda: handle(assistant, submission)) or {}
            answer = after_submission(assistant, submission, answer)
        except StoreUnavailable as error:
            _log_failure("form.no_database", submission.callback_id, error)
            return
        except FormErrors as error:
            answer = {"response_action": "errors", "errors": error.errors}
        except BadField as error:
            block = Fields(submission.view, fallback="").block_of(BLOCK_OF_FIELD[error.field])
            answer = {"response_action": "errors", "errors": {block: error.sentence}}
        except (DomainError, StoreError) as error:
            _audit(assistant, submission.who, submission.callback_id, error)
            answer = _instead(error.sentence)
        except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the reference is in the log
            answer = _instead(_unexpected("form.failed", submission.callback_id, error))
        ack(**answer)

    return listener


def guarded_command(assistant: Assistant, handle: Callable[[Assistant, Typed], Drawn]) -> Listener:
    """A listener for `/renewal`; the answer is only visible to the person."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        typed = Typed.of_command(body)
        drawn = answered(assistant, typed, handle)
        ack(response_type="ephemeral", text=drawn.text, blocks=drawn.blocks)

    return listener


def guarded_shortcut(assistant: Assistant, handle: Callable[[Assistant, Shortcut], None]) -> Listener:
    """A listener for a message's shortcut; what is wrong is said in a form of its own."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        shortcut = Shortcut.of(body)
        try:
            _once_more(lambda: handle(assistant, shortcut))
        except SlackTrouble as error:
            _log_failure("shortcut.slack_failed", shortcut.callback_id, error)
        except (DomainError, StoreError) as error:
            _open_instead(assistant, shortcut, error.sentence)
        except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the reference is in the log
            _open_instead(assistant, shortcut, _unexpected("shortcut.failed", shortcut.callback_id, error))
        ack()

    return listener


def _open_instead(assistant: Assistant, shortcut: Shortcut, sentence: str) -> None:
    try:
        assistant.slack.open_view(shortcut.trigger_id, notice_modal(sentence))
    except SlackTrouble as error:
        _log_failure("answer.failed", shortcut.callback_id, error)


def answered(assistant: Assistant, typed: Typed, handle: Callable[[Assistant, Typed], Drawn]) -> Drawn:
    """What to answer to typed words, also when something is wrong with them."""
    try:
        return _once_more(lambda: handle(assistant, typed))
    except (DomainError, StoreError) as error:
        return sentence_message(error.sentence)
    except SlackTrouble as error:
        _log_failure("command.slack_failed", typed.surface, error)
        return sentence_message(NOT_OPENED)
    except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the reference is in the log
        return sentence_message(_unexpected("command.failed", typed.surface, error))


def _note_press(assistant: Assistant, press: Press) -> None:
    """A message that only one person sees can later be changed through the address of this press alone."""
    if press.ephemeral and press.response_url is not None and press.click.message_id is not None:
        note_press(assistant.work, press.who, press.click.pressed)


def _answer_press(assistant: Assistant, press: Press, sentence: str, *, stale: bool) -> None:
    """A private sentence, and the fresh state of the message that was stale."""
    fresh = press.click.pressed if stale and press.click.message_id is not None else None
    try:
        if press.at_home:
            assistant.slack.open_view(press.trigger_id, notice_modal(sentence))
            show_fresh_home(assistant, press)
        elif press.view is not None:
            after_press(assistant, press, sentence)
        elif press.channel is not None:
            tell(assistant.work, press.who, press.channel, sentence, press.key, fresh)
            return
        if fresh is not None:
            show_fresh(assistant.work, fresh)
    except (StoreError, SlackTrouble) as error:
        _log_failure("answer.failed", press.action_id, error)


def _audit(assistant: Assistant, who: Who, what: str, error: Exception) -> None:
    """Keep what somebody unknown pressed, or with a value that is not ours; the rest is kept where it is decided."""
    if not isinstance(error, UnknownPerson | StaleButton):
        return
    why = error.why if isinstance(error, StaleButton) else "unknown_person"
    log(_log, logging.WARNING, "press.refused", what=what, why=why)
    try:
        keep_refusal(assistant.work, who, what, why)
    except StoreError as trouble:
        _log_failure("refusal.not_kept", what, trouble)


def _say_in_home(assistant: Assistant, user: str, sentence: str) -> None:
    try:
        say_in_home(assistant, user, sentence)
    except SlackTrouble as error:
        _log_failure("answer.failed", "home", error)


def _tell_at_once(assistant: Assistant, channel: str | None, user: str, sentence: str) -> None:
    """Without a database there is no outbox either: said directly, or not at all."""
    if channel is None:
        return
    try:
        drawn = sentence_message(f"{sentence} Nothing was saved; please try again in a minute.")
        assistant.slack.whisper(channel, user, drawn.text, drawn.blocks)
    except SlackTrouble as error:
        _log_failure("answer.failed", "whisper", error)


def _instead(sentence: str) -> dict[str, Any]:
    return {"response_action": "update", "view": notice_modal(sentence)}


def _unexpected(action: str, what: str, error: Exception) -> str:
    """Log the failure under a short reference and answer the sentence that carries it."""
    reference = secrets.token_hex(3)
    log(_log, logging.ERROR, action, error=error, what=what, reference=reference)
    return unexpected_message(reference).text


def _log_failure(action: str, what: str, error: Exception) -> None:
    log(_log, logging.WARNING, action, what=what, error=error)

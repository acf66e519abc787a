"""A status in Slack: heard of, and the two answers to the offer to put it in as leave."""

from __future__ import annotations

import logging
from typing import Any

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.acts.leave import read_leave
from bot.services.acts.status_leave import decline_leave, hear_of_status, read_offer
from bot.services.errors import StoreError
from bot.slack.directory import user_of
from bot.slack.payloads import StatusRef
from bot.slack.statuses import seen_status
from bot.slack.views.settings_modals import leave_modal
from handlers.guard import Ack, Listener
from handlers.home import OWN
from handlers.presses import Press

_log = logging.getLogger(__name__)


def listen_to_statuses(assistant: Assistant) -> Listener:
    """A listener for `user_status_changed`: of everybody in the workspace, and only reps' are kept."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        event = body.get("event") or {}
        user = user_of(event.get("user") or {})
        try:
            if user is not None and not user.is_bot:
                team = user.team_id or str(body.get("team_id") or "")
                hear_of_status(assistant.work, seen_status(user, team), str(event.get("event_ts") or ""))
        except StoreError as error:  # not acknowledged: Slack delivers it again
            log(_log, logging.ERROR, "status.no_database", error=error)
            return
        except Exception as error:  # noqa: BLE001 - nothing reaches Bolt; the next sync of people reads it again
            log(_log, logging.ERROR, "status.failed", error=error)
        ack()

    return listener


def handle_open_status_leave(assistant: Assistant, press: Press) -> None:
    ref = StatusRef.decode(press.value)
    offer = read_offer(assistant.work, press.click, ref.person_id, ref.number)
    read = read_leave(assistant.work, press.click)
    form = leave_modal(read.whose, offer.today, read.taken, read.colleagues, OWN, offer.last_on, asked=False)
    assistant.slack.open_view(press.trigger_id, form)


def handle_decline_status_leave(assistant: Assistant, press: Press) -> None:
    ref = StatusRef.decode(press.value)
    decline_leave(assistant.work, press.click, ref.person_id, ref.number)

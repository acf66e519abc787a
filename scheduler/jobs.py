"""The jobs: what time brings. Each is handed to a service; no logic here."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.acts.move_out import move_out_due
from bot.services.acts.not_taken import close_contests
from bot.services.acts.reminders import send_reminders
from bot.services.day.during_day import tell_during_day
from bot.services.day.manager import send_manager_mornings
from bot.services.day.morning import send_mornings
from bot.services.outgoing.alarms import raise_alarms
from bot.services.outgoing.housekeeping import keep_house


def sync(assistant: Assistant) -> None:
    """HubSpot's changes become runs and facts."""
    assistant.sync_crm()


def marked(assistant: Assistant) -> None:
    """What HubSpot's webhooks named is read."""
    assistant.sync_marked()


def people(assistant: Assistant) -> None:
    """Who is in Slack and in HubSpot, matched by e-mail."""
    assistant.sync_people()


def mornings(assistant: Assistant) -> None:
    """Each rep's digest, at their own hour."""
    send_mornings(assistant.work)


def manager_mornings(assistant: Assistant) -> None:
    """The manager channels' messages."""
    send_manager_mornings(assistant.work)


def during_day(assistant: Assistant) -> None:
    """What has come up since the morning."""
    tell_during_day(assistant.work)


def reminders(assistant: Assistant) -> None:
    """Accounts that somebody wanted to see again."""
    send_reminders(assistant.work)


def move_outs(assistant: Assistant) -> None:
    """What nobody kept moves at the end of the manager's working day."""
    move_out_due(assistant.work)


def alarms(assistant: Assistant) -> None:
    """What the assistant cannot do, told to those who can mend it; what nobody has decided stays HubSpot's."""
    close_contests(assistant.work)
    raise_alarms(assistant.work)


def housekeeping(assistant: Assistant) -> None:
    """Old keys are forgotten; rows past their use are dropped."""
    keep_house(assistant.work)

"""Owners in HubSpot whom nobody in Slack answers to: their renewals would reach nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.cli.asking import wrapped
from bot.hubspot.seen import OwnerSeen
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.trouble import SlackTrouble

LISTED = 12


def strangers(settings: Settings, owners: Sequence[OwnerSeen]) -> Iterator[str]:
    """Lines that name those without a Slack account of the same e-mail, as far as Slack can be asked."""
    if not settings.slack_bot_token:
        yield wrapped("Who of the owners has a Slack account is not looked at: SLACK_BOT_TOKEN is not set.")
        return
    try:
        people = SlackGateway(settings).directory()
        known = {user.email for user in people if user.email and not user.is_bot and not user.deleted}
    except SlackTrouble as trouble:
        yield wrapped(f"Who of the owners has a Slack account cannot be told: Slack refuses ({trouble}).")
        return
    absent = [owner for owner in owners if owner.email not in known]
    if not absent:
        yield "Every owner has a Slack account of the same e-mail."
        return
    yield "Owners without a Slack account of the same e-mail, whose renewals reach nobody:"
    yield from (f"  {owner.name} ({owner.email})" for owner in absent[:LISTED])
    if len(absent) > LISTED:
        yield f"  and {len(absent) - LISTED} more"

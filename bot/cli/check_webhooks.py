"""The part of `renewals check` about HubSpot's webhooks."""

from __future__ import annotations

from bot.hubspot.setup import Check
from bot.hubspot.webhooks import PATH
from bot.settings import Settings


def webhooks(settings: Settings) -> Check:
    """Whether they are listened to, and where. Off is fine: changes are read every minute all the same."""
    if not settings.hubspot_client_secret:
        return Check("HubSpot webhooks", True, "off: changes are read every minute all the same")
    url, port = settings.hubspot_webhook_url, settings.hubspot_webhook_port
    if settings.slack_app_token and port is None:
        mend = (
            f"set HUBSPOT_WEBHOOK_PORT to the port that {url} leads to, or start with `renewals run --http`"
        )
        return Check("HubSpot webhooks", False, f"nobody listens beside Socket Mode: {mend}")
    where = f"port {port}" if settings.slack_app_token else "the port of `renewals run --http`"
    return Check("HubSpot webhooks", True, f"on: {url} has to lead to {PATH} on {where}")

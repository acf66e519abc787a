"""What `renewals check` says of HubSpot's webhooks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cli.check_webhooks import webhooks
from bot.settings import Settings


@pytest.mark.parametrize(
    ("set_so", "ok", "part"),
    [
        ({}, True, "off"),
        ({"hubspot_client_secret": "s", "slack_app_token": "xapp-1"}, False, "HUBSPOT_WEBHOOK_PORT"),
        (
            {"hubspot_client_secret": "s", "slack_app_token": "xapp-1", "hubspot_webhook_port": 3001},
            True,
            "port 3001",
        ),
        ({"hubspot_client_secret": "s"}, True, "renewals run --http"),
    ],
)
def test_check_says_whether_they_are_on(set_so: dict[str, Any], ok: bool, part: str) -> None:
    found = webhooks(Settings(hubspot_webhook_url="https://renewals.example/hubspot/webhooks", **set_so))
    assert found.ok is ok and part in found.says

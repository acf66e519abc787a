"""A connection reset after the request was read: it may have taken effect, so it counts as unknown (FAULTS 4)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.hubspot.client import HubSpotClient
from bot.services import crm_errors
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.trouble import NoAnswer
from bot.slack.views.blocks import section


@pytest.fixture
def resetting_url() -> Iterator[str]:
    """A server that reads each request and then resets the connection (RST, not FIN)."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):  # closed at the end
            while True:
                taken, _ = server.accept()
                taken.recv(65_536)
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                taken.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def test_a_post_to_slack_may_have_arrived(resetting_url: str) -> None:
    gateway = SlackGateway(Settings(slack_bot_token="xoxb-test", slack_api_url=f"{resetting_url}/api/"))
    with pytest.raises(NoAnswer) as trouble:
        gateway.post("C1", "Due", [section("Due")], "key")
    assert trouble.value.arrived


def test_a_write_to_hubspot_may_have_arrived(resetting_url: str) -> None:
    client = HubSpotClient("token", resetting_url, "2026-09", timeout=(60.0, 60.0), sleep=lambda _: None)
    with pytest.raises(crm_errors.NoAnswer) as trouble:
        client.upsert_all("calls", [{"idProperty": "renewals_key", "id": "key", "properties": {}}])
    assert trouble.value.may_have_arrived

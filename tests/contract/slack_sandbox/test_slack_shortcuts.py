"""Shortcuts on messages: offered as the manifest names them, sent as Slack sends them, refused otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox.slack.manifest import Shortcut, manifest_from

DECLARED = Shortcut("Open account", "open_account", "The account that a message shows")


@pytest.fixture
def dm(world: Any) -> str:
    slack = world.slack
    slack.manifest = replace(slack.manifest, message_shortcuts=(DECLARED,))
    slack.rates.post_interval_s = 0
    return str(slack.dm_of("UMAYA").id)


@pytest.fixture
def choose(people: Any, dm: str) -> Any:
    def chosen(ts: str, callback_id: str = "open_account", user: str = "UMAYA", channel: str = dm) -> Any:
        body = {"channel": channel, "ts": ts, "callback_id": callback_id}
        return people.post(f"/people/{user}/shortcuts", json=body)

    return chosen


def test_the_page_learns_what_is_offered(people: Any, dm: str) -> None:
    assert people.get("/people/shortcuts").json() == [
        {"name": "Open account", "callback_id": "open_account", "description": DECLARED.description}
    ]


def test_a_chosen_shortcut_carries_the_message_and_a_trigger(
    app: Any, web: Any, choose: Any, dm: str, people: Any
) -> None:
    ts = web.chat_postMessage(channel=dm, text="Acme called")["ts"]
    assert choose(ts).json()["acked"] is True

    (envelope,) = app.kinds("interactive")
    payload = envelope.payload
    assert (payload["type"], payload["callback_id"]) == ("message_action", "open_account")
    assert set(payload) == {
        *("type", "token", "action_ts", "team", "user", "channel", "is_enterprise_install", "enterprise"),
        *("callback_id", "trigger_id", "response_url", "message_ts", "message"),
    }
    assert (payload["message_ts"], payload["message"]["ts"]) == (ts, ts)
    assert (payload["message"]["text"], payload["user"]["id"]) == ("Acme called", "UMAYA")
    assert payload["channel"] == {"id": dm, "name": "directmessage"}
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Account"}, "blocks": []}
    web.views_open(trigger_id=payload["trigger_id"], view=view)
    assert len(people.get("/people/UMAYA/views").json()) == 1


def test_what_is_not_declared_or_not_seen_is_refused(app: Any, web: Any, choose: Any, dm: str) -> None:
    ts = web.chat_postMessage(channel=dm, text="Acme called")["ts"]
    whispered = web.chat_postEphemeral(channel=dm, user="UMAYA", text="psst")["message_ts"]
    for answer in (
        choose(ts, callback_id="other"),
        choose(whispered),
        choose("1.2"),
        choose(ts, user="UOMAR"),
        choose(ts, user="UNOBODY"),
    ):
        assert answer.status_code in (400, 404), answer.text
    assert app.kinds("interactive") == []


def test_only_message_shortcuts_stand_on_messages() -> None:
    one = {"name": "A", "callback_id": "a", "description": "b"}
    values = {
        "display_information": {"name": "X"},
        "features": {"shortcuts": [one | {"type": "global"}, one | {"type": "message", "callback_id": "m"}]},
    }
    manifest = manifest_from(values)
    assert manifest.message_shortcut("m") is not None and manifest.message_shortcut("a") is None

"""Every failure at the wire and what it makes of an outbox row; nothing is lost and nothing is said twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.services.ports import Halted, NotNeeded, Parcel, Refused, Sent, TryAgain, Unknown
from bot.settings import Settings
from bot.slack.courier import SlackCourier
from bot.slack.gateway import SlackGateway
from bot.slack.views.blocks import Block, header, section
from sandbox.server import SandboxServer, World

Parcels = Callable[..., Parcel]
Couriers = Callable[..., SlackCourier]
Fault = Callable[..., str]


def said(world: World, user: str = "UANA") -> list[str]:
    channel = world.slack.dm_of(user)
    return [message.text for message in channel.messages.values()]


def test_a_post_arrives_once_and_says_where(world: World, courier_of: Couriers, a_parcel: Parcels) -> None:
    delivery = courier_of().deliver(a_parcel())
    assert isinstance(delivery, Sent)
    (message,) = world.slack.dm_of("UANA").messages.values()
    assert delivery.result == {"channel": world.slack.dm_of("UANA").id, "ts": message.ts, "message_id": 4}
    assert said(world) == ["Due"]


def test_a_dropped_answer_is_unknown_and_then_found(
    world: World, courier_of: Couriers, a_parcel: Parcels, fault: Fault
) -> None:
    fault("chat.postMessage", times=1, drop_after_accept=True)
    assert isinstance(courier_of().deliver(a_parcel()), Unknown)
    found = courier_of().deliver(a_parcel(unknown=True, attempts=2))
    (message,) = world.slack.dm_of("UANA").messages.values()
    assert isinstance(found, Sent)
    assert found.result["ts"] == message.ts
    assert said(world) == ["Due"]


def test_an_unknown_post_that_never_arrived_is_sent(
    world: World, courier_of: Couriers, a_parcel: Parcels
) -> None:
    other = a_parcel(slot="2026-11-20")
    courier_of().deliver(other)
    assert isinstance(courier_of().deliver(a_parcel(unknown=True)), Sent)
    assert said(world) == ["Due", "Due"]


def test_without_metadata_the_block_id_finds_it(
    world: World,
    courier_of: Couriers,
    a_parcel: Parcels,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    blocks: list[Block] = [header("Mon"), section("Due")]
    for _ in range(2):
        courier_of(blocks=blocks).deliver(a_parcel())
    for message in world.slack.dm_of("UANA").messages.values():
        message.metadata = None
    found = courier_of(blocks=blocks).deliver(a_parcel(unknown=True))
    assert isinstance(found, Sent)
    assert len(said(world)) == 2


def test_a_server_that_does_not_echo_metadata_is_mentioned_once(
    gateway: SlackGateway, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    fault("chat.postMessage", status=200, body={"ok": True, "channel": "C1", "ts": "1.2", "message": {}})
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            gateway.post("C1", "Due", [section("Due")], "k")
    assert [record.getMessage() for record in caplog.records].count(
        "action=slack.metadata_not_echoed instead=block_id"
    ) == 1


@pytest.mark.parametrize(
    ("header_value", "after"),
    [("7", 7), ("0", 0), (None, None), ("soon", None), ("99999999999999999999", 86_400)],
)
def test_a_rate_limit_holds_the_target_for_as_long_as_asked(
    courier_of: Couriers, a_parcel: Parcels, fault: Fault, header_value: str | None, after: int | None
) -> None:
    headers = {} if header_value is None else {"Retry-After": header_value}
    fault("chat.postMessage", status=429, headers=headers, body={"ok": False, "error": "ratelimited"})
    wait = None if after is None else timedelta(seconds=after)
    assert courier_of().deliver(a_parcel()) == TryAgain("ratelimited", wait, scope="target")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500, "body": ""},
        {"status": 503, "body": "<html>upstream</html>"},
        {"status": 200, "body": "<html>Slack is down</html>"},
        {"status": 200, "body": {"ok": False, "error": "internal_error"}},
        {"status": 200, "body": {"ok": False, "error": "fatal_error"}},
        {"status": 200, "body": "[]"},
        {"status": 200, "body": "null"},
        {"status": 200, "body": '{"ok": true}'},
        {"status": 200, "body": ""},
    ],
)
def test_trouble_at_the_server_may_have_had_an_effect(
    courier_of: Couriers, a_parcel: Parcels, fault: Fault, answer: dict[str, Any]
) -> None:
    fault("chat.postMessage", **answer)
    assert isinstance(courier_of().deliver(a_parcel()), Unknown)


def test_trouble_before_the_post_holds_the_service(
    world: World, courier_of: Couriers, a_parcel: Parcels, fault: Fault
) -> None:
    fault("conversations.history", status=502, body="")
    trouble = courier_of().deliver(a_parcel(unknown=True))
    assert isinstance(trouble, TryAgain)
    assert trouble.scope == "service"
    assert said(world) == []


def test_no_network_holds_the_service(
    slack_settings: Settings, a_parcel: Parcels, courier_of: Couriers
) -> None:
    nobody_listens = Settings(slack_bot_token="xoxb-1", slack_api_url="http://127.0.0.1:9/")
    courier = courier_of(channel="CRENEW")
    lost = SlackCourier(SlackGateway(nobody_listens), courier._renderer, SystemClock()).deliver(a_parcel())
    assert lost == TryAgain("ConnectionRefusedError", scope="service")


def test_a_silent_server_is_given_up(
    world: World, slack_settings: Settings, courier_of: Couriers, a_parcel: Parcels, fault: Fault
) -> None:
    gateway = SlackGateway(slack_settings)
    gateway._patient.timeout = 1
    silence = fault("chat.postMessage", silence=True)
    delivery = SlackCourier(gateway, courier_of()._renderer, SystemClock()).deliver(a_parcel())
    world.faults.remove(silence)
    assert delivery == Unknown("TimeoutError")


def test_a_deactivated_user_and_a_channel_that_is_gone_are_refused(
    world: World, courier_of: Couriers, a_parcel: Parcels
) -> None:
    world.slack.deactivate("UANA")
    gone = courier_of().deliver(a_parcel())
    assert isinstance(gone, Refused)
    assert gone.reason == "the user cannot be written to (user_disabled)"
    for channel, prepare, code in [
        ("CNONE", lambda: None, "channel_not_found"),
        ("CRENEW", lambda: world.slack.archive("CRENEW"), "is_archived"),
    ]:
        prepare()
        refused = courier_of(channel=channel, user=None).deliver(a_parcel())
        assert isinstance(refused, Refused)
        assert code in refused.reason


def test_a_channel_without_the_app_is_refused(world: World, courier_of: Couriers, a_parcel: Parcels) -> None:
    world.slack.remove_app("CRENEW")
    world.slack.remove_scope("chat:write.public")
    refused = courier_of(channel="CRENEW", user=None).deliver(a_parcel())
    assert isinstance(refused, Refused)
    assert "not_in_channel" in refused.reason


def test_a_revoked_token_and_a_missing_scope_halt_the_service(
    world: World, courier_of: Couriers, a_parcel: Parcels
) -> None:
    world.slack.revoke_token()
    assert isinstance(courier_of().deliver(a_parcel()), Halted)
    world.slack.restore_token()
    world.slack.remove_scope("chat:write")
    halted = courier_of().deliver(a_parcel())
    assert isinstance(halted, Halted)
    assert "missing_scope" in halted.reason


def test_content_that_slack_refuses_is_set_aside_with_where_it_is_wrong(
    courier_of: Couriers, a_parcel: Parcels
) -> None:
    refused = courier_of(blocks=[section("x" * 3001)]).deliver(a_parcel())
    assert isinstance(refused, Refused)
    assert "invalid_blocks" in refused.reason
    assert "/blocks/0" in refused.reason


def posted(world: World, courier_of: Couriers, a_parcel: Parcels) -> dict[str, Any]:
    delivery = courier_of().deliver(a_parcel())
    assert isinstance(delivery, Sent)
    return {"channel": delivery.result["channel"], "ts": delivery.result["ts"]}


def test_a_redraw_changes_the_message(world: World, courier_of: Couriers, a_parcel: Parcels) -> None:
    where = posted(world, courier_of, a_parcel)
    redrawn = courier_of(text="Done", blocks=[section("Done")], **where)
    assert isinstance(redrawn.deliver(a_parcel(kind="redraw", payload={"message_id": 4})), Sent)
    assert said(world) == ["Done"]


def test_a_redraw_can_be_repeated_so_a_lost_answer_is_no_riddle(
    world: World, courier_of: Couriers, a_parcel: Parcels, fault: Fault
) -> None:
    where = posted(world, courier_of, a_parcel)
    fault("chat.update", times=1, drop_after_accept=True)
    redrawn = courier_of(text="Done", blocks=[section("Done")], **where)
    parcel = a_parcel(kind="redraw", payload={"message_id": 4})
    again = redrawn.deliver(parcel)
    assert isinstance(again, TryAgain)
    assert again.scope == "service"
    assert isinstance(redrawn.deliver(parcel), Sent)
    assert said(world) == ["Done"]


def test_a_message_that_is_gone_needs_no_redraw(
    courier_of: Couriers, a_parcel: Parcels, world: World
) -> None:
    parcel = a_parcel(kind="redraw", payload={"message_id": 4})
    channel = world.slack.dm_of("UANA").id
    assert isinstance(courier_of(channel=channel, ts="1763900000.000001").deliver(parcel), NotNeeded)
    assert courier_of().deliver(parcel) == NotNeeded("the message was never sent")


def return_address(world: World, server: SandboxServer, where: dict[str, Any]) -> str:
    response_id = world.slack.response_urls.issue("UANA", where["channel"], where["ts"])
    return f"{server.url}/slack/response/{response_id}"


def test_a_press_is_answered_at_its_own_address(
    world: World, server: SandboxServer, courier_of: Couriers, a_parcel: Parcels
) -> None:
    where = posted(world, courier_of, a_parcel)
    url = return_address(world, server, where)
    payload = {"message_id": 4, "response_url": url, "pressed_message_id": 4}
    redrawn = courier_of(text="Done", blocks=[section("Done")], **where)
    assert isinstance(redrawn.deliver(a_parcel(kind="redraw", payload=payload)), Sent)
    assert said(world) == ["Done"]
    assert world.journal.entries(method="chat.update") == []


@pytest.mark.parametrize("spoiled", ["expired", "another_message", "second_try", "foreign"])
def test_where_the_presss_address_does_not_serve_the_message_is_updated(
    world: World, server: SandboxServer, courier_of: Couriers, a_parcel: Parcels, spoiled: str
) -> None:
    where = posted(world, courier_of, a_parcel)
    payload = {
        "message_id": 4,
        "response_url": return_address(world, server, where),
        "pressed_message_id": 4,
    }
    if spoiled == "expired":
        payload["response_url"] = f"{server.url}/slack/response/unknown"
    elif spoiled == "another_message":
        payload["pressed_message_id"] = 3
    elif spoiled == "foreign":
        payload["response_url"] = "http://127.0.0.1:9/slack/response/1"
    redrawn = courier_of(text="Done", blocks=[section("Done")], **where)
    attempts = 2 if spoiled == "second_try" else 1
    assert isinstance(redrawn.deliver(a_parcel(kind="redraw", payload=payload, attempts=attempts)), Sent)
    assert said(world) == ["Done"]
    assert len(world.journal.entries(method="chat.update")) == 1


def test_a_passing_note_is_shown_to_one_person_and_never_twice(
    world: World, courier_of: Couriers, a_parcel: Parcels, fault: Fault
) -> None:
    payload = {"channel": "CRENEW", "user": "UANA", "text": "Already logged by <Ben>"}
    parcel = a_parcel(kind="ephemeral", payload=payload)
    assert isinstance(courier_of().deliver(parcel), Sent)
    fault("chat.postEphemeral", times=1, drop_after_accept=True)
    assert isinstance(courier_of().deliver(parcel), NotNeeded)
    assert isinstance(
        courier_of().deliver(a_parcel(kind="ephemeral", payload=payload, unknown=True)), NotNeeded
    )
    (body, _) = (entry.body for entry in world.journal.entries(method="chat.postEphemeral"))
    assert body["text"] == "Already logged by &lt;Ben&gt;"


def test_a_private_list_changes_by_its_own_press_only(courier_of: Couriers, a_parcel: Parcels) -> None:
    private = courier_of(channel="CRENEW", private=True, ts=None)
    shown = private.deliver(a_parcel(kind="today"))
    assert isinstance(shown, Sent)
    assert shown.result["ts"]
    redraw = private.deliver(a_parcel(kind="redraw", payload={"message_id": 4}))
    assert redraw == NotNeeded("only a press on it can change it")


def test_nothing_to_show_is_not_sent(gateway: SlackGateway, world: World, a_parcel: Parcels) -> None:
    nothing = SlackCourier(gateway, lambda _: NotNeeded("undone"), SystemClock())
    assert nothing.deliver(a_parcel()) == NotNeeded("undone")
    assert world.journal.entries(service="slack") == []


@pytest.mark.parametrize("more", [{}, {"channel": "CRENEW", "private": True}])
def test_who_slept_beyond_the_lease_posts_nothing(
    world: World, courier_of: Couriers, a_parcel: Parcels, more: dict[str, Any]
) -> None:
    """Another process may have posted it meanwhile, and Slack would take it twice."""
    over = SystemClock().elapsed()
    delivery = courier_of(**more).deliver(a_parcel(lease_until=over))
    assert delivery == TryAgain("the lease ended before it was sent", scope="target")
    assert said(world) == [] and not world.slack.channels["CRENEW"].ephemerals

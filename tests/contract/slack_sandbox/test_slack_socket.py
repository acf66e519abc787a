"""Socket Mode: envelopes to one of several connections, redelivery, refresh, acknowledgement size."""

from __future__ import annotations

import gc
import time

import pytest
import websocket
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from slack_sdk.web import WebClient

from tests.unhurried import SHIPPED


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


@pytest.fixture
def write(people, dm):
    def wrote(text):
        return people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": text}).json()

    return wrote


def deliveries(world, kind="events_api"):
    return world.journal.entries(kind="delivery", method=kind)


def test_hello_counts_the_connections(connect, eventually):
    first, second = connect(), connect()
    eventually(lambda: second.frames)
    hello = second.frames[0]
    assert hello["type"] == "hello" and hello["num_connections"] == 2
    assert hello["debug_info"]["approximate_connection_time"] > 0
    assert first.frames[0]["num_connections"] == 1


def test_each_envelope_goes_to_one_connection_in_turn(connect, write, eventually):
    first, second = connect(), connect()
    for number in range(6):
        write(f"message {number}")
    eventually(lambda: len(first.received) + len(second.received) == 6)
    assert len(first.received) == len(second.received) == 3
    assert len({one.payload["event_id"] for one in [*first.received, *second.received]}) == 6


def test_an_unacknowledged_event_goes_to_another_connection(world, connect, write, eventually):
    world.slack.dispatcher.ack_seconds = 2.0  # which the one that is awake needs not
    deaf, awake = connect(), connect()
    deaf.silent = True
    for number in range(2):
        write(f"message {number}")
    eventually(lambda: len(awake.received) == 2)
    (lost,) = deaf.received
    (again,) = [one for one in awake.received if one.retry_attempt]
    assert again.payload["event_id"] == lost.payload["event_id"]
    assert again.envelope_id != lost.envelope_id
    assert (again.retry_attempt, again.retry_reason) == (1, "timeout")


def test_a_retry_avoids_the_connection_that_did_not_answer(world, connect, write, eventually):
    world.slack.dispatcher.ack_seconds = 2.0
    deaf, awake = connect(), connect()
    deaf.silent = True
    for number in range(6):
        write(f"message {number}")
    eventually(lambda: len(awake.received) == 6)
    assert len(deaf.received) == 3 and not any(one.retry_attempt for one in deaf.received)


def test_slack_waits_three_seconds_for_an_acknowledgement():
    assert SHIPPED["sandbox.slack.delivery.ACK_SECONDS"] == 3.0


def test_an_event_is_redelivered_three_times_and_then_given_up(world, app, write, eventually):
    world.slack.dispatcher.ack_seconds = 0.1
    app.silent = True
    write("hello?")
    eventually(lambda: len(deliveries(world)) == 4 and not world.slack.dispatcher._tasks)
    assert [one.retry_attempt for one in app.received] == [0, 1, 2, 3]
    assert [entry.accepted for entry in deliveries(world)] == [False] * 4


def test_a_late_acknowledgement_is_journaled_as_late(world, app, write, eventually):
    world.slack.dispatcher.ack_seconds = 0.1
    world.slack.dispatcher.retries = 0
    app.silent = True
    write("hello?")
    eventually(lambda: deliveries(world))
    app.acknowledge(app.received[0])
    eventually(lambda: world.journal.entries(method="ack_late"))
    assert world.journal.entries(method="ack_late")[0].fields["ms"] >= 100


def test_a_click_is_not_redelivered_and_the_person_sees_an_error(world, app, web, people, dm):
    world.slack.dispatcher.ack_seconds = 0.1
    app.silent = True
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("a")]}]
    ts = web.chat_postMessage(channel=dm, text="x", blocks=blocks)["ts"]
    answer = press(people, dm, ts, "b", "a")
    assert answer["acked"] is False and answer["error"] == "operation_timeout"
    assert len(app.kinds("interactive")) == 1


def test_after_a_refresh_nothing_new_comes_on_the_old_connection(world, connect, write, eventually):
    old = connect()
    world.slack.sockets.request_disconnect(close_after_s=0.3)
    eventually(lambda: any(frame["type"] == "disconnect" for frame in old.frames))
    assert old.frames[-1]["reason"] == "refresh_requested"
    new = connect()
    write("after the refresh")
    eventually(lambda: new.received)
    assert old.received == []
    with pytest.raises((websocket.WebSocketException, OSError)):
        for _ in range(50):
            old.socket.ping()
            time.sleep(0.02)


def test_a_warning_leaves_the_connection_in_use(world, app, write, eventually):
    world.slack.sockets.request_disconnect("warning")
    eventually(lambda: any(frame.get("reason") == "warning" for frame in app.frames))
    write("still here")
    eventually(lambda: app.received)


def test_an_event_while_nobody_is_connected_waits_for_a_connection(world, server, write, connect, eventually):
    write("early")
    late = connect()
    eventually(lambda: late.received)


def test_a_cut_connection_leads_to_redelivery_elsewhere(world, connect, write, eventually):
    deaf = connect()
    deaf.silent = True
    write("hello?")
    eventually(lambda: deaf.received)
    world.slack.sockets.close_all()
    eventually(lambda: world.slack.sockets.connection_count == 0)
    awake = connect()
    eventually(lambda: awake.received)
    assert awake.received[0].retry_reason == "connection_lost"


def test_an_acknowledgement_of_20_kb_is_dropped(world, app, people, dm):
    command = {"text": "/renewal today"}
    path = f"/people/UMAYA/conversations/{dm}/messages"
    frame = len('{"envelope_id": "00000000-0000-0000-0000-000000000000", "payload": {"text": ""}}')
    app.answer = lambda _: {"text": "x" * (20 * 1024 - frame - 1)}
    assert people.post(path, json=command).json()["acked"] is True
    app.answer = lambda _: {"text": "x" * (20 * 1024 - frame)}
    world.slack.dispatcher.ack_seconds = 0.3
    refused = people.post(path, json=command).json()
    assert refused["acked"] is False and world.slack.sockets.dropped_acks == 1
    assert world.journal.entries(method="ack_dropped")[0].fields["bytes"] == 20 * 1024


def test_a_duplicated_event_arrives_as_often_as_asked(world, connect, write, people, eventually):
    first, second = connect(), connect()
    people.post(
        "/control/faults", json={"service": "slack", "method": "events_api", "times": 1, "duplicate": 3}
    )
    write("thrice")
    eventually(lambda: len(first.received) + len(second.received) == 3)
    copies = [*first.received, *second.received]
    assert len({one.payload["event_id"] for one in copies}) == 1
    assert len({one.envelope_id for one in copies}) == 3
    assert first.received and second.received
    eventually(lambda: len(deliveries(world)) == 3)
    write("once")
    eventually(lambda: len(first.received) + len(second.received) == 4)


def test_a_lost_event_never_arrives(world, app, write, people, eventually):
    people.post("/control/faults", json={"method": "events_api", "times": 1, "silence": True})
    write("lost")
    write("found")
    eventually(lambda: app.received and not world.slack.dispatcher._tasks)
    assert [one.payload["event"]["text"] for one in app.received] == ["found"]


def test_a_ticket_opens_one_connection(world, server):
    url = WebClient(base_url=server.slack_api_url).apps_connections_open(app_token=world.slack.app_token)[
        "url"
    ]
    first, second = websocket.WebSocket(), websocket.WebSocket()
    first.connect(url, timeout=60)
    with pytest.raises(websocket.WebSocketBadStatusException):
        second.connect(url, timeout=60)
    first.shutdown()
    second.shutdown()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_slack_sdks_own_client_gets_and_acknowledges(world, server, write, eventually):
    taken = []
    client = SocketModeClient(
        app_token=world.slack.app_token,
        web_client=WebClient(token=world.slack.bot_token, base_url=server.slack_api_url),
        auto_reconnect_enabled=False,
    )
    client.socket_mode_request_listeners.append(lambda _, request: taken.append(request))
    client.connect()
    eventually(lambda: world.slack.sockets.connection_count == 1)
    write("hello")
    eventually(lambda: taken)
    assert taken[0].type == "events_api"
    # The client's own close() waits up to ten seconds for a read that only the server's closing ends.
    world.slack.sockets.close_all()
    eventually(lambda: world.slack.sockets.connection_count == 0)
    client.close()
    # It leaves its socket to the collector, which would tell a later test.
    del client
    gc.collect()


def test_the_journal_tells_how_long_an_acknowledgement_took(world, app, write, eventually):
    write("hello")
    eventually(lambda: deliveries(world))
    (entry,) = deliveries(world)
    assert entry.accepted and 0 < entry.ms < 3000
    assert entry.fields["envelope_id"] == app.received[0].envelope_id
    assert entry.fields["key"] == app.received[0].payload["event_id"]


def test_500_envelopes_at_once_are_all_acknowledged(world, app, eventually):
    for number in range(500):
        world.slack.dispatcher.send_event({"event_id": f"Ev{number}", "type": "event_callback"})
    eventually(lambda: len(deliveries(world)) == 500, seconds=10)
    assert all(entry.accepted for entry in deliveries(world))


def button(action_id):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Go"}}


def press(people, channel, ts, block_id, action_id):
    container = {"type": "message", "channel": channel, "ts": ts}
    body = {"container": container, "block_id": block_id, "action_id": action_id}
    return people.post("/people/UMAYA/actions", json=body).json()

"""What people can do: press only what is shown, see only what is theirs, be told what changed."""

from __future__ import annotations

import json
import threading

import httpx
import pytest

ROW = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Acme"}},
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "action_id": "log",
                "text": {"type": "plain_text", "text": "Log"},
                "value": "r1",
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": {"type": "plain_text", "text": word}, "value": word}
                    for word in ("busy", "wrong")
                ],
            },
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
            {"type": "external_select", "action_id": "account"},
        ],
    },
]


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


@pytest.fixture
def sent(world, web, dm):
    world.slack.rates.post_interval_s = 0
    return web.chat_postMessage(channel=dm, text="Acme", blocks=ROW)["ts"]


@pytest.fixture
def press(people, dm, sent):
    def pressed(action_id, value=None, user="UMAYA", **members):
        body = {
            "container": {"type": "message", "channel": dm, "ts": sent},
            "block_id": "row",
            "action_id": action_id,
            "value": value or {},
        }
        return people.post(f"/people/{user}/actions", json=body | members)

    return pressed


def payloads(app):
    return [one.payload for one in app.kinds("interactive")]


def test_only_what_is_shown_can_be_pressed(app, press):
    assert press("delete_everything").status_code == 400
    assert press("log", block_id="other").status_code == 400
    assert press("more", {"selected_option": {"value": "lost"}}).status_code == 400
    assert press("day", {"selected_date": "soon"}).status_code == 400
    assert press("log", user="UOMAR").status_code == 404
    assert payloads(app) == []


def test_a_press_cannot_change_the_buttons_value_but_a_forgery_can(app, press):
    press("log", {"value": "r2"})
    assert payloads(app)[-1]["actions"][0]["value"] == "r1"
    press("log", {"value": "r2", "type": "button"}, forge=True)
    assert payloads(app)[-1]["actions"][0]["value"] == "r2"
    press("gone", forge=True)
    assert payloads(app)[-1]["actions"][0]["action_id"] == "gone"


def test_a_choice_carries_the_whole_option_and_stays_chosen(app, press):
    press("more", {"selected_option": {"value": "busy"}})
    (action,) = payloads(app)[-1]["actions"]
    assert action["type"] == "overflow" and action["selected_option"]["text"]["text"] == "busy"
    press("day", {"selected_date": "2026-12-24"})
    assert payloads(app)[-1]["actions"][0]["selected_date"] == "2026-12-24"
    press("log")
    assert payloads(app)[-1]["state"]["values"]["row"]["day"]["selected_date"] == "2026-12-24"


def test_an_external_select_asks_the_app(app, people, dm, sent):
    app.answer = lambda _: {"options": [{"text": {"type": "plain_text", "text": "Acme"}, "value": "a"}]}
    body = {
        "container": {"type": "message", "channel": dm, "ts": sent},
        "block_id": "row",
        "action_id": "account",
    }
    answer = people.post("/people/UMAYA/suggestions", json=body | {"query": "ac"}).json()
    assert answer["options"][0]["value"] == "a" and answer["problems"] == []
    assert payloads(app)[-1]["type"] == "block_suggestion" and payloads(app)[-1]["value"] == "ac"


def test_an_answer_to_the_response_url_replaces_whispers_and_deletes(app, press, people, dm):
    press("log")
    url = payloads(app)[-1]["response_url"]
    assert people.post(url, json={"replace_original": True, "text": "Logged", "blocks": ROW[:1]}).text == "ok"
    assert people.post(url, json={"text": "only you"}).text == "ok"
    shown = people.get(f"/people/UMAYA/conversations/{dm}").json()["messages"]
    assert [(one["text"], one["ephemeral"], len(one.get("blocks", []))) for one in shown] == [
        ("Logged", False, 1),
        ("only you", True, 0),
    ]
    assert people.post(url, json={"text": "in public", "response_type": "in_channel"}).text == "ok"
    assert people.post(url, json={"delete_original": True}).text == "ok"
    shown = people.get(f"/people/UMAYA/conversations/{dm}").json()["messages"]
    assert [one["text"] for one in shown] == ["only you", "in public"]


def test_a_replacement_replaces_the_whole_message(world, app, press, people, dm):
    press("log")
    people.post(payloads(app)[-1]["response_url"], json={"replace_original": True, "text": "Logged"})
    (message,) = world.slack.messages(dm)
    assert message.text == "Logged" and message.blocks == []


def test_a_response_url_is_good_for_five_answers_and_half_an_hour(world, app, press, people):
    press("log")
    url = payloads(app)[-1]["response_url"]
    refused = people.post(url, json={"blocks": [{"type": "nope"}]})
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_blocks"
    assert [people.post(url, json={"text": "x"}).status_code for _ in range(6)] == [200] * 5 + [404]
    press("log")
    world.slack.response_urls.seconds = 0
    late = people.post(payloads(app)[-1]["response_url"], json={"text": "x"})
    assert late.json()["error"] == "expired_url"


def test_a_press_on_an_ephemeral_brings_no_message_and_replaces_it(app, web, people):
    ts = web.chat_postEphemeral(channel="CRENEW", user="UMAYA", text="psst", blocks=ROW[1:])["message_ts"]
    body = {
        "container": {"type": "message", "channel": "CRENEW", "ts": ts},
        "block_id": "row",
        "action_id": "log",
    }
    assert people.post("/people/UMAYA/actions", json=body).json()["acked"]
    payload = payloads(app)[-1]
    assert payload["container"]["is_ephemeral"] is True and "message" not in payload
    people.post(payload["response_url"], json={"replace_original": True, "text": "done", "blocks": []})
    (shown,) = people.get("/people/UMAYA/conversations/CRENEW").json()["messages"]
    assert shown["text"] == "done" and shown["ts"] == ts


def test_a_command_that_nobody_knows_and_one_in_a_thread(app, people, dm, sent):
    path = f"/people/UMAYA/conversations/{dm}/messages"
    assert people.post(path, json={"text": "/dance now"}).json()["error"] == "invalid_command"
    threaded = people.post(path, json={"text": "/renewal", "thread_ts": sent}).json()
    assert threaded["error"] == "not_supported_in_threads"
    said = [one["text"] for one in people.get(f"/people/UMAYA/conversations/{dm}").json()["messages"][1:]]
    assert "`/dance` is not a valid command." in said[0] and "not supported in threads" in said[1]
    assert app.kinds("slash_commands") == []
    listed = people.get("/people/commands").json()
    assert listed == [
        {"command": "/renewal", "description": "Work your renewals", "usage_hint": "log | today"}
    ]


def test_threads_and_unread_counts(people, web, dm, sent):
    before = people.get("/people/UMAYA/conversations").json()[0]
    assert (before["id"], before["kind"], before["unread"]) == (dm, "dm", 1)
    people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "re", "thread_ts": sent})
    (top,) = people.get(f"/people/UMAYA/conversations/{dm}").json()["messages"]
    assert top["reply_count"] == 1
    thread = people.get(f"/people/UMAYA/conversations/{dm}", params={"thread_ts": sent}).json()["messages"]
    assert [one["text"] for one in thread] == ["Acme", "re"]
    assert people.get("/people/UMAYA/conversations").json()[0]["unread"] == 0


def test_a_deactivated_person_does_nothing_and_is_not_listed(people, press, dm):
    people.post("/control/slack/deactivate", json={"id": "UMAYA"})
    assert press("log").status_code == 403
    said = people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "hi"})
    assert said.status_code == 403 and "deactivated" in said.json()["error"]
    assert "UMAYA" not in [one["id"] for one in people.get("/people").json()]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/people/UNOPE/actions", {"container": {}, "block_id": "a", "action_id": "b"}, 404),
        ("/people/UMAYA/actions", {"container": {"type": "dream"}, "block_id": "a", "action_id": "b"}, 400),
        ("/people/UMAYA/actions", {"block_id": "a"}, 400),
        ("/people/UMAYA/actions", [], 400),
        ("/people/UMAYA/actions", {"block_id": "a", "action_id": "b", "state": {"a": 1}}, 400),
        ("/people/UMAYA/conversations/CRENEW/messages", {"text": "x", "thread_ts": []}, 400),
        ("/people/UMAYA/conversations/CRENEW/messages", {"text": "x", "thread_ts": "1.0"}, 404),
        ("/people/UMAYA/commands", {"channel": "CNOPE", "command": "/renewal"}, 404),
        ("/people/UMAYA/views/VNOPE/submit", {"values": {}}, 404),
        ("/control/slack/explode", {}, 400),
        ("/control/slack/archive", {"id": "CNOPE"}, 404),
    ],
)
def test_what_cannot_be_done_is_said_clearly(people, path, body, status):
    answer = people.post(path, json=body)
    assert answer.status_code == status and answer.json()["error"]


def test_open_pages_are_told_what_changed(server, people, web, dm, eventually):
    told = []
    ready = threading.Event()

    def watch():
        with (
            httpx.Client(trust_env=False, timeout=60) as client,
            client.stream("GET", f"{server.url}/people/UMAYA/events") as lines,
        ):
            for line in lines.iter_lines():
                ready.set()
                if line.startswith("data: "):
                    told.append(json.loads(line.removeprefix("data: ")))
                if {"type": "changed", "what": "clock"} in told:
                    return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    assert ready.wait(60)
    web.chat_postMessage(channel=dm, text="news")
    eventually(lambda: {"type": "changed", "what": "messages", "channel": dm} in told)
    eventually(lambda: {"type": "changed", "what": "traffic"} in told)
    people.post("/control/clock", json={"advance_seconds": 60})
    watcher.join(timeout=60)
    assert not watcher.is_alive()

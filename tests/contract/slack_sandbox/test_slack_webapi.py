"""The Web API: what it answers, and what it refuses by which code."""

from __future__ import annotations

import json

import pytest
from slack_sdk import WebClient

SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "A & B"}}]


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


def test_auth_test_names_the_app(world, web):
    answer = web.auth_test()
    assert answer["user_id"] == world.slack.app.bot_user_id
    assert answer["bot_id"] == world.slack.app.bot_id and answer["team_id"] == world.slack.team_id


def test_a_token_must_be_there_right_and_alive(world, server, web, refusal):
    assert refusal(WebClient(base_url=server.slack_api_url).auth_test)["error"] == "not_authed"
    assert (
        refusal(WebClient(token="xoxb-no", base_url=server.slack_api_url).auth_test)["error"]
        == "invalid_auth"
    )
    wrong_kind = WebClient(token=world.slack.app_token, base_url=server.slack_api_url)
    assert refusal(wrong_kind.auth_test)["error"] == "not_allowed_token_type"
    assert (
        refusal(web.apps_connections_open, app_token=world.slack.bot_token)["error"]
        == "not_allowed_token_type"
    )
    world.slack.revoke_token()
    assert refusal(web.auth_test)["error"] == "token_revoked"
    world.slack.revoke_token("account_inactive")
    assert refusal(web.auth_test)["error"] == "account_inactive"
    world.slack.restore_token()
    assert web.auth_test()["ok"]


def test_a_removed_scope_is_named(world, web, refusal):
    world.slack.remove_scope("chat:write")
    refused = refusal(web.chat_postMessage, channel="UMAYA", text="hi")
    assert refused["error"] == "missing_scope" and refused["needed"] == "chat:write"
    assert "users:read" in refused["provided"] and "chat:write" not in refused["provided"].split(",")


def test_a_method_nobody_calls_is_unknown(web, refusal):
    assert refusal(web.api_call, api_method="pins.add")["error"] == "unknown_method"


def test_a_message_is_kept_as_slack_keeps_it(world, web, dm):
    sent = web.chat_postMessage(
        channel=dm,
        text="R&D < Ops <@UMAYA> <oddly> https://example.com/a?b=1&c=2.",
        blocks=SECTION,
        metadata={"event_type": "digest", "event_payload": {"key": "k1"}},
    )
    (kept,) = web.conversations_history(channel=dm, include_all_metadata=True)["messages"]
    assert kept["text"] == "R&amp;D &lt; Ops <@UMAYA> &lt;oddly&gt; <https://example.com/a?b=1&amp;c=2>."
    assert kept["ts"] == sent["ts"] and kept["bot_id"] == world.slack.app.bot_id
    assert kept["metadata"] == {"event_type": "digest", "event_payload": {"key": "k1"}}
    assert kept["blocks"][0]["block_id"] and kept["blocks"][0]["text"]["text"] == "A &amp; B"
    assert "metadata" not in web.conversations_history(channel=dm)["messages"][0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "CNOPE", "text": "x"}, "channel_not_found"),
        ({"channel": "UNOPE", "text": "x"}, "channel_not_found"),
        ({"channel": "UMAYA"}, "no_text"),
        ({"channel": "UMAYA", "text": "  "}, "no_text"),
        ({"channel": "UMAYA", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "UMAYA", "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "UMAYA", "text": "x", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ({"channel": "UMAYA", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"channel": "UMAYA", "text": "x", "thread_ts": "1700000000.000000"}, "thread_not_found"),
        ({"channel": "UMAYA", "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
    ],
)
def test_what_post_message_refuses(web, refusal, arguments, code):
    refused = refusal(web.api_call, api_method="chat.postMessage", json=arguments)
    assert refused["error"] == code


def test_invalid_blocks_say_where(web, refusal):
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    refused = refusal(web.chat_postMessage, channel="UMAYA", text="x", blocks=long)
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_a_message_holds_thirteen_thousand_characters(web, refusal):
    part = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2600}}
    assert web.chat_postMessage(channel="UMAYA", text="x", blocks=[part] * 5)["ok"]
    more = [*[part] * 5, {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}]
    assert (
        refusal(web.chat_postMessage, channel="UOMAR", text="x", blocks=more)["error"]
        == "msg_blocks_too_long"
    )


def test_where_the_app_may_speak(world, web, refusal, dm):
    world.slack.add_channel("private", ["UMAYA"], id="CPRIV", private=True, with_app=False)
    assert refusal(web.chat_postMessage, channel="CPRIV", text="x")["error"] == "channel_not_found"
    world.slack.remove_app("CRENEW")
    assert refusal(web.chat_postMessage, channel="CRENEW", text="x")["error"] == "not_in_channel"
    assert refusal(web.conversations_history, channel="CRENEW")["error"] == "not_in_channel"
    world.slack.add_app("CRENEW")
    world.slack.archive("CRENEW")
    assert refusal(web.chat_postMessage, channel="CRENEW", text="x")["error"] == "is_archived"
    world.slack.unarchive("CRENEW")
    assert web.chat_postMessage(channel="#renewals", text="x")["channel"] == "CRENEW"
    world.slack.deactivate("UMAYA")
    assert refusal(web.chat_postMessage, channel=dm, text="x")["error"] == "is_archived"
    assert refusal(web.conversations_open, users="UMAYA")["error"] == "user_disabled"


def test_an_update_keeps_what_it_leaves_out(web, dm, refusal):
    sent = web.chat_postMessage(
        channel=dm, text="one", blocks=SECTION, metadata={"event_type": "t", "event_payload": {}}
    )
    changed = web.chat_update(channel=dm, ts=sent["ts"], text="two")
    assert changed["message"]["blocks"] == sent["message"]["blocks"] and changed["message"]["edited"]
    web.api_call("chat.update", json={"channel": dm, "ts": sent["ts"], "blocks": []})
    (kept,) = web.conversations_history(channel=dm, include_all_metadata=True)["messages"]
    assert kept["text"] == "two" and "blocks" not in kept and kept["metadata"]["event_type"] == "t"
    assert refusal(web.chat_update, channel=dm, ts="1.0", text="x")["error"] == "message_not_found"
    empty = refusal(web.api_call, api_method="chat.update", params={"channel": dm, "ts": sent["ts"]})
    assert empty["error"] == "no_text"


def test_the_app_changes_no_message_of_a_person(web, people, dm, refusal):
    said = people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "mine"}).json()
    assert refusal(web.chat_update, channel=dm, ts=said["ts"], text="x")["error"] == "cant_update_message"


def test_one_message_a_second_and_channel(world, web, dm, refusal):
    world.slack.rates.post_interval_s = 30
    assert web.chat_postMessage(channel=dm, text="one")["ok"]
    refused = refusal(web.chat_postMessage, channel=dm, text="two")
    assert refused.status_code == 429 and refused["error"] == "ratelimited"
    assert 25 <= int(refused.headers["Retry-After"]) <= 30
    assert web.chat_postMessage(channel="CRENEW", text="another channel")["ok"]
    assert [message.text for message in world.slack.messages(dm)] == ["one"]


def test_updates_are_counted_by_the_minute(world, web, dm, refusal):
    world.slack.rates.per_minute["chat.update"] = 2
    ts = web.chat_postMessage(channel=dm, text="0")["ts"]
    for text in "12":
        web.chat_update(channel=dm, ts=ts, text=text)
    assert refusal(web.chat_update, channel=dm, ts=ts, text="3").status_code == 429


def test_an_ephemeral_is_seen_by_one_and_in_no_history(world, web, people, refusal):
    web.chat_postEphemeral(channel="CRENEW", user="UMAYA", text="psst")
    assert (
        refusal(web.chat_postEphemeral, channel="CRENEW", user="UOMAR", text="x")["error"]
        == "user_not_in_channel"
    )
    shown = people.get("/people/UMAYA/conversations/CRENEW").json()["messages"]
    assert [(one["text"], one["ephemeral"]) for one in shown] == [("psst", True)]
    assert web.conversations_history(channel="CRENEW")["messages"] == []


def test_history_is_paged_newest_first_and_leaves_replies_out(world, web, dm):
    world.slack.rates.post_interval_s = 0
    stamps = [web.chat_postMessage(channel=dm, text=str(number))["ts"] for number in range(5)]
    web.chat_postMessage(channel=dm, text="reply", thread_ts=stamps[0])
    first = web.conversations_history(channel=dm, limit=2)
    assert [one["text"] for one in first["messages"]] == ["4", "3"] and first["has_more"] is True
    second = web.conversations_history(channel=dm, limit=9, cursor=first["response_metadata"]["next_cursor"])
    assert [one["text"] for one in second["messages"]] == ["2", "1", "0"] and second["has_more"] is False
    assert second["messages"][-1]["reply_count"] == 1
    between = web.conversations_history(channel=dm, oldest=stamps[1], latest=stamps[3])
    assert [one["text"] for one in between["messages"]] == ["2"]
    with_ends = web.conversations_history(channel=dm, oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [one["text"] for one in with_ends["messages"]] == ["3", "2", "1"]
    thread = web.conversations_replies(channel=dm, ts=stamps[0])["messages"]
    assert [one["text"] for one in thread] == ["0", "reply"]


def test_people_are_listed_in_pages_and_found_by_email(world, web, refusal):
    pages, cursor = [], ""
    while True:
        page = web.users_list(limit=2, cursor=cursor)
        pages.append([one["id"] for one in page["members"]])
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert [len(page) for page in pages] == [2, 2]
    assert {"UMAYA", "UOMAR", "USLACKBOT", world.slack.app.bot_user_id} == {
        one for page in pages for one in page
    }
    found = web.users_lookupByEmail(email="Maya@Example.com")["user"]
    assert found["id"] == "UMAYA" and found["tz"] == "America/New_York" and found["tz_offset"] == -18000
    assert refusal(web.users_lookupByEmail, email="who@example.com")["error"] == "users_not_found"
    assert refusal(web.users_info, user="UNOPE")["error"] == "user_not_found"
    world.slack.deactivate("UMAYA")
    assert web.users_info(user="UMAYA")["user"]["deleted"] is True
    assert refusal(web.users_lookupByEmail, email="maya@example.com")["error"] == "users_not_found"
    world.slack.remove_scope("users:read.email")
    assert "email" not in web.users_info(user="UOMAR")["user"]["profile"]


def test_the_persons_conversation_is_opened_and_described(world, web, dm, refusal):
    assert web.conversations_open(users=["UMAYA"])["channel"]["id"] == dm
    assert web.conversations_info(channel=dm)["channel"]["user"] == "UMAYA"
    assert web.conversations_info(channel="CRENEW")["channel"]["is_member"] is True
    assert refusal(web.conversations_open, users="UNOPE")["error"] == "user_not_found"
    assert refusal(web.conversations_open, users=world.slack.app.bot_user_id)["error"] == "cannot_dm_bot"


def test_timestamps_grow_even_when_the_clock_jumps_back(world, web, people, dm):
    world.slack.rates.post_interval_s = 0
    first = web.chat_postMessage(channel=dm, text="a")["ts"]
    moved = people.post("/control/clock", json={"set": "2026-11-20T09:00:00Z"}).json()["now"]
    assert moved == "2026-11-20T09:00:00+00:00"
    second = web.chat_postMessage(channel=dm, text="b")["ts"]
    assert float(second) > float(first)
    people.post("/control/clock", json={"advance_seconds": 7 * 86_400})
    assert float(web.chat_postMessage(channel=dm, text="c")["ts"]) - float(second) > 86_400


def test_what_cannot_be_stored_is_replaced(world, people, server, dm):
    body = json.dumps({"channel": dm, "text": "a\x00b\ud800c \U0001f600"})
    answer = people.post(
        "/slack/api/chat.postMessage",
        content=body,
        headers={
            "Authorization": f"Bearer {world.slack.bot_token}",
            "Content-Type": "application/json; charset=utf-8",
        },
    ).json()
    assert answer["message"]["text"] == "ab\ufffdc \U0001f600"


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        ("application/json", "{", "invalid_json"),
        ("application/json", "[]", "json_not_object"),
        ("text/plain", "hello", "invalid_post_type"),
    ],
)
def test_a_body_slack_cannot_read(world, people, content_type, body, code):
    answer = people.post("/slack/api/auth.test", content=body, headers={"Content-Type": content_type})
    assert answer.json()["error"] == code

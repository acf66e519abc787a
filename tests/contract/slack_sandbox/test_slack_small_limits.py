"""The limits that few apps meet: parts of elements, whole views, time, pages - each at its boundary."""

from __future__ import annotations

import json

import pytest

from sandbox.slack.blockkit import check_blocks
from sandbox.slack.blockkit.size import MESSAGE_CHARACTERS
from sandbox.slack.blockkit.views import VIEW_BYTES, is_too_large
from sandbox.slack.errors import RateLimited, SlackError
from sandbox.slack.ids import Ids
from sandbox.slack.rates import RateLimiter, RateLimits
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.triggers import Triggers


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def option(value="v", **members):
    return {"text": plain(), "value": value} | members


def actions(element):
    return {"type": "actions", "elements": [{"action_id": "a"} | element]}


def select(**members):
    return actions({"type": "static_select", "options": [option()]} | members)


def grouped(groups):
    return actions({"type": "static_select", "option_groups": groups})


def group(label="x", count=1):
    return {"label": plain(label), "options": [option(f"v{n}") for n in range(count)]}


def picture(**members):
    return {"type": "image", "image_url": "https://x", "alt_text": "x"} | members


def beside(**members):
    return {"type": "section", "text": plain(), "accessory": picture(**members)}


def text_input(**members):
    return {
        "type": "input",
        "label": plain(),
        "element": {"type": "plain_text_input", "action_id": "a"} | members,
    }


MOST = [
    ("option description", lambda n: select(options=[option(description=plain("x" * n))]), 75),
    ("group label", lambda n: grouped([group("x" * n)]), 75),
    ("groups", lambda n: grouped([group() for _ in range(n)]), 100),
    ("options of a group", lambda n: grouped([group(count=n)]), 100),
    (
        "overflow url",
        lambda n: actions({"type": "overflow", "options": [option(url="h" * n), option("w")]}),
        3000,
    ),
    (
        "radio text",
        lambda n: actions({"type": "radio_buttons", "options": [option(text=plain("x" * n))]}),
        75,
    ),
    (
        "checkbox text",
        lambda n: actions({"type": "checkboxes", "options": [option(text=plain("x" * n))]}),
        75,
    ),
    (
        "accessibility label",
        lambda n: actions({"type": "button", "text": plain(), "accessibility_label": "x" * n}),
        75,
    ),
    ("image url", lambda n: picture(image_url="h" * n), 3000),
    ("image title", lambda n: picture(title=plain("x" * n)), 2000),
    ("url beside a section", lambda n: beside(image_url="h" * n), 3000),
    ("alt text beside a section", lambda n: beside(alt_text="x" * n), 2000),
    ("context text", lambda n: {"type": "context", "elements": [plain("x" * n)]}, 3000),
    ("input placeholder", lambda n: text_input(placeholder=plain("x" * n)), 150),
    ("min_length", lambda n: text_input(min_length=n), 3000),
    ("initial value within max_length", lambda n: text_input(initial_value="x" * n, max_length=20), 20),
    ("date placeholder", lambda n: actions({"type": "datepicker", "placeholder": plain("x" * n)}), 150),
    ("element's action_id in a form", lambda n: text_input(action_id="x" * n), 255),
]


@pytest.mark.parametrize(("make", "most"), [case[1:] for case in MOST], ids=[case[0] for case in MOST])
def test_a_limit_is_taken_and_one_more_is_refused(make, most):
    assert check_blocks([make(most)]) == []
    (problem,) = check_blocks([make(most + 1)])
    assert problem.startswith("[ERROR] ") and "[json-pointer:/blocks/0" in problem


LEAST = [
    ("overflow", lambda n: actions({"type": "overflow", "options": [option(f"v{i}") for i in range(n)]}), 2),
    ("options", lambda n: select(options=[option(f"v{i}") for i in range(n)]), 1),
    ("radio buttons", lambda n: actions({"type": "radio_buttons", "options": [option()] * n}), 1),
    ("actions", lambda n: {"type": "actions", "elements": [{"type": "users_select"}] * n}, 1),
    ("context", lambda n: {"type": "context", "elements": [plain()] * n}, 1),
    ("fields", lambda n: {"type": "section", "fields": [plain()] * n}, 1),
    ("text", lambda n: {"type": "section", "text": plain("x" * n)}, 1),
    ("option value", lambda n: select(options=[option("v" * n)]), 1),
    ("block_id", lambda n: {"type": "divider", "block_id": "x" * n}, 1),
    ("max_length", lambda n: text_input(max_length=n), 1),
]


@pytest.mark.parametrize(("make", "least"), [case[1:] for case in LEAST], ids=[case[0] for case in LEAST])
def test_the_least_is_taken_and_one_less_is_refused(make, least):
    assert check_blocks([make(least)]) == []
    assert len(check_blocks([make(least - 1)])) == 1


def test_a_view_of_250_kb_is_the_largest():
    empty = len(json.dumps({"type": "modal", "note": ""}))
    assert not is_too_large({"type": "modal", "note": "x" * (VIEW_BYTES - empty)})
    assert is_too_large({"type": "modal", "note": "x" * (VIEW_BYTES - empty + 1)})


class Stopwatch:
    seconds = 100.0

    def __call__(self):
        return self.seconds


def test_a_trigger_lives_to_the_third_second():
    watch = Stopwatch()
    triggers = Triggers(Ids(0), watch)
    triggers.seconds = 3.0
    in_time, too_late = triggers.issue("U1"), triggers.issue("U1")
    watch.seconds += 3.0
    assert triggers.exchange(in_time) == ("U1", None)
    watch.seconds += 0.01
    with pytest.raises(SlackError) as refused:
        triggers.exchange(too_late)
    assert refused.value.code == "expired_trigger_id"


def test_a_response_url_lives_to_the_thirtieth_minute():
    watch = Stopwatch()
    urls = ResponseUrls(Ids(0), watch)
    response_id = urls.issue("U1", "C1")
    watch.seconds += 30 * 60
    assert urls.check(response_id).uses_left == 5
    watch.seconds += 1
    with pytest.raises(SlackError) as refused:
        urls.check(response_id)
    assert refused.value.code == "expired_url"


def test_a_channel_takes_the_next_message_after_exactly_one_second():
    watch = Stopwatch()
    limiter = RateLimiter(RateLimits(), watch)
    limiter.note_post("C1")
    watch.seconds += 0.99
    with pytest.raises(RateLimited) as refused:
        limiter.note_post("C1")
    assert refused.value.retry_after == 1
    limiter.note_post("C2")
    watch.seconds += 0.01
    limiter.note_post("C1")  # the refused one did not count


def test_fifty_updates_a_minute_and_the_next_when_the_first_is_a_minute_old():
    watch = Stopwatch()
    limiter = RateLimiter(RateLimits(), watch)
    for _ in range(50):
        limiter.note_call("chat.update")
    watch.seconds += 59.5
    with pytest.raises(RateLimited):
        limiter.note_call("chat.update")
    watch.seconds += 0.5
    limiter.note_call("chat.update")


@pytest.fixture
def ways(world, web, people, app):
    """Every way in which the app says something: (blocks) -> Slack's error code, or None."""
    world.slack.rates.post_interval_s = 0
    button = [
        {
            "type": "actions",
            "block_id": "b",
            "elements": [{"type": "button", "action_id": "a", "text": plain()}],
        }
    ]
    dm = world.slack.dm_of("UMAYA").id
    ts = web.chat_postMessage(channel=dm, text="x", blocks=button)["ts"]
    press = {"container": {"type": "message", "channel": dm, "ts": ts}, "block_id": "b", "action_id": "a"}
    assert people.post("/people/UMAYA/actions", json=press).json()["acked"]
    url = app.kinds("interactive")[-1].payload["response_url"]

    def call(method, **members):
        def said(blocks):
            body = {"channel": dm, "text": "x", "blocks": blocks} | members
            headers = {"Authorization": f"Bearer {world.slack.bot_token}"}
            return people.post(f"/slack/api/{method}", json=body, headers=headers).json().get("error")

        return said

    def answer(blocks):
        refused = people.post(url, json={"replace_original": True, "text": "x", "blocks": blocks})
        return None if refused.status_code == 200 else refused.json()["error"]

    return {
        "post": call("chat.postMessage"),
        "update": call("chat.update", ts=ts),
        "whisper": call("chat.postEphemeral", user="UMAYA"),
        "answer": answer,
    }


@pytest.mark.parametrize("way", ["post", "update", "whisper", "answer"])
def test_whichever_way_a_message_goes_the_same_limits_hold(ways, way):
    def section(characters):
        return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * characters}}

    say = ways[way]
    assert say([section(1)] * 50) is None
    assert say([section(1)] * 51) == "invalid_blocks"
    assert say([section(3000)] * 4 + [section(MESSAGE_CHARACTERS - 12_000)]) is None
    assert say([section(3000)] * 4 + [section(MESSAGE_CHARACTERS - 12_000 + 1)]) == "msg_blocks_too_long"
    assert say([section(3001)]) == "invalid_blocks"


@pytest.mark.parametrize(
    ("method", "arguments", "most"),
    [("users.list", {}, 1000), ("conversations.history", {"channel": "CRENEW"}, 999)],
)
def test_a_page_has_its_most(web, refusal, method, arguments, most):
    assert web.api_call(method, params=arguments | {"limit": most})["ok"]
    assert (
        refusal(web.api_call, api_method=method, params=arguments | {"limit": most + 1})["error"]
        == "invalid_limit"
    )
    assert (
        refusal(web.api_call, api_method=method, params=arguments | {"cursor": "x"})["error"]
        == "invalid_cursor"
    )


def test_a_text_of_forty_thousand_characters_is_the_longest(web, refusal):
    assert web.chat_postMessage(channel="UMAYA", text="x" * 40_000)["ok"]
    assert refusal(web.chat_postMessage, channel="UOMAR", text="x" * 40_001)["error"] == "msg_too_long"

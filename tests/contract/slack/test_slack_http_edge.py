"""Signed HTTP: what Slack sends gets through to a listener once; nothing else runs one, and nothing is a 500."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from bot.signed_http import LARGEST_BODY, Replays
from bot.slack.bolt import create_app, http_app
from bot.slack.gateway import SlackGateway
from bot.slack.http_edge import HttpEdge

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
PRESS = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "trigger_id": "1.2.3",
    "container": {"type": "message"},
    "actions": [
        {"type": "button", "action_id": "log_review", "block_id": "b", "value": "x", "action_ts": "1"}
    ],
}


class Slack:
    """Sends requests to the application and notes which listeners ran. Never calls out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # With these two, Bolt would take an OAuth flow instead of the bot's token.
        monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
        monkeypatch.setenv("SLACK_CLIENT_SECRET", "s")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
        self.now = NOW
        self.ran: list[str | None] = []
        self.fails = False
        configured = Settings(
            slack_bot_token="xoxb-1", slack_signing_secret=SECRET, slack_api_url="http://127.0.0.1:9/"
        )
        self.bolt = create_app(configured, SlackGateway(configured))
        self.app = http_app(self.bolt, configured, lambda: self.now)

        @self.bolt.action("log_review")
        def handle(ack: Callable[[], Any], context: Any) -> None:
            if self.fails:
                raise SystemError
            self.ran.append(context.bot_token)
            ack()

    def request(self, body: bytes, **environ: str | None) -> tuple[int, bytes]:
        """Send `body`, signed now; `environ` overrides what the request looks like, None takes away."""
        timestamp = environ.pop("timestamp", None) or str(int(self.now.timestamp()))
        signed = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
        usual = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": FORM,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp,
            "HTTP_X_SLACK_SIGNATURE": f"v0={signed.hexdigest()}",
        }
        shown = {key: value for key, value in {**usual, **environ}.items() if value is not None}
        statuses: list[str] = []

        def start(
            status: str, _headers: list[tuple[str, str]], _error: Any = None
        ) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda data: data

        answered: Iterable[bytes] = self.app({**shown, "wsgi.input": BytesIO(body)}, start)
        return int(statuses[-1][:3]), b"".join(answered)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Slack:
    # Bolt checks the signature's age once more, by the machine's own clock.
    monkeypatch.setattr("slack_sdk.signature.Clock.now", lambda _: NOW.timestamp())
    return Slack(monkeypatch)


def press(**changes: Any) -> bytes:
    return urlencode({"payload": json.dumps({**PRESS, **changes})}).encode()


def test_a_press_runs_its_listener_with_the_bots_token_and_without_a_call(slack: Slack) -> None:
    assert slack.request(press()) == (200, b"")
    assert slack.ran == ["xoxb-1"]


def test_slacks_first_request_gets_its_challenge_back(slack: Slack) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    status, answer = slack.request(body, CONTENT_TYPE="application/json; charset=utf-8")
    assert status == 200
    assert b"abc" in answer


def test_a_replay_is_refused_and_a_repeat_with_a_new_signature_is_not(slack: Slack) -> None:
    assert slack.request(press())[0] == 200
    assert slack.request(press()) == (401, b"already received")
    slack.now += timedelta(seconds=1)
    assert slack.request(press())[0] == 200
    assert len(slack.ran) == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"HTTP_X_SLACK_SIGNATURE": None}, 401),
        ({"HTTP_X_SLACK_SIGNATURE": "v0=" + "0" * 64}, 401),
        ({"HTTP_X_SLACK_SIGNATURE": "v0=é"}, 401),
        ({"HTTP_X_SLACK_SIGNATURE": "v1=" + "0" * 64}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": None}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": "now"}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": "-1"}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": "٣٣٣"}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": "9" * 30}, 401),
        ({"HTTP_X_SLACK_REQUEST_TIMESTAMP": "1,1"}, 401),
        ({"CONTENT_LENGTH": None}, 400),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "many"}, 400),
        ({"CONTENT_LENGTH": "1000"}, 400),
        ({"CONTENT_LENGTH": "5"}, 401),
        ({"CONTENT_LENGTH": str(50_000_000)}, 413),
        ({"CONTENT_TYPE": None}, 400),
        ({"CONTENT_TYPE": "text/xml"}, 400),
        ({"CONTENT_TYPE": "multipart/form-data; boundary=x"}, 400),
        ({"REQUEST_METHOD": "GET"}, 405),
        ({"PATH_INFO": "/slack/install"}, 404),
        ({"PATH_INFO": "/"}, 404),
    ],
)
def test_what_is_not_slacks_runs_no_listener(
    slack: Slack, change: dict[str, str | None], status: int
) -> None:
    assert slack.request(press(), **change)[0] == status
    assert slack.ran == []


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_or_early_request_is_refused_though_well_signed(slack: Slack, seconds: int) -> None:
    then = str(int(slack.now.timestamp()) + seconds)
    assert slack.request(press(), timestamp=then)[0] == 401
    assert slack.ran == []


def test_a_changed_body_does_not_match(slack: Slack) -> None:
    signed = hmac.new(SECRET.encode(), b"v0:%d:other" % NOW.timestamp(), hashlib.sha256).hexdigest()
    assert slack.request(press(), HTTP_X_SLACK_SIGNATURE=f"v0={signed}")[0] == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/json"),
        (b"[1]", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"", "application/json"),
        (b"payload=", FORM),
        (b"payload=[]", FORM),
        (b"payload=%7B", FORM),
        (b"&".join(b"a=1" for _ in range(200)), FORM),
        (b"payload=\xff", FORM),
    ],
)
def test_a_signed_body_that_is_no_request_is_a_400(slack: Slack, body: bytes, content_type: str) -> None:
    assert slack.request(body, CONTENT_TYPE=content_type)[0] == 400


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(PRESS)), inner, max_size=5)
    ),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([*PRESS, "event", "command", "view"]), odd, max_size=6))
def test_an_odd_but_signed_payload_is_never_a_500(slack: Slack, changes: dict[str, Any]) -> None:
    status, answer = slack.request(press(**changes))
    assert status in (200, 400, 401, 404, 503)
    assert b"Traceback" not in answer


def test_when_the_application_fails_slack_may_try_the_same_again(slack: Slack) -> None:
    edge = HttpEdge(lambda _environ, _start: 1 / 0, SECRET, lambda: slack.now)  # type: ignore[arg-type,return-value]
    working, slack.app = slack.app, edge
    assert slack.request(press()) == (503, b"try again later")
    edge._inner = working
    assert slack.request(press())[0] == 200


def test_the_body_is_read_only_up_to_its_limit(slack: Slack) -> None:
    body = b"payload=" + b"x" * LARGEST_BODY
    assert slack.request(body)[0] == 413


def test_signatures_are_forgotten_in_time_and_in_number() -> None:
    replays = Replays(window=timedelta(minutes=5), most=3)
    assert replays.first_time("a", NOW)
    assert not replays.first_time("a", NOW + timedelta(minutes=9))
    assert replays.first_time("a", NOW + timedelta(minutes=11))
    for name in "bcdef":
        assert replays.first_time(name, NOW + timedelta(minutes=11))
    assert len(replays._seen) <= 4


def test_without_a_secret_nothing_is_served(slack: Slack) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        HttpEdge(slack.app, "", lambda: NOW)

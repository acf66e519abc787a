"""Signed HTTP delivery: signatures, retries, and the three body shapes."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.slack.http_delivery import UrlNotVerified

BUTTON = [
    {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}],
    }
]


class Endpoint:
    """The app's web server: notes each request and answers as told."""

    def __init__(self):
        self.requests = []
        self.status = 200
        self.answer = b""
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.requests.append((dict(self.headers), body.decode()))
                answer = endpoint.answer
                if b"url_verification" in body and endpoint.status == 200:
                    answer = json.dumps({"challenge": json.loads(body)["challenge"]}).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def endpoint(world, server):
    endpoint = Endpoint()
    world.slack.deliver_by_http(endpoint.url)
    endpoint.requests.clear()
    yield endpoint
    endpoint.close()


@pytest.fixture
def dm(world):
    return world.slack.dm_of("UMAYA").id


def test_the_url_must_echo_the_challenge(world, server):
    endpoint = Endpoint()
    endpoint.status = 404
    with pytest.raises(UrlNotVerified, match="404"):
        world.slack.deliver_by_http(endpoint.url)
    endpoint.status = 200
    world.slack.deliver_by_http(endpoint.url)
    endpoint.close()


def test_an_event_is_json_with_a_valid_signature(world, endpoint, people, dm, eventually):
    people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "hello"})
    eventually(lambda: endpoint.requests)
    headers, body = endpoint.requests[0]
    assert json.loads(body)["event"]["text"] == "hello"
    assert SignatureVerifier(world.slack.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert "X-Slack-Retry-Num" not in headers


def test_an_event_that_fails_is_sent_again_with_the_reason(endpoint, people, dm, eventually):
    endpoint.status = 500
    people.post(f"/people/UMAYA/conversations/{dm}/messages", json={"text": "hello"})
    eventually(lambda: len(endpoint.requests) == 4)
    retries = [
        (headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason"))
        for headers, _ in endpoint.requests
    ]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


def test_a_click_is_a_form_with_a_payload(endpoint, web, people, dm):
    ts = web.chat_postMessage(channel=dm, text="x", blocks=BUTTON)["ts"]
    body = {"container": {"type": "message", "channel": dm, "ts": ts}, "block_id": "b", "action_id": "a"}
    assert people.post("/people/UMAYA/actions", json=body).json()["acked"]
    payloads = [parse_qs(body)["payload"][0] for _, body in endpoint.requests if body.startswith("payload=")]
    assert json.loads(payloads[0])["type"] == "block_actions"
    endpoint.status = 503
    failed = people.post("/people/UMAYA/actions", json=body).json()
    assert failed["acked"] is False and failed["error"] == "dispatch_failed"


def test_a_commands_answer_is_its_response(endpoint, people, dm):
    endpoint.answer = json.dumps({"response_type": "in_channel", "text": "Two are due"}).encode()
    answer = people.post(
        "/people/UMAYA/commands", json={"channel": dm, "command": "/renewal", "text": "today"}
    ).json()
    assert answer["answer"]["text"] == "Two are due"
    fields = parse_qs(endpoint.requests[0][1])
    assert fields["command"] == ["/renewal"] and fields["text"] == ["today"] and fields["trigger_id"]


def test_nobody_listening_is_a_failure_a_person_sees(world, endpoint, people, dm):
    endpoint.close()
    answer = people.post("/people/UMAYA/commands", json={"channel": dm, "command": "/renewal"}).json()
    assert answer["acked"] is False and answer["error"] == "dispatch_failed"
    shown = people.get(f"/people/UMAYA/conversations/{dm}").json()["messages"]
    assert shown[-1]["text"] == '/renewal failed with the error "dispatch_failed"'


def test_an_address_outside_the_sandbox_is_refused(world):
    with pytest.raises(ValueError, match="http://"):
        world.slack.deliver_by_http("https://example.com/slack", verify=False)

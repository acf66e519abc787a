"""One call to Slack over `WebClient`, with every failure turned into a SlackTrouble.

Nothing is ever re-sent here (`retry_handlers=[]`): the SDK's own retry posts a message twice after a dropped
connection and reports success. Retries belong to the outbox.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse, WebClient

from bot.slack.trouble import NoAnswer, ServerTrouble, SlackTrouble, trouble_of

Json = dict[str, Any]
LOGGER: Final = "renewals.slack"
LARGEST_ANSWER: Final = 100_000  # of a response_url: "ok" or a short object


def web_client(token: str | None, base_url: str, timeout_seconds: int) -> WebClient:
    """A client that never retries; loopback traffic goes to no proxy, whatever the environment says."""
    if is_loopback(base_url):
        _bypass_proxy_for(urlsplit(base_url).hostname or "")
    # The SDK logs parts of answers at ERROR; what matters is in the trouble that is raised.
    logger = logging.getLogger(f"{LOGGER}.sdk")
    logger.setLevel(logging.CRITICAL)
    client = WebClient(
        token=token, base_url=base_url, timeout=timeout_seconds, retry_handlers=[], logger=logger
    )
    if is_loopback(base_url):
        client.proxy = None
    return client


def call(client: WebClient, method: str, **arguments: Any) -> Json:
    """Call a method with a JSON body; None values are left out. Raises SlackTrouble and nothing else."""
    body = {key: value for key, value in arguments.items() if value is not None}
    return _answer(client, method, {"json": body})


def read(client: WebClient, method: str, **arguments: Any) -> Json:
    """Call a method that takes a form only (lists and histories). Raises SlackTrouble and nothing else."""
    fields = {key: str(value) for key, value in arguments.items() if value is not None}
    return _answer(client, method, {"params": fields})


def objects(answer: Json, key: str) -> list[Json]:
    """The objects of a list in an answer; none where there is no list."""
    members = answer.get(key)
    return [member for member in members if isinstance(member, dict)] if isinstance(members, list) else []


def text_of(answer: Json, key: str) -> str:
    """A text that has to be in an answer. Raises ServerTrouble."""
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise ServerTrouble("unreadable_answer", f"no {key}")
    return value


def granted_scopes(client: WebClient) -> frozenset[str] | None:
    """The token's scopes as the server names them with an answer; None when it does not.

    Raises SlackTrouble and nothing else.
    """
    headers = _response(client, "auth.test", {"json": {}}).headers
    named = [value for key, value in headers.items() if key.lower() == "x-oauth-scopes"]
    return frozenset(str(named[0]).replace(" ", "").split(",")) if named else None


def post_to_url(url: str, body: Json, timeout_seconds: float) -> None:
    """Answer to a `response_url`. Raises SlackTrouble and nothing else."""
    data = json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    opener = build_opener(ProxyHandler({})) if is_loopback(url) else build_opener()
    try:
        with opener.open(request, timeout=timeout_seconds) as response:
            status, headers, text = response.status, dict(response.headers), response.read(LARGEST_ANSWER)
    except HTTPError as error:
        with error:
            status, headers, text = error.code, dict(error.headers), _rest_of(error)
    except (OSError, HTTPException) as error:
        raise _no_answer(error) from error
    if text.strip() == b"ok" and status == 200:
        return
    answer = _parsed(text)
    if not (status == 200 and isinstance(answer, Mapping) and answer.get("ok") is True):
        raise trouble_of(status, headers, answer)


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _answer(client: WebClient, method: str, how: Mapping[str, Any]) -> Json:
    data = _response(client, method, how).data
    if not isinstance(data, dict):
        raise ServerTrouble("unreadable_answer")
    return data


def _response(client: WebClient, method: str, how: Mapping[str, Any]) -> SlackResponse:
    try:
        return client.api_call(method, **how)
    except SlackApiError as error:
        answered: Any = error.response
        raise trouble_of(answered.status_code, answered.headers, answered.data) from error
    except (OSError, HTTPException) as error:
        raise _no_answer(error) from error
    except (SlackClientError, ValueError, AttributeError, TypeError) as error:
        # The SDK trips over answers that are neither UTF-8 nor a JSON object.
        raise ServerTrouble("unreadable_answer", type(error).__name__) from error


def _no_answer(error: OSError | HTTPException) -> SlackTrouble:
    """Only a refused connection, an unknown host or a foreign certificate say that nothing arrived."""
    cause = error.reason if isinstance(error, URLError) else error
    never_sent = isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)
    return NoAnswer(type(cause).__name__, arrived=not never_sent)


def _rest_of(error: HTTPError) -> bytes:
    try:
        return error.read(LARGEST_ANSWER)
    except (OSError, HTTPException):
        return b""


def _parsed(text: bytes) -> object:
    """JSON, or {"error": word} for the bare words that Slack answers here; None for anything else."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        word = text.strip().decode("ascii", "replace")
        return {"ok": False, "error": word} if word.isidentifier() and len(word) < 50 else None


def _bypass_proxy_for(host: str) -> None:
    """Name `host` in `no_proxy`: the SDK makes new clients of its own, which read only the environment."""
    for name in ("no_proxy", "NO_PROXY"):
        named = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
        if host not in named:
            os.environ[name] = ",".join([*named, host])

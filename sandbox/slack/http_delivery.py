"""Signed HTTP: the other way to the app, with Slack's v0 signature."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.clock import Elapsed
from sandbox.slack.delivery import Delivery, Outcome

PARALLEL = 32
RETRY_REASONS = {"timeout": "http_timeout", "connection_lost": "connection_failed"}


class UrlNotVerified(Exception):
    """The app did not echo the challenge at its request URL."""


class HttpDelivery:
    """Posts to the app's `request_url`, signed by `signing_secret`."""

    def __init__(self, request_url: str, signing_secret: str, elapsed: Elapsed) -> None:
        self._url = urlsplit(request_url)
        if self._url.scheme != "http" or not self._url.hostname:
            raise ValueError(
                f"The request URL must be http://host:port/path in the sandbox, not {request_url}."
            )
        self._secret = signing_secret.encode()
        self._elapsed = elapsed
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="sandbox-http-delivery")

    def verify(self, challenge: str, timeout_s: float = 3.0) -> None:
        """Send `url_verification`. Raises UrlNotVerified unless `challenge` comes back."""
        body = json.dumps({"token": "sandbox", "challenge": challenge, "type": "url_verification"})
        try:
            status, _, answer = self._post(body, "application/json", {}, timeout_s)
        except OSError as unreachable:
            raise UrlNotVerified(f"The request URL does not answer: {unreachable}.") from unreachable
        if status != 200 or challenge not in answer:
            raise UrlNotVerified(f"The request URL answered {status} without the challenge.")

    async def attempt(self, delivery: Delivery, timeout_s: float) -> Outcome:
        """Post `delivery` once; 200 within the time is the acknowledgement."""
        body, content_type = _body(delivery)
        headers = {}
        if delivery.retry_attempt:
            reason = str(delivery.retry_reason)
            headers = {
                "X-Slack-Retry-Num": str(delivery.retry_attempt),
                "X-Slack-Retry-Reason": RETRY_REASONS.get(reason, "http_error"),
            }
        started = self._elapsed()
        try:
            status, answer_type, answer = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._post, body, content_type, headers, timeout_s
            )
        except TimeoutError:
            return Outcome(False, self._ms_since(started), error="timeout")
        except (OSError, http.client.HTTPException):
            return Outcome(False, self._ms_since(started), error="connection_lost")
        details = {"status": status}
        if status != 200:
            return Outcome(False, self._ms_since(started), error=f"http_{status}", details=details)
        response = _response(answer_type, answer)
        return Outcome(True, self._ms_since(started), response=response, details=details)

    def _post(
        self, body: str, content_type: str, headers: Mapping[str, str], timeout_s: float
    ) -> tuple[int, str, str]:
        stamp = str(int(time.time()))
        connection = http.client.HTTPConnection(
            str(self._url.hostname), self._url.port or 80, timeout=timeout_s
        )
        try:
            connection.request(
                "POST",
                self._url.path or "/",
                body=body.encode(),
                headers={
                    "Content-Type": content_type,
                    "User-Agent": "Slackbot 1.0 (sandbox)",
                    "X-Slack-Request-Timestamp": stamp,
                    "X-Slack-Signature": self._signature(stamp, body),
                    **headers,
                },
            )
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", errors="replace")
            return answer.status, answer.getheader("Content-Type", ""), text
        finally:
            connection.close()

    def _signature(self, stamp: str, body: str) -> str:
        signed = f"v0:{stamp}:{body}".encode()
        return "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()

    def _ms_since(self, started: float) -> float:
        return round((self._elapsed() - started) * 1000, 3)


def _body(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}), form
    return urlencode(dict(delivery.payload)), form


def _response(content_type: str, text: str) -> Any:
    if not text.strip():
        return None
    if "json" not in content_type:
        return {"text": text}
    try:
        return json.loads(text)
    except ValueError:
        return None

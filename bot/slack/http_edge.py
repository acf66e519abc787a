"""What stands between the network and Bolt when Slack delivers over HTTP (FAULTS 29).

Bolt parses a body of any size before it checks the signature, takes a replay for five minutes, and answers
several malformed requests with 500. Here a request is measured, checked over its raw bytes and read once;
only then does it go on, and what comes back is never a 500.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from bot.logs import log
from bot.signed_http import WINDOW, Refused, Replays, answer, read_body
from bot.slack.wire import LOGGER

PATH: Final = "/slack/events"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")


class HttpEdge:
    """A WSGI application in front of `inner`. `elapsed` is elapsed time, aware UTC."""

    def __init__(
        self,
        inner: WSGIApplication,
        signing_secret: str,
        elapsed: Callable[[], datetime],
        replays: Replays | None = None,
    ) -> None:
        if not signing_secret:
            raise ValueError("without a signing secret every request would be believed")
        self._inner = inner
        self._secret = signing_secret.encode()
        self._elapsed = elapsed
        self._replays = replays or Replays()
        self._logger = logging.getLogger(LOGGER)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            body, signature = self._checked(environ)
        except Refused as refused:
            log(self._logger, logging.WARNING, "slack.http_refused", status=refused.status, why=refused.why)
            return answer(start_response, refused.status, refused.why)
        inside = {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        try:
            return self._answer(inside, start_response)
        except Exception as error:  # noqa: BLE001 - Slack delivers again after a 503; a 500 tells strangers more
            self._replays.forget(signature)
            log(self._logger, logging.ERROR, "slack.http_failed", error=error)
            return answer(start_response, 503, "try again later")

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What `inner` answers, read to its end before the first byte leaves."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def keep(
            status: str, headers: list[tuple[str, str]], _error: Any = None
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _data: None

        parts = list(self._inner(environ, keep))
        status, headers = started[-1]
        if status.startswith("5"):
            raise RuntimeError("the application failed")
        start_response(status, headers)
        return parts

    def _checked(self, environ: WSGIEnvironment) -> tuple[bytes, str]:
        """The body and its signature, once all of it is believed. Raises Refused."""
        if environ.get("PATH_INFO") != PATH:
            raise Refused(404, "not found")
        if environ.get("REQUEST_METHOD") != "POST":
            raise Refused(405, "only POST")
        content_type = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
        if content_type not in (JSON, FORM):
            raise Refused(400, "unknown content type")
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        timestamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
        if not _SIGNATURE.fullmatch(signature) or not _TIMESTAMP.fullmatch(timestamp):
            raise Refused(401, "not signed")
        now = self._elapsed()
        if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Refused(401, "too old or too new")
        body = read_body(environ)
        expected = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
        if not hmac.compare_digest("v0=" + expected.hexdigest(), signature):
            raise Refused(401, "signature does not match")
        _require_readable(body, content_type)
        if not self._replays.first_time(signature, now):
            raise Refused(401, "already received")
        return body, signature


def _require_readable(body: bytes, content_type: str) -> None:
    """That Bolt will find an object in it."""
    try:
        text = body.decode()
        if content_type == FORM:
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=100)
            payload = fields.get("payload")
            if payload is None:
                return
            text = payload[0]
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "body could not be understood") from error
    if not isinstance(content, dict):
        raise Refused(400, "body is no object")

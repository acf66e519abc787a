"""What every signed way in has in common (FAULTS 29): a request is measured, read once and whole, and refused early.

Only WSGI and bytes; who signs, and how, is for `bot.slack` and `bot.hubspot` to know.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY: Final = 1_000_000  # bytes; what Slack and HubSpot send is far below
WINDOW: Final = timedelta(minutes=5)
MOST_REMEMBERED: Final = 50_000

_LENGTH = re.compile(r"[0-9]{1,12}")
_STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}


class Refused(Exception):
    """The request goes no further."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Replays:
    """The signatures of the last minutes: the same signed request is let in once. Safe between threads."""

    def __init__(self, window: timedelta = WINDOW, most: int = MOST_REMEMBERED) -> None:
        self._window = 2 * window  # a timestamp may lie this far in the future, and then as far in the past
        self._most = most
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def first_time(self, signature: str, now: datetime) -> bool:
        with self._lock:
            while self._seen and (
                len(self._seen) > self._most or now - next(iter(self._seen.values())) > self._window
            ):
                self._seen.popitem(last=False)
            if signature in self._seen:
                return False
            self._seen[signature] = now
            return True

    def forget(self, signature: str) -> None:
        """It was not handled after all: it may be delivered again."""
        with self._lock:
            self._seen.pop(signature, None)


def read_body(environ: WSGIEnvironment, most: int = LARGEST_BODY) -> bytes:
    """The whole body, whose length has to be told and true. Raises Refused."""
    told = str(environ.get("CONTENT_LENGTH", ""))
    if not _LENGTH.fullmatch(told):
        raise Refused(400, "no length")
    length = int(told)
    if length > most:
        raise Refused(413, "too large")
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except (OSError, ValueError) as error:
        raise Refused(400, "body could not be read") from error
    if len(body) != length:
        raise Refused(400, "body shorter than told")
    return body


def answer(start_response: StartResponse, status: int, words: str = "") -> list[bytes]:
    """A plain answer."""
    body = words.encode()
    start_response(
        _STATUS[status], [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]


def by_path(ways: Mapping[str, WSGIApplication]) -> WSGIApplication:
    """Each path's own application; 404 for any other."""

    def route(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        way = ways.get(str(environ.get("PATH_INFO", "")))
        return answer(start_response, 404, "not found") if way is None else way(environ, start_response)

    return route

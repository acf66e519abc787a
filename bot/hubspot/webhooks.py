"""HubSpot's webhooks: signed requests that name what changed (signature v3). They only hurry the sync.

A request is believed when HubSpot signed it with the app's client secret within the last minutes. Of what it says
only ids are taken; whatever else it says may be late, doubled or out of order, and is not looked at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from bot.logs import LOGGER, log
from bot.services.incoming.marks import Mark, of_marked_types
from bot.signed_http import Refused, Replays, answer, read_body

PATH: Final = "/hubspot/webhooks"
OLDEST: Final = timedelta(minutes=5)
NEWEST: Final = timedelta(minutes=1)  # clocks differ a little; what comes from further ahead is not HubSpot's

_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")
_MILLISECONDS = re.compile(r"[0-9]{13}")
_ID = re.compile(r"[0-9]{1,19}")
# What HubSpot decodes in the address before it signs, by its own page on validating requests; every other %XX
# stays as it was sent.
_DECODED = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}
_NAMED = {
    "contact": "contacts",
    "company": "companies",
    "deal": "deals",
    "call": "calls",
    "email": "emails",
    "meeting": "meetings",
    "meeting_event": "meetings",
    "note": "notes",
    "task": "tasks",
}
_NUMBERED = {
    "0-1": "contacts",
    "0-2": "companies",
    "0-3": "deals",
    "0-27": "tasks",
    "0-46": "notes",
    "0-47": "meetings",
    "0-48": "calls",
    "0-49": "emails",
}

Take = Callable[[Collection[Mark]], None]


def signed_uri(url: str) -> str:
    """The address as it stands in the signature: decoded where HubSpot decodes."""
    return re.sub("|".join(_DECODED), lambda found: _DECODED[found[0].upper()], url, flags=re.IGNORECASE)


def signature_of(secret: str, url: str, body: bytes, timestamp: str) -> str:
    """HubSpot's signature v3 of a POST to `url`; `timestamp` in milliseconds as it was sent."""
    signed = b"POST" + signed_uri(url).encode() + body + timestamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


class WebhookEdge:
    """A WSGI application that takes HubSpot's webhooks at `PATH`. `elapsed` is elapsed time, aware UTC.

    `url` is the address as HubSpot calls it, whatever stands between. `take` keeps what was named; when it
    fails, HubSpot is asked to come again. `portal_id`: what other accounts say is not listened to.
    """

    def __init__(
        self, secret: str, url: str, take: Take, elapsed: Callable[[], datetime], portal_id: str | None = None
    ) -> None:
        if not secret or not url:
            raise ValueError("without a client secret and an address every request would be believed")
        self._secret, self._url = secret, url
        self._take, self._elapsed = take, elapsed
        self._portal_id = portal_id
        self._replays = Replays()
        self._logger = logging.getLogger(LOGGER)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            events, signature = self._checked(environ)
        except Refused as refused:
            log(
                self._logger,
                logging.WARNING,
                "hubspot.webhook_refused",
                status=refused.status,
                why=refused.why,
            )
            return answer(start_response, refused.status, refused.why)
        if not self._replays.first_time(signature, self._elapsed()):
            return answer(start_response, 200)  # the same request again: it was taken
        try:
            marks = of_marked_types(self._marks(events))
            if marks:
                self._take(marks)
        except Exception as error:  # noqa: BLE001 - HubSpot comes again after a 503; a 500 tells strangers more
            self._replays.forget(signature)
            log(self._logger, logging.ERROR, "hubspot.webhook_failed", error=error)
            return answer(start_response, 503, "try again later")
        return answer(start_response, 200)

    def _checked(self, environ: WSGIEnvironment) -> tuple[list[Mapping[str, Any]], str]:
        """The events and their signature, once all of it is believed. Raises Refused."""
        if environ.get("PATH_INFO") != PATH:
            raise Refused(404, "not found")
        if environ.get("REQUEST_METHOD") != "POST":
            raise Refused(405, "only POST")
        signature = str(environ.get("HTTP_X_HUBSPOT_SIGNATURE_V3", ""))
        timestamp = str(environ.get("HTTP_X_HUBSPOT_REQUEST_TIMESTAMP", ""))
        if not _SIGNATURE.fullmatch(signature) or not _MILLISECONDS.fullmatch(timestamp):
            raise Refused(401, "not signed")
        age = timedelta(seconds=self._elapsed().timestamp() - int(timestamp) / 1000)
        if not -NEWEST <= age <= OLDEST:
            raise Refused(401, "too old or too new")
        body = read_body(environ)
        expected = signature_of(self._secret, self._url, body, timestamp)
        if not hmac.compare_digest(expected, signature):
            raise Refused(401, "signature does not match")
        return _events(body), signature

    def _marks(self, events: Iterable[Mapping[str, Any]]) -> Iterator[Mark]:
        for event in events:
            if self._portal_id is None or str(event.get("portalId")) == self._portal_id:
                yield from _named_by(event)


def _events(body: bytes) -> list[Mapping[str, Any]]:
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "body could not be understood") from error
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Refused(400, "body is no list of events")
    return events


def _named_by(event: Mapping[str, Any]) -> Iterator[Mark]:
    """All records that an event names: its own, those that were merged, both ends of a link."""
    of = str(event.get("subscriptionType") or "").partition(".")[0].lower()
    own = _NUMBERED.get(str(event.get("objectTypeId"))) if of == "object" else _NAMED.get(of)
    merged = event.get("mergedObjectIds")
    same = [event.get("objectId"), event.get("primaryObjectId"), event.get("newObjectId")]
    same += merged if isinstance(merged, list) else []
    ends = str(event.get("associationType") or "").lower().partition("_to_")
    linked = (
        (_NUMBERED.get(str(event.get("fromObjectTypeId"))) or _NAMED.get(ends[0]), event.get("fromObjectId")),
        (_NUMBERED.get(str(event.get("toObjectTypeId"))) or _NAMED.get(ends[2]), event.get("toObjectId")),
    )
    for object_type, object_id in (*((own, one) for one in same), *linked):
        if object_type is not None and not isinstance(object_id, bool) and _ID.fullmatch(str(object_id)):
            yield Mark(object_type, str(object_id))

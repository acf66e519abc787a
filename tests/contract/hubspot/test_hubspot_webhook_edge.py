"""HubSpot's signed requests: only what HubSpot signed, lately and whole, names anything, and nothing is a 500."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.hubspot.webhooks import PATH, WebhookEdge, signature_of, signed_uri
from bot.services.incoming.marks import Mark
from bot.signed_http import LARGEST_BODY

SECRET = "3f2b8c1a-canary"
URL = "https://renewals.example/hubspot/webhooks"
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
EVENT = {"eventId": 1, "portalId": 62515, "subscriptionType": "deal.propertyChange", "objectId": 123}


class HubSpot:
    """Sends requests to the edge and notes what was taken."""

    def __init__(self, portal_id: str | None = None) -> None:
        self.taken: list[Mark] = []
        self.fails = False
        self.edge = WebhookEdge(SECRET, URL, self._take, lambda: NOW, portal_id)

    def _take(self, marks: Collection[Mark]) -> None:
        if self.fails:
            raise OSError("no database")
        self.taken += sorted(marks)

    def post(self, body: bytes, *, at: datetime = NOW, **over: Any) -> int:
        """The status that a request is answered, signed as HubSpot signs unless `over` says otherwise."""
        stamp = str(int(at.timestamp() * 1000))
        signed = b"POST" + URL.encode() + body + stamp.encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": PATH,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_HUBSPOT_SIGNATURE_V3": signature,
            "HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": stamp,
            "wsgi.input": BytesIO(body),
            **over,
        }
        answered: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            answered.append(status)

        list(self.edge({name: value for name, value in environ.items() if value is not None}, start))
        return int(answered[0].partition(" ")[0])


def told(*events: dict[str, Any]) -> bytes:
    return json.dumps(events).encode()


def test_what_is_signed_is_taken_and_the_same_request_again_takes_nothing() -> None:
    hubspot = HubSpot()

    assert hubspot.post(told(EVENT)) == 200
    assert hubspot.post(told(EVENT)) == 200
    assert hubspot.taken == [Mark("deals", "123")]
    assert hubspot.post(told(EVENT), at=NOW + timedelta(milliseconds=1)) == 200, "a retry, signed anew"
    assert len(hubspot.taken) == 2


@pytest.mark.parametrize(
    ("late", "status"),
    [(-5 * 60, 200), (-5 * 60 - 1, 401), (-3600, 401), (60, 200), (61, 401), (86400, 401)],
)
def test_it_is_fresh_both_ways(late: int, status: int) -> None:
    hubspot = HubSpot()
    assert hubspot.post(told(EVENT), at=NOW + timedelta(seconds=late)) == status
    assert bool(hubspot.taken) is (status == 200)


@pytest.mark.parametrize(
    "over",
    [
        {"HTTP_X_HUBSPOT_SIGNATURE_V3": None},
        {"HTTP_X_HUBSPOT_SIGNATURE_V3": ""},
        {"HTTP_X_HUBSPOT_SIGNATURE_V3": "A" * 43 + "="},
        {"HTTP_X_HUBSPOT_SIGNATURE_V3": "é" * 44},
        {"HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": None},
        {"HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": "now"},
        {"HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": "١٧٦٣٩٠٤٦٠٠٠٠٠"},
        {"HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": str(int(NOW.timestamp() * 1000) + 1)},
        {"wsgi.input": BytesIO(told({**EVENT, "objectId": 124}))},
    ],
)
def test_what_hubspot_did_not_sign_is_refused(over: dict[str, Any]) -> None:
    hubspot = HubSpot()
    assert hubspot.post(told(EVENT), **over) == 401
    assert hubspot.taken == []


@pytest.mark.parametrize(
    ("body", "over", "status"),
    [
        (b"", {}, 400),
        (b"{}", {}, 400),
        (b"[1]", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 50_000, {}, 400),
        (b"[" + b"9" * 5_000 + b"]", {}, 400),
        (told(EVENT), {"CONTENT_LENGTH": ""}, 400),
        (told(EVENT), {"CONTENT_LENGTH": "-1"}, 400),
        (told(EVENT), {"CONTENT_LENGTH": "1000"}, 400),
        (told(EVENT), {"CONTENT_LENGTH": str(LARGEST_BODY + 1)}, 413),
        (told(EVENT), {"REQUEST_METHOD": "GET"}, 405),
        (told(EVENT), {"PATH_INFO": "/hubspot"}, 404),
    ],
)
def test_what_is_malformed_is_refused(body: bytes, over: dict[str, Any], status: int) -> None:
    hubspot = HubSpot()
    assert hubspot.post(body, **over) == status
    assert hubspot.taken == []


def test_what_could_not_be_kept_is_asked_for_again() -> None:
    hubspot = HubSpot()
    hubspot.fails = True
    failed = hubspot.post(told(EVENT))
    hubspot.fails = False

    assert (failed, hubspot.post(told(EVENT)), hubspot.taken) == (503, 200, [Mark("deals", "123")])


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({"subscriptionType": "contact.privacyDeletion", "objectId": 7}, [Mark("contacts", "7")]),
        ({"subscriptionType": "company.deletion", "objectId": 7}, [Mark("companies", "7")]),
        (
            {"subscriptionType": "object.creation", "objectTypeId": "0-48", "objectId": 7},
            [Mark("calls", "7")],
        ),
        (
            {
                "subscriptionType": "deal.merge",
                "objectId": 7,
                "primaryObjectId": 7,
                "mergedObjectIds": [8, 9],
            },
            [Mark("deals", one) for one in "789"],
        ),
        (
            {
                "subscriptionType": "deal.associationChange",
                "associationType": "DEAL_TO_CONTACT",
                "fromObjectId": 7,
                "toObjectId": 8,
            },
            [Mark("contacts", "8"), Mark("deals", "7")],
        ),
        (
            {
                "subscriptionType": "object.associationChange",
                "fromObjectTypeId": "0-46",
                "fromObjectId": 7,
                "toObjectTypeId": "0-3",
                "toObjectId": 8,
            },
            [Mark("deals", "8"), Mark("notes", "7")],
        ),
        ({"subscriptionType": "ticket.creation", "objectId": 7}, []),
        ({"subscriptionType": "conversation.newMessage", "objectId": 7}, []),
        ({"subscriptionType": "deal.creation", "objectId": True}, []),
        ({"subscriptionType": "deal.creation", "objectId": "7 OR 1=1"}, []),
        ({"subscriptionType": ["deal"], "objectId": {"id": 7}}, []),
        ({}, []),
    ],
)
def test_only_records_that_are_read_are_named(event: dict[str, Any], named: list[Mark]) -> None:
    hubspot = HubSpot()
    assert hubspot.post(told(event)) == 200
    assert hubspot.taken == named


def test_other_accounts_of_the_same_app_are_not_listened_to() -> None:
    hubspot = HubSpot(portal_id="62515")
    assert hubspot.post(told(EVENT, {**EVENT, "portalId": 1, "objectId": 9})) == 200
    assert hubspot.taken == [Mark("deals", "123")]


@given(body=st.binary(max_size=200), signature=st.text(max_size=50), stamp=st.text(max_size=16))
@settings(max_examples=100, deadline=None)
def test_nobody_gets_a_500(body: bytes, signature: str, stamp: str) -> None:
    hubspot = HubSpot()
    signed = {"HTTP_X_HUBSPOT_SIGNATURE_V3": signature, "HTTP_X_HUBSPOT_REQUEST_TIMESTAMP": stamp}
    assert hubspot.post(body) in (200, 400)
    assert hubspot.post(body, **signed) == 401
    assert hubspot.taken == []


def test_the_address_is_decoded_where_hubspot_decodes_it() -> None:
    sent = "https://example.com/w%3A%2f%3f%40%21%24%27%28%29%2A%2C%3B/%20%25%26?q=%C3%A9%2B"
    assert signed_uri(sent) == "https://example.com/w:/?@!$'()*,;/%20%25%26?q=%C3%A9%2B"
    # Worked out with: printf 'POSThttps://a.example/x:y[]1763904600000' | openssl dgst -sha256 -hmac s -binary | base64
    assert signature_of("s", "https://a.example/x%3Ay", b"[]", "1763904600000") == (
        "Gz+FPwxHXsFYnLHCIX8sbwMqH0GszMdCb0C2OgZzzLs="
    )


def test_without_a_secret_nobody_would_have_to_sign() -> None:
    for secret, url in (("", URL), (SECRET, "")):
        with pytest.raises(ValueError, match="would be believed"):
            WebhookEdge(secret, url, lambda _: None, lambda: NOW)

"""Turns what the client library raises into the errors the sync and the courier decide by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import urllib3

from bot.hubspot.reasons import reason_words
from bot.services.crm_errors import (
    CrmError,
    DailyLimit,
    Invalid,
    MissingScope,
    NoAnswer,
    NotFound,
    RateLimited,
    ServerTrouble,
    Unauthorised,
)

_NEVER_LEFT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.LocationParseError,
    urllib3.exceptions.SSLError,
)
_WAITS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 3.0}
_LONGEST_SECONDS = 24 * 3600.0


def no_answer(error: urllib3.exceptions.HTTPError) -> NoAnswer:
    """The connection failed; says whether the request had left before."""
    return NoAnswer(f"no answer from HubSpot ({type(error).__name__})", not isinstance(error, _NEVER_LEFT))


def refused(status: int, headers: Mapping[str, str], body: str) -> CrmError:
    """The error for an answer outside 200-299."""
    said = _json(body)
    message = reason_words(said) or f"HubSpot answered {status}"
    if status == 401:
        return Unauthorised("HubSpot does not accept the token (401): set a valid HUBSPOT_ACCESS_TOKEN.")
    if status == 403:
        scopes = _scopes(said)
        named = ", ".join(scopes) or message
        return MissingScope(scopes, f"HubSpot refuses (403): the token lacks {named}.")
    if status == 404:
        return NotFound(message)
    if status == 429:
        return _limited(headers, said)
    if status >= 500 or status in (408, 423, 477) or 300 <= status < 400:
        return ServerTrouble(f"HubSpot answered {status}")
    return Invalid(message)


def of_input(said: Mapping[str, Any]) -> CrmError:
    """The error for one input of a batch whose other inputs may have been written (207)."""
    message = reason_words(said) or "HubSpot did not take it and gave no reason"
    category = str(said.get("category") or "")
    if category in ("OBJECT_NOT_FOUND", "NOT_FOUND"):
        return NotFound(message)
    if category in ("RATE_LIMITS", "RATE_LIMIT"):
        return _limited({}, said)
    if category in ("INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"):
        return ServerTrouble(message)
    return Invalid(message)


def _limited(headers: Mapping[str, str], said: Mapping[str, Any]) -> CrmError:
    policy = str(said.get("policyName") or "SECONDLY")
    asked = _seconds(headers.get("Retry-After") or headers.get("retry-after"))
    if policy == "DAILY":
        return DailyLimit(asked or timedelta(hours=1))
    return RateLimited(policy, max(asked or timedelta(), timedelta(seconds=_WAITS.get(policy, 3.0))))


def _seconds(text: str | None) -> timedelta | None:
    try:
        return timedelta(seconds=min(max(0.0, float(text or "")), _LONGEST_SECONDS))
    except (ValueError, OverflowError):
        return None


def _json(body: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _scopes(said: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for error in said.get("errors") or ():
        context = error.get("context") if isinstance(error, dict) else None
        for name in ("requiredGranularScopes", "requiredScopes"):
            found.extend(str(scope) for scope in (context or {}).get(name, ()))
    return tuple(dict.fromkeys(found))

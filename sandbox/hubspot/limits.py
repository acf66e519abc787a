"""Rate limits: calls per ten seconds, searches per second, calls per day."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.clock import Elapsed
from sandbox.hubspot.errors import ApiError

WINDOW_S = 10.0
SEARCH_WINDOW_S = 1.0


class Limits:
    """The account's counters. The windows run in elapsed time; the day is the business day in `zone`."""

    def __init__(self, elapsed: Elapsed, zone: str) -> None:
        self.calls_per_ten_seconds = 100
        self.searches_per_second = 5
        self.calls_per_day = 250_000
        self.used_today = 0
        self.zone = zone
        self._elapsed = elapsed
        self._calls: deque[float] = deque()
        self._searches: deque[float] = deque()
        self._day = ""

    def charge(self, business_now: datetime, is_search: bool) -> None:
        """Count one call. Raises ApiError 429 with the policy it would exceed, and then does not count it."""
        self._start_day(business_now)
        now = self._elapsed()
        _forget(self._calls, now - WINDOW_S)
        _forget(self._searches, now - SEARCH_WINDOW_S)
        if self.used_today >= self.calls_per_day:
            raise _exceeded("DAILY", "daily")
        if is_search and len(self._searches) >= self.searches_per_second:
            raise _exceeded("SECONDLY", "secondly")
        if len(self._calls) >= self.calls_per_ten_seconds:
            raise _exceeded("TEN_SECONDLY_ROLLING", "ten_secondly_rolling")
        self.used_today += 1
        self._calls.append(now)
        if is_search:
            self._searches.append(now)

    def headers(self, is_search: bool) -> dict[str, str]:
        """What an answer tells of the limits; answers of search tell nothing, as HubSpot has it."""
        if is_search:
            return {}
        return {
            "X-HubSpot-RateLimit-Daily": str(self.calls_per_day),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.calls_per_day - self.used_today)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(WINDOW_S * 1000)),
            "X-HubSpot-RateLimit-Max": str(self.calls_per_ten_seconds),
            "X-HubSpot-RateLimit-Remaining": str(max(0, self.calls_per_ten_seconds - len(self._calls))),
        }

    def _start_day(self, business_now: datetime) -> None:
        day = business_now.astimezone(ZoneInfo(self.zone)).date().isoformat()
        if day != self._day:
            self._day, self.used_today = day, 0


def _forget(calls: deque[float], until: float) -> None:
    while calls and calls[0] <= until:
        calls.popleft()


def _exceeded(policy: str, words: str) -> ApiError:
    return ApiError(
        429,
        "RATE_LIMITS",
        f"You have reached your {words} limit.",
        extra={"errorType": "RATE_LIMIT", "policyName": policy},
    )

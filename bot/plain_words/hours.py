"""A time of day or a span of time in words. What may be morning or evening is not guessed."""

from __future__ import annotations

import re
from datetime import time, timedelta

from bot.plain_words.days import COUNT, NUMBERS

# When a part of the day is meant as an hour: "remind me tomorrow morning".
PARTS_OF_DAY = {"morning": time(9), "afternoon": time(14), "evening": time(18)}

CLOCK = re.compile(
    r"(?:at |@ )?(?:(?P<word>noon|midday)|(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?: ?(?P<half>am|pm|a m|p m))?"
    r"|(?P<short>\d{1,2}) ?(?P<short_half>am|pm|a|p)|(?<=at )(?P<bare>\d{1,2})(?: oclock)?"
    r"|(?P<sharp>\d{1,2}) oclock)(?= |$)"
)
SPAN = re.compile(
    rf"(?:in )?(?:(?P<half>half an hour|half hour)|(?P<count>{COUNT}) ?(?P<unit>hours?|hrs?|h|minutes?|mins?))(?= |$)"
)
PART = re.compile(r"(?:this |in the |on the |that )?(?P<part>morning|afternoon|evening)(?= |$)")
EARLIEST_SURE, LATEST_AFTERNOON = 9, 6


def time_of(match: re.Match[str]) -> time | None:
    """The time of day of a CLOCK match; None where it may be morning or evening, or is no time."""
    if match["word"]:
        return time(12)
    hour = int(match["hour"] or match["short"] or match["bare"] or match["sharp"])
    minute = int(match["minute"] or 0)
    half = (match["half"] or match["short_half"] or "")[:1]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute)
    if (match["hour"] or "").startswith("0"):
        return time(hour, minute)
    if 1 <= hour <= LATEST_AFTERNOON:
        return time(hour + 12, minute)  # nobody calls at three in the morning
    if hour < EARLIEST_SURE and not match["minute"]:
        return None
    return time(hour, minute)


def span_of(match: re.Match[str]) -> timedelta:
    """The length of a SPAN match."""
    if match["half"]:
        return timedelta(minutes=30)
    count = NUMBERS.get(match["count"]) or int(match["count"])
    return timedelta(hours=count) if match["unit"].startswith("h") else timedelta(minutes=count)

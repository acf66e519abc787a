"""Which statuses in Slack say that somebody is off work, and until which day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.services.people.away import last_day, says_off


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Vacationing", ":palm_tree:"),
        ("vacation", ""),
        ("On vacation until Dec 4", ":airplane:"),
        ("Holiday!", ":sunny:"),
        ("On holidays", ""),
        ("Out of office", ""),
        ("out of the office - see you Monday", ""),
        ("OOO", ":speech_balloon:"),
        ("PTO", ""),
        ("Annual leave", ""),
        ("on leave", ""),
        ("Leave", ""),
        ("Parental leave 🍼", ""),
        ("Out sick", ":face_with_thermometer:"),
        ("sick", ""),
        ("Day off", ""),
        ("Tulum", ":palm_tree:"),
        ("", ":palm_tree:"),
        ("On vacation, no meetings please", ""),
        ("Out sick, not working today", ""),
    ],
)
def test_says_off(text: str, emoji: str) -> None:
    assert says_off(text, emoji)


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("", ""),
        ("In a meeting", ":spiral_calendar_pad:"),
        ("In a meeting", ":palm_tree:"),
        ("Lunch", ":palm_tree:"),
        ("Commuting", ":bus:"),
        ("Working remotely", ":house_with_garden:"),
        ("Working from the beach", ":palm_tree:"),
        ("WFH", ""),
        ("Back from vacation", ":coffee:"),
        ("Back from vacation", ":palm_tree:"),
        ("Counting down to my vacation", ""),
        ("Not on vacation", ""),
        ("Vacation soon", ""),
        ("Holiday party planning", ":tada:"),
        ("Covering for Ana on leave", ""),
        ("sick of spreadsheets", ""),
        ("Please leave a message", ""),
        ("Leaving at 5", ""),
        ("Doctor's appointment", ":face_with_thermometer:"),
        ("At a conference", ":airplane:"),
        ("Focusing", ":headphones:"),
        ("Ptolemy", ":books:"),
        ("Unvacationed", ""),
    ],
)
def test_says_anything_else(text: str, emoji: str) -> None:
    assert not says_off(text, emoji)


@pytest.mark.parametrize(
    ("ends_at", "tz", "last"),
    [
        (datetime(2026, 12, 5, 5, tzinfo=UTC), "America/New_York", date(2026, 12, 4)),  # midnight there
        (datetime(2026, 12, 5, 4, 59, 59, tzinfo=UTC), "America/New_York", date(2026, 12, 4)),  # "Today"
        (datetime(2026, 12, 5, 5, tzinfo=UTC), "Europe/London", date(2026, 12, 5)),
        (datetime(2026, 12, 4, 18, 30, tzinfo=UTC), "Asia/Kolkata", date(2026, 12, 4)),
        (datetime(2026, 12, 4, 22, tzinfo=UTC), "America/New_York", date(2026, 12, 4)),
    ],
)
def test_a_status_that_ends_at_midnight_ends_with_the_day_before(
    ends_at: datetime, tz: str, last: date
) -> None:
    assert last_day(ends_at, tz) == last

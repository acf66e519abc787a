"""Since when to ask: whatever lags or jumps, nothing is passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.services.sync_cursor import OVERLAP, Cursor

T = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def test_nothing_read_means_read_all() -> None:
    assert Cursor().since(T, T) is None


def test_it_follows_what_was_seen_with_overlap() -> None:
    cursor = Cursor()
    for minute in range(10):
        cursor = cursor.moved(T + minute * MINUTE, T + minute * MINUTE, T + minute * MINUTE)
    since = cursor.since(T + 10 * MINUTE, T + 10 * MINUTE)
    assert since is not None and T + 4 * MINUTE <= since <= T + 8 * MINUTE
    assert len(cursor.marks) <= 4


def test_a_change_that_turns_up_after_the_clock_jumped_a_day_is_still_asked_for() -> None:
    cursor = Cursor().moved(T, T, T)
    changed_at = T + timedelta(seconds=30)
    # The clock jumps; another change of the next day is seen first.
    cursor = cursor.moved(T + DAY, T + DAY, T + MINUTE)
    since = cursor.since(T + DAY, T + 2 * MINUTE)
    assert since is not None and since <= changed_at


def test_after_a_clock_went_back_it_asks_from_there() -> None:
    cursor = Cursor().moved(T, T, T)
    earlier = T - 2 * timedelta(hours=1)
    assert cursor.since(earlier, T + MINUTE) == earlier - MINUTE - OVERLAP
    assert cursor.moved(None, earlier, T + MINUTE).marks[-1][1] == earlier


def test_what_changed_since_a_clock_went_back_is_asked_for_however_late_the_next_read_is() -> None:
    cursor = Cursor().moved(T, T, T)
    changed_at = T - timedelta(hours=2)  # at once after it went back two hours
    since = cursor.since(changed_at + 20 * MINUTE, T + 20 * MINUTE)
    assert since is not None and since <= changed_at


def test_a_clock_that_only_goes_on_asks_for_nothing_more() -> None:
    cursor = Cursor().moved(T, T, T)
    assert (
        cursor.since(T + DAY, T + 5 * MINUTE) == cursor.since(T + 5 * MINUTE, T + 5 * MINUTE) == T - OVERLAP
    )


def test_it_survives_the_settings_table() -> None:
    cursor = Cursor().moved(T, T, T).moved(None, T, T + MINUTE)
    assert Cursor.from_json(cursor.to_json()) == cursor

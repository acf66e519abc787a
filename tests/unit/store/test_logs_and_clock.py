"""Log lines are events with ids, and only one place reads the clock."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import bot
from bot.clock import SystemClock
from bot.logs import LOGGER, log
from bot.store.outbox import Policy


def test_an_event_names_its_action_and_ids(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        log(logging.getLogger(LOGGER), logging.INFO, "outbox.sent", row=7, why="token revoked", none="")
        log(logging.getLogger(LOGGER), logging.DEBUG, "outbox.unseen")
    assert caplog.messages == ["action=outbox.sent row=7 why='token revoked' none=''"]


def test_an_error_is_its_class_and_its_place_in_our_code_and_nothing_it_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger(LOGGER)
    try:
        SystemClock(now=lambda: datetime.fromisoformat("Acme's mother")).now()
    except ValueError as error:
        log(logger, logging.ERROR, "job.failed", job="sync", error=error)
    log(logger, logging.ERROR, "job.failed", error=KeyError("Acme"))
    there, nowhere = caplog.messages
    assert re.fullmatch(
        r"action=job.failed job=sync error=ValueError at=bot\.clock\.SystemClock\.now:\d+", there
    )
    assert nowhere == "action=job.failed error=KeyError at=?"


def test_business_time_may_come_from_elsewhere() -> None:
    there = datetime(2026, 11, 24, 8, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    clock = SystemClock(now=lambda: there)
    assert clock.now() == there
    assert clock.now().tzinfo is UTC
    assert abs(clock.elapsed() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="naive time"):
        SystemClock(now=lambda: datetime(2026, 11, 24)).now()  # noqa: DTZ001


def test_nothing_else_reads_the_clock() -> None:
    root = Path(bot.__file__).parents[1]
    reads = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|datetime\.today\(|time\.time\(")
    found = [
        str(path.relative_to(root))
        for package in ("bot", "handlers", "scheduler")
        for path in (root / package).rglob("*.py")
        if reads.search(path.read_text())
    ]
    # The sandbox's command decides which day a made-up book is made for.
    assert set(found) <= {"bot/clock.py", "bot/cli/sandbox.py"}


def test_back_off_grows_to_its_cap_with_full_jitter() -> None:
    most, least = Policy(chance=lambda: 1.0), Policy(chance=lambda: 0.0)
    waits = [most.backoff(failures).total_seconds() for failures in (1, 2, 3, 6, 7, 500)]
    assert waits == [2, 4, 8, 64, 120, 120]
    assert least.backoff(500) == timedelta(seconds=0.2)
    assert least.wait(1, timedelta(seconds=30)) == timedelta(seconds=30)
    assert most.wait(1, timedelta(seconds=30)) == timedelta(seconds=31)
    assert least.wait(1, timedelta(days=400)) == timedelta(days=1)
    assert most.wait(3, None) == most.wait(3, timedelta()) == timedelta(seconds=8)

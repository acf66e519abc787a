"""A job that failed is tried again soon, less and less often, and not only at its next hour."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

import scheduler
from bot.config import Config, HubSpotConfig
from scheduler import Job, Ticks, again_after


def test_the_wait_doubles_up_to_the_jobs_own_pace() -> None:
    assert [again_after(3600, failures) for failures in (1, 2, 3, 4, 8, 9, 50)] == [
        *(15, 30, 60, 120, 1920, 3600, 3600)
    ]
    assert [again_after(60, failures) for failures in (1, 2, 3, 4)] == [15, 30, 60, 60]


def test_people_that_could_not_be_read_at_the_start_are_read_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    read = threading.Event()

    def people(assistant: Any) -> None:
        tries.append(threading.current_thread().name)
        if len(tries) < 4:
            raise ConnectionError("Slack is away")
        read.set()

    monkeypatch.setattr(scheduler, "JOBS", {"people": Job(people, 3600)})
    monkeypatch.setattr(scheduler, "FIRST_RETRY", 0.05)
    assistant: Any = SimpleNamespace(work=SimpleNamespace(elapsed=lambda: datetime.now(UTC), config=Config()))
    with Ticks(assistant) as ticks:
        assert read.wait(60), tries
        jobs = ticks._scheduler.get_jobs()
        assert (jobs[0].next_run_time - datetime.now(UTC)).total_seconds() > 3000  # well again: hourly
    assert len(tries) == 4


@pytest.mark.parametrize(("seconds", "at_most", "paced"), [(60, None, 60), (300, None, 300), (300, 3, 3)])
def test_hubspot_is_read_as_often_as_the_configuration_says(
    seconds: int, at_most: int | None, paced: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        scheduler, "JOBS", {"sync": scheduler.JOBS["sync"], "alarms": scheduler.JOBS["alarms"]}
    )
    config = Config(hubspot=HubSpotConfig(sync_seconds=seconds))
    assistant: Any = SimpleNamespace(work=SimpleNamespace(config=config))
    ticks = Ticks(assistant, at_most_every=at_most)
    every = {job.id: job.trigger.interval.total_seconds() for job in ticks._scheduler.get_jobs()}
    assert every == {"sync": paced, "alarms": min(60, at_most or 60)}

"""Time acts here. The cron table: coarse UTC ticks; what is due is decided by our tables and unique keys."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from bot.bootstrap import Assistant
from bot.config import Config
from bot.logs import log
from bot.services.errors import StoreError
from scheduler import jobs

STOP_SECONDS = 15
FIRST_RETRY: float = 15  # seconds after a failure; then twice as long each time

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how often it runs, in seconds: always the same, or as the configuration says."""

    run: Callable[[Assistant], None]
    every: int | Callable[[Config], int]

    def pace(self, config: Config) -> int:
        """Seconds between two runs."""
        return self.every if isinstance(self.every, int) else self.every(config)


# The order is the order in which a waking host catches up: first what is true, then what is said.
JOBS = {
    "people": Job(jobs.people, 3600),
    "sync": Job(jobs.sync, lambda config: config.hubspot.sync_seconds),
    "marked": Job(jobs.marked, 60),  # and at once when a webhook comes
    "move_outs": Job(jobs.move_outs, 60),
    "mornings": Job(jobs.mornings, 30),
    "manager_mornings": Job(jobs.manager_mornings, 30),
    "during_day": Job(jobs.during_day, 30),
    "reminders": Job(jobs.reminders, 30),
    "alarms": Job(jobs.alarms, 60),
    "housekeeping": Job(jobs.housekeeping, 3600),
}


def run_job(assistant: Assistant, name: str) -> bool:
    """Run one job now. Its failure is logged and stops no other; False when it failed."""
    try:
        JOBS[name].run(assistant)
    except StoreError as error:
        log(_log, logging.ERROR, "job.no_database", job=name, error=error)
        return False
    except Exception as error:  # noqa: BLE001 - one job's failure never stops the others
        log(_log, logging.ERROR, "job.failed", job=name, error=error)
        return False
    return True


def again_after(every: int, failures: int) -> float:
    """Seconds until a job that failed so many times in a row is tried again; at its own pace at the latest."""
    return min(every, FIRST_RETRY * (1 << min(failures - 1, 20)))


class Ticks:
    """Coarse ticks for every job, and a waking on which all of them catch up in order. A context manager.

    `at_most_every` shortens the ticks, in seconds.
    """

    def __init__(self, assistant: Assistant, *, at_most_every: int | None = None) -> None:
        self._assistant = assistant
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._every: dict[str, int] = {}
        self._failures: dict[str, int] = {}  # in a row
        self._waker = threading.Thread(target=self._catch_up_when_woken, name="waker", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, job in JOBS.items():
            pace = job.pace(assistant.work.config)
            every = self._every[name] = min(pace, at_most_every or pace)
            self._scheduler.add_job(self._run, "interval", args=(name,), seconds=every, id=name)

    def wake(self) -> None:
        """The host woke, or the clock jumped: every job runs once; returns at once."""
        self._woken.set()

    def soon(self, name: str) -> None:
        """Run this job as soon as can be; returns at once."""
        if not self._stopping.is_set():
            self._scheduler.modify_job(name, next_run_time=self._assistant.work.elapsed())

    def __enter__(self) -> Self:
        self.wake()
        self._waker.start()
        self._scheduler.start()
        return self

    def __exit__(self, *why: object) -> None:
        self._stopping.set()
        self.wake()
        self._scheduler.shutdown(wait=True)
        self._waker.join(STOP_SECONDS)

    def _catch_up_when_woken(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            for name in JOBS:
                if not self._stopping.is_set():
                    self._run(name)

    def _run(self, name: str) -> None:
        """Run a job; one that failed need not wait for its next tick, which may be an hour away."""
        if run_job(self._assistant, name):
            self._failures.pop(name, None)
            return
        self._failures[name] = failures = self._failures.get(name, 0) + 1
        after = again_after(self._every[name], failures)
        if after < self._every[name] and not self._stopping.is_set():
            soon = self._assistant.work.elapsed() + timedelta(seconds=after)
            self._scheduler.modify_job(name, next_run_time=soon)

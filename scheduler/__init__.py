"""Time acts here. The cron table: coarse UTC ticks; what is due is decided by our tables and unique keys."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler

from bot.bootstrap import Assistant
from bot.logs import log
from bot.services.errors import StoreError
from scheduler import jobs

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A job and how often it runs, in seconds."""

    run: Callable[[Assistant], None]
    every: int


# The order is the order in which a waking host catches up: first what is true, then what is said.
JOBS = {
    "people": Job(jobs.people, 3600),
    "sync": Job(jobs.sync, 60),
    "move_outs": Job(jobs.move_outs, 60),
    "mornings": Job(jobs.mornings, 30),
    "manager_mornings": Job(jobs.manager_mornings, 30),
    "during_day": Job(jobs.during_day, 30),
    "reminders": Job(jobs.reminders, 30),
    "housekeeping": Job(jobs.housekeeping, 3600),
}


def run_job(assistant: Assistant, name: str) -> bool:
    """Run one job now. Its failure is logged and stops no other; False when it failed."""
    try:
        JOBS[name].run(assistant)
    except StoreError as error:
        log(_log, logging.ERROR, "job.no_database", job=name, error=type(error).__name__)
        return False
    except Exception as error:  # noqa: BLE001 - one job's failure never stops the others
        log(_log, logging.ERROR, "job.failed", job=name, error=type(error).__name__)
        return False
    return True


def start(assistant: Assistant, *, at_most_every: int | None = None) -> BackgroundScheduler:
    """Start the ticks; the caller shuts the scheduler down. `at_most_every` shortens them, in seconds."""
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, job in JOBS.items():
        every = min(job.every, at_most_every or job.every)
        scheduler.add_job(run_job, "interval", args=(assistant, name), seconds=every, id=name)
    scheduler.start()
    return scheduler


def catch_up(assistant: Assistant) -> None:
    """Run every job once: on starting, and after a jump of the clock."""
    for name in JOBS:
        run_job(assistant, name)

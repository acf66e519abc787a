"""A process: the whole assistant at work, as `renewals run`, on a business time of the benchmark's choosing.

`BENCHMARK_NOW` (ISO) is the business time at which it starts; from there on its clock runs as any other.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import datetime, timedelta

import scheduler
from bot.cli.opened import wired
from bot.cli.run import at_work
from bot.clock import SystemClock
from bot.hubspot.setup import set_up
from bot.settings import load_settings


def main() -> None:
    """Work until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    start, began = datetime.fromisoformat(os.environ["BENCHMARK_NOW"]), time.monotonic()
    clock = SystemClock(now=lambda: start + timedelta(seconds=time.monotonic() - began))
    with wired(load_settings(os.environ), clock) as assistant:
        if assistant.hubspot_client is not None:
            set_up(assistant.hubspot_client)
        with at_work(assistant), scheduler.Ticks(assistant):
            stopped.wait()


if __name__ == "__main__":
    main()

"""Slack's way in, opened as soon as Slack can be reached: a start during an outage only makes it later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.bootstrap import Assistant
from bot.logs import LOGGER, log

FIRST_WAIT = 1.0  # seconds, doubled up to the longest
LONGEST_WAIT = 30.0

_log = logging.getLogger(LOGGER)


class WayIn:
    """Who we are is asked first, so that it is known before anything is handled; then people and the way in.

    `connect` opens it, answers how to close it, and raises as long as that cannot be done.
    """

    def __init__(self, assistant: Assistant, connect: Callable[[], Callable[[], None]]) -> None:
        self._assistant = assistant
        self._connect = connect
        self._close: Callable[[], None] | None = None
        self._left: dict[str, Callable[[], object]] = {
            "identity": assistant.slack.identity,
            "people": assistant.sync_people,
            "way_in": self._open,
        }
        self._stopping = threading.Event()
        self._trying = threading.Thread(target=self._keep_trying, name="way-in", daemon=True)

    def open(self) -> None:
        """Open it now, or keep trying in a thread of its own."""
        if not self._try():
            self._trying.start()

    def close(self) -> None:
        """Close it, or give up."""
        self._stopping.set()
        if self._trying.is_alive():
            self._trying.join()
        if self._close is not None:
            self._close()

    def _keep_trying(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping.wait(wait):
            if self._try():
                return
            wait = min(2 * wait, LONGEST_WAIT)

    def _try(self) -> bool:
        """Do what is left to do; False while something is. HubSpot, which knows people too, holds up nothing."""
        for step, do in list(self._left.items()):
            try:
                do()
            except Exception as error:  # noqa: BLE001 - whatever is wrong may be mended while we wait
                log(_log, logging.ERROR, "start.waiting", step=step, error=error)
                if step == "identity":
                    break
            else:
                del self._left[step]
        return not self._left

    def _open(self) -> None:
        self._close = self._connect()

"""A process that reads HubSpot once and is killed before its n-th call or transaction; run by the test beside it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config import Config, HubSpotConfig
from bot.hubspot.client import HubSpotClient
from bot.hubspot.gateway import HubSpotGateway
from bot.playbook.policy import load_policy
from bot.services.incoming.sync import Sync
from bot.services.work import Work
from bot.store.session import Store


class Steps:
    """Kills this process when none is left; 0: never."""

    def __init__(self, left: int) -> None:
        self._left = left

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def take(self, patient: bool) -> None:  # noqa: ARG002 - the client's budget, asked before each call
        self.step()

    def allow(self, calls: int) -> None:
        """The account has no limits here."""


class CountedStore(Store):
    """Each transaction is a step, before it is committed."""

    steps: Steps

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Session]:
        with super().write(patient=patient) as session:
            yield session
            session.flush()
            self.steps.step()


def main(database_url: str, hubspot_url: str, token: str, left: str) -> None:
    store = CountedStore(database_url)
    store.steps = Steps(int(left))
    client = HubSpotClient(token, hubspot_url, calls=store.steps)
    config = Config(hubspot=HubSpotConfig(stages={"renewal_put_out": "open"}))
    work = Work(store, SystemClock(), config, load_policy(), lambda deal: deal)
    report = Sync(work, HubSpotGateway(client, config.hubspot)).run()
    store.close()
    sys.exit(1 if report.stopped or report.failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])

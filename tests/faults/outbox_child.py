"""A process that drains the outbox and can be killed at a named point; run by the tests beside it.

Its courier posts to a folder that stands for the remote: one file a post, which the look-up reads.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bot.clock import SystemClock
from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Parcel, Sent
from bot.store.session import Store


class FolderCourier:
    """Posts a parcel as a new file whose name begins with the row's key; never replaces one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, parcel: Parcel) -> Delivery:
        if parcel.unknown and any(self.folder.glob(f"{parcel.slot}~*")):
            return Sent({"found": True})
        (self.folder / f"{parcel.slot}~{uuid4().hex}").write_text(parcel.target)
        return Sent()


class AheadClock(SystemClock):
    """The machine's time and some minutes: whoever died before it holds no lease any more."""

    def __init__(self, minutes: int) -> None:
        super().__init__()
        self._ahead = timedelta(minutes=minutes)

    def elapsed(self) -> datetime:
        return super().elapsed() + self._ahead


def main(database_url: str, folder: str, point: str, passes: str, minutes_ahead: str) -> None:
    left = int(passes)

    def die_there(where: str) -> None:
        nonlocal left
        if where == point:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), 9)

    couriers = {"slack": FolderCourier(Path(folder))}
    clock = AheadClock(int(minutes_ahead))
    Sender(Store(database_url), clock, couriers, checkpoint=die_there).drain()


if __name__ == "__main__":
    main(*sys.argv[1:])

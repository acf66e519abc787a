"""Real assistant processes that die or freeze at a named point; run by the tests beside it.

`python -m tests.faults.process` reads orders, one a line (pickled, in base64), and forks a process for each:
the libraries are loaded once. On its output it tells what becomes of them: `ready PID`, `stopped PID`,
`went_on PID` (it was frozen, and is done with the row it carried), `ended PID STATUS`. Inside, everything is
the product as `renewals run` starts it; only parts that the wiring takes anyway are handed in, and they say
where the process is.

Points: click.before_commit, click.after_commit_before_ack, digest.before_post,
digest.after_post_before_settled, crm.after_write_before_association, crm.after_create_before_settled,
slack.conversation_opened, and those of the sender (outbox.claimed, ...).
"""

from __future__ import annotations

import base64
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import Session

import scheduler
from bot.bootstrap import Assistant, build
from bot.cli.run import at_work
from bot.clock import SystemClock
from bot.hubspot.client import HubSpotClient
from bot.playbook.policy import Policy
from bot.settings import Settings
from bot.slack.gateway import Posted, SlackGateway
from bot.store.session import Store
from bot.store.tables import Fact

ROOT = Path(__file__).parents[2]
BY_PEOPLE = ("button", "form", "command", "message")


@dataclass(frozen=True)
class Order:
    """One process: on which installation, from which business time on, and what is to happen to it.

    `dies_at` ends it as kill -9 does; `freezes_at` stops it once, as SIGSTOP does, outside of any transaction.
    `jobs` run once; then it works until it is killed.
    """

    settings: Settings
    policy: Policy
    now: datetime
    dies_at: str | None = None
    freezes_at: str | None = None
    lease: timedelta = timedelta(seconds=60)
    workers: dict[str, int] = field(default_factory=lambda: {"slack": 2, "hubspot": 1})
    jobs: tuple[str, ...] = ()


class Fate:
    """Knows where the process is to die or to freeze."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._frozen = False
        self.no_transaction = threading.Lock()

    def reach(self, point: str) -> None:
        """The process is at `point`."""
        if point == self._order.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._frozen and point == "outbox.settled":
            _say(f"went_on {os.getpid()}")
        if point == self._order.freezes_at and not self._frozen:
            self._frozen = True
            with self.no_transaction:  # a frozen writer would hold the lock of the whole file
                # To this thread: sent to the process, another might take it while this one runs on.
                signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


class WatchedStore(Store):
    """Says when what a person did is about to be committed, and when it just was."""

    def __init__(self, fate: Fate, database_url: str) -> None:
        super().__init__(database_url)
        self._fate = fate

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Session]:
        newest = sql_select(func.max(Fact.id)).where(Fact.surface.in_(BY_PEOPLE))
        with self._fate.no_transaction, super().write(patient=patient) as session:
            before = session.scalar(newest)
            yield session
            clicked = session.scalar(newest) != before
            if clicked:
                self._fate.reach("click.before_commit")
        if clicked:
            self._fate.reach("click.after_commit_before_ack")


class WatchedSlack(SlackGateway):
    """Says when a digest is about to be posted, and when it just was."""

    def __init__(self, fate: Fate, settings: Settings) -> None:
        super().__init__(settings)
        self._fate = fate

    def open_dm(self, user: str) -> str:
        channel = super().open_dm(user)
        self._fate.reach("slack.conversation_opened")
        return channel

    def post(self, channel: str, text: str, blocks: Any, key: str, thread_ts: str | None = None) -> Posted:
        is_digest = key.startswith("digest|")
        if is_digest:
            self._fate.reach("digest.before_post")
        posted = super().post(channel, text, blocks, key, thread_ts)
        if is_digest:
            self._fate.reach("digest.after_post_before_settled")
        return posted


class WatchedHubSpot(HubSpotClient):
    """Says when a record is written but not linked, and when it is linked but not settled."""

    def __init__(self, fate: Fate, settings: Settings) -> None:
        token, version = settings.hubspot_access_token or "", settings.hubspot_api_version
        super().__init__(token, settings.hubspot_api_url, version)
        self._fate = fate

    def upsert_all(self, *args: Any, **named: Any) -> dict[str, Any]:
        answer = super().upsert_all(*args, **named)
        self._fate.reach("crm.after_write_before_association")
        return answer

    def associate_all(self, from_type: str, to_type: str, inputs: Sequence[dict[str, Any]]) -> dict[str, Any]:
        answer = super().associate_all(from_type, to_type, inputs)
        if to_type == "contacts":  # the last of the three
            self._fate.reach("crm.after_create_before_settled")
        return answer


class Processes:
    """The tests' side: starts processes and hears what becomes of them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.process"]
        self._forker = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._seen: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._running: set[int] = set()

    def start(self, order: Order) -> int:
        """A process at work, or (`jobs`) about to work; its id."""
        assert self._forker.stdin is not None
        self._forker.stdin.write(base64.b64encode(pickle.dumps(order)).decode() + "\n")
        self._forker.stdin.flush()
        pid = int(self._wait_for("started")[1])
        self._running.add(pid)
        if not order.jobs:
            self._wait_for("ready", pid)
        return pid

    def wait_until_killed(self, pid: int) -> None:
        """It has died as by kill -9."""
        assert self._wait_for("ended", pid)[2] == str(int(signal.SIGKILL))
        self._running.discard(pid)

    def wait_until_frozen(self, pid: int) -> None:
        """It is stopped."""
        self._wait_for("stopped", pid)

    def go_on(self, pid: int) -> None:
        """Let a frozen process continue, until it is done with the row that it carried."""
        os.kill(pid, signal.SIGCONT)
        self._wait_for("went_on", pid)

    def kill(self, pid: int) -> None:
        """kill -9."""
        os.kill(pid, signal.SIGKILL)
        self.wait_until_killed(pid)

    def kill_all(self) -> None:
        """kill -9 for whatever still runs."""
        for pid in list(self._running):
            with suppress(ProcessLookupError):
                self.kill(pid)

    def close(self) -> None:
        """End the forker."""
        assert self._forker.stdin is not None and self._forker.stdout is not None
        self._forker.stdin.close()
        self._forker.wait(20)
        self._listener.join(20)
        self._forker.stdout.close()

    def _listen(self) -> None:
        assert self._forker.stdout is not None
        for line in self._forker.stdout:
            self._said.put(line)

    def _wait_for(self, what: str, pid: int | None = None, seconds: float = 30) -> list[str]:
        until = time.monotonic() + seconds
        while True:
            for line in self._seen:
                words = line.split()
                if words[0] == what and pid in (None, int(words[1])):
                    self._seen.remove(line)
                    return words
            try:
                self._seen.append(self._said.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"no process said {what} {pid or ''}: {self._seen}") from None


def work(order: Order, ready: Callable[[], None]) -> NoReturn:
    """Be that process."""
    fate = Fate(order)
    started = time.monotonic()
    clock = SystemClock(now=lambda: order.now + timedelta(seconds=time.monotonic() - started))
    assistant: Assistant = build(
        order.settings,
        clock=clock,
        policy=order.policy,
        store=WatchedStore(fate, order.settings.database_url),
        slack=WatchedSlack(fate, order.settings),
        client=WatchedHubSpot(fate, order.settings) if order.settings.hubspot_access_token else None,
        sender_options={"checkpoint": fate.reach, "lease": order.lease, "workers": order.workers},
    )
    with at_work(assistant):
        ready()
        for job in order.jobs:
            scheduler.run_job(assistant, job)
        while True:
            time.sleep(60)


def main() -> None:
    """Fork a process for each order; tell what becomes of them, until the input ends."""
    while True:
        readable, _, _ = select.select([sys.stdin.buffer.raw], [], [], 0.02)
        if readable:
            line = _line(sys.stdin.buffer.raw)
            if not line:
                return
            order: Order = pickle.loads(base64.b64decode(line))
            pid = os.fork()
            if pid == 0:
                sys.stdin.close()
                work(order, lambda: _say(f"ready {os.getpid()}"))
            _say(f"started {pid}")
        _tell_of_children()


def _line(raw: Any) -> bytes:
    """One line, byte by byte, so that nothing waits in a buffer that `select` does not see."""
    read = bytearray()
    while byte := raw.read(1):
        if byte == b"\n":
            break
        read += byte
    return bytes(read)


def _tell_of_children() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if os.WIFSTOPPED(status):
            _say(f"stopped {pid}")
        else:
            _say(f"ended {pid} {os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}")


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    # The parent unpickles orders that name this module by its full name.
    from tests.faults.process import main as run

    run()

"""A renewals team that lives through two hours in a few seconds: one HubSpot account on the wire, one database.

All time is the soak's own: it stands still until somebody waits, so that leases, back-off, search lag and limits
pass in sandbox time.
"""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.config import Config, HubSpotConfig
from bot.hubspot.client import HubSpotClient
from bot.hubspot.courier import HubSpotCourier
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.outgoing import OutgoingFacts
from bot.playbook.policy import load_policy
from bot.services.incoming.report import SyncReport
from bot.services.incoming.sync import Sync
from bot.services.outgoing.crm_links import link_arrived
from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Parcel
from bot.services.work import Work
from bot.store.outbox_policy import Policy
from bot.store.session import Store
from bot.store.tables import Base, OutboxRow, Person
from sandbox.faults import FaultRule
from sandbox.hubspot.associations import Associations
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Records
from sandbox.hubspot.search import SearchIndex
from sandbox.server import SandboxServer, World
from tests.account_set_up import set_up_account

TIMEOUT = 5.0, 5.0  # seconds to connect and to answer; who is silent is known to be so
PATIENCE_WITH_SILENCE = 5.0, 0.02
MORNING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # a Monday, 09:30 in New York
LEASE = timedelta(seconds=60)
STAGES = {
    "renewal_put_out": "open",
    "renewal_in_negotiation": "negotiation",
    "renewal_closed_won": "won",
    "renewal_closed_lost": "lost",
    "renewal_moved_out": "moved_out",
}
OWNERS = {"501": "maya@harborline.example", "502": "ben@harborline.example"}

_LIMITED = {"status": "error", "errorType": "RATE_LIMIT", "message": "You have reached your limit."}
FAULTS: dict[str, dict[str, Any]] = {
    "429 a second": {"status": 429, "body": _LIMITED | {"policyName": "SECONDLY"}},
    "429 ten seconds": {"status": 429, "body": _LIMITED | {"policyName": "TEN_SECONDLY_ROLLING"}},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "90"}, "body": _LIMITED},
    "500": {"status": 500, "body": {"status": "error"}},
    "502 in HTML": {"status": 502, "body": "<html>Bad gateway</html>"},
    "503": {"status": 503},
    "HTML with 200": {"status": 200, "body": "<html>Maintenance</html>"},
    "JSON of somebody else with 200": {"status": 200, "body": {"ok": True}},
    "dropped after accept": {"drop_after_accept": True},
    "dropped after accept, again": {"drop_after_accept": True},
    "silence": {"silence": True},
}
RARE_FAULTS: dict[str, dict[str, Any]] = {
    "429 for the day": {"status": 429, "body": _LIMITED | {"policyName": "DAILY"}},
}


class Killed(BaseException):
    """The process ends here; nobody catches it."""


class Elapsed:
    """Seconds that pass when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Interruption:
    """Does something at the n-th step from now: before a call, before a transaction, around a delivery."""

    def __init__(self) -> None:
        self._left = 0
        self._then: Callable[[], None] = lambda: None

    def at(self, steps: int, then: Callable[[], None]) -> None:
        self._left, self._then = steps, then

    def never(self) -> None:
        self._left = 0

    def step(self, _: str = "") -> None:
        if self._left:
            self._left -= 1
            if not self._left:
                self._then()


class CutStore(Store):
    """A database whose user may be interrupted before any transaction that writes."""

    interruption: Interruption

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Session]:
        self.interruption.step()
        with super().write(patient=patient) as session:
            yield session


class SoakClock:
    """Business time is the sandbox's, elapsed time the soak's."""

    def __init__(self, world: World, elapsed: Elapsed) -> None:
        self._world, self._elapsed = world, elapsed

    def now(self) -> datetime:
        return self._world.clock.now()

    def elapsed(self) -> datetime:
        return MORNING + timedelta(seconds=self._elapsed.seconds)


class Wire:
    """The budget of the client, which is asked before each call: there faults are thrown in."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def take(self, patient: bool) -> None:  # noqa: ARG002 - the protocol's
        self._team.interruption.step()
        self._team.throw_in_a_fault()

    def allow(self, calls: int) -> None:
        """The account has no limits but those that are thrown in."""


class Team:
    """Shared by all examples: `begin` makes account and database new."""

    def __init__(self) -> None:
        self.elapsed = Elapsed()
        self.world = World(now=MORNING, elapsed=self.elapsed.monotonic)
        self.portal: Portal = self.world.hubspot
        self.portal.limits.calls_per_ten_seconds = self.portal.limits.searches_per_second = 10_000_000
        self.portal.limits.calls_per_day = 10_000_000
        for owner_id, email in OWNERS.items():
            first = email.partition("@")[0].title()
            self.portal.add_owner(Owner(owner_id, email, first, "Rep", int(owner_id) + 9000))
        set_up_account(self.portal)
        self.server = SandboxServer(self.world)
        self.server._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.clock = SoakClock(self.world, self.elapsed)
        self.config = Config(hubspot=HubSpotConfig(stages=STAGES))
        self.policy = load_policy()
        self.interruption = Interruption()
        # Over all examples:
        self.struck: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.examples = 0
        self.store: CutStore | None = None

    def __enter__(self) -> Team:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.store is not None:
            self.store.close()
        self.server.stop()

    def begin(self, seed: int) -> None:
        """An empty account, an empty database, and the faults of this seed."""
        self.examples += 1
        self.world.faults.clear()
        self.world.journal.clear()
        self.portal.records, self.portal.associations = Records(), Associations()
        self.portal.index = SearchIndex(self.elapsed.monotonic, seed)
        self.elapsed.seconds = 0.0
        self.world.clock.set(MORNING)
        self.interruption.never()
        self.dice, self.faulty = random.Random(seed), False
        if self.store is not None:
            self.store.close()
        self.store = CutStore("sqlite://")
        self.store.interruption = self.interruption
        Base.metadata.create_all(self.store.engine)
        self.work = Work(self.store, self.clock, self.config, self.policy, lambda deal: f"https://crm/{deal}")
        with self.store.write() as session:
            for owner_id, email in OWNERS.items():
                name = email.partition("@")[0].title()
                person = Person(email=email, name=name, tz="America/New_York", slack_user_id=f"U{name}")
                person.slack_team_id, person.crm_owner_id = "T1", owner_id
                session.add(person)
        self.passes, self.merged = 0, False
        self.back_unread = self.there_and_back = False
        self.handed_over: set[tuple[str, str]] = set()  # activities to which a colleague gave another owner
        self.start_process()

    def start_process(self) -> None:
        """The process that reads and sends, as it is after its start: it remembers nothing."""
        self.client = HubSpotClient(
            self.portal.settings.token,
            f"{self.server.url}/hubspot",
            timeout=TIMEOUT,
            calls=Wire(self),
            monotonic=self.elapsed.monotonic,
            sleep=self.elapsed.sleep,
        )
        self.reader = Sync(self.work, HubSpotGateway(self.client, self.config.hubspot))
        self.sender = self.another_sender()

    def another_sender(self) -> Sender:
        """A sender, as a second process has one."""
        assert self.store is not None
        return Sender(
            self.store,
            self.clock,
            {"hubspot": HubSpotCourier(self.client, OutgoingFacts(self.store, self.config))},
            lease=LEASE,
            policy=replace(Policy(), chance=self.dice.random, poison_after=1000),
            on_settled=self._settled,
            checkpoint=self.interruption.step,
        )

    def _settled(self, parcel: Parcel, delivery: Delivery, session: Session) -> None:
        link_arrived(session, parcel, delivery, self.clock.now())

    def pass_time(self, seconds: float) -> None:
        """Both times go on."""
        self.elapsed.sleep(seconds)

    def sleep_host(self, seconds: float) -> None:
        """Business time goes on alone, as for a host that slept."""
        self.there_and_back |= self.back_unread
        self.world.clock.advance(timedelta(seconds=seconds))

    def set_clock_back(self, seconds: float) -> None:
        """Business time goes back, never to before it was two hours before the morning."""
        since = self.world.clock.now() - (MORNING - timedelta(hours=2))
        self.world.clock.advance(-min(timedelta(seconds=seconds), since))
        self.back_unread = True

    def throw_in_a_fault(self) -> None:
        """One call in ten goes wrong while the account is faulty."""
        self.client._timeout = TIMEOUT
        if not self.faulty or self.dice.random() >= 0.1:
            return
        kinds = RARE_FAULTS if self.dice.random() < 0.02 else FAULTS
        name = self.dice.choice(list(kinds))
        self.struck[name] += 1
        if name == "silence":
            self.client._timeout = PATIENCE_WITH_SILENCE
        self.world.faults.add(FaultRule(service="hubspot", times=1, **kinds[name]))

    def sync(self) -> SyncReport:
        """One pass."""
        self.passes += 1
        report = self.reader.run(briefly=True)
        self.back_unread = self.back_unread and report.stopped is not None
        return report

    def deliver(self) -> None:
        """Send what may leave now."""
        self.sender.drain("hubspot")

    def key(self) -> str:
        """A new interaction's."""
        return uuid4().hex

    def open_rows(self) -> int:
        """Rows for HubSpot that are not settled."""
        assert self.store is not None
        with self.store.read() as session:
            wanted = select(func.count()).select_from(OutboxRow)
            return session.scalar(wanted.where(OutboxRow.look_at.is_not(None))) or 0

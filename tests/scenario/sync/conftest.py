"""A HubSpot account on the wire, the sync that reads it and the courier that writes to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.config import Config, HubSpotConfig
from bot.hubspot.client import HubSpotClient
from bot.hubspot.courier import HubSpotCourier
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.outgoing import OutgoingFacts
from bot.playbook.policy import load_policy
from bot.services.acts.record import NewFact, Origin, record
from bot.services.incoming.report import SyncReport
from bot.services.incoming.sync import Sync
from bot.services.outgoing.crm_links import link_arrived
from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Parcel
from bot.services.work import Work
from bot.store.facts import withdraw
from bot.store.outbox import enqueue
from bot.store.session import Store
from bot.store.tables import CrmRecord, Fact, OutboxRow, Person, RunChange, RunRow
from sandbox.faults import FaultRule
from sandbox.hubspot.kinds import kind_of
from sandbox.hubspot.owners import Owner
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from sandbox.server import SandboxServer, World
from tests.account_set_up import set_up_account

MORNING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # a Monday, 09:30 in New York
STAGES = {
    "renewal_put_out": "open",
    "renewal_in_negotiation": "negotiation",
    "renewal_closed_won": "won",
    "renewal_closed_lost": "lost",
    "renewal_moved_out": "moved_out",
}


class PortalClock:
    """Business time is the sandbox's; elapsed time is set by the test."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._elapsed = MORNING

    def now(self) -> datetime:
        return self._world.clock.now()

    def elapsed(self) -> datetime:
        return self._elapsed

    def pass_time(self, span: timedelta) -> None:
        """Both times go on."""
        self._world.clock.advance(span)
        self._elapsed += span


class Waited:
    """Elapsed seconds for the client: they pass as it asks to wait, and nobody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Office:
    """The renewals team: one HubSpot account, our database, and what a test asks of both."""

    def __init__(self, world: World, store: Store, url: str) -> None:
        self.world = world
        self.portal: Portal = world.hubspot
        self.store = store
        self.clock = PortalClock(world)
        config = Config(hubspot=HubSpotConfig(stages=STAGES))
        self.work = Work(store, self.clock, config, load_policy(), lambda deal: f"https://crm/{deal}")
        self.waited = Waited()
        self.client = HubSpotClient(
            self.portal.settings.token,
            f"{url}/hubspot",
            timeout=(60.0, 60.0),
            monotonic=self.waited.monotonic,
            sleep=self.waited.sleep,
        )
        self.gateway = HubSpotGateway(self.client, config.hubspot)
        self.reader = Sync(self.work, self.gateway)
        self.courier = HubSpotCourier(self.client, OutgoingFacts(store, config))
        self.sender = Sender(store, self.clock, {"hubspot": self.courier}, on_settled=self._settled)

    def _settled(self, parcel: Parcel, delivery: Delivery, session: Any) -> None:
        link_arrived(session, parcel, delivery, self.clock.now())

    def sync(self, **how: Any) -> SyncReport:
        """One pass, a minute after the last."""
        self.clock.pass_time(timedelta(minutes=1))
        report = self.reader.run(**how)
        assert report.failed == {}
        return report

    def deliver(self, *, later: timedelta = timedelta(minutes=1)) -> None:
        """Let the sender carry what waits."""
        self.clock.pass_time(later)
        self.sender.drain("hubspot")

    def fault(self, method: str, **rule: Any) -> str:
        """Let the next call of that kind go wrong."""
        return self.world.faults.add(FaultRule(service="hubspot", method=method, times=1, **rule))

    def deal(self, company_id: str | None = None, **over: Any) -> str:
        """A renewal of Acme Dental, put out today, with company and contact; answers the deal's id."""
        if company_id is None:
            company_id = self.portal.create("companies", {"name": "Acme Dental"}).id
        company = self.portal.get("companies", company_id)
        person = {
            "firstname": "Dana",
            "lastname": "Wu",
            "phone": "+1 555 0100",
            "email": f"d{uuid4().hex}@x.io",
        }
        contact = self.portal.create("contacts", person, [("companies", company.id)])
        properties = {
            "dealname": "Acme renewal",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "hubspot_owner_id": "501",
            "renewal_put_out_date": "2026-11-23",
            "renewal_expiration_date": "2026-12-31",
            "renewal_monthly_price": "140",
            "renewal_hosted_site": "true",
            **over,
        }
        kept = {name: value for name, value in properties.items() if value is not None}
        links = [("companies", company.id), ("contacts", contact.id)]
        return self.portal.create("deals", kept, links).id

    def on_timeline(self, kind: str, deal_id: str, **properties: Any) -> str:
        """Something a colleague does in HubSpot on a deal; answers the record's id."""
        now = {"hs_timestamp": self.clock.now().isoformat(), "hubspot_owner_id": "501"}
        return self.portal.create(kind, now | properties, [("deals", deal_id)]).id

    def log(self, fact: NewFact, *, step: str | None = None, actor: int = 1) -> int:
        """What a rep logs in Slack on the one run, with its outbox row; answers the fact's id."""
        with self.store.write() as session:
            (run,) = session.scalars(select(RunRow))
            origin = Origin(f"slack:{uuid4().hex}", "slack", "button", step)
            (written,) = record(self.work, session, run, session.get_one(Person, actor), origin, [fact])
            return written.id

    def undo(self, fact_id: int) -> None:
        """Withdraw a fact, as Undo does."""
        with self.store.write() as session:
            fact = session.get_one(Fact, fact_id)
            withdraw(session, fact, at=self.clock.now(), source="slack", surface="button", actor_id=1)

    def send(self, kind: str, fact_id: int) -> None:
        """An outbox row for a fact."""
        with self.store.write() as session:
            enqueue(
                session,
                service="hubspot",
                kind=kind,
                recipient=f"fact:{fact_id}",
                slot="1",
                target="deal:any",
                now=self.clock.now(),
                elapsed=self.clock.elapsed(),
                fact_id=fact_id,
            )

    def in_hubspot(self, kind: str) -> list[Record]:
        """What HubSpot has of a type, deleted records left out."""
        return [found for found in self.portal.records.all(kind_of(kind)) if not found.archived]

    def linked(self, found: Record) -> dict[str, list[str]]:
        """What a record is linked to."""
        kinds = ("deals", "companies", "contacts")
        return {kind: [one.id for one in self.portal.associated(found, kind)] for kind in kinds}

    def add_person(self, email: str, owner_id: str | None = None) -> int:
        """A rep in New York."""
        with self.store.write() as session:
            person = Person(email=email, name=email.partition("@")[0].title(), tz="America/New_York")
            person.slack_user_id, person.slack_team_id, person.crm_owner_id = f"U{email[:3]}", "T1", owner_id
            session.add(person)
            session.flush()
            return person.id

    def all(self, table: type[Any]) -> list[Any]:
        """Every row of a table, by id."""
        with self.store.read() as session:
            rows = list(session.scalars(select(table).order_by(table.id)))
            session.expunge_all()
            return rows

    def run(self) -> RunRow:
        """The one run there is."""
        (run,) = self.all(RunRow)
        return run

    def holding(self) -> list[Fact]:
        """The facts that hold: neither superseded nor an undo."""
        facts = self.all(Fact)
        gone = {fact.supersedes_id for fact in facts}
        return [fact for fact in facts if fact.id not in gone and fact.kind != "withdrawn"]

    def changes(self) -> list[tuple[str, str | None, str | None]]:
        return [(c.field, c.old, c.new) for c in self.all(RunChange)]

    def records(self) -> list[CrmRecord]:
        return self.all(CrmRecord)

    def outbox(self) -> list[OutboxRow]:
        return [row for row in self.all(OutboxRow) if row.service == "hubspot"]


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    """The team with its account set up and Maya Okafor, who owns its deals."""
    world = World(now=MORNING)
    # Waiting for limits has tests of its own; here a client that never waits meets an account without any.
    world.hubspot.limits.calls_per_ten_seconds = world.hubspot.limits.searches_per_second = 100_000
    world.hubspot.add_owner(Owner("501", "Maya@Harborline.example", "Maya", "Okafor", 9001))
    world.hubspot.add_owner(Owner("502", "ben@harborline.example", "Ben", "Ito", 9002))
    server = SandboxServer(world)
    # A small answer leaves at once, instead of waiting 40 ms for the acknowledgement of its headers.
    server._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with server:
        made = Office(world, store, server.url)
        set_up_account(world.hubspot)
        made.add_person("maya@harborline.example")
        yield made


@pytest.fixture
def worked(office: Office) -> Office:
    """The office with one deal taken over."""
    office.deal()
    office.sync()
    return office

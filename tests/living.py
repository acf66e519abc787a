"""A small team at work for a test: a sandbox on real sockets, an assistant on a real database, people who act."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

import handlers
import scheduler
from bot.bootstrap import Assistant, build
from bot.config import Config, HubSpotConfig, Office, Team
from bot.hubspot.client import HubSpotClient
from bot.playbook.policy import Policy, load_policy
from bot.services.runs.go_live import approve
from bot.settings import Settings
from bot.slack.bolt import create_app, socket_mode
from bot.store.session import Store
from sandbox.hubspot.kinds import KINDS
from sandbox.hubspot.owners import Owner
from sandbox.server import SandboxServer, World
from tests.account_set_up import set_up_account
from tests.acting import People, wait_until, words

__all__ = ["NEW_YORK", "STAGES", "Living", "email", "listening", "living", "wait_until", "words"]

MANIFEST = Path(__file__).resolve().parents[1] / "manifest.yml"
NEW_YORK = "America/New_York"
STAGES = {
    "renewal_put_out": "open",
    "renewal_in_negotiation": "negotiation",
    "renewal_closed_won": "won",
    "renewal_closed_lost": "lost",
    "renewal_moved_out": "moved_out",
}
PEOPLE = {
    "ana": ("Ana Reyes", NEW_YORK, "rep"),
    "ben": ("Ben Stone", "Europe/London", "rep"),
    "maria": ("Maria Lopez", NEW_YORK, "manager"),
    "olga": ("Olga Berg", NEW_YORK, "manager"),  # of another team
    "walt": ("Walt Dean", NEW_YORK, "department_manager"),
    "cara": ("Cara Finn", NEW_YORK, "customer_care"),
    "adam": ("Adam Cole", NEW_YORK, "admin"),
}


def email(who: str) -> str:
    return f"{who}@team.example"


class LivingClock:
    """The sandbox's business time; elapsed time is the machine's, and a test may let some of it pass."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._passed = timedelta()

    def now(self) -> datetime:
        return self._world.clock.now()

    def elapsed(self) -> datetime:
        return datetime.now(UTC) + self._passed

    def let_pass(self, span: timedelta) -> None:
        self._passed += span


class Living(People):
    """The team. Nothing happens by itself: `tick` runs jobs, `deliver` carries what is in the outbox."""

    def __init__(
        self,
        server: SandboxServer,
        database_url: str,
        policy: Policy,
        *,
        hubspot: bool = True,
        config: Callable[[Living, Config], Config] = lambda _, usual: usual,
    ) -> None:
        self.server = server
        self.world = server.world
        self.clock = LivingClock(self.world)
        self.http = httpx.Client(base_url=server.url, timeout=60, verify=False)
        self.ids: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        for number, (who, (name, tz, role)) in enumerate(PEOPLE.items(), 1):
            self.ids[who] = self.world.slack.add_person(name, email(who), tz, roles=[role]).id
            first, _, last = name.partition(" ")
            owner = Owner(
                id=str(100 + number), email=email(who), first_name=first, last_name=last, user_id=number
            )
            self.owners[who] = self.world.hubspot.add_owner(owner).id
        everyone = list(self.ids.values())
        self.managers_channel = self.world.slack.add_channel("renewals-managers", everyone).id
        self.others_channel = self.world.slack.add_channel("other-managers", everyone).id
        self.care_channel = self.world.slack.add_channel("customer-care", everyone).id
        # Tests are not about waiting; those that are set the real limits again.
        self.world.slack.rates.post_interval_s = 0
        self.world.slack.rates.per_minute.clear()
        self.world.hubspot.limits.calls_per_ten_seconds = self.world.hubspot.limits.searches_per_second = (
            10_000
        )
        usual = self._settings(database_url, hubspot=hubspot)
        self.settings = replace(usual, config=config(self, usual.config))
        self.policy = policy
        self.carries = True
        self.processes: list[Assistant] = []
        self.assistant = self.another_assistant()

    def _settings(self, database_url: str, *, hubspot: bool) -> Settings:
        slack = self.world.slack
        return Settings(
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=self.server.slack_api_url,
            hubspot_access_token=self.world.hubspot.settings.token if hubspot else None,
            hubspot_api_url=self.server.hubspot_api_url,
            database_url=database_url,
            config=Config(
                teams=(
                    Team("East", self.managers_channel, (email("maria"),), (email("ana"), email("ben"))),
                    Team("Other", self.others_channel, (email("olga"),), (email("nobody"),)),
                ),
                care_channel=self.care_channel,
                department_managers=(email("walt"),),
                customer_care=(email("cara"),),
                admins=(email("adam"),),
                offices=(Office("office", "US", "NY"),),
                hubspot=HubSpotConfig(stages=STAGES),
            ),
        )

    def another_assistant(self, **options: Any) -> Assistant:
        """One more process of the same installation, on the same database."""
        store = Store(self.settings.database_url)
        token, client = self.settings.hubspot_access_token, None
        if token is not None:
            # Its own budget of calls passes in a thousandth of the time.
            url = self.settings.hubspot_api_url
            client = HubSpotClient(token, url, monotonic=lambda: time.monotonic() * 1000)
        made = build(
            self.settings,
            clock=self.clock,
            store=store,
            policy=self.policy,
            client=client,
            sender_options=options,
        )
        self.processes.append(made)
        return made

    # -- the book ----------------------------------------------------------------------------------------

    def account(self, name: str, put_out_on: date, owner: str = "ana", **more: Any) -> str:
        """A renewal deal with its company and contact; answers the deal's id."""
        portal = self.world.hubspot
        contact = portal.create(
            "contacts",
            {
                "email": more.pop("email", f"contact-{len(name)}-{abs(hash(name))}@customer.example"),
                "firstname": "Carl",
                "lastname": "Customer",
                "phone": "+1 212 555 0101",
            },
        )
        company = portal.create("companies", {"name": name})
        values = {
            "dealname": name,
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "hubspot_owner_id": self.owners[owner],
            "renewal_put_out_date": put_out_on.isoformat(),
            "renewal_expiration_date": (put_out_on + timedelta(days=20)).isoformat(),
            "renewal_monthly_price": "140",
            "renewal_hosted_site": "true",
        } | {key: str(value) for key, value in more.items()}
        links = [("companies", company.id), ("contacts", contact.id)]
        return portal.create("deals", values, links).id

    def records(self, kind: str) -> list[dict[str, str]]:
        """The CRM's records of a kind that are not archived, as properties with their id."""
        with self.world.hubspot.lock:
            records = self.world.hubspot.records.all(KINDS[kind])
            return [{**record.properties, "id": record.id} for record in records if not record.archived]

    # -- time --------------------------------------------------------------------------------------------

    def go(self, local: str, tz: str = NEW_YORK) -> None:
        """Set business time to a wall time in a zone: "2026-11-23 08:30"."""
        self.world.clock.set(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(tz)))

    def tick(self, *jobs: str) -> None:
        """Run jobs, then carry everything that may leave."""
        for job in jobs:
            assert scheduler.run_job(self.assistant, job), f"job {job} failed"
        self.deliver()

    def deliver(self) -> None:
        self.assistant.sender.drain()

    def let_undo_pass(self) -> None:
        """Let the seconds pass for which HubSpot's rows wait, and carry them."""
        self.clock.let_pass(timedelta(seconds=self.policy.hubspot_undo_seconds + 1))
        self.deliver()


@contextmanager
def living(
    database_url: str,
    now: str = "2026-11-23 08:00",
    *,
    undo_seconds: int = 15,
    connected: bool = True,
    live: bool = True,
    **options: Any,
) -> Iterator[Living]:
    """A team at work in New York, live since long unless it is not to be, at a wall time of New York.

    Its assistant listens by Socket Mode unless it is not to be `connected`.
    """
    at = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(NEW_YORK))
    policy = replace(load_policy(None), hubspot_undo_seconds=undo_seconds, **options.pop("policy", {}))
    with SandboxServer(World(now=at, manifest=MANIFEST)) as server:
        team = Living(server, database_url, policy, **options)
        if team.assistant.hubspot_client is not None:
            set_up_account(team.world.hubspot)
        if live:
            approve(team.assistant.work, at.date() - timedelta(days=365), "test", at)
        team.assistant.sync_people()
        try:
            with listening(team, team.assistant) if connected else nullcontext():
                yield team
        finally:
            team.http.close()
            for process in team.processes:
                process.stop()


@contextmanager
def listening(team: Living, assistant: Assistant) -> Iterator[None]:
    """The assistant hears people: one more Socket Mode connection."""
    sockets = team.world.slack.sockets
    before = sockets.open_numbers  # one of a process that was just killed may still be among them
    app = create_app(team.settings, assistant.slack)
    handlers.register(app, assistant)
    way_in = socket_mode(app, team.settings)
    way_in.connect()
    wait_until(lambda: sockets.open_numbers - before)
    ours = sockets.open_numbers - before
    try:
        yield
    finally:
        way_in.close()
        wait_until(lambda: not sockets.open_numbers & ours)

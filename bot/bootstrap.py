"""Wiring: settings in, a working assistant out. Every part can be handed in instead."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.hubspot.client import HubSpotClient
from bot.hubspot.courier import HubSpotCourier
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.outgoing import OutgoingFacts
from bot.logs import LOGGER, log
from bot.playbook.policy import Policy, load_policy
from bot.services.arrived import show_arrived
from bot.services.crm_links import link_arrived
from bot.services.looking import look_again_at, look_at_all
from bot.services.messages import note_sent
from bot.services.people import SlackPerson, upsert_people
from bot.services.ports import Clock, Courier, Delivery, Parcel
from bot.services.sending import Sender
from bot.services.sync import Sync
from bot.services.sync_report import SyncReport
from bot.services.work import Work
from bot.settings import Settings
from bot.slack.courier import SlackCourier
from bot.slack.gateway import SlackGateway
from bot.slack.renderer import Renderer
from bot.store.outbox import Policy as OutboxPolicy
from bot.store.session import Store
from bot.store.tables import Setting

CALENDARS = "calendars"
HUBSPOT_RECORD = "https://app.hubspot.com/contacts/{portal}/record/0-3/{deal}"

_log = logging.getLogger(LOGGER)


@dataclass(frozen=True, slots=True)
class Assistant:
    """The assistant of one workspace. `sync` is None for a team that works an imported book."""

    settings: Settings
    work: Work
    slack: SlackGateway
    sender: Sender
    hubspot: HubSpotGateway | None
    hubspot_client: HubSpotClient | None
    sync: Sync | None

    def sync_crm(self) -> SyncReport | None:
        """One pass over HubSpot's changes; None without HubSpot."""
        return self.sync.run() if self.sync is not None else None

    def sync_people(self) -> tuple[str, ...]:
        """Bring people up to date; answers the owners whom nobody in Slack answers to."""
        if self.sync is not None:
            return self.sync.people(_Directory(self.slack))
        found = tuple(_Directory(self.slack).people())  # asked before the transaction: it may take a while
        with self.work.store.write() as session:
            look_again_at(self.work, session, upsert_people(session, found), self.work.now())
        return ()

    def look_again_if_calendars_changed(self) -> bool:
        """Recompute the index of next looks when offices or playbook settings are not those of the last start."""
        said = f"{self.work.config.offices!r}{self.work.policy!r}".encode()
        wanted = hashlib.sha256(said).hexdigest()
        with self.work.store.write() as session:
            known = session.get(Setting, CALENDARS)
            if known is not None and known.value.get("sha256") == wanted:
                return False
            look_at_all(self.work, session, self.work.now())
            session.merge(Setting(name=CALENDARS, value={"sha256": wanted}))
        return True

    def stop(self) -> None:
        """Let the workers finish what they carry, then close the database."""
        if not self.sender.stop():
            log(_log, logging.WARNING, "sender.stop_timed_out")
        self.work.store.close()


@dataclass(frozen=True, slots=True)
class _Directory:
    """The workspace's people, as the services want them."""

    slack: SlackGateway

    def people(self) -> Iterable[SlackPerson]:
        team = self.slack.identity().team_id
        for user in self.slack.directory():
            if user.email is not None and not user.is_bot:
                yield SlackPerson(
                    user.team_id or team, user.id, user.email, user.name, user.tz, not user.deleted
                )


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    store: Store | None = None,
    policy: Policy | None = None,
    slack: SlackGateway | None = None,
    client: HubSpotClient | None = None,
    sender_options: dict[str, object] | None = None,
) -> Assistant:
    """Wire an assistant; nothing is contacted and nothing runs yet.

    Raises PolicyError for a playbook file that cannot be used, StoreUnavailable for a database address.
    """
    clock = clock or SystemClock()
    store = store or Store(settings.database_url)
    policy = policy or load_policy(settings.config.playbook_file)
    client = client or hubspot_client(settings)
    hubspot = HubSpotGateway(client, settings.config.hubspot) if client is not None else None
    slack = slack or SlackGateway(settings)
    base = Work(
        store=store,
        clock=clock,
        config=settings.config,
        policy=policy,
        deal_url=_deal_url(settings),
        book="hubspot" if client is not None else "import",
    )
    couriers: dict[str, Courier] = {"slack": SlackCourier(slack, Renderer(base), clock)}
    if client is not None:
        couriers["hubspot"] = HubSpotCourier(client, OutgoingFacts(store, settings.config))
    options = {
        "on_settled": _settled(base),
        "policy": OutboxPolicy(unknown_looks=settings.config.outbox_looks),
        **(sender_options or {}),
    }
    sender = Sender(store, clock, couriers, **options)  # type: ignore[arg-type]
    work = replace(base, wake=sender.wake)
    return Assistant(
        settings=settings,
        work=work,
        slack=slack,
        sender=sender,
        hubspot=hubspot,
        hubspot_client=client,
        sync=Sync(work, hubspot) if hubspot is not None else None,
    )


def hubspot_client(settings: Settings) -> HubSpotClient | None:
    """HubSpot as these settings name it; None without a token."""
    if settings.hubspot_access_token is None:
        return None
    return HubSpotClient(
        settings.hubspot_access_token, settings.hubspot_api_url, settings.hubspot_api_version
    )


def _deal_url(settings: Settings) -> Callable[[str], str | None]:
    portal = settings.config.hubspot.portal_id
    if settings.hubspot_access_token is None or portal is None:
        return _no_page
    return lambda deal_id: HUBSPOT_RECORD.format(portal=portal, deal=deal_id)


def _no_page(deal_id: str) -> None:
    """An imported book has no pages to link to."""


def _settled(work: Work) -> Callable[[Parcel, Delivery, Session], None]:
    """What follows when a row has arrived: where a message stands, which record carries a fact, what is drawn anew."""

    def settled(parcel: Parcel, delivery: Delivery, session: Session) -> None:
        note_sent(session, parcel, delivery)
        link_arrived(session, parcel, delivery, work.now())
        show_arrived(work, session, parcel, delivery)

    return settled

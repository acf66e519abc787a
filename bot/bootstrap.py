"""Wiring: settings in, a working assistant out. Every part can be handed in instead."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.hubspot.budget import SEARCHES, SMALLEST_PLAN, TEN_SECONDS, Budget, SharedBudget
from bot.hubspot.client import HubSpotClient
from bot.hubspot.courier import HubSpotCourier
from bot.hubspot.gateway import HubSpotGateway
from bot.hubspot.outgoing import OutgoingFacts
from bot.hubspot.paths import deal_page
from bot.logs import LOGGER, log
from bot.playbook.policy import Policy, load_policy
from bot.services.acts.status_leave import SeenStatus, note_statuses
from bot.services.incoming.marks import Mark, keep_marks
from bot.services.incoming.report import SyncReport
from bot.services.incoming.sync import Sync
from bot.services.outgoing.arrived import show_arrived
from bot.services.outgoing.crm_links import link_arrived
from bot.services.outgoing.messages import note_sent
from bot.services.outgoing.sending import Sender
from bot.services.people.people import SlackPerson, upsert_people
from bot.services.people.user_groups import UserGroup, keep_members, keep_problems, named_groups
from bot.services.ports import Clock, Courier, Delivery, Parcel
from bot.services.runs.looking import look_again_at, look_at_all
from bot.services.work import Work
from bot.settings import Settings
from bot.slack.courier import SlackCourier
from bot.slack.directory import SlackUser
from bot.slack.gateway import SlackGateway
from bot.slack.renderer import Renderer
from bot.slack.statuses import seen_status
from bot.slack.trouble import CallRefused, SlackTrouble, TokenRejected
from bot.store.inserts import put_row
from bot.store.outbox import Policy as OutboxPolicy
from bot.store.session import Store
from bot.store.tables import Setting

CALENDARS = "calendars"
GROUPS_REFUSED = (
    "Slack does not say who is in the user groups of the config ({why}); those known before stay. Add usergroups:read"
    " to the app (manifest.yml has it) and reinstall it."
)

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
        """The minute's pass over HubSpot's changes; None without HubSpot."""
        return self.sync.run(briefly=True) if self.sync is not None else None

    def sync_marked(self) -> SyncReport | None:
        """Read what HubSpot's webhooks named; None when there is nothing to read."""
        return self.sync.read_marked() if self.sync is not None else None

    def keep_marks(self, marks: Collection[Mark]) -> None:
        """Note what a webhook named. Raises StoreError."""
        with self.work.store.write() as session:
            keep_marks(session, marks)

    def sync_people(self) -> tuple[str, ...]:
        """Bring people, their groups and statuses up to date; answers the owners whom nobody in Slack answers to."""
        asked_at, directory = self.work.elapsed(), _Directory(self.slack)
        try:
            return self._match_people(directory)
        finally:  # what Slack says does not wait for HubSpot
            self._read_user_groups()
            note_statuses(self.work, directory.statuses(), asked_at)

    def _match_people(self, directory: _Directory) -> tuple[str, ...]:
        if self.sync is not None:
            return self.sync.people(directory)
        found = tuple(directory.people())  # asked before the transaction: it may take a while
        with self.work.store.write() as session:
            look_again_at(self.work, session, upsert_people(session, found), self.work.now())
        return ()

    def _read_user_groups(self) -> None:
        """Who is in the groups that the configuration names. While Slack does not say, those known before stay."""
        handles = named_groups(self.work.config)
        if not handles:
            return
        try:
            found = self.slack.user_groups(handles)
        except SlackTrouble as error:
            log(_log, logging.WARNING, "people.no_user_groups", error=error)
            if isinstance(error, TokenRejected | CallRefused):
                with self.work.store.write() as session:
                    keep_problems(session, [GROUPS_REFUSED.format(why=error.code)])
            return
        groups = [UserGroup(one.handle, frozenset(one.members), one.disabled) for one in found]
        with self.work.store.write() as session:
            problems = keep_members(session, handles, groups)
        for problem in problems:
            log(_log, logging.WARNING, "people.user_group", problem=problem)

    def look_again_if_calendars_changed(self) -> bool:
        """Recompute the index of next looks when offices or playbook settings are not those of the last start."""
        said = f"{self.work.config.offices!r}{self.work.policy!r}".encode()
        wanted = hashlib.sha256(said).hexdigest()
        with self.work.store.read() as session:
            known = session.get(Setting, CALENDARS)
            if known is not None and known.value.get("sha256") == wanted:
                return False
        look_at_all(self.work, self.work.now())
        with self.work.store.write() as session:
            put_row(session, Setting, {"name": CALENDARS, "value": {"sha256": wanted}})
        return True

    def stop(self) -> None:
        """Let the workers finish what they carry, then close the database."""
        if not self.sender.stop():
            log(_log, logging.WARNING, "sender.stop_timed_out")
        self.work.store.close()


class _Directory:
    """The workspace's people, as the services want them; Slack is asked once, for the people."""

    def __init__(self, slack: SlackGateway) -> None:
        self._slack = slack
        self._listed: list[tuple[str, SlackUser]] = []

    def people(self) -> Iterable[SlackPerson]:
        team = self._slack.identity().team_id
        self._listed = [(user.team_id or team, user) for user in self._slack.directory() if not user.is_bot]
        for team_id, user in self._listed:
            if user.email is not None:
                yield SlackPerson(team_id, user.id, user.email, user.name, user.tz, not user.deleted)

    def statuses(self) -> Iterable[SeenStatus]:
        """What stood beside their names in the same list."""
        return [seen_status(user, team_id) for team_id, user in self._listed]


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
    client = client or hubspot_client(settings, store, clock)
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
        "policy": OutboxPolicy(
            poison_after=settings.config.outbox_tries, unknown_looks=settings.config.outbox_looks
        ),
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


def hubspot_client(
    settings: Settings, store: Store | None = None, clock: Clock | None = None
) -> HubSpotClient | None:
    """HubSpot as these settings name it; None without a token. With a store all processes share its limits."""
    if settings.hubspot_access_token is None:
        return None
    calls: Budget | None = None
    searches: Budget | None = None
    if store is not None and clock is not None:
        calls = SharedBudget(store, clock.elapsed, "HubSpot calls", SMALLEST_PLAN, TEN_SECONDS)
        searches = SharedBudget(store, clock.elapsed, "HubSpot searches", SEARCHES, 1.0, at_a_time=1)
    return HubSpotClient(
        settings.hubspot_access_token,
        settings.hubspot_api_url,
        settings.hubspot_api_version,
        calls=calls,
        searches=searches,
    )


def _deal_url(settings: Settings) -> Callable[[str], str | None]:
    portal = settings.config.hubspot.portal_id
    if settings.hubspot_access_token is None or portal is None:
        return _no_page
    return lambda deal_id: deal_page(portal, deal_id)


def _no_page(deal_id: str) -> None:
    """An imported book has no pages to link to."""


def _settled(work: Work) -> Callable[[Parcel, Delivery, Session], None]:
    """What follows when a row has arrived: where a message stands, which record carries a fact, what is drawn anew."""

    def settled(parcel: Parcel, delivery: Delivery, session: Session) -> None:
        note_sent(session, parcel, delivery)
        link_arrived(session, parcel, delivery, work.now())
        show_arrived(work, session, parcel, delivery)

    return settled

"""The workspace: its people, channels and app, and what an admin can do to them while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from sandbox.clock import Elapsed, SandboxClock
from sandbox.faults import FaultPlan
from sandbox.journal import Journal
from sandbox.slack.changes import Changes
from sandbox.slack.delivery import Dispatcher
from sandbox.slack.errors import SlackError
from sandbox.slack.http_delivery import HttpDelivery
from sandbox.slack.ids import Ids, Timestamps
from sandbox.slack.manifest import Manifest
from sandbox.slack.model import (
    COLORS,
    SLACKBOT_ID,
    AppIdentity,
    Channel,
    Message,
    Person,
    Screens,
    UserGroup,
    View,
)
from sandbox.slack.rates import RateLimiter, RateLimits
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.triggers import Triggers


class Workspace:
    """One Slack workspace with one app installed. Every method is safe to call from any thread;
    code that does several steps on the contents holds `lock` around them.
    """

    def __init__(
        self,
        clock: SandboxClock,
        journal: Journal,
        faults: FaultPlan,
        *,
        seed: int = 0,
        manifest: Manifest | None = None,
        elapsed: Elapsed = time.monotonic,
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.faults = faults
        self.elapsed = elapsed
        self.manifest = manifest or Manifest()
        self.lock = threading.RLock()
        self.changes = Changes()
        self.ids = Ids(seed)
        self.timestamps = Timestamps()
        self.triggers = Triggers(self.ids, elapsed)
        self.limiter = RateLimiter(RateLimits(), elapsed)
        self.response_urls = ResponseUrls(self.ids, elapsed)
        self.dispatcher = Dispatcher(journal, faults, elapsed)
        self.base_url = ""
        self.team_id = self.ids.draw("T")
        self.team_name = "Sandbox"
        self.app = AppIdentity(
            app_id=self.ids.draw("A"),
            bot_id=self.ids.draw("B"),
            bot_user_id=self.ids.draw("U"),
            bot_token="xoxb-" + self.ids.draw("", 12, "0123456789") + "-" + self.ids.hexadecimal(24),
            app_token="xapp-1-" + self.ids.draw("A") + "-" + self.ids.hexadecimal(40),
            signing_secret=self.ids.hexadecimal(),
        )
        self.sockets = SocketMode(self.ids, journal, elapsed, self.app.app_id)
        self.dispatcher.transport = self.sockets
        self.scopes = set(self.manifest.scopes)
        self.token_refusal: str | None = None
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.screens: dict[str, Screens] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self._add_own_bots()

    @property
    def bot_token(self) -> str:
        """What the app proves itself with at the Web API."""
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        """What the app opens Socket Mode with."""
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        """What requests to the app are signed with."""
        return self.app.signing_secret

    @property
    def rates(self) -> RateLimits:
        """The rate limits in force; assign to its members to loosen them."""
        return self.limiter.limits

    def add_person(
        self,
        name: str,
        email: str,
        tz: str,
        *,
        title: str = "",
        roles: Iterable[str] = (),
        id: str | None = None,
    ) -> Person:
        """A new member; `tz` is an IANA zone. Their conversation with the app exists from the start."""
        with self.lock:
            person = Person(
                id=id or self.ids.draw("U"),
                handle=email.partition("@")[0].lower(),
                name=name,
                email=email,
                tz=tz,
                title=title,
                roles=tuple(roles),
                color=COLORS[len(self.people) % len(COLORS)],
            )
            if person.id in self.people:
                raise ValueError(f"The workspace already has a person {person.id}.")
            self.people[person.id] = person
            self.screens[person.id] = Screens()
            channel = self._new_channel("dm", name, {person.id, self.app.bot_user_id}, None, private=True)
            self.channels[channel.id] = channel
            return person

    def add_channel(
        self,
        name: str,
        members: Iterable[str] = (),
        *,
        id: str | None = None,
        private: bool = False,
        with_app: bool = True,
    ) -> Channel:
        """A new channel of these user ids; the app is in it unless `with_app` is False."""
        with self.lock:
            everyone = set(members) | ({self.app.bot_user_id} if with_app else set())
            channel = self._new_channel("channel", name, everyone, id, private=private)
            if channel.id in self.channels:
                raise ValueError(f"The workspace already has a channel {channel.id}.")
            self.channels[channel.id] = channel
            return channel

    def dm_of(self, user: str) -> Channel:
        """The conversation of `user` with the app. Raises SlackError `user_not_found`."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "dm" and user in channel.members:
                    return channel
        raise SlackError("user_not_found")

    def person(self, user: str) -> Person:
        """The member `user`. Raises SlackError `user_not_found`."""
        with self.lock:
            person = self.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, channel_id: str) -> Channel:
        """The conversation `channel_id`. Raises SlackError `channel_not_found`."""
        with self.lock:
            channel = self.channels.get(channel_id)
        if channel is None:
            raise SlackError("channel_not_found")
        return channel

    def message(self, channel_id: str, ts: str, user: str | None = None) -> Message:
        """A message by its ts; with `user`, also one that only they see.

        Raises SlackError `message_not_found`.
        """
        channel = self.channel(channel_id)
        with self.lock:
            message = channel.messages.get(ts)
            if message is None and user is not None:
                hidden = channel.ephemerals.get(ts)
                message = hidden if hidden is not None and hidden.ephemeral_to == user else None
        if message is None:
            raise SlackError("message_not_found")
        return message

    def messages(self, channel_id: str) -> list[Message]:
        """All messages everybody in the conversation sees, oldest first, replies included."""
        channel = self.channel(channel_id)
        with self.lock:
            return list(channel.messages.values())

    def view(self, view_id: str) -> View:
        """An open modal or a Home tab. Raises SlackError `not_found`."""
        with self.lock:
            for screens in self.screens.values():
                for view in (*screens.modals, screens.home):
                    if view is not None and view.id == view_id:
                        return view
        raise SlackError("not_found")

    def deactivate(self, user: str) -> None:
        """The member's account is closed; so are their modals."""
        with self.lock:
            self.person(user).deleted = True
            self.screens[user].modals.clear()

    def reactivate(self, user: str) -> None:
        """The member's account is open again."""
        with self.lock:
            self.person(user).deleted = False

    def archive(self, channel_id: str) -> None:
        """Nothing more can be said in the conversation."""
        with self.lock:
            self.channel(channel_id).archived = True

    def unarchive(self, channel_id: str) -> None:
        """The conversation goes on."""
        with self.lock:
            self.channel(channel_id).archived = False

    def remove_app(self, channel_id: str) -> None:
        """The app is taken out of the channel."""
        with self.lock:
            self.channel(channel_id).members.discard(self.app.bot_user_id)

    def add_app(self, channel_id: str) -> None:
        """The app is invited to the channel."""
        with self.lock:
            self.channel(channel_id).members.add(self.app.bot_user_id)

    def revoke_token(self, code: str = "token_revoked") -> None:
        """The bot token stops working: calls answer `code` (`token_revoked` or `account_inactive`)."""
        with self.lock:
            self.token_refusal = code

    def restore_token(self) -> None:
        """The bot token works again."""
        with self.lock:
            self.token_refusal = None

    def remove_scope(self, scope: str) -> None:
        """Calls that need `scope` answer `missing_scope`."""
        with self.lock:
            self.scopes.discard(scope)

    def add_scope(self, scope: str) -> None:
        """The app has `scope` (again)."""
        with self.lock:
            self.scopes.add(scope)

    def deliver_by_http(
        self, request_url: str, signing_secret: str | None = None, *, verify: bool = True
    ) -> None:
        """Deliver to `request_url` by signed HTTP instead of Socket Mode.

        Raises UrlNotVerified when the app does not echo the challenge (`verify`).
        """
        transport = HttpDelivery(request_url, signing_secret or self.signing_secret, self.elapsed)
        if verify:
            transport.verify(self.ids.hexadecimal())
        self.dispatcher.transport = transport

    def next_ts(self) -> str:
        """The timestamp of something that is said now."""
        with self.lock:
            return self.timestamps.next(self.clock.now())

    def _new_channel(
        self, kind: str, name: str, members: set[str], id: str | None, *, private: bool
    ) -> Channel:
        return Channel(
            id=id or self.ids.draw("D" if kind == "dm" else "C"),
            kind="dm" if kind == "dm" else "channel",
            name=name,
            members=members,
            private=private,
            created=int(self.clock.now().timestamp()),
        )

    def _add_own_bots(self) -> None:
        name = self.manifest.name
        self.people[self.app.bot_user_id] = Person(
            self.app.bot_user_id, name.lower().replace(" ", "_"), name, "", "America/Los_Angeles", is_bot=True
        )
        self.people[SLACKBOT_ID] = Person(SLACKBOT_ID, "slackbot", "Slackbot", "", "America/Los_Angeles")

"""Slack as the assistant uses it: people, conversations, messages and forms.

Two clients: one for listeners, which gives up after 2 seconds because the person is waiting and the trigger
expires; one for couriers, which waits 10. Every method raises SlackTrouble and nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from slack_sdk.web import WebClient

from bot.logs import log
from bot.settings import Settings
from bot.slack import ids
from bot.slack.directory import SlackGroup, SlackUser, groups_called, user_of
from bot.slack.trouble import CallRefused, ChannelGone, SlackTrouble
from bot.slack.views.blocks import Block
from bot.slack.wire import (
    LOGGER,
    Json,
    call,
    granted_scopes,
    objects,
    post_to_url,
    read,
    text_of,
    web_client,
)

LISTENER_SECONDS: Final = 2
COURIER_SECONDS: Final = 10
PAGE: Final = 200
MOST_PAGES: Final = 100
# A look-up has to end well within the lease of a row, however slowly Slack answers.
HISTORY_PAGE: Final = 900
MOST_HISTORY_PAGES: Final = 3
PARCEL_EVENT: Final = "renewals_parcel"
# How Slack says that this workspace or this app has no agent pane; it is not asked again before a restart.
NO_AGENT_PANE: Final = frozenset(
    {
        "unknown_method",
        "not_allowed",
        "missing_scope",
        "no_permission",
        "access_denied",
        "feature_not_enabled",
        "not_allowed_token_type",
        "paid_teams_only",
    }
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the app is in this workspace."""

    team_id: str
    team: str
    user_id: str
    bot_id: str | None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is."""

    channel: str
    ts: str


class SlackGateway:
    """The workspace behind one bot token. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.api_url = settings.slack_api_url
        self._quick = web_client(settings.slack_bot_token, self.api_url, LISTENER_SECONDS)
        self._patient = web_client(settings.slack_bot_token, self.api_url, COURIER_SECONDS)
        self._logger = logging.getLogger(LOGGER)
        self._lock = threading.Lock()
        self._identity: Identity | None = None
        self._said_no_metadata = False
        self._no_agent_pane = False

    def identity(self) -> Identity:
        """Who we are; asked once, then remembered."""
        with self._lock:
            if self._identity is None:
                answer = call(self._patient, "auth.test")
                self._identity = Identity(
                    team_id=text_of(answer, "team_id"),
                    team=str(answer.get("team") or ""),
                    user_id=text_of(answer, "user_id"),
                    bot_id=answer.get("bot_id"),
                )
            return self._identity

    @property
    def known_identity(self) -> Identity | None:
        """Who we are, if `identity` was ever answered; never asks."""
        return self._identity

    def scopes(self) -> frozenset[str] | None:
        """What the token may do; None when the server does not say."""
        return granted_scopes(self._patient)

    def can_connect(self, app_token: str) -> None:
        """Ask for a Socket Mode address and do not use it. Raises SlackTrouble when the app token is refused."""
        call(web_client(app_token, self.api_url, COURIER_SECONDS), "apps.connections.open")

    def directory(self) -> list[SlackUser]:
        """Everybody of the workspace, deactivated people included."""
        found: list[SlackUser] = []
        for page in _pages(self._patient, "users.list", limit=PAGE):
            found += [user for member in objects(page, "members") if (user := user_of(member)) is not None]
        return found

    def user_groups(self, handles: Collection[str]) -> list[SlackGroup]:
        """Those of these user groups that there are, the disabled included, with the members of the others."""
        return groups_called(self._patient, handles)

    def open_dm(self, user: str) -> str:
        """The channel of the app's conversation with a user."""
        answer = call(self._patient, "conversations.open", users=user)
        channel = answer.get("channel")
        return text_of(channel if isinstance(channel, dict) else {}, "id")

    def channel_named(self, channel: str) -> Json:
        """What Slack says of a channel; raises ChannelGone when the app cannot see it."""
        answer = read(self._patient, "conversations.info", channel=channel)
        shown = answer.get("channel")
        if not isinstance(shown, dict):
            raise ChannelGone("channel_not_found")
        return shown

    def post(
        self, channel: str, text: str, blocks: list[Block], key: str, thread_ts: str | None = None
    ) -> Posted:
        """Post a message that `find_posted` finds again by its `key`; into a thread when one is given."""
        answer = call(
            self._patient,
            "chat.postMessage",
            channel=channel,
            text=text,
            thread_ts=thread_ts,
            blocks=keyed(blocks, key),
            metadata={"event_type": PARCEL_EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        message = answer.get("message")
        if not (isinstance(message, dict) and isinstance(message.get("metadata"), dict)):
            self._say_no_metadata()
        return Posted(str(answer.get("channel") or channel), text_of(answer, "ts"))

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        """Our message with this key, posted at `since` (aware) or later; by metadata, else by block id."""
        wanted = ids.key_block(key)
        pages = _pages(
            self._patient,
            "conversations.history",
            channel=channel,
            oldest=f"{since.timestamp():.6f}",
            inclusive="true",
            include_all_metadata="true",
            limit=HISTORY_PAGE,
            most_pages=MOST_HISTORY_PAGES,
        )
        for page in pages:
            for message in objects(page, "messages"):
                ts = message.get("ts")
                if isinstance(ts, str) and (_key_of(message) == key or _has_block(message, wanted)):
                    return Posted(channel, ts)
        return None

    def update(self, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
        """Replace a message of ours; the same content twice is the same as once."""
        call(self._patient, "chat.update", channel=channel, ts=ts, text=text, blocks=blocks)

    def whisper(self, channel: str, user: str, text: str, blocks: list[Block]) -> Posted:
        """Show something to one member of a channel only; it cannot be found or updated afterwards."""
        answer = call(
            self._patient, "chat.postEphemeral", channel=channel, user=user, text=text, blocks=blocks
        )
        return Posted(channel, str(answer.get("message_ts") or ""))

    def respond(self, response_url: str, text: str, blocks: list[Block], *, replace_original: bool) -> None:
        """Answer where somebody pressed or typed: replace that message, or show it to them only."""
        if not self.is_ours(response_url):
            raise SlackTrouble("foreign_response_url")
        body: Json = {"text": text, "blocks": blocks, "replace_original": replace_original}
        if not replace_original:
            body["response_type"] = "ephemeral"
        post_to_url(response_url, body, COURIER_SECONDS)

    def is_ours(self, response_url: str) -> bool:
        """Whether an address belongs to the workspace's server, so that nothing is sent anywhere else."""
        try:
            there, api = urlsplit(response_url), urlsplit(self.api_url)
            same_server = (there.scheme, there.hostname, there.port) == (api.scheme, api.hostname, api.port)
        except ValueError:
            return False
        hooks = there.scheme == "https" and there.hostname == "hooks.slack.com" and there.port is None
        return same_server or (hooks and (api.hostname or "").endswith("slack.com"))

    def open_view(self, trigger_id: str, view: Block) -> str:
        """Open a form in answer to a press; its view id. Call within 3 seconds of the press."""
        return _view_id(call(self._quick, "views.open", trigger_id=trigger_id, view=view))

    def push_view(self, trigger_id: str, view: Block) -> str:
        """Open a form on top of the open one; its view id."""
        return _view_id(call(self._quick, "views.push", trigger_id=trigger_id, view=view))

    def publish_home(self, user: str, view: Block) -> None:
        """Draw a person's Home tab; the same content twice is the same as once."""
        call(self._patient, "views.publish", user_id=user, view=view)

    @property
    def has_agent_pane(self) -> bool:
        """False once Slack has said that there is none for us: older plans, or an app installed without it."""
        return not self._no_agent_pane

    def suggest_prompts(self, channel: str, prompts: list[Json], title: str) -> None:
        """Offer up to 4 prompts, each with `title` and `message`, over the composer of a conversation with us.

        Without a thread: with one, Slack does nothing for an agent.
        """
        try:
            call(
                self._quick,
                "assistant.threads.setSuggestedPrompts",
                channel_id=channel,
                prompts=prompts,
                title=title,
            )
        except SlackTrouble as error:
            self._no_agent_pane = self._no_agent_pane or error.code in NO_AGENT_PANE
            raise

    def update_view(self, view_id: str, view: Block, hash_: str | None = None) -> None:
        """Draw an open form again; with `hash_` only if nobody has changed it meanwhile (ViewGone)."""
        call(self._quick, "views.update", view_id=view_id, view=view, hash=hash_)

    def _say_no_metadata(self) -> None:
        with self._lock:
            said, self._said_no_metadata = self._said_no_metadata, True
        if not said:
            log(self._logger, logging.WARNING, "slack.metadata_not_echoed", instead="block_id")


def keyed(blocks: list[Block], key: str) -> list[Block]:
    """The blocks with the key as the block id of the first one that nobody presses anything on."""
    for place, block in enumerate(blocks):
        if block["type"] in ("section", "header", "context", "divider") and "accessory" not in block:
            return [*blocks[:place], {**block, "block_id": ids.key_block(key)}, *blocks[place + 1 :]]
    return blocks


def _pages(
    client: WebClient, method: str, *, most_pages: int = MOST_PAGES, **arguments: Any
) -> Iterator[Json]:
    """All pages of a list. Raises CallRefused instead of following cursors for ever."""
    cursor: str | None = None
    for _ in range(most_pages):
        page = read(client, method, cursor=cursor, **arguments)
        yield page
        metadata = page.get("response_metadata")
        following = metadata.get("next_cursor") if isinstance(metadata, dict) else None
        if not isinstance(following, str) or not following:
            return
        cursor = following
    raise CallRefused("too_many_pages", method)


def _key_of(message: Json) -> str | None:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != PARCEL_EVENT:
        return None
    payload = metadata.get("event_payload")
    key = payload.get("key") if isinstance(payload, dict) else None
    return key if isinstance(key, str) else None


def _has_block(message: Json, block_id: str) -> bool:
    return any(block.get("block_id") == block_id for block in objects(message, "blocks"))


def _view_id(answer: Json) -> str:
    view = answer.get("view")
    return text_of(view if isinstance(view, dict) else {}, "id")

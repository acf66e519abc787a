"""Bolt, set up as PLATFORM says, and the two ways in which Slack reaches it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from wsgiref.types import WSGIApplication

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from bot.settings import Settings
from bot.slack.gateway import COURIER_SECONDS, LISTENER_SECONDS, SlackGateway
from bot.slack.http_edge import PATH, HttpEdge
from bot.slack.sockets import PromptSocketMode
from bot.slack.wire import LOGGER, web_client

# A burst of 500 envelopes has to be answered within 3 seconds; each listener is one small transaction.
SOCKET_WORKERS: Final = 40


def create_app(settings: Settings, gateway: SlackGateway) -> App:
    """An app without listeners; makes no call.

    Listeners run before the acknowledgement leaves (`process_before_response`), which ends Bolt's race
    between both. Who we are comes from the gateway: an `authorize` of our own also keeps Bolt from switching
    to OAuth when `SLACK_CLIENT_ID` happens to be in the environment.
    """
    logger = logging.getLogger(f"{LOGGER}.bolt")
    logger.setLevel(logging.ERROR)  # below that it writes parts of what people sent
    token = settings.slack_bot_token

    def authorize(team_id: str | None) -> AuthorizeResult:
        known = gateway.known_identity
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.team_id if known else team_id,
            bot_user_id=known.user_id if known else None,
            bot_id=known.bot_id if known else None,
            bot_token=token,
        )

    return App(
        name=logger.name,  # Bolt levels the logger of this name with each request: not the product's own
        logger=logger,
        client=web_client(None, settings.slack_api_url, LISTENER_SECONDS),
        signing_secret=settings.slack_signing_secret,
        authorize=authorize,
        process_before_response=True,
        token_verification_enabled=False,
    )


def socket_mode(app: App, settings: Settings) -> PromptSocketMode:
    """Slack over a WebSocket; `connect()` opens it, `close()` ends it.

    By the `websocket_client` adapter: the builtin one loses events in bursts.
    """
    return PromptSocketMode(
        app,
        app_token=settings.slack_app_token,
        web_client=web_client(None, settings.slack_api_url, COURIER_SECONDS),
        concurrency=SOCKET_WORKERS,
    )


def http_app(app: App, settings: Settings, elapsed: Callable[[], datetime]) -> WSGIApplication:
    """Slack over signed HTTP, for a threaded WSGI server; `elapsed` is elapsed time, aware UTC.

    Raises ValueError without a signing secret.
    """
    return HttpEdge(SlackRequestHandler(app, path=PATH), settings.slack_signing_secret, elapsed)

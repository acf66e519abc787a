"""`renewals run [--http [--port N]]`: work in Slack, until stopped."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import FrameType

from slack_bolt import App

import handlers
import scheduler
from bot.bootstrap import Assistant
from bot.cli.opened import opened
from bot.cli.output import WRONG, log_to_stderr, say, warn
from bot.cli.serving import EVERYWHERE, serve, taken
from bot.cli.way_in import WayIn
from bot.cli.words import parser_of, port
from bot.hubspot.webhooks import PATH as WEBHOOKS
from bot.hubspot.webhooks import WebhookEdge
from bot.services.incoming.marks import Mark
from bot.services.runs.go_live import approved_from
from bot.signed_http import by_path
from bot.slack.bolt import create_app, http_app, socket_mode
from bot.slack.http_edge import PATH as SLACK

PORT = 3000


def main(argv: list[str]) -> int:
    """0 after a stop that was asked for; 2 when the port is taken."""
    wanted = _parser().parse_args(argv)
    if wanted.http and (why := taken(wanted.port)):
        warn([f"{why}: choose another with --port."])
        return WRONG
    log_to_stderr(verbose=wanted.verbose)
    secret = "SLACK_SIGNING_SECRET" if wanted.http else "SLACK_APP_TOKEN"
    with opened("SLACK_BOT_TOKEN", secret) as assistant:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop_on(stopped))
        with assistant.work.store.read() as session:
            start = approved_from(session)
        own_port = None if wanted.http else assistant.settings.hubspot_webhook_port
        if own_port is not None and (why := taken(own_port)):
            warn([f"{why}: choose another for HUBSPOT_WEBHOOK_PORT."])
            return WRONG
        if start is None:
            say("Quiet: nothing is sent before an admin approved with `renewals go-live --from DATE`.")
        ticks = scheduler.Ticks(assistant)
        http_port = wanted.port if wanted.http else None
        with at_work(assistant, http_port=http_port, woken=partial(ticks.soon, "marked")), ticks:
            where = f" on port {wanted.port}, for Slack's requests to /slack/events" if wanted.http else ""
            say(f"Running{where}. Ctrl-C stops.")
            stopped.wait()
    return 0


@contextmanager
def at_work(
    assistant: Assistant,
    *,
    http_port: int | None = None,
    woken: Callable[[], None] = lambda: None,
    host: str = EVERYWHERE,
) -> Iterator[None]:
    """Senders and, as soon as Slack can be reached, the way in are open; nothing happens by itself yet.

    HubSpot's webhooks come in over the same port as signed HTTP, or over one of their own beside Socket Mode;
    `woken` is called after each that named something. `host`: where that port of their own is listened on.
    """
    assistant.look_again_if_calendars_changed()
    app = create_app(assistant.settings, assistant.slack)
    handlers.register(app, assistant)
    assistant.sender.start()
    webhooks = webhook_edge(assistant, woken)
    own_port = assistant.settings.hubspot_webhook_port
    way_in = WayIn(
        assistant,
        partial(_connect, assistant, app)
        if http_port is None
        else partial(_listen, assistant, app, http_port, webhooks),
    )
    with ExitStack() as open_ways:
        open_ways.callback(assistant.stop)
        if webhooks is not None and http_port is None and own_port is not None:
            open_ways.callback(serve(by_path({WEBHOOKS: webhooks}), own_port, host))
        way_in.open()
        open_ways.callback(way_in.close)
        yield


def webhook_edge(assistant: Assistant, woken: Callable[[], None]) -> WebhookEdge | None:
    """HubSpot's webhooks; None when they are not switched on."""
    settings = assistant.settings
    if assistant.sync is None or not settings.hubspot_client_secret:
        return None

    def take(marks: Collection[Mark]) -> None:
        assistant.keep_marks(marks)
        woken()

    return WebhookEdge(
        settings.hubspot_client_secret,
        settings.hubspot_webhook_url,
        take,
        assistant.work.elapsed,
        settings.config.hubspot.portal_id,
    )


def _connect(assistant: Assistant, app: App) -> Callable[[], None]:
    handler = socket_mode(app, assistant.settings)
    try:
        handler.connect()
    except BaseException:
        handler.close()
        raise
    return handler.close


def _listen(assistant: Assistant, app: App, port: int, webhooks: WebhookEdge | None) -> Callable[[], None]:
    slack = http_app(app, assistant.settings, assistant.work.elapsed)
    return serve(by_path({SLACK: slack, **({WEBHOOKS: webhooks} if webhooks is not None else {})}), port)


def _stop_on(stopped: threading.Event) -> Callable[[int, FrameType | None], None]:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of signal handlers
        stopped.set()

    return stop


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("run", __doc__)
    parser.add_argument("--http", action="store_true", help="listen for signed HTTP instead of Socket Mode")
    parser.add_argument("--port", type=port, default=PORT, help=f"with --http: the port ({PORT})")
    parser.add_argument("--verbose", action="store_true", help="log at DEBUG")
    return parser

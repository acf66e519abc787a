"""`renewals sandbox`: a local Slack and a local HubSpot with the assistant in it, and a page to look at.

The assistant talks to both over HTTP and a WebSocket exactly as it would to the real services.
"""

from __future__ import annotations

import argparse
import signal
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

from sqlalchemy import select

import scheduler
from bot.bootstrap import Assistant
from bot.cli.opened import wired
from bot.cli.output import log_to_stderr, say
from bot.cli.remembered import remember
from bot.cli.run import at_work
from bot.cli.serving import THIS_MACHINE
from bot.cli.words import day, parser_of, port
from bot.clock import SystemClock
from bot.config_file import load_config
from bot.hubspot.setup import set_up
from bot.hubspot.webhooks import PATH as WEBHOOKS
from bot.playbook.office_holidays import office_holidays
from bot.services.runs.go_live import approve
from bot.settings import Settings
from bot.store.outbox import OPEN_STATES
from bot.store.tables import OutboxRow
from sandbox.book import Entry, config_toml, fill
from sandbox.book.people import REPS
from sandbox.server import SandboxServer, World

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yml"
PORT = 8300
TICK_SECONDS = 3
SATURDAY = 5
# The sandbox is live from the start: long before the first put-out date of the book.
LIVE_FOR = timedelta(days=365)
AT_EACH_MORNING = ("mornings", "manager_mornings", "during_day")
BEFORE_THE_MORNING = timedelta(minutes=1)
LONGEST_WAIT = 10.0  # seconds: what Slack does not take until then comes later


def main(argv: list[str]) -> int:
    """0 after a stop that was asked for; 2 when the port is taken."""
    wanted = _parser().parse_args(argv)
    log_to_stderr(verbose=wanted.verbose, quiet=True)
    try:
        on = wanted.date or _working_day_from(date.today())  # noqa: DTZ011 - a calendar day to play on
        world, diary = world_on(on, wanted.seed)
        world_on_port = SandboxServer(world, wanted.port)
    except OSError as error:
        say(f"Port {wanted.port} cannot be used ({error.strerror}): choose another with --port.")
        return 2
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with world_on_port as server, living(server, diary, webhooks=wanted.webhooks):
        say(f"The workspace is at {server.url} - Ctrl-C stops it.")
        if wanted.webhooks:
            say(f"Its HubSpot sends webhooks to {server.world.hubspot.webhooks.url}.")
        if not wanted.no_browser:
            webbrowser.open(server.url)
        stopped.wait()
    return 0


@contextmanager
def living(server: SandboxServer, diary: Sequence[Entry], *, webhooks: bool = False) -> Iterator[Assistant]:
    """An assistant at work in a filled world, each rep's morning of the book's date just sent.

    `diary` is what the team has told it before that day. `webhooks`: the sandbox's HubSpot also tells what
    changes, once that morning is over.
    """
    world = server.world
    with tempfile.TemporaryDirectory(prefix="renewals-") as folder:
        settings = _settings(server, Path(folder))
        if webhooks:
            settings = _with_webhooks(settings, world.hubspot.webhooks.secret)
        with wired(settings, SystemClock(now=world.clock.now)) as assistant:
            if assistant.hubspot_client is not None:
                set_up(assistant.hubspot_client)
            approve(assistant.work, world.clock.now().date() - LIVE_FOR, "sandbox", world.clock.now())
            ticks = scheduler.Ticks(assistant, at_most_every=TICK_SECONDS)
            with at_work(assistant, woken=partial(ticks.soon, "marked"), host=THIS_MACHINE):
                _let_each_morning_come(server, assistant, diary)
                with ticks:
                    world.clock.subscribe(ticks.wake)  # a jump of the clock equals a host that slept
                    world.hubspot.webhooks.url = settings.hubspot_webhook_url or None
                    try:
                        yield assistant
                    finally:
                        world.hubspot.webhooks.url = None  # nobody listens any more


def _working_day_from(on: date) -> date:
    """The first day from `on` on which every rep works: there is a morning to show."""
    while on.weekday() >= SATURDAY or any(
        on in office_holidays(rep.country, rep.subdivision, [on.year]) for rep in REPS
    ):
        on += timedelta(days=1)
    return on


def world_on(on: date, seed: int) -> tuple[World, list[Entry]]:
    """A filled world, before the first morning of `on`, and what its team had logged."""
    first = min(_morning(on, rep.tz) for rep in REPS)
    world = World(seed=seed, now=first - BEFORE_THE_MORNING, manifest=MANIFEST)
    return world, fill(world, on)


def _settings(server: SandboxServer, folder: Path) -> Settings:
    config = folder / "renewals.toml"
    slack, hubspot = server.world.slack, server.world.hubspot
    text = config_toml()
    for channel in slack.channels.values():
        text = text.replace(f'"{channel.name}"', f'"{channel.id}"')
    config.write_text(text, "utf-8")
    return Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=server.slack_api_url,
        hubspot_access_token=hubspot.settings.token,
        hubspot_api_url=server.hubspot_api_url,
        database_url=f"sqlite:///{folder / 'renewals.sqlite3'}",
        config=load_config(config),
    )


def _with_webhooks(settings: Settings, secret: str) -> Settings:
    """With a listener of its own on this machine, as an admin sets it."""
    with socket.create_server((THIS_MACHINE, 0)) as free:
        port = free.getsockname()[1]
    url = f"http://{THIS_MACHINE}:{port}{WEBHOOKS}"
    return replace(settings, hubspot_client_secret=secret, hubspot_webhook_url=url, hubspot_webhook_port=port)


def _let_each_morning_come(server: SandboxServer, assistant: Assistant, diary: Sequence[Entry]) -> None:
    """Stop the clock at each rep's digest hour, so that nobody's morning is slept through."""
    scheduler.run_job(assistant, "sync")
    remember(assistant.work, diary)
    on = max(server.world.clock.now().astimezone(ZoneInfo(rep.tz)).date() for rep in REPS)
    for morning in sorted({_morning(on, rep.tz) for rep in REPS}):
        server.world.clock.set(morning)
        for job in AT_EACH_MORNING:
            scheduler.run_job(assistant, job)
        _let_messages_leave(assistant)


def _let_messages_leave(assistant: Assistant) -> None:
    """Wait for what this morning says, so that it is said at this morning's hour: a channel takes one a second."""
    still_here = select(OutboxRow.id).where(OutboxRow.service == "slack", OutboxRow.state.in_(OPEN_STATES))
    until = monotonic() + LONGEST_WAIT
    while monotonic() < until:
        assistant.sender.drain("slack")
        with assistant.work.store.read() as session:
            if session.scalar(still_here.limit(1)) is None:
                return
        sleep(0.02)


def _morning(on: date, tz: str) -> datetime:
    return datetime.combine(on, time(8, 30), ZoneInfo(tz))


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("sandbox", __doc__)
    parser.add_argument("--port", type=port, default=PORT, help=f"the page's port ({PORT}; 0: any free one)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--date", type=day, help="the first morning: 2026-11-23 (today)")
    parser.add_argument("--seed", type=int, default=0, help="another book of accounts")
    parser.add_argument(
        "--webhooks", action="store_true", help="its HubSpot also sends signed webhooks, as an app can"
    )
    parser.add_argument("--verbose", action="store_true", help="log at DEBUG")
    return parser

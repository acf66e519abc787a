"""The sandbox as one server: a local Slack and a local HubSpot on loopback, with a clock to turn."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from sandbox import control, people, profiles, writing
from sandbox.clock import Elapsed, SandboxClock
from sandbox.faults import FaultPlan
from sandbox.hubspot import crm_tab
from sandbox.hubspot.app import create_routes as hubspot_routes
from sandbox.hubspot.portal import Portal
from sandbox.journal import Entry, Journal
from sandbox.page_files import PageFiles
from sandbox.serving import PromptServer
from sandbox.slack import responses
from sandbox.slack.manifest import read_manifest
from sandbox.slack.profiles import end_statuses
from sandbox.slack.webapi import http as webapi
from sandbox.slack.workspace import Workspace

PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
START_SECONDS = 30.0
PING_SECONDS = 10.0


class World:
    """Everything the sandbox is made of, the same for the same seed. Nothing runs before a server does.

    `now`: business time to start at (aware). `manifest`: the app's manifest file; without one the app has
    every scope and no commands. Raises ManifestError for a file that cannot be used.
    """

    def __init__(
        self,
        seed: int = 0,
        now: datetime | None = None,
        manifest: Path | None = None,
        elapsed: Elapsed = time.monotonic,
    ) -> None:
        self.seed = seed
        self.clock = SandboxClock(now, elapsed)
        self.journal = Journal(self.clock)
        self.faults = FaultPlan(seed)
        self.slack = Workspace(
            self.clock,
            self.journal,
            self.faults,
            seed=seed,
            manifest=None if manifest is None else read_manifest(manifest),
            elapsed=elapsed,
        )
        self.hubspot = Portal(self.clock, self.journal, self.faults, elapsed=elapsed)
        self.clock.subscribe(lambda: self.slack.changes.tell("clock"))
        self.clock.subscribe(lambda: end_statuses(self.slack))
        self.journal.subscribe(self._tell_of)

    def _tell_of(self, entry: Entry) -> None:
        self.slack.changes.tell("traffic")
        if entry.service == "hubspot" and entry.accepted and not entry.method.startswith("GET"):
            self.slack.changes.tell("crm")


def create_app(world: World) -> Starlette:
    """The ASGI application of `world`."""
    slack = world.slack

    async def socket_mode(websocket: WebSocket) -> None:
        await slack.sockets.serve(websocket)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001 - Starlette's signature
        slack.dispatcher.start()
        yield
        await slack.dispatcher.stop()

    routes: list[Route | Mount | WebSocketRoute] = [
        webapi.route(slack),  # first what is asked most: routes are tried in turn
        Mount("/hubspot", routes=hubspot_routes(world.hubspot)),
        responses.route(slack),
        WebSocketRoute("/slack/socket", socket_mode),
        *people.routes(slack),
        *profiles.routes(slack),
        *writing.routes(slack),
        *control.routes(world.clock, world.faults, world.journal, slack),
        *crm_tab.routes(world.hubspot),
        Mount("/", PageFiles(directory=PAGE, html=True)),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class ServerConnections:
    """The open connections of a uvicorn server, for faults that close one without an answer."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server

    def abort(self, client: tuple[str, int]) -> None:
        """Close the connection of `client` at once; nothing when it is gone already."""
        for protocol in list(self._server.server_state.connections):
            open_protocol: Any = protocol
            if tuple(open_protocol.client or ()) == client:
                open_protocol.transport.abort()


class SandboxServer:
    """`world` on a port of loopback (0: any free one), served in a thread of its own. A context manager."""

    def __init__(self, world: World, port: int = 0) -> None:
        self.world = world
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((HOST, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        app = create_app(world)
        config = uvicorn.Config(
            app,
            http="h11",
            ws="websockets-sansio",
            ws_ping_interval=PING_SECONDS,
            ws_max_size=1_000_000,
            lifespan="on",
            log_level="warning",
            log_config=None,
            access_log=False,
        )
        self._server = PromptServer(config)
        app.state.connections = ServerConnections(self._server)
        world.slack.base_url = self.url
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )

    @property
    def url(self) -> str:
        """The page's address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def slack_api_url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"{self.url}/slack/api/"

    @property
    def hubspot_api_url(self) -> str:
        """What `HUBSPOT_API_URL` is set to."""
        return f"{self.url}/hubspot"

    def start(self) -> Self:
        """Serve. Raises RuntimeError when the server does not come up within 30 s."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError(f"The sandbox did not start on {self.url}.")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Stop serving; what is under way has a second to finish."""
        self.world.slack.changes.end()
        self.world.slack.sockets.close_all()
        self.world.hubspot.webhooks.stop()
        self._server.tell_to_stop()
        self._thread.join(timeout=START_SECONDS)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

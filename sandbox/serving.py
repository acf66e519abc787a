"""A server that stops when it is told to: uvicorn only looks for that, ten times a second, and so for the rest."""

from __future__ import annotations

import asyncio
import socket
import time

import uvicorn

FINISHING_SECONDS = 1.0
LOOK_SECONDS = 0.005


class PromptServer(uvicorn.Server):
    """`uvicorn.Server` for a thread of its own; `tell_to_stop` may be called from any other."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    def tell_to_stop(self) -> None:
        """Stop as soon as what is under way is finished, or within a second; nothing when it is not running."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # each of these sets the time in the headers
            try:
                await asyncio.wait_for(self._told.wait(), 1.0)
            except TimeoutError:
                continue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        until = time.monotonic() + FINISHING_SECONDS
        while (state.connections or state.tasks) and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
        for task in list(state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

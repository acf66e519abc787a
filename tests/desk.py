"""An admin's desk for tests of the setup: a terminal, a folder, and a HubSpot account on the wire."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli import main
from bot.hubspot.client import HubSpotClient
from sandbox.hubspot.properties import Schema
from sandbox.server import SandboxServer, World
from tests.process_state import put_back

COLUMNS = 80
READ_ONLY = "GET"


@dataclass(frozen=True)
class Done:
    """What the command answered, printed, and the calls it made."""

    code: int
    out: str
    err: str
    calls: list[str]

    @property
    def writes(self) -> list[str]:
        return [call for call in self.calls if not call.startswith(READ_ONLY)]


class Keyboard(io.StringIO):
    """A terminal at which these lines are typed, and which shows them; `...` is Ctrl-C."""

    def isatty(self) -> bool:
        return True

    def readline(self, *size: int | None) -> str:
        line = super().readline(*size)
        sys.stdout.write(line)
        if line.strip() == "...":
            raise KeyboardInterrupt
        return line


@dataclass
class Desk:
    """An admin's desk: the environment, the folder, the account."""

    world: World
    server: SandboxServer
    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "renewals.toml"

    def run(self, *words: str, typed: str | None = None, **differs: str | None) -> Done:
        """`renewals setup hubspot ...`; nobody is at the keyboard unless lines are typed."""
        return self.command("setup", "hubspot", *words, typed=typed, **differs)

    def command(self, *words: str, typed: str | None = None, **differs: str | None) -> Done:
        """`renewals ...`; `differs`: what of the environment does (None: not set)."""
        before = len(self.world.journal.entries(service="hubspot"))
        was, real = Path.cwd(), sys.stdin
        with put_back(), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            os.environ.clear()
            os.environ.update({k: v for k, v in {**self.env, **differs}.items() if v is not None})
            os.chdir(self.folder)
            sys.stdin = io.StringIO() if typed is None else Keyboard(typed)
            try:
                code = main(words)
            except SystemExit as left:
                code = int(str(left.code))
            finally:
                os.chdir(was)
                sys.stdin = real
        entries = self.world.journal.entries(service="hubspot")[before:]
        return Done(code, out.getvalue(), err.getvalue(), [entry.method for entry in entries])

    def client(self) -> HubSpotClient:
        return HubSpotClient(self.world.hubspot.settings.token, self.server.hubspot_api_url)


def copy_of(schema: Schema) -> Schema:
    """The same definitions, to be changed without changing the other."""
    copied = Schema({})
    copied._by_kind = {kind: dict(known) for kind, known in schema._by_kind.items()}
    copied._groups = {kind: set(known) for kind, known in schema._groups.items()}
    return copied

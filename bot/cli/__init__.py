"""The `renewals` command: each subcommand demands only the settings it uses and imports only what it needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.cli.output import complain

# name -> (module in this package, one line of help)
COMMANDS = {
    "run": ("run", "work in Slack (Socket Mode; --http for signed HTTP)"),
    "sandbox": ("sandbox", "a local Slack and HubSpot to try it in, in your browser"),
    "plan": ("plan", "what the playbook says about scenarios in files"),
    "tick": ("tick", "run one scheduled job now"),
    "sync": ("sync", "read HubSpot's changes now"),
    "import": ("import_", "take over a book of renewals from a CSV or JSON file"),
    "migrate": ("migrate", "bring the database's tables up to date"),
    "setup": ("setup", "prepare HubSpot for the assistant"),
    "go-live": ("go_live", "preview the first morning and let the assistant speak"),
    "check": ("check", "check tokens, scopes, channels, pipeline and people"),
    "outbox": ("outbox", "what waits to leave, and what was set aside"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code: 0 done, 1 failed, 2 wrong words, settings or files."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        _parser().print_help()
        return 0 if words else 2
    name, *rest = words
    if name not in COMMANDS:
        _parser().error(f"there is no command {name!r}; the commands are {', '.join(COMMANDS)}")
    command: Callable[[list[str]], int] = import_module(f"bot.cli.{COMMANDS[name][0]}").main
    return complain(lambda: command(rest))


def _parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<9} {about}" for name, (_, about) in COMMANDS.items())
    return argparse.ArgumentParser(
        prog="renewals",
        usage="renewals COMMAND [ARG...]",
        description="A Slack assistant that works a sales team's contract renewals.",
        epilog=f"commands:\n{lines}\n\n`renewals COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

"""The `renewals` command: each subcommand demands only the settings it uses and imports only what it needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, metadata

from bot.cli.output import WRONG, complain, say, warn
from bot.cli.words import listed

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
    "quiet": ("quiet", "how many messages each rep was sent unasked"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code: 0 done, 1 failed, 2 wrong words, settings or files."""
    return complain(lambda: _main(list(sys.argv[1:] if argv is None else argv)))


def _main(words: list[str]) -> int:
    if words[:1] == ["help"] and len(words) > 1:
        words = [words[1], "--help"]
    if not words:
        warn([_parser().format_help().rstrip()])
        return WRONG
    if words[0] in ("-h", "--help", "help"):
        say(_parser().format_help().rstrip())
        return 0
    if words[0] == "--version":
        say(f"renewals {metadata.version('renewal-assistant')}")
        return 0
    name, *rest = words
    if name not in COMMANDS:
        _parser().error(f"there is no command {name!r}; the commands are {', '.join(COMMANDS)}")
    command: Callable[[list[str]], int] = import_module(f"bot.cli.{COMMANDS[name][0]}").main
    return command(rest)


def _parser() -> argparse.ArgumentParser:
    lines = listed({name: about for name, (_, about) in COMMANDS.items()})
    return argparse.ArgumentParser(
        prog="renewals",
        usage="renewals COMMAND [ARG...] | renewals --version",
        description="A Slack assistant that works a sales team's contract renewals.",
        epilog=f"commands:\n{lines}\n\n`renewals COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

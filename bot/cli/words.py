"""The words of a command: how its `--help` reads."""

from __future__ import annotations

import argparse
from datetime import date

HIGHEST_PORT = 65535


def parser_of(name: str, doc: str | None, *, epilog: str | None = None) -> argparse.ArgumentParser:
    """The parser of `renewals NAME`; `doc` is its module's docstring, "`renewals NAME ...`: what it does."."""
    about = (doc or "").partition(": ")[2].strip()
    return argparse.ArgumentParser(
        prog=f"renewals {name}",
        description=about[:1].upper() + about[1:],
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def day(text: str) -> date:
    """The value of an option: a calendar day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write 2026-11-30") from None


def port(text: str) -> int:
    """The value of an option: a TCP port; 0 lets the machine choose."""
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 0 to {HIGHEST_PORT}")


def listed(items: dict[str, str]) -> str:
    """Names with what they mean, one a line, aligned."""
    width = max(map(len, items), default=0)
    return "\n".join(f"  {name:<{width}}  {about}" for name, about in items.items())

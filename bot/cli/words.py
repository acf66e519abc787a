"""The words of a command: how its `--help` reads."""

from __future__ import annotations

import argparse


def parser_of(name: str, doc: str | None, *, epilog: str | None = None) -> argparse.ArgumentParser:
    """The parser of `renewals NAME`; `doc` is its module's docstring, "`renewals NAME ...`: what it does."."""
    about = (doc or "").partition(": ")[2].strip()
    return argparse.ArgumentParser(
        prog=f"renewals {name}",
        description=about[:1].upper() + about[1:],
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def listed(items: dict[str, str]) -> str:
    """Names with what they mean, one a line, aligned."""
    width = max(map(len, items), default=0)
    return "\n".join(f"  {name:<{width}}  {about}" for name, about in items.items())

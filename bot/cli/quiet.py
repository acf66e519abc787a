"""`renewals quiet [--days N]`: how many messages each person was sent unasked, by day and kind."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bot.cli.opened import opened
from bot.cli.output import say
from bot.cli.words import parser_of
from bot.services.outgoing.quiet import UNASKED, QuietDay, read_quiet

MOST_DAYS = 366


def main(argv: list[str]) -> int:
    """0, also when nothing was sent."""
    parser = parser_of("quiet", __doc__)
    parser.add_argument("--days", type=_days, default=7, metavar="N", help="so many days, today included (7)")
    wanted = parser.parse_args(argv)
    with opened() as assistant, assistant.work.store.read() as session:
        say(*table(read_quiet(assistant.work, session, wanted.days)))
    return 0


def table(days: Sequence[QuietDay]) -> list[str]:
    """A line for each person and day with a message; or that there was none."""
    told = [day for day in days if day.total]
    if not told:
        return ["Nobody was sent anything unasked in this time."]
    width = max(len("rep"), *(len(day.name) for day in told))
    lines = [f"{'rep':<{width}}  {'day':<14}  messages"]
    for day in told:
        kinds = ", ".join(f"{day.counts[kind]} {kind}" for kind in UNASKED if kind in day.counts)
        lines.append(f"{day.name:<{width}}  {day.on:%a %Y-%m-%d}  {day.total} ({kinds})")
    return lines


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days: write 1 to {MOST_DAYS}")

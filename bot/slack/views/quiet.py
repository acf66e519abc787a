"""For an admin's Home: how many messages each rep was sent unasked, yesterday and today."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.services.outgoing.quiet import QuietDay
from bot.slack.text import escaped
from bot.slack.views.blocks import Block, context, section

MOST_NAMES: Final = 20
LONGEST_NAME: Final = 60


def quiet_blocks(days: Sequence[QuietDay]) -> list[Block]:
    """A line for each rep, those who were sent most first."""
    people = [(name, [day.total for day in of]) for name, of in groupby(days, key=lambda day: day.name)]
    people.sort(key=lambda one: -sum(one[1]))
    lines = [f"{escaped(name, LONGEST_NAME)}: " + _totals(totals) for name, totals in people[:MOST_NAMES]]
    blocks = [section("\n".join(["*Messages sent unasked*", *(lines or ["Nobody is a rep yet."])]), "quiet")]
    more = len(people) - MOST_NAMES
    rest = f"+{more:,} more. " if more > 0 else ""
    return [*blocks, context(f"{rest}`renewals quiet` lists them by day and kind.", "quiet:more")]


def _totals(totals: Sequence[int]) -> str:
    yesterday, today = totals[-2:]
    return f"{yesterday:,} yesterday, {today:,} today"

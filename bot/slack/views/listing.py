"""A titled list of a channel's message, page by page: so many entries at once, the further ones counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from bot.slack.views.blocks import Block, section

# How much one message holds: with the longest names everywhere it stays inside 50 blocks and 13,000
# characters (asserted by a test). The rest of each list is on further pages.
SHOWN: Final = 4
LINES_PER_SECTION: Final = 6

T = TypeVar("T")


def of_page(entries: Sequence[T], page: int) -> Sequence[T]:
    """The entries of a page, which counts from 0."""
    return entries[page * SHOWN : (page + 1) * SHOWN]


def further(entries: Sequence[T], page: int) -> str | None:
    """How many of a list stand on the pages to come."""
    rest = len(entries) - (page + 1) * SHOWN
    return f"+{rest:,} more on the next page" if rest > 0 else None


def pages_of(*lists: Sequence[object]) -> int:
    """As many pages as the longest of the lists needs: all of them go on with the page."""
    return max(1, *(-(-len(entries) // SHOWN) for entries in lists))


def titled_list(
    title: str, items: Sequence[T], words: Callable[[T], str], block_id: str, page: int
) -> list[Block]:
    """A titled list: at most SHOWN items a page, the further ones counted; nothing for no items."""
    shown = of_page(items, page)
    if not shown:
        return []
    more = further(items, page)
    return titled_sections(title, [words(item) for item in shown] + ([more] if more else []), block_id)


def titled_sections(title: str, lines: list[str], block_id: str) -> list[Block]:
    """A titled list in as many sections as its length needs."""
    blocks = []
    for start in range(0, len(lines), LINES_PER_SECTION):
        heading = [f"*{title}*"] if start == 0 else []
        text = "\n".join(heading + [f"• {line}" for line in lines[start : start + LINES_PER_SECTION]])
        blocks.append(section(text, f"{block_id}:{start}"))
    return blocks

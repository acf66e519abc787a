"""What the department manager hears when a rep misses a report at the account review."""

from __future__ import annotations

from bot.services.models import AccountLine
from bot.slack import ids
from bot.slack.text import day_words, name
from bot.slack.views.account import linked_name
from bot.slack.views.blocks import Drawn, section


def report_missing_message(line: AccountLine, by: str) -> Drawn:
    """Which account, who misses it, and since when the account is with the rep."""
    words = (
        f"Report missing for {linked_name(line)}: {name(by, 60)} cannot finish the account review.\n"
        f"Put out {day_words(line.put_out_on)}."
    )
    return Drawn(
        f"{name(line.account)}: report missing, says {name(by, 60)}",
        [section(words, ids.run_block(line.run_id))],
    )

"""What lay past day 30 before going live, as the manager's channel looks through it."""

from __future__ import annotations

from typing import Final

from bot.services.models import ReviewList
from bot.slack.text import listed, name, plural
from bot.slack.views.blocks import Block, Drawn, context, header, section
from bot.slack.views.digest import page_blocks
from bot.slack.views.listing import pages_of
from bot.slack.views.move_outs import kept_blocks, moved_blocks, said_of, to_decide

REVIEWED_PER_PAGE: Final = 10
LONGEST_LIST: Final = 1200  # of a notification


def review_message(review: ReviewList) -> Drawn:
    """Page by page, each account with Keep and Move out now; below them what was decided, with the way back."""
    pages = max(-(-len(review.lines) // REVIEWED_PER_PAGE), pages_of(review.kept, review.moved))
    page = min(review.page, pages - 1)
    title = f"To review: past day 30 before {review.team} went live"
    left = f"{plural(len(review.lines), 'account')} to decide" if review.lines else "All decided."
    hint = "Nothing here moves by itself. Keep each account until a date, or move it out;"
    hint += " what was kept is decided anew after its date."
    blocks: list[Block] = [header(title), section(left, "summary"), context(hint, "hint")]
    here = review.lines[page * REVIEWED_PER_PAGE : (page + 1) * REVIEWED_PER_PAGE]
    for entry in here:
        blocks += to_decide(entry, review.on, review.message_id)
    blocks += kept_blocks(review.kept, page, review.on, review.message_id)
    blocks += moved_blocks(review.moved, page, review.now, review.message_id)
    if review.decided:
        blocks.append(context(f":white_check_mark: {review.decided:,} decided", "decided"))
    if pages > 1:
        blocks += page_blocks(review.message_id, page, pages)
    named = listed([f"{said_of(one.line)} keep it or move it out" for one in here], LONGEST_LIST)
    text = f"To review in {name(review.team, 60)}, past day 30 before going live: {left}"
    return Drawn(f"{text}. {named}" if named else text, blocks)

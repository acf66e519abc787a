"""A rep's morning, and the batches of the day: what is due, in the order it is given."""

from __future__ import annotations

from typing import Final

from bot.playbook.assessment import Step
from bot.services.models import AccountLine, Digest
from bot.slack import ids
from bot.slack.payloads import PageRef, SeveralRef
from bot.slack.text import day_words, listed, name, plural
from bot.slack.views.account import (
    MOST_BLOCKS_PER_ACCOUNT,
    MOST_CHARACTERS_PER_ACCOUNT,
    account_blocks,
    touch_summary,
)
from bot.slack.views.blocks import (
    MOST_BLOCKS,
    MOST_CHARACTERS,
    Block,
    Drawn,
    actions,
    button,
    characters,
    context,
    header,
    section,
)
from bot.slack.views.bulk import several_button
from bot.slack.views.status_leave import MOST_BLOCKS_OFFER, MOST_CHARACTERS_OFFER
from bot.slack.views.untracked import MOST_CHARACTERS_UNTRACKED, REP_MENDS, untracked_blocks

# Heading, hint, emails not found, page count, page buttons; and a status that is offered as leave.
FRAME_BLOCKS: Final = 5 + MOST_BLOCKS_OFFER
FRAME_CHARACTERS: Final = 400 + MOST_CHARACTERS_UNTRACKED + MOST_CHARACTERS_OFFER
LEAST_SEVERAL: Final = 2
ALONE: Final = ("takedown", "moved_out")  # each account for itself
LONGEST_NOTIFICATION: Final = 1200
ROWS_PER_PAGE: Final = min(
    (MOST_BLOCKS - FRAME_BLOCKS) // (1 + MOST_BLOCKS_PER_ACCOUNT),  # with a line above
    (MOST_CHARACTERS - FRAME_CHARACTERS) // MOST_CHARACTERS_PER_ACCOUNT,
)

# What a batch says first, and what to do with it. A morning's heading is its date.
_HEADINGS: Final = {
    "second_calls": ("Second calls due now", "Nobody was reached on the first call today: try once more."),
    "new_runs": ("New accounts for you", "Put out or handed to you since this morning."),
    "returning": ("Back from a deferral", "The date you set has come: call back as agreed."),
    "moved_out": (
        "Moved out on day 30",
        "Taken from your book: no appointment ahead and not in negotiation. Your manager can give it back.",
    ),
    "reminder": ("You asked to be reminded", "Shown again; no date was moved."),
    "takedown": ("Site down: contact the customer now", "Tell the customer, and try to win them back."),
    "undocumented": (
        "Put out and still blank",
        "Log any activity, or defer with a note, before your day ends. Otherwise your manager is told.",
    ),
}


def digest_message(digest: Digest) -> Drawn:
    """The message of `digest.kind`; its lines are those of one page."""
    if not digest.total:
        return _nothing_due(digest)
    title, hint = _heading(digest)
    counts = _counts(digest)
    blocks: list[Block] = [header(f"{title}: {', '.join(counts)}" if counts else title)]
    if hint is not None:
        blocks.append(context(hint, "hint"))
    for place, line in enumerate(digest.lines):
        if place and digest.lines[place - 1].logged:
            # Else what was logged on the one reads as the beginning of the next; buttons end it by themselves.
            blocks.append({"type": "divider", "block_id": ids.run_block(line.run_id, "above")})
        blocks += account_blocks(line, digest.on, digest.now, digest.message_id)
    blocks += untracked_blocks(digest.untracked, digest.now, REP_MENDS)
    blocks += _below(digest)
    room = min(LONGEST_NOTIFICATION, MOST_CHARACTERS - characters(blocks))
    return Drawn(_notification(digest, title, room), blocks)


def _heading(digest: Digest) -> tuple[str, str | None]:
    """What the message says first, and what to do with it."""
    if digest.kind == "moved_out" and all(line.stage != "moved_out" for line in digest.lines):
        return "Back in your book", "Moved out on day 30, and given back to you by your manager."
    return _HEADINGS.get(digest.kind, (day_words(digest.on, digest.on), None))


def _counts(digest: Digest) -> list[str]:
    """How many accounts, how many late and done; a site that is down stands alone, what moved is neither."""
    if digest.kind == "takedown":
        return []
    counts = [plural(digest.total, "account")]
    if digest.late and digest.kind != "moved_out":
        counts.append(f"{digest.late:,} late")
    if digest.done and digest.kind != "moved_out":
        counts.append(f"{digest.done:,} done")
    return counts


def _nothing_due(digest: Digest) -> Drawn:
    until = (
        f" Next working day: {day_words(digest.next_working_day, digest.on)}."
        if digest.next_working_day
        else ""
    )
    text = f"{day_words(digest.on, digest.on)}: nothing is due today.{until}"
    text += " `/renewal week` shows what comes up."
    return Drawn(text, [section(text), *untracked_blocks(digest.untracked, digest.now, REP_MENDS)])


def _below(digest: Digest) -> list[Block]:
    """The pager, and beside it the way to log on several accounts of all pages."""
    blocks = _pager(digest) if digest.pages > 1 else []
    if digest.several < LEAST_SEVERAL or not digest.message_id or digest.kind in ALONE:
        return blocks
    several = several_button(SeveralRef(digest.message_id))
    if blocks and blocks[-1]["type"] == "actions":
        return [*blocks[:-1], blocks[-1] | {"elements": [*blocks[-1]["elements"], several]}]
    return [*blocks, actions([several], "page:actions")]


def _pager(digest: Digest) -> list[Block]:
    """Which page it is, and the way to the others; an answer that is not kept up to date has no pages."""
    if not digest.message_id:
        rest = digest.total - len(digest.lines)
        return [context(f"+{plural(rest, 'more account', 'more accounts')}", "page")]
    return page_blocks(digest.message_id, digest.page, digest.pages)


def page_blocks(message_id: int, page: int, pages: int) -> list[Block]:
    """ "Page 2 of 3" with Previous and Next; `page` counts from 0."""
    buttons = []
    if page > 0:
        back = PageRef(message_id, page - 1).encode()
        buttons.append(
            button("Previous", ids.turn_page("previous"), back, about=f"page {page:,} of {pages:,}")
        )
    if page + 1 < pages:
        on = PageRef(message_id, page + 1).encode()
        buttons.append(button("Next", ids.turn_page("next"), on, about=f"page {page + 2:,} of {pages:,}"))
    where = context(f"Page {page + 1:,} of {pages:,}", "page")
    return [where, actions(buttons, "page:actions")] if buttons else [where]


def _notification(digest: Digest, title: str, room: int) -> str:
    """Account and action of all that stand on this page: a phone shows the first, a screen reader reads it all."""
    due = [line for line in digest.lines if line.touches and line.gone is None]
    if not due and digest.kind == "moved_out":
        moved = [name(line.account, 60) for line in digest.lines]
        return f"{title}: {listed(moved, room, digest.total - len(moved))}"
    if not due:
        return _nothing_left(digest, title, room)
    named = [_notice_of(line, digest) for line in due]
    elsewhere = max(digest.total - digest.done - len(named), 0)
    start = "" if digest.kind == "digest" else f"{title}: "
    return f"{start}{listed(named, room, elsewhere)}"


def _nothing_left(digest: Digest, title: str, room: int) -> str:
    """Nothing on this page is open: what became of its accounts."""
    here = listed([name(line.account, 60) for line in digest.lines], room)
    count = plural(digest.total, "account")
    if digest.done >= digest.total:
        return f"{title}: {count}, all done: {here}."
    return f"{title}: {count}, nothing open here: {here}."


def _notice_of(line: AccountLine, digest: Digest) -> str:
    second = (touch for touch in line.touches if touch.step is Step.SECOND_CALL)
    told = next(second, line.touches[0]) if digest.kind == "second_calls" else line.touches[0]
    if digest.kind == "takedown":
        return name(line.account, 60)  # the heading says the rest
    return f"{name(line.account, 60)}: {touch_summary(told, digest.on)}"

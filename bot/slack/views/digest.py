"""A rep's morning, and the batches of the day: what is due, in the order it is given."""

from __future__ import annotations

from typing import Final

from bot.playbook.assessment import Step
from bot.services.models import AccountLine, Digest
from bot.slack import ids
from bot.slack.payloads import PageRef
from bot.slack.text import day_words, name, plural
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
    context,
    header,
    section,
)
from bot.slack.views.untracked import MOST_CHARACTERS_UNTRACKED, REP_MENDS, untracked_blocks

FRAME_BLOCKS: Final = 5  # heading, hint, emails not found, page count, page buttons
FRAME_CHARACTERS: Final = 400 + MOST_CHARACTERS_UNTRACKED
ROWS_PER_PAGE: Final = min(
    (MOST_BLOCKS - FRAME_BLOCKS) // MOST_BLOCKS_PER_ACCOUNT,
    (MOST_CHARACTERS - FRAME_CHARACTERS) // MOST_CHARACTERS_PER_ACCOUNT,
)
NAMED_IN_NOTIFICATION: Final = 3

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
    for line in digest.lines:
        blocks += account_blocks(line, digest.on, digest.now, digest.message_id)
    blocks += untracked_blocks(digest.untracked, digest.now, REP_MENDS)
    if digest.pages > 1:
        blocks += _pager(digest)
    return Drawn(_notification(digest, title), blocks)


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
    return Drawn(text, [section(text), *untracked_blocks(digest.untracked, digest.now, REP_MENDS)])


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
        buttons.append(button("Previous", ids.turn_page("previous"), PageRef(message_id, page - 1).encode()))
    if page + 1 < pages:
        buttons.append(button("Next", ids.turn_page("next"), PageRef(message_id, page + 1).encode()))
    where = context(f"Page {page + 1:,} of {pages:,}", "page")
    return [where, actions(buttons, "page:actions")] if buttons else [where]


def _notification(digest: Digest, title: str) -> str:
    """Account and action of the first few, as a phone shows them."""
    due = [line for line in digest.lines if line.touches and line.gone is None]
    if not due and digest.kind == "moved_out":
        moved = ", ".join(name(line.account) for line in digest.lines[:NAMED_IN_NOTIFICATION])
        rest = digest.total - min(len(digest.lines), NAMED_IN_NOTIFICATION)
        return f"{title}: {moved}" + (f"; +{rest:,} more" if rest else "")
    if not due:
        return f"{title}: {plural(digest.total, 'account')}, all done."
    named = [_notice_of(line, digest) for line in due[:NAMED_IN_NOTIFICATION]]
    open_accounts = max(digest.total - digest.done, len(due))
    more = f"; +{open_accounts - len(named):,} more" if open_accounts > len(named) else ""
    start = "" if digest.kind == "digest" else f"{title}: "
    return f"{start}{'; '.join(named)}{more}"


def _notice_of(line: AccountLine, digest: Digest) -> str:
    second = (touch for touch in line.touches if touch.step is Step.SECOND_CALL)
    told = next(second, line.touches[0]) if digest.kind == "second_calls" else line.touches[0]
    if digest.kind == "takedown":
        return name(line.account, 60)  # the heading says the rest
    return f"{name(line.account, 60)}: {touch_summary(told, digest.on)}"

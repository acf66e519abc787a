"""The manager channel's one message of the morning: overdue by rep, blank put-out days, day 28 to 30."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeVar

from bot.services.models import (
    AccountLine,
    CareLine,
    ManagerMorning,
    MoveOutLine,
    OverdueLine,
    ReviewList,
)
from bot.slack import ids
from bot.slack.payloads import FactRef, TouchRef
from bot.slack.text import day_words, escaped, moment_words, name, plural, since_words
from bot.slack.views.account import linked_name, step_of
from bot.slack.views.blocks import Block, Drawn, actions, button, confirmation, context, header, section
from bot.slack.views.digest import page_blocks
from bot.slack.views.untracked import untracked_blocks

# How much one message holds: with the longest names everywhere it stays inside 50 blocks and 13,000
# characters (asserted by a test). The rest of each list is on further pages.
OVERDUE_PER_PAGE: Final = 10
SHOWN: Final = 4
UNTRACKED_SHOWN: Final = 2
LINES_PER_SECTION: Final = 6
LONGEST_WHY: Final = 60
LONGEST_FATE: Final = 85
LONGEST_UNTOLD: Final = 130
REVIEWED_PER_PAGE: Final = 10

T = TypeVar("T")


def manager_message(morning: ManagerMorning) -> Drawn:
    """The message as it stands now; what was cleared since the morning is counted at its end."""
    overdue = sum(len(group.overdue) for group in morning.overdue)
    pages = _pages(morning, overdue)
    page = min(morning.page, pages - 1)  # there were more pages before something was cleared
    title = f"{morning.team}: renewals, {day_words(morning.on, morning.on)}"
    summary = _summary(morning, overdue)
    blocks: list[Block] = [header(title), section(summary or "Nothing is overdue.", "summary")]
    blocks += _move_outs(morning, page)  # first what the manager has to decide today
    blocks += _overdue(morning, page)
    blocks += _undocumented(morning, page)
    blocks += _previews(morning, page)
    blocks += _moved(morning, page)
    blocks += _care_late(morning, page)
    blocks += untracked_blocks(morning.untracked, morning.now, shown=UNTRACKED_SHOWN)
    blocks += _list("Nobody hears of these", morning.unreachable, _unreachable, "unreachable", page)
    if morning.to_review:
        waiting = plural(morning.to_review, "account")
        where = f"{waiting} past day 30 since before we went live: on the list to review"
        blocks.append(context(where, "to_review"))
    if morning.cleared:
        blocks.append(
            context(f":white_check_mark: {morning.cleared:,} cleared since this morning", "cleared")
        )
    if pages > 1 and morning.message_id:
        blocks += page_blocks(morning.message_id, page, pages)
    return Drawn(f"{name(morning.team, 60)}: {summary or 'nothing is overdue'}", blocks)


def _pages(morning: ManagerMorning, overdue: int) -> int:
    """As many as the longest of the lists needs: all of them go on with the page."""
    lists = (
        morning.undocumented,
        morning.previews,
        morning.move_outs,
        morning.moved,
        morning.care_late,
        morning.unreachable,
    )
    return max(1, -(-overdue // OVERDUE_PER_PAGE), *(-(-len(entries) // SHOWN) for entries in lists))


def _of_page(entries: Sequence[T], page: int) -> Sequence[T]:
    return entries[page * SHOWN : (page + 1) * SHOWN]


def _further(entries: Sequence[T], page: int) -> str | None:
    """How many of a list stand on the pages to come."""
    rest = len(entries) - (page + 1) * SHOWN
    return f"+{rest:,} more on the next page" if rest > 0 else None


def _summary(morning: ManagerMorning, overdue: int) -> str:
    counts = [
        (len(morning.move_outs), f"{plural(len(morning.move_outs), 'move-out')} to decide"),
        (overdue, f"{overdue:,} overdue"),
        (len(morning.undocumented), f"{plural(len(morning.undocumented), 'put-out day')} without activity"),
        (len(morning.previews), f"{plural(len(morning.previews), 'account')} about to move out"),
        (len(morning.moved), f"{len(morning.moved):,} moved out"),
        (len(morning.care_late), f"{plural(len(morning.care_late), 'takedown')} waiting for Customer Care"),
        (len(morning.untracked), f"{plural(len(morning.untracked), 'email')} not found in HubSpot"),
        (len(morning.unreachable), "accounts nobody hears of"),
    ]
    return ", ".join(words for count, words in counts if count)


def _overdue(morning: ManagerMorning, page: int) -> list[Block]:
    """One section per rep, oldest first as given, those of this page."""
    start = page * OVERDUE_PER_PAGE
    blocks: list[Block] = []
    place = 0
    for number, group in enumerate(morning.overdue):
        first, last = max(start - place, 0), max(start + OVERDUE_PER_PAGE - place, 0)
        shown = group.overdue[first:last]
        place += len(group.overdue)
        if shown:
            title = f"Overdue: {name(group.rep, 60)} ({len(group.overdue):,})"
            lines = [_overdue_words(entry, morning.on) for entry in shown]
            blocks += _sections(title, lines, f"overdue:{number}")
    rest = sum(len(group.overdue) for group in morning.overdue) - start - OVERDUE_PER_PAGE
    if rest > 0:
        blocks.append(context(f"+{rest:,} more overdue on the next page", "overdue:more"))
    return blocks


def _overdue_words(entry: OverdueLine, on: date) -> str:
    late = since_words(entry.touch.due_on, on, entry.working_days_late)
    why = escaped(entry.why, LONGEST_WHY)
    return f"{linked_name(entry.line)} · {step_of(entry.touch)} · {late} · {why}"


def _undocumented(morning: ManagerMorning, page: int) -> list[Block]:
    def words(line: AccountLine) -> str:
        return f"{_whose(line)} · put out {day_words(line.put_out_on, morning.on)}"

    return _list("No activity on the put-out day", morning.undocumented, words, "undocumented", page)


def _previews(morning: ManagerMorning, page: int) -> list[Block]:
    def words(entry: MoveOutLine) -> str:
        return _fate(entry, morning.on)

    return _list("About to move out", morning.previews, words, "previews", page)


def _move_outs(morning: ManagerMorning, page: int) -> list[Block]:
    shown = _of_page(morning.move_outs, page)
    if not shown:
        return []
    blocks: list[Block] = [section(f"*Day 30: {_what_happens(morning)}*", "move_outs")]
    for entry in shown:
        blocks += _to_decide(entry, morning.on, morning.message_id)
    if more := _further(morning.move_outs, page):
        blocks.append(context(more, "move_outs:more"))
    return blocks


def _what_happens(morning: ManagerMorning) -> str:
    """What becomes of an account that nobody decides on."""
    what, them = ("it moves", "it") if len(morning.move_outs) == 1 else ("they move", "them")
    if morning.moves_at is None:
        return f"keep {them} or move {them} out; nothing moves by itself"
    return f"{what} out at {morning.moves_at:%H:%M}, unless you keep {them}"


def _to_decide(entry: MoveOutLine, on: date, message_id: int) -> list[Block]:
    """An account with the two decisions about it."""
    run_id = entry.line.run_id
    ref = TouchRef(run_id, None, on, message_id or None).encode()
    return [
        section(_fate(entry, on), ids.run_block(run_id)),
        actions(_decisions(entry, ref), ids.run_block(run_id, "actions")),
    ]


def _moved(morning: ManagerMorning, page: int) -> list[Block]:
    """What moved out since the last message, the newest first, each with the way back."""
    shown = _of_page(morning.moved[::-1], page)
    if not shown:
        return []
    blocks: list[Block] = [section("*Moved out*", "moved")]
    for entry in shown:
        who = f"by {escaped(entry.by, 40)}" if entry.by else "nobody kept it"
        words = f"{_whose(entry.line)} · {moment_words(entry.at, morning.now)} · {who}"
        ref = FactRef(entry.fact_id, morning.message_id or None).encode()
        back = button("Give back", ids.TAKE_BACK_MOVE_OUT, ref)
        blocks.append(section(words, ids.run_block(entry.line.run_id, "moved"), back))
    if more := _further(morning.moved, page):
        blocks.append(context(more, "moved:more"))
    return blocks


def _care_late(morning: ManagerMorning, page: int) -> list[Block]:
    def words(entry: CareLine) -> str:
        return f"{_whose(entry.line)} · asked {day_words(entry.asked_on, morning.on)}"

    return _list(
        "Customer Care has not answered: sites to take down", morning.care_late, words, "care_late", page
    )


def review_message(review: ReviewList) -> Drawn:
    """What lay past day 30 before going live, page by page, each account with Keep and Move out now."""
    pages = max(1, -(-len(review.lines) // REVIEWED_PER_PAGE))
    page = min(review.page, pages - 1)
    title = f"To review: past day 30 before {review.team} went live"
    left = f"{plural(len(review.lines), 'account')} to decide" if review.lines else "All decided."
    hint = "Nothing here moves by itself. Keep each account until a date, or move it out."
    blocks: list[Block] = [header(title), section(left, "summary"), context(hint, "hint")]
    for entry in review.lines[page * REVIEWED_PER_PAGE : (page + 1) * REVIEWED_PER_PAGE]:
        blocks += _to_decide(entry, review.on, review.message_id)
    if review.decided:
        blocks.append(context(f":white_check_mark: {review.decided:,} decided", "decided"))
    if pages > 1:
        blocks += page_blocks(review.message_id, page, pages)
    return Drawn(f"To review in {name(review.team, 60)}, past day 30 before going live: {left}", blocks)


def _decisions(entry: MoveOutLine, ref: str) -> list[Block]:
    question = confirmation(
        "Move out now?",
        "The account is taken from its rep and the deal's stage changes in HubSpot. A manager can undo it.",
        "Move out",
        danger=True,
    )
    return [
        button("Keep…" if entry.kept_until is None else "Keep longer…", ids.OPEN_KEEP, ref),
        button("Move out now", ids.MOVE_OUT_NOW, ref, style="danger", confirm=question),
    ]


def _fate(entry: MoveOutLine, on: date) -> str:
    price = f" · {escaped(entry.line.price, 20)}" if entry.line.price else ""
    words = (
        f"{_whose(entry.line)}{price} · {_day_30(entry.moves_on, on)} · {escaped(entry.why, LONGEST_FATE)}"
    )
    if entry.line.deferred_until is not None:
        words += f" · deferred until {day_words(entry.line.deferred_until, on)}"
    if entry.kept_until is not None:
        why = f" ({escaped(entry.kept_because, LONGEST_WHY)})" if entry.kept_because else ""
        words += f" · *kept until {day_words(entry.kept_until, on)}*{why}"
    return words


def _day_30(day: date, on: date) -> str:
    """Day 30 counts in the calendar; an account moves on the manager's next working day from then."""
    if day == on:
        return "day 30 is today"
    return f"day 30 {'is' if day > on else 'was'} {day_words(day, on)}"


def _whose(line: AccountLine) -> str:
    owner = f" · {name(line.owner, 30)}" if line.owner else ""
    return f"{linked_name(line)}{owner}"


def _unreachable(why: str) -> str:
    return escaped(why, LONGEST_UNTOLD)


def _list(title: str, items: Sequence[T], words: Callable[[T], str], block_id: str, page: int) -> list[Block]:
    """A titled list: at most SHOWN items a page, the further ones counted; nothing for no items."""
    shown = _of_page(items, page)
    if not shown:
        return []
    more = _further(items, page)
    return _sections(title, [words(item) for item in shown] + ([more] if more else []), block_id)


def _sections(title: str, lines: list[str], block_id: str) -> list[Block]:
    """A titled list in as many sections as its length needs."""
    blocks = []
    for start in range(0, len(lines), LINES_PER_SECTION):
        heading = [f"*{title}*"] if start == 0 else []
        text = "\n".join(heading + [f"• {line}" for line in lines[start : start + LINES_PER_SECTION]])
        blocks.append(section(text, f"{block_id}:{start}"))
    return blocks

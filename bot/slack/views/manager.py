"""The manager channel's one message of the morning: overdue by rep, blank put-out days, day 28 to 30."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.services.models import AccountLine, CareLine, ManagerMorning, MoveOutLine, OverdueLine
from bot.slack.text import day_words, escaped, listed, name, plural, since_words
from bot.slack.views.account import linked_name, step_of, touch_summary
from bot.slack.views.blocks import Block, Drawn, context, header, section
from bot.slack.views.digest import page_blocks
from bot.slack.views.listing import further, of_page, pages_of, titled_list, titled_sections
from bot.slack.views.move_outs import (
    LONGEST_WHY,
    fate_words,
    kept_blocks,
    moved_blocks,
    said_of,
    to_decide,
    whose,
)
from bot.slack.views.untracked import untracked_blocks

OVERDUE_PER_PAGE: Final = 10
UNTRACKED_SHOWN: Final = 2
NEW_OWNERS_SHOWN: Final = 2
LONGEST_UNTOLD: Final = 75
LAGGING_SHOWN: Final = 2
LONGEST_LIST: Final = 1200  # of a notification

ALL_WELL: Final = "Nothing is overdue. `/renewal team` shows how each book stands."


def manager_message(morning: ManagerMorning) -> Drawn:
    """The message as it stands now; what was cleared since the morning is counted at its end."""
    overdue = sum(len(group.overdue) for group in morning.overdue)
    pages = _pages(morning, overdue)
    page = min(morning.page, pages - 1)  # there were more pages before something was cleared
    title = f"{morning.team}: renewals, {day_words(morning.on, morning.on)}"
    summary = _summary(morning, overdue)
    blocks: list[Block] = [header(title), section(summary or ALL_WELL, "summary")]
    blocks += _move_outs(morning, page)  # first what the manager has to decide today
    blocks += _overdue(morning, page)
    blocks += _undocumented(morning, page)
    blocks += _previews(morning, page)
    blocks += kept_blocks(morning.kept, page, morning.on, morning.message_id)
    blocks += moved_blocks(morning.moved, page, morning.now, morning.message_id)
    blocks += _care_late(morning, page)
    blocks += _lagging(morning)
    blocks += untracked_blocks(
        morning.untracked, morning.now, shown=UNTRACKED_SHOWN - bool(morning.new_owners)
    )
    blocks += _new_owners(morning)
    blocks += titled_list("Nobody hears of these", morning.unreachable, _unreachable, "unreachable", page)
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
    return Drawn(_notification(morning, summary, page), blocks)


def _notification(morning: ManagerMorning, summary: str, page: int) -> str:
    """The counts, then account and matter of what stands on this page, what is to be decided first."""
    if not summary:
        return f"{name(morning.team, 60)}: nothing is overdue"
    start = page * OVERDUE_PER_PAGE
    overdue = [(group.rep, entry) for group in morning.overdue for entry in group.overdue]
    named = [
        *(f"{said_of(one.line)} moves out or is kept" for one in of_page(morning.move_outs, page)),
        *(
            f"{said_of(one.line, rep)} {touch_summary(one.touch, morning.on)}"
            for rep, one in overdue[start : start + OVERDUE_PER_PAGE]
        ),
        *(f"{said_of(line)} put out, no activity" for line in of_page(morning.undocumented, page)),
        *(f"{said_of(one.line)} is about to move out" for one in of_page(morning.previews, page)),
        *(f"{said_of(one.line)} is kept" for one in of_page(morning.kept, page)),
        *(f"{said_of(one.line)} moved out" for one in of_page(morning.moved, page)),
        *(f"{said_of(one.line)} waits for Customer Care" for one in of_page(morning.care_late, page)),
        *(f"{said_of(line)} stage lags behind" for line in morning.lagging[:LAGGING_SHOWN]),
    ]
    return ". ".join(
        [f"{name(morning.team, 60)}: {summary}", *([listed(named, LONGEST_LIST)] if named else [])]
    )


def _pages(morning: ManagerMorning, overdue: int) -> int:
    """As many as the longest of the lists needs."""
    lists = pages_of(
        morning.undocumented,
        morning.previews,
        morning.move_outs,
        morning.kept,
        morning.moved,
        morning.care_late,
        morning.unreachable,
    )
    return max(lists, -(-overdue // OVERDUE_PER_PAGE))


def _summary(morning: ManagerMorning, overdue: int) -> str:
    counts = [
        (len(morning.move_outs), f"{plural(len(morning.move_outs), 'move-out')} to decide"),
        (overdue, f"{overdue:,} overdue"),
        (len(morning.undocumented), f"{plural(len(morning.undocumented), 'put-out day')} without activity"),
        (len(morning.previews), f"{plural(len(morning.previews), 'account')} about to move out"),
        (len(morning.kept), f"{len(morning.kept):,} kept"),
        (len(morning.moved), f"{len(morning.moved):,} moved out"),
        (len(morning.care_late), f"{plural(len(morning.care_late), 'takedown')} waiting for Customer Care"),
        (len(morning.lagging), f"{plural(len(morning.lagging), 'stage')} behind what happened"),
        (len(morning.untracked), f"{plural(len(morning.untracked), 'email')} not found in HubSpot"),
        (len(morning.unreachable), "some accounts nobody hears of"),
    ]
    return ", ".join(words for count, words in counts if count)


def _new_owners(morning: ManagerMorning) -> list[Block]:
    """What somebody gave another owner in HubSpot, in one line: nobody has to act on it."""
    shown = morning.new_owners[:NEW_OWNERS_SHOWN]
    if not shown:
        return []
    said = [
        f"{name(one.account, 25)}: {name(one.before or 'nobody', 15)} to {name(one.after or 'nobody', 15)}"
        for one in shown
    ]
    rest = len(morning.new_owners) - len(shown)
    said += [f"+{rest:,} more"] if rest else []
    return [context(f"*Owner changed in HubSpot:* {'; '.join(said)}", "new_owners")]


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
            blocks += titled_sections(title, lines, f"overdue:{number}")
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
        return f"{whose(line)} · put out {day_words(line.put_out_on, morning.on)}"

    return titled_list("No activity on the put-out day", morning.undocumented, words, "undocumented", page)


def _previews(morning: ManagerMorning, page: int) -> list[Block]:
    def words(entry: MoveOutLine) -> str:
        return fate_words(entry, morning.on)

    return titled_list("About to move out", morning.previews, words, "previews", page)


def _move_outs(morning: ManagerMorning, page: int) -> list[Block]:
    shown = of_page(morning.move_outs, page)
    if not shown:
        return []
    blocks: list[Block] = [section(f"*Day 30: {_what_happens(morning)}*", "move_outs")]
    for entry in shown:
        blocks += to_decide(entry, morning.on, morning.message_id)
    if more := further(morning.move_outs, page):
        blocks.append(context(more, "move_outs:more"))
    return blocks


def _what_happens(morning: ManagerMorning) -> str:
    """What becomes of an account that nobody decides on."""
    what, them = ("it moves", "it") if len(morning.move_outs) == 1 else ("they move", "them")
    if morning.moves_at is None:
        return f"keep {them} or move {them} out; nothing moves by itself"
    return f"{what} out at {morning.moves_at:%H:%M}, unless you keep {them}"


def _care_late(morning: ManagerMorning, page: int) -> list[Block]:
    def words(entry: CareLine) -> str:
        return f"{whose(entry.line)} · asked {day_words(entry.asked_on, morning.on)}"

    return titled_list(
        "Customer Care has not answered: sites to take down", morning.care_late, words, "care_late", page
    )


def _lagging(morning: ManagerMorning) -> list[Block]:
    """One line: the rep has been told, and has the button; here it is only to be known."""
    if not morning.lagging:
        return []
    shown = morning.lagging[:LAGGING_SHOWN]
    named = [
        f"{name(line.account, 30)}{f' ({name(line.owner, 15)})' if line.owner else ''}"
        + (f" since {day_words(line.fits.since, morning.on)}" if line.fits else "")
        for line in shown
    ]
    rest = len(morning.lagging) - len(shown)
    more = f", +{rest:,} more" if rest else ""
    return [section(f"*Stage behind what happened:* {', '.join(named)}{more}", "lagging")]


def _unreachable(why: str) -> str:
    return escaped(why, LONGEST_UNTOLD)

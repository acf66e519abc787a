"""App Home's lists as private answers: the rest of the week, and the team board."""

from __future__ import annotations

from bot.services.home.models import Board, Book, Show
from bot.slack.text import day_words, name, plural
from bot.slack.views.blocks import Block, Drawn, context, section
from bot.slack.views.home import EMPTY, board_row, board_summary, entry_block


def week_message(book: Book) -> Drawn:
    """What is due on the later days of this week, each account with a way to open it."""
    due = book.counts.of[Show.TODAY]
    today = f" {plural(due, 'account')} due today: `/renewal today`." if due else ""
    if not book.entries:
        words = EMPTY[Show.WEEK] + today
        return Drawn(words, [section(words, "week")])
    title = f"Later this week: {plural(book.found, 'account')}"
    blocks: list[Block] = [section(f"*{title}*", "week")]
    blocks += [entry_block(book, entry) for entry in book.entries]
    more = book.found - len(book.entries)
    last = f"+{more:,} more: the Home tab lists them all." if more > 0 else ""
    if last or today:
        blocks.append(context(f"{last}{today}".strip(), "more"))
    named = ", ".join(name(entry.line.account, 40) for entry in book.entries)
    return Drawn(f"{title}: {named}", blocks)


def team_message(board: Board) -> Drawn:
    """How each rep's book stands."""
    title = f"Your team, {day_words(board.on, board.on)}"
    blocks: list[Block] = [section(f"*{title}*\n{board_summary(board)}", "team")]
    blocks += [board_row(row, opens=False) for row in board.rows]
    if not board.rows:
        blocks.append(section("No rep of yours has an open renewal yet.", "nothing"))
    more = " and the other reps" if board.pages > 1 else ""
    blocks.append(context(f"The Home tab opens each book{more}.", "more"))
    summary = board_summary(board).replace("\n", ". ")
    reps = ", ".join(name(row.name, 40) for row in board.rows)
    return Drawn(f"{title}: {summary}{f' · {reps}' if reps else ''}", blocks)

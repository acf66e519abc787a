"""App Home: a person's book of business, and the team board with a way into each book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.playbook.assessment import Step
from bot.services.home.models import (
    Asked,
    Board,
    BoardRow,
    Book,
    Days,
    Entry,
    Gate,
    GateKind,
    Show,
    Standing,
    Value,
)
from bot.services.runs.lines import price
from bot.slack import ids
from bot.slack.payloads import HomeRef, PersonRef, SeveralRef, TouchRef
from bot.slack.text import day_words, escaped, moment_words, name, plural
from bot.slack.views.account import title_parts, touch_summary
from bot.slack.views.blocks import (
    Block,
    Element,
    actions,
    button,
    chosen,
    context,
    header,
    option,
    options,
    section,
    select,
)
from bot.slack.views.bulk import several_button

MOST_HOME_BLOCKS: Final = 100
SHOWS: Final = {
    Show.TODAY: "Due today",
    Show.LATE: "Late",
    Show.WEEK: "Later this week",
    Show.DEFERRED: "Deferred",
    Show.GATES: "Hard dates in two weeks",
    Show.APPOINTMENTS: "Appointments",
    Show.RESPONDED: "Responded",
    Show.NEGOTIATION: "In negotiation",
    Show.ALL: "All open",
}
DAYS: Final = {
    Days.ANY: "Any day",
    Days.FIRST_WEEK: "Days 1 to 7",
    Days.WEEKS: "Days 8 to 27",
    Days.LAST: "Day 28 and later",
}
VALUES: Final = {Value.ANY: "Any value", Value.HIGH: "100 a month or more", Value.BELOW: "Below 100 a month"}
GATES: Final = {
    GateKind.DAY_14: "day 14, cancellation email",
    GateKind.DAY_30: "day 30, move-out",
    GateKind.TAKEDOWN: "takedown email allowed",
}
EMAIL_AT: Final = {GateKind.DAY_14: Step.CANCELLATION_EMAIL, GateKind.TAKEDOWN: Step.TAKEDOWN_EMAIL}
# What to do next where there is nothing to list.
EMPTY: Final = {
    Show.TODAY: "Nothing is due now.",
    Show.LATE: "Nothing is late. Well done.",
    Show.WEEK: "Nothing else comes up this week.",
    Show.DEFERRED: "No account is deferred.",
    Show.GATES: "No hard date within two weeks.",
    Show.APPOINTMENTS: "No appointment ahead. *Connected…* on a call books one.",
    Show.RESPONDED: "No customer has answered and waits for a next step.",
    Show.NEGOTIATION: "No account is in negotiation.",
    Show.ALL: "No open renewal is in this book yet. It fills with the next account that is put out.",
}


def home_view(blocks: Sequence[Block]) -> Block:
    """A Home tab of these blocks."""
    return {"type": "home", "callback_id": ids.HOME_VIEW, "blocks": list(blocks)}


def book_blocks(book: Book, *, manages: bool) -> list[Block]:
    """A page of a book, with its filters."""
    title = "Your renewals" if book.whose is None else f"{name(book.whose)}'s renewals"
    blocks = [header(f"{title}, {day_words(book.on, book.on)}"), section(_summary(book), "summary")]
    if book.away:
        blocks.append(context(f":palm_tree: {escaped(book.away[0].upper() + book.away[1:], 200)}", "away"))
    if book.covers_for:
        covered = ", ".join(escaped(one, 40) for one in book.covers_for)
        blocks.append(context(f":palm_tree: Covering for {covered}", "covering"))
    if book.counts.of[Show.ALL]:
        blocks.append(actions(_filters(book), "filters"))
    blocks += [actions(_ways(book, manages=manages), "ways"), {"type": "divider"}]
    if not book.entries:
        blocks.append(_nothing(book))
    blocks += [entry_block(book, entry) for entry in book.entries]
    if book.pages > 1:
        blocks += _pager(book.asked, book.asked.page, book.pages)
    return blocks


def board_blocks(board: Board) -> list[Block]:
    """The team board."""
    blocks = [
        header(f"Your team, {day_words(board.on, board.on)}"),
        section(board_summary(board), "summary"),
    ]
    ways = [_refresh(Asked(page=board.page)), *_own_ways()]
    if board.has_own_book:
        mine = HomeRef(Asked(book_of=board.reader_id)).encode()
        ways.insert(1, button("My own book", ids.HOME_BOOK, mine))
    blocks += [actions(ways, "ways"), {"type": "divider"}]
    if not board.rows:
        blocks.append(section("No rep of yours has an open renewal yet.", "nothing"))
    blocks += [board_row(row) for row in board.rows]
    if board.pages > 1:
        blocks += _pager(Asked(), board.page, board.pages)
    return blocks


def _summary(book: Book) -> str:
    of = book.counts.of
    late = f", *{of[Show.LATE]:,} late*" if of[Show.LATE] else ""
    worked = [f"{book.done_today:,} worked today"] if book.done_today else []
    parts = [f"*{of[Show.TODAY]:,} due today*{late}", *worked]
    parts += [
        f"{of[show]:,} {words}"
        for show, words in (
            (Show.WEEK, "later this week"),
            (Show.DEFERRED, "deferred"),
            (Show.APPOINTMENTS, "with an appointment"),
            (Show.RESPONDED, "responded"),
            (Show.NEGOTIATION, "in negotiation"),
            (Show.GATES, "with a hard date in two weeks"),
        )
        if of[show]
    ]
    return " · ".join([*parts, f"{of[Show.ALL]:,} open"])


def _filters(book: Book) -> list[Element]:
    asked = book.asked
    shows = [option(f"{label} ({book.counts.of[show]:,})", show.value) for show, label in SHOWS.items()]
    return [
        chosen(select(ids.HOME_SHOW, shows), asked.show.value),
        chosen(select(ids.HOME_DAYS, options({one.value: label for one, label in DAYS.items()})), asked.days),
        chosen(
            select(ids.HOME_VALUE, options({one.value: label for one, label in VALUES.items()})), asked.value
        ),
    ]


def _ways(book: Book, *, manages: bool) -> list[Element]:
    ways = [_refresh(book.asked), *_own_ways()]
    if book.whose is not None:
        leave = PersonRef(book.asked.book_of or 0).encode()
        ways = [_refresh(book.asked), button("Leave…", ids.OPEN_LEAVE, leave)]
    if book.found > 1:
        ways.insert(0, several_button(SeveralRef(asked=book.asked.turned_to(0))))
    if manages:
        ways.insert(0, button("Back to the team", ids.HOME_TEAM, HomeRef(Asked()).encode()))
    return ways


def _own_ways() -> list[Element]:
    return [button("Settings…", ids.OPEN_SETTINGS, "own"), button("Leave…", ids.OPEN_LEAVE, "own")]


def _refresh(asked: Asked) -> Element:
    return button("Refresh", ids.HOME_REFRESH, HomeRef(asked).encode())


def _nothing(book: Book) -> Block:
    """That nothing is listed, and the way on."""
    asked, of = book.asked, book.counts.of
    if not of[Show.ALL]:
        return section(EMPTY[Show.ALL], "nothing")
    if asked.days is not Days.ANY or asked.value is not Value.ANY:
        fewer = HomeRef(Asked(show=asked.show, book_of=asked.book_of)).encode()
        words = f"No account fits these filters under *{SHOWS[asked.show]}* ({of[asked.show]:,})."
        return section(words, "nothing", button("Clear filters", ids.HOME_REFRESH, fewer))
    words = EMPTY[asked.show]
    if asked.show is Show.TODAY and book.next_working_day is not None:
        words += f" The next list comes on {day_words(book.next_working_day, book.on)}."
    onto = Show.ALL if asked.show is Show.TODAY or not of[Show.TODAY] else Show.TODAY
    ref = HomeRef(Asked(show=onto, book_of=asked.book_of)).encode()
    return section(words, "nothing", button(f"{SHOWS[onto]} ({of[onto]:,})", ids.HOME_REFRESH, ref))


def entry_block(book: Book, entry: Entry) -> Block:
    """An account of the list, with its card one tap away."""
    line = entry.line
    ref = TouchRef(line.run_id, None, book.on, None).encode()
    return section(
        f"{' · '.join(title_parts(line))}\n{_second_line(book, entry)}",
        ids.run_block(line.run_id),
        button("Open", ids.OPEN_CARD, ref, about=line.account),
    )


def _second_line(book: Book, entry: Entry) -> str:
    """What is to do, or when something is; and the gate that comes next."""
    line, on = entry.line, book.on
    if line.touches:
        words = "; ".join(touch_summary(touch, on) for touch in line.touches[:2])
        said = words[0].upper() + words[1:]
    elif line.deferred_until is not None:
        said = f"Deferred until {day_words(line.deferred_until, on)}"
    elif line.appointment_at is not None:
        said = f"Appointment {moment_words(line.appointment_at, book.now)}"
    elif entry.next_on is not None and entry.next_on > on:
        said = f"Next: {day_words(entry.next_on, on)}"
    else:
        said = "Nothing to do now"
    return " · ".join([said, *_gate_words(entry, book)])


def _gate_words(entry: Entry, book: Book) -> list[str]:
    """What is reached and not met, and the next hard date ahead; an email that is due says its gate itself."""
    if entry.line.kept_until is not None:
        return [f"kept until {day_words(entry.line.kept_until, book.on)}"]
    said = {touch.step for touch in entry.line.touches}
    gates = [gate for gate in entry.gates if EMAIL_AT.get(gate.kind) not in said]
    reached = [gate for gate in gates if gate.on <= book.on]
    ahead = [gate for gate in gates if gate.on > book.on][:1]
    return [f":hourglass: {_gate(gate, book)}" for gate in reached] + [_gate(gate, book) for gate in ahead]


def _gate(gate: Gate, book: Book) -> str:
    return f"{GATES[gate.kind]}: {day_words(gate.on, book.on)}"


def _pager(asked: Asked, page: int, pages: int) -> list[Block]:
    buttons = []
    if page > 0:
        buttons.append(
            button("Previous", ids.turn_home("previous"), HomeRef(asked.turned_to(page - 1)).encode())
        )
    if page + 1 < pages:
        buttons.append(button("Next", ids.turn_home("next"), HomeRef(asked.turned_to(page + 1)).encode()))
    return [context(f"Page {page + 1:,} of {pages:,}", "page"), actions(buttons, "page:actions")]


def board_summary(board: Board) -> str:
    """The team in a line, and a second one of what presses."""
    words = f"{plural(board.reps, 'rep')} · {_counts(board.team)}"
    if pressing := _pressing(board.team):
        words += f"\n{pressing}"
    if board.without_owner:
        words += (
            f"\n:warning: {plural(board.without_owner, 'account')} without an owner: name one in HubSpot."
        )
    return words


def board_row(row: BoardRow, *, opens: bool = True) -> Block:
    """How a rep's book stands; `opens` it, where Home can show it in the board's place."""
    first = f"*{name(row.name)}*" + (f" · :palm_tree: {escaped(row.away, 120)}" if row.away else "")
    lines = [first, _counts(row.standing), _pressing(row.standing)]
    ref = HomeRef(Asked(show=Show.ALL, book_of=row.person_id)).encode()
    way = button("Open book", ids.HOME_BOOK, ref, about=row.name) if opens else None
    return section("\n".join(line for line in lines if line), f"rep:{row.person_id}", way)


def _counts(of: Standing) -> str:
    late = f"*{of.late:,} late*" if of.late else "0 late"
    worked = [f"{of.done_today:,} worked today", f"{of.deferred:,} deferred"]
    return " · ".join([late, f"{of.due:,} due", f"{of.open:,} open", *worked])


def _pressing(of: Standing) -> str:
    """What stands at a gate, and what is at risk; empty when nothing is."""
    parts = []
    if of.day_14:
        parts.append(f"{of.day_14:,} at day 14")
    if of.day_30:
        parts.append(f"{of.day_30:,} at day 28-30")
    worth = ", ".join(
        str(price(cents, currency, "month")) for currency, cents in sorted(of.at_risk_cents.items()) if cents
    )
    if worth:
        parts.append(f"at risk: {escaped(worth, 80)}")
    return " · ".join(parts)

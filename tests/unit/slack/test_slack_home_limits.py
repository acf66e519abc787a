"""App Home with the longest of everything, for any book and any team, stays inside Slack's limits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playbook.assessment import MoveOut, MoveOutStatus, State, Step, Touch
from bot.services.home.models import (
    Asked,
    Board,
    BoardRow,
    Book,
    Counts,
    Days,
    Entry,
    Gate,
    GateKind,
    Place,
    Show,
    Standing,
    Value,
)
from bot.services.home.opening import BOARD_ROWS, BOOK_ROWS
from bot.services.models import AccountLine, CareLine
from bot.services.outgoing.quiet import QuietDay
from bot.slack.payloads import HomeRef
from bot.slack.views.blocks import Block
from bot.slack.views.home import EMPTY, board_blocks, book_blocks, home_view
from bot.slack.views.home_without_book import home_without_book
from bot.slack.views.quiet import quiet_blocks
from sandbox.slack.blockkit import check_view

ON = date(2026, 9, 23)
NOW = datetime(2026, 9, 23, 10, 30, tzinfo=UTC)
NAMES = {
    "escaped": "&<>" * 200,
    "4 bytes": "😀" * 250,
    "right to left": "\u202eשלום עולם " * 60,
    "mention": "<!channel> <@U1> " * 40,
    "plain": "Acme Dental",
}
HIGHEST = 10**9


def entry(number: int, name: str) -> Entry:
    touches = tuple(
        Touch(step, "call", 1, 2, date(2026, 9, 2), None)  # type: ignore[arg-type]
        for step in (Step.TAKEDOWN_CALL, Step.REVIEW, Step.CANCELLATION_EMAIL)
    )
    line = AccountLine(
        run_id=2**62 + number,
        account=name,
        url="https://app.hubspot.com/" + "x" * 76,
        playbook_day=3000,
        state=State.OUTREACH,
        stage="negotiation",
        price="&" * 100,
        put_out_on=ON,
        expires_on=ON,
        hosts_site=True,
        contact_name=name,
        contact_phone=None,
        contact_email=None,
        touches=touches,
        move_out=MoveOut(ON, MoveOutStatus.PREVIEW, None),
        owner=name,
        covers_for=name,
    )
    return Entry(line, ON, tuple(Gate(kind, ON) for kind in GateKind))


def a_book(accounts: int, name: str, page: int = 0, **more: Any) -> Book:
    pages = max(1, -(-accounts // BOOK_ROWS))
    asked = Asked(Show.GATES, Days.FIRST_WEEK, Value.BELOW, min(page, pages - 1), 2**62)
    on_page = min(BOOK_ROWS, accounts - asked.page * BOOK_ROWS)
    book = Book(
        asked=asked,
        on=ON,
        now=NOW,
        counts=Counts(dict.fromkeys(Show, accounts)),
        done_today=accounts,
        entries=tuple(entry(n, name) for n in range(on_page)),
        found=accounts,
        pages=pages,
        whose=name,
        away=f"on leave until Wed 23 Sep 2026, {name} covers",
        covers_for=(name,) * 30,
        next_working_day=ON,
        owner_ids=frozenset({1}),
    )
    return replace(book, **more)


def a_board(reps: int, name: str, page: int = 0) -> Board:
    most = Standing(*[HIGHEST] * 7, dict.fromkeys(("USD", "EUR", "GBP", "CHF", "JPY", "&&&"), HIGHEST * 100))
    pages = max(1, -(-reps // BOARD_ROWS))
    page = min(page, pages - 1)
    on_page = min(BOARD_ROWS, reps - page * BOARD_ROWS)
    away = f"on leave until Wed 23 Sep, {name} covers"
    first = 2**62 + 1 + page * BOARD_ROWS
    rows = tuple(BoardRow(first + n, name, away, most) for n in range(on_page))
    return Board(2**62, ON, most, rows, reps, page, pages, True, HIGHEST, frozenset())


def require(blocks: list[Block]) -> str:
    view = home_view(blocks)
    assert check_view(view, surface="home") == []
    text = str(view)
    text.encode()
    shown = re.sub(
        r"'accessibility_label': ('[^']*'|\"[^\"]*\")", "", text
    )  # plain text: nothing fires in it
    assert "<!" not in shown and "<@" not in shown
    return text


def values(blocks: list[Block], action: str) -> list[Asked]:
    """What the buttons of this action lead to."""
    parts = [one for block in blocks for one in [*block.get("elements", []), block.get("accessory") or {}]]
    return [
        HomeRef.decode(one["value"]).asked for one in parts if one.get("action_id", "").startswith(action)
    ]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("accounts", [0, 1, 60, 500])
def test_any_book_fits_and_its_pages_keep_the_filter(accounts: int, name: str) -> None:
    last = max(1, -(-accounts // BOOK_ROWS)) - 1
    for page in sorted({0, last // 2, last}):
        book = a_book(accounts, name, page)
        blocks = book_blocks(book, manages=True)
        blocks += quiet_blocks([QuietDay(name, ON, {"digest": HIGHEST})] * 200)
        require(blocks)
        turned = values(blocks, "turn_home")
        assert [one.page for one in turned] == [n for n in (page - 1, page + 1) if 0 <= n <= last]
        assert all(one.turned_to(page) == book.asked for one in turned)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("reps", [0, 1, 12, 60])
def test_any_board_fits_and_opens_every_book(reps: int, name: str) -> None:
    opened = set()
    for page in range(max(1, -(-reps // BOARD_ROWS))):
        blocks = board_blocks(a_board(reps, name, page))
        blocks += quiet_blocks([QuietDay(name, ON, {})] * 200)
        require(blocks)
        opened |= {one.book_of for one in values(blocks, "home_book")}
    assert len(opened) == reps + 1  # and the reader's own


def test_a_filter_that_finds_nothing_says_how_to_see_more() -> None:
    empty = a_book(0, "Acme", counts=Counts(dict.fromkeys(Show, 12)))
    blocks = book_blocks(empty, manages=False)
    assert "No account fits these filters under *Hard dates in two weeks* (12)." in require(blocks)
    (cleared,) = [one for one in values(blocks, "home_refresh") if one.days is Days.ANY]
    assert cleared == Asked(Show.GATES, book_of=2**62)


@pytest.mark.parametrize("show", list(Show))
def test_an_empty_part_leads_on(show: Show) -> None:
    counts = Counts(dict.fromkeys(Show, 0) | {Show.ALL: 3, Show.WEEK: 3})
    book = a_book(0, "Acme", counts=counts, asked=Asked(show), whose=None)
    blocks = book_blocks(book, manages=False)
    if show is not Show.ALL:
        assert EMPTY[show] in require(blocks)
        assert Asked(Show.ALL) in values(blocks, "home_refresh")


def test_an_empty_book_has_no_filters() -> None:
    blocks = book_blocks(a_book(0, "Acme", asked=Asked(), whose=None), manages=False)
    assert "It fills with the next account" in require(blocks)
    assert not any("select" in str(block) for block in blocks)


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("channel", [None, "C0CARE"])
def test_who_has_no_book_reads_what_the_assistant_is_to_them(place: Place, channel: str | None) -> None:
    blocks = home_without_book(a_book(0, "Acme", whose=None), place, channel)
    text = str(home_view(blocks))
    assert check_view(home_view(blocks), surface="home") == []
    assert ("<#C0CARE>" in text) is (place is Place.CUSTOMER_CARE and channel is not None)


def test_aloud_every_button_of_a_row_says_whose_it_is() -> None:
    waiting = [CareLine(entry(1, "Acme Dental").line, ON)]
    own = a_book(0, "Acme", whose=None)
    for blocks, whose in (
        (book_blocks(a_book(3, "Acme Dental"), manages=True), "Open, Acme Dental"),
        (board_blocks(a_board(3, "Ana Reyes")), "Open book, Ana Reyes"),
        (home_without_book(own, Place.CUSTOMER_CARE, None, waiting), "The site is down…, Acme Dental"),
    ):
        parts = [one for block in blocks for one in (block.get("accessory"), *block.get("elements", []))]
        rows = {one["accessibility_label"] for one in parts if one and "accessibility_label" in one}
        assert rows == {whose}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_sites_to_take_down_fit_into_home(name: str) -> None:
    waiting = [CareLine(entry(number, name).line, ON) for number in range(500)]
    book = a_book(0, "Acme", whose=None)
    text = require(home_without_book(book, Place.CUSTOMER_CARE, None, waiting))
    assert "*500 sites to take down:*" in text and "+460 more in the channel" in text
    assert "No request is waiting" in require(home_without_book(book, Place.CUSTOMER_CARE, None))

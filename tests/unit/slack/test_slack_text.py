"""Text of people and the CRM: never a mention, a link or a turned-round line; always inside its limit."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import text
from bot.slack.text import (
    clean,
    day_words,
    escaped,
    escaped_lines,
    length,
    link,
    moment_words,
    name,
    phone,
    plain,
    plural,
    since_words,
)

hostile = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("<>&|!@#\u202e\u202d\u2066\u2068\u2069\u200b\u200d\ufe0f\x00\n\ud83d😀é"),
    ),
    max_size=60,
)


@given(hostile, st.integers(20, 90))
def test_escaped_text_is_harmless_short_and_sendable(raw: str, limit: int) -> None:
    shown = escaped(raw, limit)
    assert length(shown) <= limit
    assert not re.search("[<>\n\r\x00\u2028]", shown)
    assert not re.search("&(?!amp;|lt;|gt;)", shown)
    shown.encode()


@given(hostile)
def test_every_direction_mark_is_closed_within_the_text(raw: str) -> None:
    shown = escaped(raw, 200)
    depth = 0
    for c in shown:
        depth += (c in "\u2066\u2067\u2068") - (c == "\u2069")
        assert depth >= 0
    assert depth == 0
    if re.search("[\u202a-\u202e]", shown):
        assert shown[0] == "\u2068"
        assert shown[-1] == "\u2069"


@given(hostile)
def test_what_fits_is_not_changed(raw: str) -> None:
    shown = escaped(raw, 2000)
    unescaped = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    printable = "".join(c for c in clean(raw) if c in "\n\t\r" or unicodedata.category(c) != "Cc")
    assert " ".join(printable.split()) in unescaped


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("<https://evil|invoice>", "&lt;https://evil|invoice&gt;"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("two\nlines\tand\u2028three", "two lines and three"),
        ("a\x00b\ud83dc", "abc"),
        ("zero\u200bwidth", "zero\u200bwidth"),
        ("\u202eevil", "\u2068\u202eevil\u2069"),
        ("end\u2069too many", "\u2068\u2068end\u2069too many\u2069"),
    ],
)
def test_escaping(raw: str, shown: str) -> None:
    assert escaped(raw, 100) == shown


def test_cutting_spares_entities_and_emoji() -> None:
    assert escaped("&&&&&", 12) == "&amp;&amp;…"
    assert escaped("😀😀😀😀", 6) == "😀😀…"
    assert escaped("cafe\u0301s everywhere", 6) == "cafe…"
    assert plain("<b>" * 20, 10) == "<b><b><b>…"


def test_three_megabytes_are_cut_at_once() -> None:
    assert escaped("x" * 3_000_000, 50) == "x" * 49 + "…"


def test_a_note_keeps_its_lines() -> None:
    assert escaped_lines("first <b>\r\nsecond\x00", 100) == "first &lt;b&gt;\nsecond"


@pytest.mark.parametrize("raw", ["", "  ", "\u200b\u200b", "\x00", "\u202e"])
def test_a_name_that_cannot_be_seen_is_said_to_be_missing(raw: str) -> None:
    assert name(raw) == "(no name)"


def test_links_open_only_what_we_link() -> None:
    assert link("https://x.example/a b|c>d", "Acme") == "<https://x.example/a%20b%7Cc%3Ed|Acme>"
    assert link("https://x.example/?a=1&b=2", "Acme") == "<https://x.example/?a=1&amp;b=2|Acme>"
    assert link("javascript:alert(1)", "Acme") == "Acme"
    assert link(None, "Acme") == "Acme"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+1 (555) 010-0100", "<tel:+15550100100|+1 (555) 010-0100>"),
        ("030 1234 ext. 5", "<tel:0301234|030 1234 ext. 5>"),
        ("ask <Bob>", "ask &lt;Bob&gt;"),
    ],
)
def test_a_phone_number_can_be_tapped(number: str, shown: str) -> None:
    assert phone(number) == shown


def test_dates_in_words() -> None:
    today = date(2026, 11, 23)
    assert day_words(date(2026, 11, 4), today) == "Wed 4 Nov"
    assert day_words(date(2027, 1, 5), today) == "Tue 5 Jan 2027"
    assert day_words(date(2026, 11, 4)) == "Wed 4 Nov 2026"
    assert since_words(date(2026, 11, 2), today, 5) == "since Mon 2 Nov (5 working days late)"
    assert since_words(date(2026, 11, 20), today, 1) == "since Fri 20 Nov (1 working day late)"
    assert since_words(date(2026, 11, 20), today) == "since Fri 20 Nov"


def test_times_are_the_readers() -> None:
    now = datetime(2026, 11, 23, 20, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert moment_words(datetime(2026, 11, 23, 4, 35, tzinfo=UTC), now) == "10:05"
    assert moment_words(datetime(2026, 11, 23, 20, 0, tzinfo=UTC), now) == "Tue 24 Nov 01:30"


def test_counting() -> None:
    assert plural(1, "account") == "1 account"
    assert plural(12_000, "account") == "12,000 accounts"
    assert text.plural(2, "reply", "replies") == "2 replies"

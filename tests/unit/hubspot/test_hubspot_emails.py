"""An email's text and a user's booking page, as HubSpot has them."""

from __future__ import annotations

import pytest

from bot.hubspot.emails import read_email_text
from bot.hubspot.meeting_links import first_link
from bot.hubspot.values import LONGEST_NOTE


def test_the_plain_text_comes_before_the_markup() -> None:
    both = read_email_text({"hs_email_text": "Plain", "hs_email_html": "<p>Marked</p>"})
    marked = read_email_text({"hs_email_html": "<p>Away until<br>4 &lt;Dec&gt;</p><style>p{}</style>"})
    assert both.text == "Plain"
    assert marked.text.startswith("Away until\n4 <Dec>")


def test_what_is_missing_is_empty_and_what_is_long_is_cut() -> None:
    assert read_email_text({}) == read_email_text({"hs_email_text": None, "hs_email_subject": " "})
    long = read_email_text({"hs_email_text": "x" * 10_000_000, "hs_email_subject": "y" * 5_000})
    assert (len(long.text), len(long.subject)) == (LONGEST_NOTE, 300)
    assert len(read_email_text({"hs_email_html": "<p>z</p>" * 1_000_000}).text) <= LONGEST_NOTE


def test_who_sent_it() -> None:
    said = read_email_text(
        {
            "hs_email_from_email": "Carl@Acme.Example",
            "hs_email_from_firstname": "Carl",
            "hs_email_from_lastname": "C",
        }
    )
    assert (said.from_email, said.from_name) == ("carl@acme.example", "Carl C")


def test_the_default_page_else_the_first() -> None:
    links = [{"link": "https://m.example/a"}, {"link": "https://m.example/b", "defaultLink": True}]
    assert first_link(links) == "https://m.example/b"
    assert first_link(links[:1]) == "https://m.example/a"
    assert first_link([]) is None


@pytest.mark.parametrize(
    "link",
    [
        "http://m.example/a",
        "javascript:alert(1)",
        "https://m.example/a|click",
        "https://m.example/<!channel>",
        "https://m.example/a b",
        "https://m.example/" + "a" * 300,
        "https://m.example/\u202egnp",
        None,
    ],
)
def test_what_is_no_plain_address_is_no_page(link: str | None) -> None:
    assert first_link([{"link": link, "defaultLink": True}]) is None

"""Links that come from a CRM or a file: only what a browser opens over HTTP."""

from __future__ import annotations

import pytest

from bot.services.incoming.web_links import read_link


@pytest.mark.parametrize(
    "text", ["https://x.example", "http://x.example:8080/a?b=1&c=%20#d", "https://bücher.example/Übersicht"]
)
def test_a_web_address_stays_as_it_is(text: str) -> None:
    assert read_link(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "reports/7",
            "x.example",
            "https://",
            "https:///path",
            "ftp://x.example/",
            "file:///etc/passwd",
        ),
        *("javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "https://a@b.example/"),
        *("https://good.example:x@evil.example/", "https://x.example/|label>", "https://x.example/a b"),
        *("https://x.example/<!channel>", "https://[::1", "https://x.example:port/", "https://x.example/\n"),
        "https://x.example/" + "y" * 2000,
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"link|web address|host"):
        read_link(text)

"""Slack's text markup, and hostile names that must stay names."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def show(app: Any, dm: str, look: Any, text: str) -> tuple[Page, Any]:
    app.web.chat_postMessage(channel=dm, text=text)
    page = look()
    body = page.locator('[data-testid="message"] .message-body')
    body.wait_for()
    return page, body


def test_styles_links_mentions_and_emoji(app: Any, dm: str, look: Any) -> None:
    text = (
        "*bold _both_* ~gone~ `a*b*c` <https://example.com/?a=1&amp;b=2|the link> <@UOMAR> <#CRENEW> "
        "<!channel> :tada: :nosuch: 2*3*4 snake_case_name"
    )
    _, body = show(app, dm, look, text)
    expect(body.locator("strong")).to_have_text("bold both")
    expect(body.locator("strong em")).to_have_text("both")
    expect(body.locator("s")).to_have_text("gone")
    expect(body.locator("code")).to_have_text("a*b*c")
    expect(body.get_by_role("link")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    expect(body.get_by_test_id("mention")).to_have_text(["@Omar Diaz", "#renewals", "@channel"])
    expect(body).to_contain_text("🎉 :nosuch: 2*3*4 snake_case_name")


def test_hubspots_page_of_a_deal_is_the_crm_tab(app: Any, dm: str, look: Any) -> None:
    page, body = show(app, dm, look, "*<https://app.hubspot.com/contacts/4711000/record/0-3/42|Acme>*")
    user = page.url.split("#/as/")[1].split("/")[0]
    expect(body.get_by_role("link", name="Acme")).to_have_attribute("href", f"#/as/{user}/crm/42")


def test_quotes_bullets_and_code_blocks_keep_their_lines(app: Any, dm: str, look: Any) -> None:
    text = "first\n&gt; quoted\n&gt; more\nafter\n• one\n• two\n```\nif a &lt; b:\n  go\n```\nlast"
    _, body = show(app, dm, look, text)
    assert body.locator("blockquote").inner_text() == "quoted\nmore"
    expect(body.locator(".bullet")).to_have_text(["•one", "•two"])
    assert body.locator("pre").inner_text() == "if a < b:\n  go"
    assert body.inner_text().startswith("first\n")
    assert body.inner_text().endswith("last")


def test_dates_are_written_in_the_zone_of_the_person_acted_as(app: Any, dm: str, look: Any) -> None:
    # 2026-11-21 02:00 UTC is still Friday evening in New York, and Saturday in Berlin.
    text = "due <!date^1795226400^{date_num} {time} {date_short_pretty}|soon>"
    _, body = show(app, dm, look, text)
    expect(body).to_have_text("due 2026-11-20 21:00 today")
    app.web.chat_postMessage(channel="CRENEW", text=text)
    other = look("c/CRENEW", user="UOMAR").locator('[data-testid="message"] .message-body')
    expect(other).to_have_text("due 2026-11-21 03:00 tomorrow")


HOSTILE = [
    "&lt;img src=x onerror=alert(1)&gt;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<javascript:alert(1)|click me>",
    "<data:text/html,hello|click me>",
    "*&lt;b onmouseover=alert(1)&gt;*",
    "`&lt;svg onload=alert(1)&gt;`",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(app: Any, dm: str, look: Any, text: str) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    heading = {"type": "header", "text": {"type": "plain_text", "text": text[:150]}}
    app.web.chat_postMessage(channel=dm, text=text, blocks=[section, heading])
    message = look().get_by_test_id("message")
    message.wait_for()
    assert message.locator("img, script, svg, b, a").count() == 0
    words = text.replace("&lt;", "<").replace("&gt;", ">").strip("*`")
    expect(message).to_contain_text(words)


def test_a_right_to_left_name_does_not_turn_its_neighbours(app: Any, dm: str, look: Any) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "שלום בע״מ day 3 of 30"}}
    context = {"type": "context", "elements": [{"type": "mrkdwn", "text": "expires Thu 31 Dec"}]}
    app.web.chat_postMessage(channel=dm, text="x", blocks=[section, context])
    page = look()
    drawn = page.locator('[data-testid="block"] [dir="auto"]')
    expect(drawn).to_have_count(2)
    directions = drawn.evaluate_all("nodes => nodes.map(node => getComputedStyle(node).direction)")
    assert directions == ["rtl", "ltr"]

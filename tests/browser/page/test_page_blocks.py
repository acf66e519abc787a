"""Every Block Kit element the page draws, and what the app hears when a person uses it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


OPTIONS = [option("No answer", "no"), option("Voicemail", "vm"), option("Busy", "busy")]


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def post(app: Any, dm: str, blocks: list[dict[str, Any]]) -> str:
    ts: str = app.web.chat_postMessage(channel=dm, text="fallback", blocks=blocks)["ts"]
    return ts


def test_blocks_that_only_say_something_are_drawn_with_their_words(app: Any, dm: str, look: Any) -> None:
    picture = {"type": "image", "image_url": "https://example.invalid/a.png", "alt_text": "a chart"}
    post(
        app,
        dm,
        [
            {"type": "header", "text": plain("Good morning :sunny:")},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "*Harbor &amp; Pine*"},
                "accessory": picture,
            },
            {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*Field {n}*"} for n in range(4)]},
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "180 USD"}, plain("a month")]},
            picture,
        ],
    )
    page = look()
    message = page.get_by_test_id("message")
    blocks = message.get_by_test_id("block")
    kinds = blocks.evaluate_all("nodes => nodes.map(node => node.dataset.blockType)")
    assert kinds == ["header", "section", "section", "divider", "context", "image"]
    expect(message.get_by_role("heading")).to_have_text("Good morning ☀️")
    expect(message.locator("strong").first).to_have_text("Harbor & Pine")
    expect(blocks.nth(2).locator("strong")).to_have_text([f"Field {n}" for n in range(4)])
    expect(blocks.nth(4)).to_have_text("180 USDa month")
    expect(blocks.nth(5)).to_contain_text("a chart")
    assert page.evaluate("document.querySelector('.block-divider').tagName") == "HR"


def test_rich_text_keeps_its_lists_links_and_styles(app: Any, dm: str, look: Any) -> None:
    def text(words: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": words, "style": style}

    section = {"type": "rich_text_section", "elements": [text("bold", bold=True), text(" and plain")]}
    mention = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "UOMAR"}]}
    link = {
        "type": "rich_text_section",
        "elements": [{"type": "link", "url": "https://example.com/", "text": "here"}],
    }
    items = {"type": "rich_text_list", "style": "bullet", "elements": [mention, link]}
    quote = {"type": "rich_text_quote", "elements": [text("said so")]}
    post(app, dm, [{"type": "rich_text", "elements": [section, items, quote]}])
    message = look().get_by_test_id("message")
    expect(message.locator("strong")).to_have_text("bold")
    expect(message.locator("li")).to_have_text(["@Omar Diaz", "here"])
    expect(message.get_by_role("link", name="here")).to_have_attribute("href", "https://example.com/")
    expect(message.locator("blockquote")).to_have_text("said so")


def test_a_button_tells_the_app_its_value_and_the_look_says_what_it_does(
    app: Any, dm: str, look: Any, soon: Any
) -> None:
    def button(name: str, style: str | None) -> dict[str, Any]:
        return {"type": "button", "text": plain(name), "action_id": name, "value": f"v-{name}"} | (
            {"style": style} if style else {}
        )

    ts = post(app, dm, actions(button("log", None), button("go", "primary"), button("drop", "danger")))
    page = look()
    colours = [
        page.locator(f'[data-action-id="{name}"]').evaluate("node => getComputedStyle(node).backgroundColor")
        for name in ("log", "go", "drop")
    ]
    assert len(set(colours)) == 3
    page.locator(f'[data-testid="message"][data-ts="{ts}"] [data-action-id="go"]').click()
    pressed = soon(app.pressed)[0]
    assert (pressed["action_id"], pressed["value"], pressed["block_id"]) == ("go", "v-go", "row")
    payload = app.received[-1].payload
    assert payload["user"]["id"] == "UMAYA"
    assert payload["container"]["message_ts"] == ts


def test_a_button_with_an_address_opens_it_apart_and_still_tells_the_app(
    app: Any, dm: str, look: Any, soon: Any
) -> None:
    link = {"type": "button", "text": plain("Open"), "action_id": "open", "url": "https://example.invalid/d"}
    post(app, dm, actions(link))
    page = look()
    control = page.locator('[data-action-id="open"]')
    expect(control).to_have_attribute("target", "_blank")
    expect(control).to_have_attribute("rel", "noopener noreferrer")
    control.evaluate("node => node.addEventListener('click', event => event.preventDefault())")
    control.click()
    assert soon(app.pressed)[0]["action_id"] == "open"


def test_a_confirm_dialog_stands_before_the_app(app: Any, dm: str, look: Any, soon: Any) -> None:
    asks = {
        "title": plain("Send it?"),
        "text": {"type": "mrkdwn", "text": "Expired *Mon 30 Nov*"},
        "confirm": plain("Send"),
        "deny": plain("Wait"),
    }
    send = {"type": "button", "text": plain("Sent"), "action_id": "sent", "value": "1", "confirm": asks}
    post(app, dm, actions(send))
    page = look()
    page.locator('[data-action-id="sent"]').click()
    dialog = page.get_by_test_id("confirm")
    expect(dialog).to_contain_text("Expired Mon 30 Nov")
    page.get_by_test_id("confirm-no").click()
    expect(dialog).to_have_count(0)
    page.locator('[data-action-id="sent"]').click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator('[data-action-id="sent"]')).to_be_focused()
    assert app.pressed() == []
    page.keyboard.press("Enter")
    page.get_by_test_id("confirm-yes").click()
    assert [action["action_id"] for action in soon(app.pressed)] == ["sent"]


def test_choices_reach_the_app_in_the_shape_of_their_element(app: Any, dm: str, look: Any, soon: Any) -> None:
    post(
        app,
        dm,
        actions(
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
            {
                "type": "static_select",
                "action_id": "pick",
                "options": OPTIONS,
                "placeholder": plain("Outcome"),
            },
            {"type": "users_select", "action_id": "who", "placeholder": plain("Who")},
            {"type": "radio_buttons", "action_id": "radio", "options": OPTIONS},
            {"type": "checkboxes", "action_id": "boxes", "options": OPTIONS, "initial_options": OPTIONS[:1]},
            {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-30"},
            {"type": "timepicker", "action_id": "time", "initial_time": "09:00"},
        ),
    )
    page = look()

    def control(action_id: str) -> Any:
        return page.locator(f'[data-action-id="{action_id}"]')

    control("more").click()
    page.locator('[data-testid="menu-item"][data-value="vm"]').click()
    control("pick").click()
    page.locator('[data-testid="menu-item"][data-value="busy"]').click()
    expect(control("pick")).to_contain_text("Busy")
    control("who").click()
    page.locator('[data-testid="menu-item"][data-value="UOMAR"]').click()
    control("radio").get_by_label("Voicemail").check()
    control("boxes").get_by_label("Busy").check()
    control("date").fill("2026-12-01")
    control("time").fill("14:30")
    control("time").blur()
    soon(lambda: len(app.pressed()) == 7)
    heard = {action["action_id"]: action for action in app.pressed()}
    assert heard["more"]["selected_option"]["value"] == "vm"
    assert heard["pick"]["selected_option"]["value"] == "busy"
    assert heard["who"]["selected_user"] == "UOMAR"
    assert heard["radio"]["selected_option"]["value"] == "vm"
    assert [one["value"] for one in heard["boxes"]["selected_options"]] == ["no", "busy"]
    assert heard["date"]["selected_date"] == "2026-12-01"
    assert heard["time"]["selected_time"] == "14:30"


def test_a_menu_works_by_keyboard_alone(app: Any, dm: str, look: Any, soon: Any) -> None:
    post(app, dm, actions({"type": "overflow", "action_id": "more", "options": OPTIONS}))
    page = look()
    more = page.locator('[data-action-id="more"]')
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="More actions")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert soon(app.pressed)[0]["selected_option"]["value"] == "vm"


def test_an_external_select_shows_what_the_app_answers(app: Any, dm: str, look: Any, soon: Any) -> None:
    def answer(request: Any) -> Any:
        if request.payload["type"] != "block_suggestion":
            return None
        typed = request.payload["value"]
        return {"options": [option(f"Account {typed}", f"id-{typed}")]}

    app.answer = answer
    element = {"type": "external_select", "action_id": "account", "min_query_length": 2}
    post(app, dm, actions(element | {"placeholder": plain("Account")}))
    page = look()
    page.locator('[data-action-id="account"]').click()
    expect(page.get_by_test_id("menu")).to_contain_text("Type at least 2 characters")
    page.keyboard.type("har")
    page.get_by_role("option", name="Account har").click()
    assert soon(app.pressed)[0]["selected_option"]["value"] == "id-har"

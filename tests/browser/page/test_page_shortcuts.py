"""*More actions* on a message: what the app offers, by mouse and by keyboard; not on what only one person sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playwright.sync_api import expect

from sandbox.slack.manifest import Shortcut


def offer(world: Any) -> None:
    one = Shortcut("Open account", "open_account", "The account that a message shows")
    world.slack.manifest = replace(world.slack.manifest, message_shortcuts=(one,))


def chosen(app: Any) -> list[str]:
    """The texts of the messages on which a shortcut was chosen."""
    found = [one.payload for one in app.received if one.payload.get("type") == "message_action"]
    return [payload["message"]["text"] for payload in found]


def test_a_shortcut_is_chosen_in_the_menu_of_its_message(
    app: Any, dm: str, world: Any, look: Any, soon: Any
) -> None:
    offer(world)
    app.web.chat_postMessage(channel=dm, text="Acme called")
    app.web.chat_postEphemeral(channel=dm, user="UMAYA", text="psst")
    page = look()
    message = page.get_by_test_id("message").filter(has_text="Acme called")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    item = page.get_by_test_id("menu-item")
    expect(item).to_contain_text("The account that a message shows")
    item.click()
    soon(lambda: chosen(app) == ["Acme called"])

    whisper = page.locator('[data-testid="message"][data-ephemeral="true"]')
    expect(whisper.get_by_test_id("more-actions")).to_have_count(0)

    message.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    soon(lambda: len(chosen(app)) == 2)


def test_an_app_without_shortcuts_offers_none(app: Any, dm: str, look: Any) -> None:
    app.web.chat_postMessage(channel=dm, text="Acme called")
    expect(look().get_by_test_id("message").get_by_test_id("more-actions")).to_have_count(0)

"""Conversations: writing, commands, threads, what only one person sees, and staying undisturbed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NOTE_WHAT_IS_BUSY = """() => {
  window.wasBusy = []
  const note = ({target}) => target.getAttribute('aria-busy') && window.wasBusy.push(target.dataset.actionId)
  const watched = {subtree: true, attributeFilter: ['aria-busy']}
  new MutationObserver((changes) => changes.forEach(note)).observe(document, watched)
}"""


def button(action_id: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": action_id}, "action_id": action_id}


def row(*action_ids: str) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": [button(one) for one in action_ids]}]


def written(app: Any) -> list[dict[str, Any]]:
    """The events of messages that the app heard; it also hears that its messages are looked at."""
    events = [one.payload["event"] for one in app.received if one.type == "events_api"]
    return [event for event in events if event["type"] == "message"]


def test_enter_sends_a_message_to_the_app_as_typed(app: Any, look: Any, soon: Any) -> None:
    page = look()
    page.keyboard.press("/")
    composer = page.get_by_test_id("composer")
    expect(composer).to_be_focused()
    composer.fill("call <b>Ann</b> & Bob")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message")).to_contain_text("call <b>Ann</b> & Bob")
    expect(composer).to_have_value("")
    event = soon(lambda: written(app))[0]
    assert event["text"] == "call &lt;b&gt;Ann&lt;/b&gt; &amp; Bob"


def test_commands_are_hinted_completed_and_sent(app: Any, look: Any, soon: Any) -> None:
    page = look()
    composer = page.get_by_test_id("composer")
    composer.press_sequentially("/re")
    hints = page.get_by_test_id("command-hint")
    expect(hints).to_have_count(2)
    expect(hints.first).to_contain_text("/renewal log ACCOUNT | today")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(composer).to_have_value("/report ")
    expect(hints).to_have_text(["/reportHow the month stands"])
    page.keyboard.type("  march")
    page.keyboard.press("Enter")
    sent = soon(lambda: [one.payload for one in app.received if one.type == "slash_commands"])[0]
    assert (sent["command"], sent["text"], sent["user_id"]) == ("/report", "march", "UMAYA")
    expect(composer).to_have_value("")


def test_an_unknown_command_is_refused_and_the_text_stays(app: Any, look: Any) -> None:
    page = look()
    composer = page.get_by_test_id("composer")
    composer.fill("/renewl today")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("notice")).to_contain_text("/renewl is not a command")
    expect(composer).to_have_value("/renewl today")
    assert written(app) == [] and all(one.type == "events_api" for one in app.received)


def test_an_ephemeral_message_is_seen_by_one_person_only(app: Any, look: Any) -> None:
    app.web.chat_postEphemeral(channel="CRENEW", user="UMAYA", text="Already logged by Omar")
    app.web.chat_postMessage(channel="CRENEW", text="for all")
    mine, theirs = look("c/CRENEW"), look("c/CRENEW", user="UOMAR")
    whisper = mine.locator('[data-testid="message"][data-ephemeral="true"]')
    expect(whisper).to_contain_text("Only visible to you")
    expect(whisper.get_by_test_id("open-thread")).to_have_count(0)
    expect(theirs.get_by_test_id("message")).to_have_count(1)
    expect(theirs.get_by_test_id("message")).to_contain_text("for all")


def test_an_edited_message_says_so_and_keeps_what_did_not_change(app: Any, dm: str, look: Any) -> None:
    blocks = [*row("first"), {"type": "section", "text": {"type": "mrkdwn", "text": "before"}}]
    ts = app.web.chat_postMessage(channel=dm, text="x", blocks=blocks)["ts"]
    page = look()
    page.locator('[data-action-id="first"]').evaluate("node => { node.mark = 'same'; node.focus(); }")
    blocks[1]["text"]["text"] = "after"
    app.web.chat_update(channel=dm, ts=ts, text="y", blocks=blocks)
    expect(page.get_by_test_id("message")).to_contain_text("after")
    expect(page.get_by_test_id("edited")).to_have_text("(edited)")
    expect(page.locator('[data-action-id="first"]')).to_be_focused()
    assert page.locator('[data-action-id="first"]').evaluate("node => node.mark") == "same"


def test_a_redraw_takes_neither_focus_nor_typed_text_nor_an_open_menu(app: Any, dm: str, look: Any) -> None:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("Defer", "Close")]
    more = {"type": "overflow", "action_id": "more", "options": options}
    accessory = {"type": "section", "block_id": "run", "accessory": more}
    accessory["text"] = {"type": "mrkdwn", "text": "one"}
    ts = app.web.chat_postMessage(channel=dm, text="x", blocks=[accessory, *row("log")])["ts"]
    page = look()
    page.locator('[data-action-id="log"]').focus()
    app.web.chat_update(channel=dm, ts=ts, text="x", blocks=[accessory, *row("undo", "log")])
    expect(page.locator('[data-action-id="undo"]')).to_be_visible()
    expect(page.locator('[data-action-id="log"]')).to_be_focused()
    page.get_by_test_id("composer").fill("half a sen")
    page.locator('[data-action-id="more"]').click()
    accessory["text"] = {"type": "mrkdwn", "text": "two"}
    app.web.chat_update(channel=dm, ts=ts, text="x", blocks=[accessory, *row("undo", "log")])
    expect(page.get_by_test_id("message")).to_contain_text("two")
    expect(page.get_by_test_id("menu")).to_be_visible()
    expect(page.get_by_test_id("composer")).to_have_value("half a sen")
    page.keyboard.press("Escape")
    expect(page.locator('[data-action-id="more"]')).to_be_focused()


def test_a_control_that_goes_leaves_the_focus_at_its_place_not_on_another_button(
    app: Any, dm: str, look: Any
) -> None:
    first, second = row("log"), row("log")
    second[0]["block_id"] = "other"
    ts = app.web.chat_postMessage(channel=dm, text="x", blocks=[*first, *second])["ts"]
    page = look()
    page.locator('[data-block-id="row"] [data-action-id="log"]').press("Enter")
    app.web.chat_update(channel=dm, ts=ts, text="x", blocks=[*row("undo"), *second])
    expect(page.locator('[data-action-id="undo"]')).to_be_visible()
    expect(page.locator('[data-testid="block"][data-block-id="row"]')).to_be_focused()


def test_somebody_reading_further_up_stays_there(app: Any, dm: str, look: Any) -> None:
    for number in range(40):
        app.web.chat_postMessage(channel=dm, text=f"message {number}")
    page = look()
    scroller = page.get_by_test_id("messages")
    expect(page.get_by_test_id("message")).to_have_count(40)
    scroller.evaluate("node => { node.scrollTop = 200; }")
    app.web.chat_postMessage(channel=dm, text="the newest")
    jump = page.get_by_test_id("jump-to-newest")
    expect(jump).to_be_visible()
    assert scroller.evaluate("node => node.scrollTop") == 200
    jump.click()
    expect(page.get_by_text("the newest", exact=True)).to_be_in_viewport()
    app.web.chat_postMessage(channel=dm, text="even newer")
    expect(page.get_by_text("even newer", exact=True)).to_be_in_viewport()


def long_message(title: str) -> list[dict[str, Any]]:
    lines = [{"type": "section", "text": {"type": "plain_text", "text": f"line {n}"}} for n in range(40)]
    return [{"type": "header", "text": {"type": "plain_text", "text": title}}, *lines]


def test_a_long_new_message_is_read_from_its_head(app: Any, dm: str, look: Any) -> None:
    app.web.chat_postMessage(channel=dm, text="old", blocks=long_message("Friday"))
    page = look()
    page.get_by_test_id("jump-to-newest").click()
    app.web.chat_postMessage(channel=dm, text="new", blocks=long_message("Monday"))
    expect(page.get_by_text("Monday", exact=True)).to_be_in_viewport()
    expect(page.get_by_test_id("jump-to-newest")).to_be_visible()


def test_what_comes_after_a_move_of_the_clock_is_shown_wherever_somebody_read(
    app: Any, dm: str, look: Any
) -> None:
    app.web.chat_postMessage(channel=dm, text="old", blocks=long_message("Friday"))
    page = look()
    expect(page.get_by_text("Friday", exact=True)).to_be_in_viewport()
    page.get_by_test_id("clock-hour").click()
    app.web.chat_postMessage(channel=dm, text="new", blocks=long_message("An hour later"))
    expect(page.get_by_text("An hour later", exact=True)).to_be_in_viewport()


def test_a_thread_opens_beside_and_its_replies_stay_there(app: Any, dm: str, look: Any) -> None:
    ts = app.web.chat_postMessage(channel=dm, text="the parent")["ts"]
    app.web.chat_postMessage(channel=dm, text="from the app", thread_ts=ts)
    page = look()
    page.get_by_role("button", name="1 reply").click()
    thread = page.locator("#thread")
    expect(thread.get_by_test_id("message")).to_have_count(2)
    field = page.get_by_test_id("thread-composer")
    expect(field).to_be_focused()
    field.fill("/renewal today")
    page.keyboard.press("Enter")
    expect(thread.get_by_test_id("notice")).to_contain_text("do not work in threads")
    field.fill("my answer")
    page.keyboard.press("Enter")
    expect(thread.get_by_test_id("message").last).to_contain_text("my answer")
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    expect(page.locator("#main").get_by_test_id("message")).to_have_count(1)
    page.reload()
    expect(thread.get_by_test_id("message")).to_have_count(3)
    page.get_by_test_id("thread-close").click()
    expect(thread).to_be_hidden()


def test_unread_messages_are_counted_and_marked(app: Any, dm: str, look: Any) -> None:
    app.web.chat_postMessage(channel="CRENEW", text="old")
    page = look("c/CRENEW")
    expect(page.get_by_test_id("message")).to_have_count(1)
    page.locator(f'[data-conversation="{dm}"]').click()
    expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Message Renewals")
    app.web.chat_postMessage(channel="CRENEW", text="new one")
    app.web.chat_postMessage(channel="CRENEW", text="new two")
    channel = page.locator('[data-conversation="CRENEW"]')
    expect(channel.get_by_test_id("unread")).to_have_text("2")
    channel.click()
    expect(page.get_by_test_id("new-line")).to_have_count(1)
    following = page.locator('[data-testid="new-line"] + [data-testid="message"]')
    expect(following).to_contain_text("new one")
    expect(channel.get_by_test_id("unread")).to_have_count(0)


def test_a_silent_app_is_said_under_the_button(app: Any, dm: str, look: Any) -> None:
    app.fall_silent()
    app.web.chat_postMessage(channel=dm, text="x", blocks=row("log"))
    page = look()
    page.evaluate(NOTE_WHAT_IS_BUSY)
    page.locator('[data-action-id="log"]').click()
    warning = page.locator('[data-block-type="actions"] [data-testid="notice"]')
    expect(warning).to_contain_text("The app did not answer within 3 s")
    expect(page.locator('[data-action-id="log"]')).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate("window.wasBusy") == ["log"]


def test_the_switch_acts_as_somebody_else_and_the_address_keeps_it(look: Any) -> None:
    page = look("crm")
    page.get_by_test_id("person-switch").click()
    other = page.locator('[data-testid="menu-item"][data-value="UOMAR"]')
    expect(other).to_contain_text("Sales manager · Fri 15:30")
    other.click()
    expect(page.get_by_test_id("person-switch")).to_have_attribute("data-user", "UOMAR")
    assert page.url.endswith("#/as/UOMAR/crm")
    page.reload()
    expect(page.get_by_test_id("person-switch")).to_contain_text("Omar Diaz")


def test_without_a_home_tab_the_page_offers_none(world: Any, look: Any) -> None:
    world.slack.manifest = replace(world.slack.manifest, home_tab=False)
    page = look("home")
    expect(page.get_by_test_id("composer")).to_be_visible()
    expect(page.get_by_test_id("tab-home")).to_have_count(0)


def test_an_empty_conversation_says_where_something_new_is(app: Any, look: Any) -> None:
    app.web.chat_postMessage(channel="CRENEW", text="Two accounts are about to move out")
    page = look(user="UOMAR")
    expect(page.get_by_test_id("empty")).to_contain_text("when there is something for this person to decide")
    page.get_by_test_id("go-elsewhere").click()
    expect(page.get_by_test_id("message")).to_contain_text("about to move out")
    page.get_by_test_id("conversation").first.click()
    expect(page.get_by_test_id("empty")).to_be_visible()
    expect(page.get_by_test_id("go-elsewhere")).to_have_count(0)


def test_home_shows_what_the_app_publishes_on_opening(app: Any, look: Any, soon: Any) -> None:
    page = look("home")
    expect(page.get_by_test_id("home")).to_contain_text("No Home yet")
    opened = soon(lambda: [one.payload["event"] for one in app.received if one.type == "events_api"])[0]
    assert (opened["type"], opened["tab"]) == ("app_home_opened", "home")
    app.web.views_publish(user_id="UMAYA", view={"type": "home", "blocks": row("refresh")})
    page.locator('[data-testid="home"] [data-action-id="refresh"]').click()
    assert soon(app.pressed)[0]["action_id"] == "refresh"
    page.get_by_test_id("tab-dm").click()
    expect(page.get_by_test_id("composer")).to_be_visible()

"""The paperclip, and what an agent offers over its composer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def said(app: Any) -> list[dict[str, Any]]:
    """What the app heard that people wrote."""
    events = [one.payload["event"] for one in app.received if one.type == "events_api"]
    return [event for event in events if event["type"] == "message" and not event.get("bot_id")]


def test_a_file_goes_with_what_is_typed_and_its_name_is_shown(app: Any, look: Any, soon: Any) -> None:
    page = look()
    page.get_by_test_id("composer").fill("the offer")
    picked = {"name": "quote.pdf", "mimeType": "application/pdf", "buffer": b"12345"}
    page.get_by_test_id("file-picker").set_input_files(picked)
    message = page.get_by_test_id("message")
    expect(message).to_contain_text("the offer")
    expect(message.get_by_test_id("file")).to_contain_text("quote.pdf")
    expect(page.get_by_test_id("composer")).to_have_value("")
    soon(lambda: said(app))
    event = said(app)[0]
    assert (event["subtype"], event["files"][0]["size"]) == ("file_share", 5)


def test_a_prompt_says_its_words_when_it_is_pressed(
    app: Any, dm: str, world: Any, look: Any, soon: Any
) -> None:
    world.slack.manifest = replace(world.slack.manifest, agent_view=True)
    world.slack.add_scope("assistant:write")
    page = look()
    expect(page.get_by_test_id("prompts")).to_be_hidden()
    prompts = [{"title": "What's <b>due?", "message": "what's due?"}]
    app.web.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts, title="Your day")
    expect(page.get_by_test_id("prompt")).to_have_text("What's <b>due?")
    page.get_by_test_id("prompt").click()
    expect(page.get_by_test_id("message")).to_contain_text("what's due?")
    soon(lambda: said(app))
    assert said(app)[0]["text"] == "what's due?"

"""Modals: filling in, errors on fields, submitting, closing, the stack, and the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element} | more


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


def text_field(block_id: str, **more: Any) -> dict[str, Any]:
    return field(block_id, {"type": "plain_text_input", "action_id": "field", **more})


def modal(*blocks: dict[str, Any], title: str = "Defer", submit: str | None = "Save") -> dict[str, Any]:
    view = {"type": "modal", "callback_id": "defer", "title": plain(title), "blocks": list(blocks)}
    return view | ({"submit": plain(submit)} if submit else {})


@pytest.fixture
def opens(app: Any, dm: str, look: Any) -> Any:
    """Post a button that opens `view`, press it, and return the page with the modal."""

    def open_view(view: dict[str, Any], phone: bool = False) -> Page:
        def answer(request: Any) -> Any:
            if (
                request.payload["type"] == "block_actions"
                and request.payload["container"]["type"] == "message"
            ):
                app.web.views_open(trigger_id=request.payload["trigger_id"], view=view)

        app.answer = answer
        button = {"type": "button", "text": plain("Defer…"), "action_id": "defer"}
        app.web.chat_postMessage(channel=dm, text="x", blocks=[{"type": "actions", "elements": [button]}])
        page: Page = look(phone=phone)
        page.locator('[data-action-id="defer"]').click()
        expect(page.get_by_test_id("modal")).to_be_visible()
        return page

    return open_view


def control(page: Page, block_id: str) -> Any:
    return page.locator(f'[data-testid="modal"] [data-action-id][data-block-id="{block_id}"]')


def test_a_form_sends_what_was_entered_and_closes(app: Any, opens: Any, soon: Any) -> None:
    choices = [option("Away"), option("Budget")]
    page = opens(
        modal(
            field("reason", {"type": "static_select", "action_id": "field", "options": choices}),
            field("date", {"type": "datepicker", "action_id": "field", "initial_date": "2026-12-01"}),
            text_field("note", multiline=True),
            field("tell", {"type": "checkboxes", "action_id": "field", "options": choices}, optional=True),
            field("how", {"type": "radio_buttons", "action_id": "field", "options": choices}),
            field("amount", {"type": "number_input", "action_id": "field", "is_decimal_allowed": False}),
        )
    )
    control(page, "reason").click()
    page.get_by_role("option", name="Budget").click()
    control(page, "note").fill("back in two weeks")
    control(page, "how").get_by_label("Away").check()
    control(page, "amount").fill("twelve")
    page.get_by_test_id("modal-submit").click()
    expect(page.locator(".has-error .input-error")).to_have_text("Please enter a number.")
    control(page, "amount").fill("12")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    values = {block: members["field"] for block, members in soon(app.submitted)[0].items()}
    assert values["reason"]["selected_option"]["value"] == "budget"
    assert values["date"]["selected_date"] == "2026-12-01"
    assert values["note"]["value"] == "back in two weeks"
    assert values["tell"]["selected_options"] == []
    assert values["how"]["selected_option"]["value"] == "away"
    assert values["amount"]["value"] == "12"


def test_an_empty_required_field_is_marked_and_nothing_is_sent(app: Any, opens: Any) -> None:
    page = opens(modal(text_field("note"), field("more", {"type": "datepicker"}, optional=True)))
    page.get_by_test_id("modal-submit").click()
    wrong = page.locator(".has-error")
    expect(wrong).to_have_attribute("data-block-id", "note")
    expect(wrong).to_contain_text("Please complete this required field.")
    expect(control(page, "note")).to_be_focused()
    assert app.submitted() == []


def test_the_apps_errors_stand_under_their_fields_until_mended(app: Any, opens: Any, soon: Any) -> None:
    page = opens(modal(text_field("note"), text_field("date")))

    def answer(request: Any) -> Any:
        if request.payload["type"] != "view_submission":
            return None
        date = request.payload["view"]["state"]["values"]["date"]["field"]["value"]
        mended = {"response_action": "clear"}
        return (
            mended if date == "Monday" else {"response_action": "errors", "errors": {"date": "In the past."}}
        )

    app.answer = answer
    control(page, "note").fill("out of town")
    control(page, "date").fill("yesterday")
    page.keyboard.press("Enter")
    wrong = page.locator(".has-error")
    expect(wrong).to_have_attribute("data-block-id", "date")
    expect(wrong).to_contain_text("In the past.")
    expect(control(page, "date")).to_be_focused()
    expect(control(page, "date")).to_have_attribute("aria-invalid", "true")
    expect(control(page, "note")).to_have_value("out of town")
    control(page, "date").fill("Monday")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("modal")).to_have_count(0)
    assert len(app.submitted()) == 2


def test_an_updated_view_keeps_what_is_being_typed(app: Any, opens: Any, soon: Any) -> None:
    said = {"type": "section", "block_id": "said", "text": {"type": "mrkdwn", "text": "before"}}
    page = opens(modal(said, text_field("note")))
    control(page, "note").press_sequentially("half a sen")
    view_id = page.get_by_test_id("modal").get_attribute("data-view-id")
    said["text"]["text"] = "after"
    app.web.views_update(view_id=view_id, view=modal(said, text_field("note"), title="Defer it"))
    expect(page.get_by_test_id("modal")).to_contain_text("after")
    expect(page.get_by_role("heading", name="Defer it")).to_be_visible()
    expect(control(page, "note")).to_be_focused()
    page.keyboard.type("tence")
    page.keyboard.press("Enter")
    assert soon(app.submitted)[0]["note"]["field"]["value"] == "half a sentence"


def test_a_press_in_a_form_carries_what_stands_in_it(app: Any, opens: Any, soon: Any) -> None:
    row = {"type": "actions", "block_id": "row", "elements": []}
    row["elements"] = [{"type": "button", "text": plain("Read the date"), "action_id": "read"}]
    page = opens(modal(text_field("note"), row))
    control(page, "note").fill("next Monday")
    page.locator('[data-action-id="read"]').click()
    soon(lambda: len(app.pressed()) == 2)
    view = app.received[-1].payload["view"]
    assert view["state"]["values"]["note"]["field"]["value"] == "next Monday"


def test_a_pushed_form_lies_on_top_and_closing_it_shows_the_first_again(app: Any, opens: Any) -> None:
    page = opens(modal(text_field("note")))
    control(page, "note").fill("keep me")
    pushed = modal({"type": "divider"}, title="Sure?", submit=None)
    app.answer = lambda _: {"response_action": "push", "view": pushed}
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_role("heading", name="Sure?")).to_be_visible()
    expect(page.get_by_test_id("modal")).to_have_count(1)
    page.get_by_test_id("modal-cancel").click()
    expect(page.get_by_role("heading", name="Defer")).to_be_visible()
    expect(control(page, "note")).to_have_value("keep me")


def test_the_keyboard_stays_inside_and_escape_gives_the_focus_back(app: Any, opens: Any) -> None:
    page = opens(modal(text_field("note")))
    dialog = page.get_by_role("dialog", name="Defer")
    expect(control(page, "note")).to_be_focused()
    for _ in range(7):
        page.keyboard.press("Tab")
        assert dialog.evaluate("node => node.contains(document.activeElement)")
    for _ in range(7):
        page.keyboard.press("Shift+Tab")
        assert dialog.evaluate("node => node.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator('[data-action-id="defer"]')).to_be_focused()


def test_a_menu_in_a_form_closes_without_closing_the_form(opens: Any) -> None:
    select = {"type": "static_select", "action_id": "field", "options": [option("Away")]}
    page = opens(modal(field("reason", select)))
    control(page, "reason").press("Enter")
    expect(page.get_by_test_id("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    expect(page.get_by_test_id("modal")).to_be_visible()
    expect(control(page, "reason")).to_be_focused()


def test_a_silent_app_leaves_the_form_open_with_its_text(app: Any, opens: Any) -> None:
    page = opens(modal(text_field("note")))
    app.fall_silent()
    control(page, "note").fill("do not lose me")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("notice")).to_contain_text("did not answer within 3 s")
    expect(control(page, "note")).to_have_value("do not lose me")


def test_a_reload_finds_the_open_form_again(opens: Any) -> None:
    page = opens(modal(text_field("note")))
    page.reload()
    expect(page.get_by_test_id("modal")).to_be_visible()

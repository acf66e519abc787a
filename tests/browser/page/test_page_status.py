"""A status beside a name, the dialog that sets it, and user groups by their handle."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from sandbox.slack import profiles

pytestmark = pytest.mark.browser


def test_a_status_is_set_shown_beside_the_name_and_cleared(world: Any, look: Any) -> None:
    page = look()
    page.get_by_test_id("status-set").click()
    page.get_by_test_id("status-pick").select_option(label="🌴 Vacationing")
    page.get_by_test_id("status-until").fill("2026-12-04")
    page.get_by_test_id("status-save").click()
    expect(page.get_by_test_id("status-set")).to_have_text(re.compile("^Vacationing, until Fri 4 Dec"))
    expect(page.get_by_test_id("person-switch").get_by_test_id("status")).to_have_text("🌴")
    status = world.slack.person("UMAYA").status
    ends = datetime(2026, 12, 5, tzinfo=ZoneInfo("America/New_York"))
    assert (status.text, status.emoji, status.expiration) == ("Vacationing", ":palm_tree:", ends.timestamp())
    page.get_by_test_id("status-set").click()
    expect(page.get_by_test_id("status-until")).to_have_value("2026-12-04")
    page.get_by_test_id("status-pick").select_option(label="No status")
    page.get_by_test_id("status-save").click()
    expect(page.get_by_test_id("status-set")).to_have_text("Set a status")
    assert world.slack.person("UMAYA").status.text == ""


def test_what_no_status_can_be_is_said_in_the_dialog(look: Any) -> None:
    page = look(phone=True)
    page.get_by_test_id("drawer-open").click()
    page.get_by_test_id("status-set").click()
    page.get_by_test_id("status-text").fill("Out")
    page.get_by_test_id("status-emoji").fill("palm_tree")
    page.get_by_test_id("status-save").click()
    expect(page.get_by_test_id("status-dialog").get_by_test_id("notice")).to_be_visible()


def test_a_user_group_is_mentioned_by_its_handle(world: Any, app: Any, dm: str, look: Any) -> None:
    group = profiles.add_user_group(world.slack, "first-line", "First line", ["UMAYA"])
    app.web.chat_postMessage(channel=dm, text=f"ask <!subteam^{group.id}>, not &lt;!subteam^{group.id}&gt;")
    body = look().locator('[data-testid="message"] .message-body').last
    expect(body.get_by_test_id("mention")).to_have_text(["@first-line"])
    expect(body).to_contain_text(f"not <!subteam^{group.id}>")

"""What a newcomer sees: the README's first command, a browser, a day and the next morning."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.timeout(180),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The sandbox as the README starts it, without opening a browser of its own."""
    command = [sys.executable, "dev.py", "sandbox", "--no-browser", "--port", "0", "--date", "2026-11-23"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"http://\S+", said)
            assert found, said
            yield found[0]
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(address)
        expect.set_options(timeout=20_000)
        yield opened
        browser.close()


def act_as(page: Page, name: str) -> None:
    page.get_by_test_id("person-switch").click()
    page.get_by_test_id("menu-item").filter(has_text=name).click()


def digest(page: Page, day: str) -> Locator:
    return page.get_by_test_id("message").filter(has_text=re.compile(rf"{day}: \d+ accounts"))


def account_of(block_id: str | None) -> str:
    found = re.match(r"run:(\d+)", block_id or "")
    assert found
    return found[1]


def test_a_rep_logs_a_call_defers_one_and_everybody_knows_the_next_morning(page: Page):
    act_as(page, "Maya Okafor")
    today = digest(page, "Mon 23 Nov")
    expect(today).to_be_visible()

    call = today.locator('[data-action-id="log_call:no_answer"]').first
    called = account_of(call.get_attribute("data-block-id"))
    name = today.locator(
        f'[data-block-id="run:{called}"] strong, [data-block-id="run:{called}"] b'
    ).first.inner_text()
    call.click()
    row = today.locator(f'[data-block-id^="run:{called}:logged"]').first
    expect(row).to_contain_text("No answer")
    expect(row).to_contain_text("Maya Okafor")
    expect(row.get_by_text("Undo")).to_be_visible()

    more = today.locator('[data-action-id="open_more"]').last
    deferred = account_of(more.get_attribute("data-block-id"))
    assert deferred != called
    more.click()
    modal = page.get_by_test_id("modal")
    modal.get_by_text("Defer…").click()
    expect(modal.get_by_text("Why?")).to_be_visible()
    modal.get_by_label("Customer is out of town").check()
    modal.get_by_label("Back when?").fill("in 3 days")
    modal.get_by_role("textbox", name="Note").fill("Back on Thursday, call then")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("Thu 26 Nov 2026 is a holiday, so the call comes on Fri 27 Nov 2026.")
    page.get_by_test_id("modal-close").click()
    expect(modal).to_have_count(0)
    expect(today.locator(f'[data-block-id^="run:{deferred}:logged"]').first).to_contain_text("Thu 26 Nov")

    page.get_by_test_id("place-crm").click()
    page.get_by_test_id("crm-filter").fill(name)
    page.get_by_test_id("deal-link").first.click()
    expect(page.get_by_test_id("timeline")).to_contain_text("No answer", timeout=40_000)

    act_as(page, "Maya Okafor")
    page.get_by_test_id("clock-next-morning").click()
    page.get_by_test_id("conversation").filter(has_text="Renewals").first.click()
    tomorrow = digest(page, "Tue 24 Nov")
    expect(tomorrow).to_be_visible()
    expect(tomorrow.locator(f'[data-block-id="run:{deferred}"]')).to_have_count(0)

    act_as(page, "Priya Nair")
    page.get_by_test_id("conversation").filter(has_text="renewals-managers").click()
    expect(page.get_by_test_id("message").last).to_contain_text("Tue 24 Nov")

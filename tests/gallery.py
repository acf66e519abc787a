"""Pictures of everything that the assistant shows, at desktop and phone width: `python -m tests.gallery FOLDER`.

The examples of `tests.examples` stand in a sandbox without an assistant behind it. `--only digest` draws those
whose name starts so, `--dark` shows the page in the dark.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.server import SandboxServer, World
from sandbox.slack.screens import close_view, put_on_stack
from tests.examples import NAMES, NOW, digest, digest_message, forms, messages

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
TALLEST = 6000
MANIFEST = Path(__file__).resolve().parents[1] / "manifest.yml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--dark", action="store_true")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    world = World(now=NOW, manifest=MANIFEST)
    world.slack.rates.post_interval_s = 0
    person = world.slack.add_person("Maya Okafor", "maya@team.example", "America/New_York", roles=["rep"])
    shown = {f"digest_of_{count}": digest_message(digest(NAMES, count)) for count in (3, 12, 60)} | messages()
    with SandboxServer(world) as server, sync_playwright() as playwright:
        path = next(found for name in CHROMIUM if (found := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for kind, drawn in shown.items():
            if kind.startswith(wanted.only):
                channel = world.slack.add_channel(kind.replace("_", "-"), [person.id]).id
                world.slack.add_app(channel)
                _post(
                    server,
                    world.slack.bot_token,
                    {"channel": channel, "text": drawn.text, "blocks": drawn.blocks},
                )
                _pictures(browser, server, f"{person.id}/c/{channel}", wanted.folder / kind, dark=wanted.dark)
        for kind, view in forms().items():
            if f"form_{kind}".startswith(wanted.only):
                opened = put_on_stack(world.slack, person.id, view)
                _pictures(
                    browser, server, f"{person.id}/dm", wanted.folder / f"form_{kind}", dark=wanted.dark
                )
                close_view(world.slack, opened)
        browser.close()


def _post(server: SandboxServer, token: str, message: dict[str, Any]) -> None:
    answer = httpx.post(
        f"{server.slack_api_url}chat.postMessage", json=message, headers={"Authorization": f"Bearer {token}"}
    ).json()
    assert answer["ok"], answer


def _pictures(browser: Browser, server: SandboxServer, place: str, to: Path, *, dark: bool) -> None:
    """One at each width, as tall as what is shown."""
    for size, (width, height) in SIZES.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        page = context.new_page()
        page.goto(f"{server.url}/#/as/{place}")
        page.get_by_test_id("person-switch").wait_for(state="attached")
        page.wait_for_timeout(400)
        page.set_viewport_size({"width": width, "height": min(height + _hidden(page), TALLEST)})
        page.wait_for_timeout(100)
        page.screenshot(path=to.with_name(f"{to.name}_{size}.png"))
        context.close()


def _hidden(page: Page) -> int:
    """How many pixels of the longest scrolling part are out of sight."""
    script = "Math.max(0, ...[...document.querySelectorAll('*')].map((one) => one.scrollHeight - one.clientHeight))"
    return int(page.evaluate(script))


if __name__ == "__main__":
    main()

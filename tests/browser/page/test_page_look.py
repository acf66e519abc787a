"""The page in light and dark: as the device says or as chosen, and readable in both (WCAG 2.2 AA)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

# What is written on what: 4.5 to 1.
TEXT = (
    ("ink", "page"), ("ink", "raised"), ("ink", "soft"), ("ink", "hover"), ("ink", "only"), ("quiet", "page"),
    ("quiet", "raised"), ("quiet", "soft"), ("quiet", "only"), ("link", "page"), ("link", "only"),
    ("accent-ink", "accent"), ("danger-ink", "danger"), ("danger", "page"), ("danger", "raised"), ("new", "page"),
    ("mention", "mention-back"), ("warn", "warn-back"), ("code", "code-back"), ("side-ink", "side"),
    ("side-ink", "side-hover"), ("side-quiet", "side"), ("side-quiet", "side-hover"), ("side-here-ink", "side-here"),
)  # fmt: skip
# The edges of controls and the mark of the focus: 3 to 1.
EDGES = (
    ("line-strong", "page"),
    ("line-strong", "raised"),
    ("focus", "page"),
    ("focus", "raised"),
    ("accent", "page"),
)
RESOLVED = """(names) => {
  const probe = document.createElement("i");
  document.body.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color.match(/\\d+(\\.\\d+)?/g).map(Number);
  });
  probe.remove();
  return found;
}"""


def luminance(rgb: list[float]) -> float:
    """Of a colour of 0-255, as WCAG defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (one / 255 for one in rgb[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: list[float], second: list[float]) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def colours(page: Page) -> dict[str, list[float]]:
    names = sorted({name for pair in (*TEXT, *EDGES) for name in pair})
    return dict(zip(names, page.evaluate(RESOLVED, names), strict=True))


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert contrast([119, 119, 119], [255, 255, 255]) == pytest.approx(4.48, abs=0.01)


def test_all_is_readable_in_light_and_in_dark(look: Any) -> None:
    page: Page = look()
    shown = {}
    for way in ("light", "dark"):
        page.get_by_test_id(f"look-{way}").click()
        shown[way] = found = colours(page)
        ratios = {(ink, on): contrast(found[ink], found[on]) for ink, on in (*TEXT, *EDGES)}
        faint = {pair: ratio for pair, ratio in ratios.items() if ratio < (4.5 if pair in TEXT else 3)}
        assert faint == {}, way
    assert luminance(shown["dark"]["page"]) < 0.05 < 0.9 < luminance(shown["light"]["page"])


def test_the_device_decides_until_somebody_chooses_and_the_choice_stays(look: Any) -> None:
    page: Page = look()
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("look-device")).to_have_attribute("aria-pressed", "true")
    assert luminance(colours(page)["page"]) < 0.05
    page.get_by_test_id("look-light").click()
    assert luminance(colours(page)["page"]) > 0.9
    page.reload()
    expect(page.get_by_test_id("look-light")).to_have_attribute("aria-pressed", "true")
    assert luminance(colours(page)["page"]) > 0.9
    page.get_by_test_id("look-device").click()
    assert luminance(colours(page)["page"]) < 0.05

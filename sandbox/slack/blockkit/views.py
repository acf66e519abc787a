"""Views: modals and Home tabs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit.blocks import VIEW_BLOCKS, check_blocks
from sandbox.slack.blockkit.findings import (
    Findings,
    check_flag,
    check_id,
    check_keys,
    check_string,
    is_object,
)
from sandbox.slack.blockkit.objects import check_text

TITLE = 24
PRIVATE_METADATA = 3000
VIEW_BYTES = 250_000
SHARED = ("callback_id", "private_metadata", "external_id")
MODAL_ONLY = ("close", "submit", "clear_on_close", "notify_on_close", "submit_disabled")


def check_view(view: Any, *, surface: str) -> list[str]:
    """What is wrong with `view` as a `surface` ("modal" or "home"), in Slack's words."""
    findings = Findings()
    if not is_object(view, "/view", findings):
        return findings.messages
    if view.get("type") != surface:
        findings.add(f"must be one of: {surface}", "/view/type")
        return findings.messages
    check = _check_modal if surface == "modal" else _check_home
    check(view, findings)
    check_id(view, "callback_id", "/view", findings)
    check_id(view, "external_id", "/view", findings)
    if "private_metadata" in view:
        check_string(view["private_metadata"], "/view/private_metadata", findings, most=PRIVATE_METADATA)
    if isinstance(view.get("blocks"), list):
        findings.messages += check_blocks(view["blocks"], most=VIEW_BLOCKS, pointer="/view/blocks")
    elif view.get("blocks") is not None:
        findings.add("must provide an array", "/view/blocks")
    return findings.messages


def is_too_large(view: Any) -> bool:
    """Whether the view is more than Slack takes at all (`view_too_large`)."""
    return len(json.dumps(view)) > VIEW_BYTES


def _check_modal(view: Mapping[str, Any], findings: Findings) -> None:
    check_keys(view, "/view", findings, required=("type", "title", "blocks"), allowed=(*SHARED, *MODAL_ONLY))
    for key in ("title", "submit", "close"):
        if view.get(key) is not None:
            check_text(view[key], f"/view/{key}", findings, most=TITLE)
    for key in ("clear_on_close", "notify_on_close", "submit_disabled"):
        check_flag(view, key, "/view", findings)
    blocks = view.get("blocks")
    has_inputs = isinstance(blocks, list) and any(
        isinstance(block, Mapping) and block.get("type") == "input" for block in blocks
    )
    if has_inputs and view.get("submit") is None:
        findings.add("`submit` is required when an `input` block is within `blocks`", "/view")


def _check_home(view: Mapping[str, Any], findings: Findings) -> None:
    check_keys(view, "/view", findings, required=("type", "blocks"), allowed=SHARED)

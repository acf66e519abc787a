"""Rich text: its nesting, and the leaves a person's or an app's message is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit.findings import (
    Findings,
    check_choice,
    check_keys,
    check_list,
    check_string,
    is_object,
)

CONTAINERS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
LEAVES: dict[str, str] = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "channel": "channel_id",
    "usergroup": "usergroup_id",
    "broadcast": "range",
    "date": "format",
}
ELEMENTS = 1000


def check_rich_text(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A rich text block: containers, each of leaves (a list: of sections)."""
    if not check_keys(block, pointer, findings, required=("type", "elements"), allowed=("block_id",)):
        return
    at = f"{pointer}/elements"
    if check_list(block["elements"], at, findings, most=ELEMENTS, least=0):
        for index, element in enumerate(block["elements"]):
            _check_container(element, f"{at}/{index}", findings)


def _check_container(value: Any, pointer: str, findings: Findings) -> None:
    if not is_object(value, pointer, findings):
        return
    kind = value.get("type")
    if kind not in CONTAINERS:
        findings.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    is_list = kind == "rich_text_list"
    required = ("type", "elements", "style") if is_list else ("type", "elements")
    if not check_keys(value, pointer, findings, required=required, allowed=("indent", "border", "offset")):
        return
    if is_list:
        check_choice(value["style"], f"{pointer}/style", findings, ("bullet", "ordered"))
    at = f"{pointer}/elements"
    if not check_list(value["elements"], at, findings, most=ELEMENTS, least=0):
        return
    for index, element in enumerate(value["elements"]):
        if is_list:
            _check_container(element, f"{at}/{index}", findings)
        else:
            _check_leaf(element, f"{at}/{index}", findings)


def _check_leaf(value: Any, pointer: str, findings: Findings) -> None:
    if not is_object(value, pointer, findings):
        return
    content = LEAVES.get(str(value.get("type")))
    if content is None:
        findings.add(f"unsupported type: {value.get('type')}", f"{pointer}/type")
    elif value.get(content) is None:
        findings.add(f"missing required field: {content}", pointer)
    else:
        check_string(value[content], f"{pointer}/{content}", findings, most=4000)

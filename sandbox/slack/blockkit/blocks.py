"""Blocks: which exist, what each may hold, and how many make a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.slack.blockkit.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image_element,
)
from sandbox.slack.blockkit.findings import (
    Findings,
    check_flag,
    check_id,
    check_keys,
    check_list,
    check_string,
    is_object,
)
from sandbox.slack.blockkit.objects import TEXT_TYPES, check_text
from sandbox.slack.blockkit.rich_text import check_rich_text

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3000
FIELDS, FIELD_TEXT = 10, 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS, ACTION_ELEMENTS = 10, 25
LABEL = 2000

Check = Callable[[Mapping[str, Any], str, Findings], None]


def check_section(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """Text, fields, or both, with at most one element beside them."""
    allowed = ("block_id", "text", "fields", "accessory", "expand")
    check_keys(block, pointer, findings, required=("type",), allowed=allowed)
    if block.get("text") is None and block.get("fields") is None:
        findings.add("must provide at least one of: text, fields", pointer)
    if block.get("text") is not None:
        check_text(block["text"], f"{pointer}/text", findings, most=SECTION_TEXT, types=TEXT_TYPES)
    if block.get("fields") is not None:
        at = f"{pointer}/fields"
        if check_list(block["fields"], at, findings, most=FIELDS):
            for index, text in enumerate(block["fields"]):
                check_text(text, f"{at}/{index}", findings, most=FIELD_TEXT, types=TEXT_TYPES)
    if "accessory" in block:
        check_element(block["accessory"], f"{pointer}/accessory", findings, IN_SECTION)
    check_flag(block, "expand", pointer, findings)


def check_divider(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A line."""
    check_keys(block, pointer, findings, required=("type",), allowed=("block_id",))


def check_header(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """Large plain text."""
    if check_keys(block, pointer, findings, required=("type", "text"), allowed=("block_id",)):
        check_text(block["text"], f"{pointer}/text", findings, most=HEADER_TEXT)


def check_context(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """Small texts and pictures."""
    if not check_keys(block, pointer, findings, required=("type", "elements"), allowed=("block_id",)):
        return
    at = f"{pointer}/elements"
    if not check_list(block["elements"], at, findings, most=CONTEXT_ELEMENTS):
        return
    for index, element in enumerate(block["elements"]):
        if isinstance(element, Mapping) and element.get("type") == "image":
            check_image_element(element, f"{at}/{index}", findings)
        else:
            check_text(element, f"{at}/{index}", findings, most=SECTION_TEXT, types=TEXT_TYPES)


def check_actions(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A row of interactive elements."""
    if not check_keys(block, pointer, findings, required=("type", "elements"), allowed=("block_id",)):
        return
    at = f"{pointer}/elements"
    if check_list(block["elements"], at, findings, most=ACTION_ELEMENTS):
        for index, element in enumerate(block["elements"]):
            check_element(element, f"{at}/{index}", findings, IN_ACTIONS)


def check_input(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A labelled element of a form."""
    allowed = ("block_id", "hint", "optional", "dispatch_action")
    if not check_keys(block, pointer, findings, required=("type", "label", "element"), allowed=allowed):
        return
    check_text(block["label"], f"{pointer}/label", findings, most=LABEL)
    check_element(block["element"], f"{pointer}/element", findings, IN_INPUT)
    if "hint" in block:
        check_text(block["hint"], f"{pointer}/hint", findings, most=LABEL)
    check_flag(block, "optional", pointer, findings)
    check_flag(block, "dispatch_action", pointer, findings)


def check_image(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A picture of its own."""
    needed = ("type", "image_url", "alt_text")
    if check_keys(block, pointer, findings, required=needed, allowed=("block_id", "title")):
        check_string(block["image_url"], f"{pointer}/image_url", findings, most=3000, least=1)
        check_string(block["alt_text"], f"{pointer}/alt_text", findings, most=2000, least=1)
    if "title" in block:
        check_text(block["title"], f"{pointer}/title", findings, most=2000)


BLOCKS: dict[str, Check] = {
    "section": check_section,
    "divider": check_divider,
    "header": check_header,
    "context": check_context,
    "actions": check_actions,
    "input": check_input,
    "image": check_image,
    "rich_text": check_rich_text,
}


def check_blocks(blocks: Any, *, most: int = MESSAGE_BLOCKS, pointer: str = "/blocks") -> list[str]:
    """What is wrong with `blocks`, in Slack's words; empty when Slack takes them."""
    findings = Findings()
    if not check_list(blocks, pointer, findings, most=most, least=0):
        return findings.messages
    block_ids: set[str] = set()
    for index, block in enumerate(blocks):
        at = f"{pointer}/{index}"
        if not is_object(block, at, findings):
            continue
        check = BLOCKS.get(str(block.get("type")))
        if check is None:
            findings.add(f"unsupported type: {block.get('type')}", f"{at}/type")
            continue
        check_id(block, "block_id", at, findings)
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in block_ids:
                findings.add(f"`block_id` {block_id} already exists", f"{at}/block_id")
            block_ids.add(block_id)
        check(block, at, findings)
        _check_action_ids(block, at, findings)
    return findings.messages


def interactive_elements(block: Mapping[str, Any]) -> list[Any]:
    """The elements of a block that can carry an action id."""
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        return list(block["elements"])
    single = {"section": "accessory", "input": "element"}.get(str(block.get("type")))
    return [block[single]] if single is not None and single in block else []


def _check_action_ids(block: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    seen: set[str] = set()
    for index, element in enumerate(interactive_elements(block)):
        action_id = element.get("action_id") if isinstance(element, Mapping) else None
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            findings.add(f"`action_id` {action_id} already exists", f"{pointer}/elements/{index}/action_id")
        seen.add(action_id)

"""Composition objects: text, options, option groups, confirmation dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.slack.blockkit.findings import (
    Findings,
    check_choice,
    check_flag,
    check_keys,
    check_list,
    check_string,
    is_object,
)

TEXT_TYPES = ("plain_text", "mrkdwn")
PLAIN = ("plain_text",)
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
GROUPS = 100


def check_text(
    value: Any, pointer: str, findings: Findings, *, most: int, types: Sequence[str] = PLAIN, least: int = 1
) -> None:
    """A text object of one of `types`, with `least` to `most` characters."""
    if not is_object(value, pointer, findings):
        return
    if value.get("type") not in types:
        findings.add(f"must be one of: {', '.join(types)}", f"{pointer}/type")
        return
    extra = ("emoji",) if value["type"] == "plain_text" else ("verbatim",)
    if check_keys(value, pointer, findings, required=("type", "text"), allowed=extra):
        check_string(value["text"], f"{pointer}/text", findings, most=most, least=least)
    for key in extra:
        check_flag(value, key, pointer, findings)


def check_option(
    value: Any,
    pointer: str,
    findings: Findings,
    *,
    text_types: Sequence[str] = PLAIN,
    with_url: bool = False,
) -> None:
    """An option of a select, overflow, radio or checkbox group."""
    if not is_object(value, pointer, findings):
        return
    allowed = ("description", "url") if with_url else ("description",)
    if not check_keys(value, pointer, findings, required=("text", "value"), allowed=allowed):
        return
    check_text(value["text"], f"{pointer}/text", findings, most=OPTION_TEXT, types=text_types)
    check_string(value["value"], f"{pointer}/value", findings, most=OPTION_VALUE, least=1)
    if "description" in value:
        check_text(value["description"], f"{pointer}/description", findings, most=75, types=text_types)
    if with_url and "url" in value:
        check_string(value["url"], f"{pointer}/url", findings, most=3000, least=1)


def check_options(
    value: Any,
    pointer: str,
    findings: Findings,
    *,
    most: int = OPTIONS,
    least: int = 1,
    text_types: Sequence[str] = PLAIN,
    with_url: bool = False,
) -> None:
    """A list of options with different values."""
    if not check_list(value, pointer, findings, most=most, least=least):
        return
    seen: set[str] = set()
    for index, option in enumerate(value):
        at = f"{pointer}/{index}"
        check_option(option, at, findings, text_types=text_types, with_url=with_url)
        option_value = option.get("value") if isinstance(option, Mapping) else None
        if isinstance(option_value, str):
            if option_value in seen:
                findings.add(f"duplicate option value: {option_value}", f"{at}/value")
            seen.add(option_value)


def check_option_groups(value: Any, pointer: str, findings: Findings) -> None:
    """Option groups of a static select."""
    if not check_list(value, pointer, findings, most=GROUPS):
        return
    for index, group in enumerate(value):
        at = f"{pointer}/{index}"
        if is_object(group, at, findings) and check_keys(
            group, at, findings, required=("label", "options"), allowed=()
        ):
            check_text(group["label"], f"{at}/label", findings, most=75)
            check_options(group["options"], f"{at}/options", findings)


def check_confirm(value: Any, pointer: str, findings: Findings) -> None:
    """A confirmation dialog."""
    if not is_object(value, pointer, findings):
        return
    needed = ("title", "text", "confirm", "deny")
    if not check_keys(value, pointer, findings, required=needed, allowed=("style",)):
        return
    check_text(value["title"], f"{pointer}/title", findings, most=100)
    check_text(value["text"], f"{pointer}/text", findings, most=300, types=TEXT_TYPES)
    check_text(value["confirm"], f"{pointer}/confirm", findings, most=30)
    check_text(value["deny"], f"{pointer}/deny", findings, most=30)
    if "style" in value:
        check_choice(value["style"], f"{pointer}/style", findings, ("primary", "danger"))


def options_of(element: Mapping[str, Any]) -> list[Any]:
    """All options of a select or group element, those in option groups included."""
    options = element.get("options")
    if isinstance(options, list):
        return options
    groups = element.get("option_groups")
    if not isinstance(groups, list):
        return []
    return [
        option
        for group in groups
        if isinstance(group, Mapping) and isinstance(group.get("options"), list)
        for option in group["options"]
    ]

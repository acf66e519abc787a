"""Elements to choose from: selects, overflow menus, radio buttons, checkboxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit.findings import Findings, check_flag, check_keys, check_list
from sandbox.slack.blockkit.objects import (
    TEXT_TYPES,
    check_option_groups,
    check_options,
    check_text,
    options_of,
)

PLACEHOLDER = 150
COMMON = ("action_id", "confirm", "focus_on_load", "placeholder")
GROUP_OPTIONS = 10
OVERFLOW_LEAST, OVERFLOW_MOST = 2, 5


def check_static_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A menu of fixed options."""
    allowed = (*COMMON, "options", "option_groups", "initial_option")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    _check_sources(element, pointer, findings)
    if "initial_option" in element:
        _check_among(element["initial_option"], element, f"{pointer}/initial_option", findings)


def check_multi_static_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A menu of fixed options that takes several."""
    allowed = (*COMMON, "options", "option_groups", "initial_options", "max_selected_items")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    _check_sources(element, pointer, findings)
    _check_initial_options(element, pointer, findings)
    _check_most_selected(element, pointer, findings)


def check_external_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A menu whose options the app looks up as a person types."""
    allowed = (*COMMON, "initial_option", "min_query_length")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    _check_count(element, "min_query_length", pointer, findings, least=0)


def check_multi_external_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """An external menu that takes several."""
    allowed = (*COMMON, "initial_options", "min_query_length", "max_selected_items")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    _check_count(element, "min_query_length", pointer, findings, least=0)
    _check_most_selected(element, pointer, findings)


def check_people_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A menu of the workspace's users, conversations or channels."""
    noun = str(element["type"]).removesuffix("s_select")
    extra = ("response_url_enabled",) if noun != "user" else ()
    more = ("default_to_current_conversation", "filter") if noun == "conversation" else ()
    allowed = (*COMMON, f"initial_{noun}", *extra, *more)
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)


def check_multi_people_select(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A people menu that takes several."""
    noun = str(element["type"]).removeprefix("multi_").removesuffix("_select")
    more = ("default_to_current_conversation", "filter") if noun == "conversations" else ()
    allowed = (*COMMON, f"initial_{noun}", "max_selected_items", *more)
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    _check_most_selected(element, pointer, findings)


def check_overflow(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """The three-dots menu."""
    if check_keys(element, pointer, findings, required=("type", "options"), allowed=("action_id", "confirm")):
        check_options(
            element["options"],
            f"{pointer}/options",
            findings,
            least=OVERFLOW_LEAST,
            most=OVERFLOW_MOST,
            with_url=True,
        )


def check_radio_buttons(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """Radio buttons."""
    allowed = ("action_id", "confirm", "focus_on_load", "initial_option")
    if not check_keys(element, pointer, findings, required=("type", "options"), allowed=allowed):
        return
    check_flag(element, "focus_on_load", pointer, findings)
    check_options(
        element["options"], f"{pointer}/options", findings, most=GROUP_OPTIONS, text_types=TEXT_TYPES
    )
    if "initial_option" in element:
        _check_among(element["initial_option"], element, f"{pointer}/initial_option", findings)


def check_checkboxes(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """Checkboxes."""
    allowed = ("action_id", "confirm", "focus_on_load", "initial_options")
    if not check_keys(element, pointer, findings, required=("type", "options"), allowed=allowed):
        return
    check_flag(element, "focus_on_load", pointer, findings)
    check_options(
        element["options"], f"{pointer}/options", findings, most=GROUP_OPTIONS, text_types=TEXT_TYPES
    )
    _check_initial_options(element, pointer, findings)


def _check_common(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if "placeholder" in element:
        check_text(element["placeholder"], f"{pointer}/placeholder", findings, most=PLACEHOLDER)
    check_flag(element, "focus_on_load", pointer, findings)


def _check_sources(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if ("options" in element) == ("option_groups" in element):
        findings.add("must provide exactly one of: options, option_groups", pointer)
    if "options" in element:
        check_options(element["options"], f"{pointer}/options", findings)
    if "option_groups" in element:
        check_option_groups(element["option_groups"], f"{pointer}/option_groups", findings)


def _check_among(option: Any, element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if option not in options_of(element):
        findings.add("must exactly match one of the provided options", pointer)


def _check_initial_options(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if "initial_options" not in element:
        return
    at = f"{pointer}/initial_options"
    if check_list(element["initial_options"], at, findings, most=100):
        for index, option in enumerate(element["initial_options"]):
            _check_among(option, element, f"{at}/{index}", findings)


def _check_most_selected(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    _check_count(element, "max_selected_items", pointer, findings, least=1)


def _check_count(
    element: Mapping[str, Any], key: str, pointer: str, findings: Findings, *, least: int
) -> None:
    count = element.get(key, least)
    if isinstance(count, bool) or not isinstance(count, int) or count < least:
        findings.add(f"must be a whole number of {least} or more", f"{pointer}/{key}")

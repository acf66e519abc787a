"""Interactive elements: which exist, where each may stand, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.slack.blockkit.choices import (
    check_checkboxes,
    check_external_select,
    check_multi_external_select,
    check_multi_people_select,
    check_multi_static_select,
    check_overflow,
    check_people_select,
    check_radio_buttons,
    check_static_select,
)
from sandbox.slack.blockkit.findings import (
    Findings,
    check_choice,
    check_id,
    check_keys,
    check_string,
    is_object,
)
from sandbox.slack.blockkit.inputs import (
    check_date_picker,
    check_date_time_picker,
    check_number_input,
    check_text_input,
    check_time_picker,
    check_typed_text_input,
)
from sandbox.slack.blockkit.objects import check_confirm, check_text

Check = Callable[[Mapping[str, Any], str, Findings], None]
BUTTON_TEXT = 75
BUTTON_VALUE = 2000


def check_button(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A button; with `url` it also opens a page."""
    allowed = ("action_id", "value", "url", "style", "confirm", "accessibility_label")
    if check_keys(element, pointer, findings, required=("type", "text"), allowed=allowed):
        check_text(element["text"], f"{pointer}/text", findings, most=BUTTON_TEXT)
    if "value" in element:
        check_string(element["value"], f"{pointer}/value", findings, most=BUTTON_VALUE)
    if "url" in element and check_string(element["url"], f"{pointer}/url", findings, most=3000, least=1):
        scheme = element["url"].partition(":")[0].lower()
        if scheme not in ("http", "https", "mailto", "tel"):
            findings.add("must be a valid URL", f"{pointer}/url")
    if "style" in element:
        check_choice(element["style"], f"{pointer}/style", findings, ("primary", "danger"))
    if "accessibility_label" in element:
        check_string(element["accessibility_label"], f"{pointer}/accessibility_label", findings, most=75)


def check_image_element(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A picture in a section or context."""
    if check_keys(element, pointer, findings, required=("type", "image_url", "alt_text"), allowed=()):
        check_string(element["image_url"], f"{pointer}/image_url", findings, most=3000, least=1)
        check_string(element["alt_text"], f"{pointer}/alt_text", findings, most=2000, least=1)


CHOICES: dict[str, Check] = {
    "static_select": check_static_select,
    "multi_static_select": check_multi_static_select,
    "external_select": check_external_select,
    "multi_external_select": check_multi_external_select,
    "users_select": check_people_select,
    "conversations_select": check_people_select,
    "channels_select": check_people_select,
    "multi_users_select": check_multi_people_select,
    "multi_conversations_select": check_multi_people_select,
    "multi_channels_select": check_multi_people_select,
    "checkboxes": check_checkboxes,
    "radio_buttons": check_radio_buttons,
    "datepicker": check_date_picker,
    "timepicker": check_time_picker,
}
IN_ACTIONS: dict[str, Check] = {
    **CHOICES,
    "button": check_button,
    "overflow": check_overflow,
    "datetimepicker": check_date_time_picker,
}
IN_SECTION: dict[str, Check] = {
    **CHOICES,
    "button": check_button,
    "overflow": check_overflow,
    "image": check_image_element,
}
IN_INPUT: dict[str, Check] = {
    **CHOICES,
    "datetimepicker": check_date_time_picker,
    "plain_text_input": check_text_input,
    "number_input": check_number_input,
    "email_text_input": check_typed_text_input,
    "url_text_input": check_typed_text_input,
}


def check_element(value: Any, pointer: str, findings: Findings, known: Mapping[str, Check]) -> None:
    """An element of one of the `known` types, with an action id and a confirmation that fit."""
    if not is_object(value, pointer, findings):
        return
    check = known.get(str(value.get("type")))
    if check is None:
        findings.add(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        return
    check_id(value, "action_id", pointer, findings)
    check(value, pointer, findings)
    if "confirm" in value:
        check_confirm(value["confirm"], f"{pointer}/confirm", findings)

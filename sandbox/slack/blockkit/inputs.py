"""Elements to type or pick into: text, numbers, dates and times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sandbox.slack.blockkit.findings import (
    Findings,
    check_flag,
    check_keys,
    check_list,
    check_string,
    is_object,
)
from sandbox.slack.blockkit.objects import check_text

PLACEHOLDER = 150
TEXT_INPUT = 3000
COMMON = ("action_id", "focus_on_load", "placeholder")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def check_text_input(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A field for plain text."""
    allowed = (*COMMON, "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    check_flag(element, "multiline", pointer, findings)
    least = _check_length(element, "min_length", pointer, findings, least=0)
    most = _check_length(element, "max_length", pointer, findings, least=1)
    if least is not None and most is not None and least > most:
        findings.add("min_length must not be greater than max_length", f"{pointer}/min_length")
    if "initial_value" in element:
        check_string(element["initial_value"], f"{pointer}/initial_value", findings, most=most or TEXT_INPUT)
    _check_dispatch(element, pointer, findings)


def check_typed_text_input(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A field for an email address or a web address."""
    allowed = (*COMMON, "initial_value", "dispatch_action_config")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    if "initial_value" in element:
        check_string(element["initial_value"], f"{pointer}/initial_value", findings, most=TEXT_INPUT)
    _check_dispatch(element, pointer, findings)


def check_number_input(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A field for a number; its bounds and initial value are decimal strings."""
    allowed = (*COMMON, "initial_value", "min_value", "max_value", "dispatch_action_config")
    if check_keys(element, pointer, findings, required=("type", "is_decimal_allowed"), allowed=allowed):
        check_flag(element, "is_decimal_allowed", pointer, findings)
    _check_common(element, pointer, findings)
    for key in ("initial_value", "min_value", "max_value"):
        if key in element and not (isinstance(element[key], str) and _NUMBER.fullmatch(element[key])):
            findings.add("must be a number written as a string", f"{pointer}/{key}")
    _check_dispatch(element, pointer, findings)


def check_date_picker(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A date; `initial_date` is YYYY-MM-DD."""
    allowed = (*COMMON, "confirm", "initial_date")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    if "initial_date" in element and not is_date(element["initial_date"]):
        findings.add("must be a date in the format YYYY-MM-DD", f"{pointer}/initial_date")


def check_time_picker(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """A time of day; `initial_time` is HH:mm in 24 hours, `timezone` an IANA name."""
    allowed = (*COMMON, "confirm", "initial_time", "timezone")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    _check_common(element, pointer, findings)
    if "initial_time" in element and not is_time(element["initial_time"]):
        findings.add("must be a time in the format HH:mm", f"{pointer}/initial_time")
    if "timezone" in element:
        check_string(element["timezone"], f"{pointer}/timezone", findings, most=255, least=1)


def check_date_time_picker(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    """An instant; `initial_date_time` is a Unix time of ten digits."""
    allowed = ("action_id", "confirm", "focus_on_load", "initial_date_time")
    check_keys(element, pointer, findings, required=("type",), allowed=allowed)
    check_flag(element, "focus_on_load", pointer, findings)
    instant = element.get("initial_date_time")
    if instant is not None and (not isinstance(instant, int) or len(str(instant)) != 10):
        findings.add("must be a Unix timestamp of 10 digits", f"{pointer}/initial_date_time")


def is_date(value: Any) -> bool:
    """Whether `value` is a real date written YYYY-MM-DD."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_time(value: Any) -> bool:
    """Whether `value` is a time of day written HH:mm."""
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return False
    try:
        time.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_common(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if "placeholder" in element:
        check_text(element["placeholder"], f"{pointer}/placeholder", findings, most=PLACEHOLDER)
    check_flag(element, "focus_on_load", pointer, findings)


def _check_length(
    element: Mapping[str, Any], key: str, pointer: str, findings: Findings, *, least: int
) -> int | None:
    value = element.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= TEXT_INPUT:
        findings.add(f"must be a whole number from {least} to {TEXT_INPUT}", f"{pointer}/{key}")
        return None
    return value


def _check_dispatch(element: Mapping[str, Any], pointer: str, findings: Findings) -> None:
    if "dispatch_action_config" not in element:
        return
    config, at = element["dispatch_action_config"], f"{pointer}/dispatch_action_config"
    if not is_object(config, at, findings):
        return
    if check_keys(config, at, findings, required=(), allowed=("trigger_actions_on",)) and check_list(
        config.get("trigger_actions_on"), f"{at}/trigger_actions_on", findings, most=2
    ):
        known = ("on_character_entered", "on_enter_pressed")
        if not all(trigger in known for trigger in config["trigger_actions_on"]):
            findings.add(f"must be one of: {', '.join(known)}", f"{at}/trigger_actions_on")

"""Collects what is wrong with blocks, in Slack's words, and the checks every part shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

ID_LIMIT = 255


class Findings:
    """Everything wrong with one set of blocks, in the order it was found."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, message: str, pointer: str) -> None:
        """Note `message` about the part at the JSON pointer `pointer`."""
        self.messages.append(f"[ERROR] {message} [json-pointer:{pointer}]")


def is_object(value: Any, pointer: str, findings: Findings) -> bool:
    """Whether `value` is a JSON object; notes it when not."""
    if isinstance(value, Mapping):
        return True
    findings.add("must provide an object", pointer)
    return False


def check_keys(
    part: Mapping[str, Any],
    pointer: str,
    findings: Findings,
    *,
    required: Iterable[str],
    allowed: Iterable[str],
) -> bool:
    """Note missing and unknown members; True when none is missing."""
    required = list(required)
    missing = [key for key in required if part.get(key) is None]
    for key in missing:
        findings.add(f"missing required field: {key}", pointer)
    for key in part:
        if key not in required and key not in set(allowed):
            findings.add(f"invalid additional property: {key}", pointer)
    return not missing


def check_string(value: Any, pointer: str, findings: Findings, *, most: int, least: int = 0) -> bool:
    """Note `value` unless it is a string of `least` to `most` characters."""
    if not isinstance(value, str):
        findings.add("must provide a string", pointer)
    elif len(value) > most:
        findings.add(f"must be less than {most + 1} characters", pointer)
    elif len(value) < least:
        findings.add(f"must be more than {least - 1} characters", pointer)
    else:
        return True
    return False


def check_list(value: Any, pointer: str, findings: Findings, *, most: int, least: int = 1) -> bool:
    """Note `value` unless it is a list of `least` to `most` items."""
    if not isinstance(value, list):
        findings.add("must provide an array", pointer)
    elif len(value) > most:
        findings.add(f"no more than {most} items allowed", pointer)
    elif len(value) < least:
        findings.add(f"no fewer than {least} items allowed", pointer)
    else:
        return True
    return False


def check_choice(value: Any, pointer: str, findings: Findings, choices: Iterable[str]) -> None:
    """Note `value` unless it is one of `choices`."""
    known = sorted(choices)
    if value not in known:
        findings.add(f"must be one of: {', '.join(known)}", pointer)


def check_flag(part: Mapping[str, Any], key: str, pointer: str, findings: Findings) -> None:
    """Note the member `key` when it is there and not true or false."""
    if key in part and not isinstance(part[key], bool):
        findings.add("must provide a boolean", f"{pointer}/{key}")


def check_id(part: Mapping[str, Any], key: str, pointer: str, findings: Findings) -> None:
    """Note the id at `key` when it is there and not a string of 1 to 255 characters."""
    if key in part:
        check_string(part[key], f"{pointer}/{key}", findings, most=ID_LIMIT, least=1)

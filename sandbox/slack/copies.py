"""Copies of plain JSON values: what a caller does to one leaves the other as it is."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def copied(value: T) -> T:
    """`value` with all its objects and arrays made anew. copy.deepcopy would do; it takes six times as long."""
    if isinstance(value, dict):
        return type(value)((key, copied(member)) for key, member in value.items())
    if isinstance(value, list):
        return type(value)(copied(member) for member in value)
    return value

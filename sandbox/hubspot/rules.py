"""Validation rules that a portal's admin puts on a property: since 2026-09 writes through the API obey them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.hubspot.errors import PropertyProblem

_OBEYED: Mapping[str, Callable[[str, str], bool]] = {
    "MIN_LENGTH": lambda text, bound: len(text) >= int(bound),
    "MAX_LENGTH": lambda text, bound: len(text) <= int(bound),
    "MIN_NUMBER": lambda text, bound: float(text) >= float(bound),
    "MAX_NUMBER": lambda text, bound: float(text) <= float(bound),
    "REGEX": lambda text, pattern: re.fullmatch(pattern, text) is not None,
}


@dataclass(frozen=True)
class Rule:
    """One rule: its `type` by HubSpot's name, the `argument` it is held against, the admin's own `message`."""

    type: str
    argument: str
    message: str = ""

    def __post_init__(self) -> None:
        if self.type not in _OBEYED:
            raise ValueError(f"{self.type} is not a rule; known: {', '.join(_OBEYED)}")

    def check(self, name: str, text: str) -> None:
        """Raises PropertyProblem when the value breaks the rule. An empty value, which clears, is not asked."""
        if not _OBEYED[self.type](text, self.argument):
            words = self.message or f"must obey {self.type} {self.argument}"
            raise PropertyProblem(name, "PROPERTY_VALIDATION_RULE_FAILED", f"{name}: {words}")

"""What the setup asks: one decision with its choices, and the answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.hubspot.roles import ROLES

Answers = Mapping[str, tuple[str, ...]]
NONE = ""
_ROLES = frozenset(role.key for role in ROLES)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the value, and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One decision. `proposed`: the values taken by Enter, () when there is no proposal.

    `also`: values that are legal too, but too many to list. `several`: the first one is what is written.
    """

    key: str
    title: str
    ask: str
    choices: tuple[Choice, ...]
    proposed: tuple[str, ...]
    certain: bool
    why: str = ""
    several: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_file(self) -> str:
        """Where the answer stands in the file."""
        kind, _, name = self.key.partition(".")
        fixed = {"account": "portal_id", "stage": "stages", "outcome": f'call_outcomes."{name}"'}
        return f"hubspot.{fixed.get(kind) or (f'properties.{kind}' if kind in _ROLES else kind)}"

    def shown(self, values: Sequence[str]) -> str:
        """How these values are shown."""
        named = {**self.also, **{choice.value: choice.label for choice in self.choices}}
        return ", ".join(named.get(value, value) for value in values) or "?"


def named(label: str, name: str) -> str:
    """How something with an internal name is shown."""
    return f"{label} ({name})"

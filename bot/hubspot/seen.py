"""What an account looks like, as the setup has read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A pipeline's stage. `won`: it closes a deal with full probability."""

    id: str
    label: str
    closed: bool = False
    won: bool = False


@dataclass(frozen=True, slots=True)
class PipelineSeen:
    """A deal pipeline with its stages from left to right."""

    id: str
    label: str
    stages: tuple[StageSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertySeen:
    """A property's definition. `own`: the team's, not one of HubSpot's; `values`: of its choices, if it has any."""

    name: str
    label: str
    type: str
    own: bool = True
    read_only: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerSeen:
    """A user who can own deals."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Survey:
    """One account. `keys`: per activity type whether the key property is there, and then whether it is unique."""

    account_id: str
    pipelines: tuple[PipelineSeen, ...] = ()
    properties: Mapping[str, tuple[PropertySeen, ...]] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)  # the account's own: id -> label
    keys: Mapping[str, bool | None] = field(default_factory=dict)
    owners: tuple[OwnerSeen, ...] = ()
    about: str = ""

    def of(self, object_type: str) -> Mapping[str, PropertySeen]:
        """The type's properties by name."""
        return {one.name: one for one in self.properties.get(object_type, ())}


def property_seen(raw: Mapping[str, Any]) -> PropertySeen:
    """A definition as HubSpot gives it."""
    about = raw.get("modificationMetadata") or {}
    return PropertySeen(
        name=str(raw["name"]),
        label=one_line(raw.get("label") or raw["name"]),
        type=str(raw.get("type")),
        own=raw.get("hubspotDefined") is not True,
        read_only=about.get("readOnlyValue") is True or raw.get("calculated") is True,
        values=tuple(str(option.get("value")) for option in raw.get("options") or ()),
    )


def one_line(text: object) -> str:
    """People's text as a terminal shows it: no control characters, no line ends."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())

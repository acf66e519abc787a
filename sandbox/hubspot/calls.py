"""One call of the API, checked as far as every call is, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.hubspot.errors import invalid, missing_fields
from sandbox.hubspot.kinds import Kind, kind_of

if TYPE_CHECKING:
    from sandbox.hubspot.portal import Portal

MOST_INPUTS = 100


@dataclass(frozen=True)
class Call:
    """What was asked: path and query parameters (repeated ones joined by commas), and the JSON body ({} if none)."""

    verb: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)

    def kind(self, name: str = "kind") -> Kind:
        """The object type that the path names. Raises ApiError 400."""
        return kind_of(self.path[name])

    def names(self, parameter: str) -> list[str]:
        """A comma-separated query parameter."""
        return [name for name in self.query.get(parameter, "").split(",") if name]

    def flag(self, parameter: str) -> bool:
        """A boolean query parameter, false if left out. Raises ApiError 400."""
        given = self.query.get(parameter, "false").lower()
        if given not in ("true", "false"):
            raise invalid(f"{parameter} must be true or false, not {given}", field=parameter)
        return given == "true"

    def whole(self, parameter: str, default: int, most: int) -> int:
        """A whole number between 1 and `most` from the query. Raises ApiError 400."""
        given = self.query.get(parameter, str(default))
        if not given.isdigit() or not 1 <= int(given) <= most:
            raise invalid(f"{parameter} must be between 1 and {most}, not {given}", field=parameter)
        return int(given)

    def require(self, *names: str) -> None:
        """Raises ApiError 400 naming the members that the body lacks."""
        missing = [name for name in names if name not in self.body]
        if missing:
            raise missing_fields(missing)

    def properties(self) -> Mapping[str, Any]:
        """The body's `properties`. Raises ApiError 400."""
        return properties_of(self.body)

    def inputs(self, *required: str) -> list[Mapping[str, Any]]:
        """The body's batch, each input with the members it must have. Raises ApiError 400."""
        self.require("inputs")
        given = self.body["inputs"]
        if not isinstance(given, list) or not given or not all(isinstance(one, Mapping) for one in given):
            raise invalid("inputs must be a list of one or more objects.", field="inputs")
        if len(given) > MOST_INPUTS:
            raise invalid(f"The maximum allowed in a batch request is {MOST_INPUTS}; it has {len(given)}.")
        for place, one in enumerate(given):
            missing = [f"inputs[{place}].{name}" for name in required if name not in one]
            if missing:
                raise missing_fields(missing)
        return given


def properties_of(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `properties` of a body or a batch input. Raises ApiError 400."""
    given = holder.get("properties")
    if not isinstance(given, Mapping):
        raise invalid("properties must be an object of names and values.", field="properties")
    return given


@dataclass(frozen=True)
class Answer:
    """What is sent back: JSON, or nothing for 204. `wrote`: ids of the records the call changed."""

    body: Any = None
    status: int = 200
    wrote: Sequence[str] = ()


Handler = Callable[["Portal", Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """One call of the reference. `area` comes before the version in dated paths, `rest` after it.

    `scope` names the scope the key needs, with {kind} for the type in the path. The older form of the path
    has `older` as its version, before the area's last word.
    """

    verb: str
    area: str
    rest: str
    handler: Handler
    scope: str
    older: str = "v3"
    is_search: bool = False

    def path(self, version: str) -> str:
        """Where the call is found in that version, with the path parameters in braces."""
        if version == self.older:
            first, _, last = self.area.rpartition("/")
            return (
                f"{first}/{version}/{last}{self.rest}"
                if first
                else f"/{last.strip('/')}/{version}{self.rest}"
            )
        return f"{self.area}/{version}{self.rest}"

    def route_name(self, path: Mapping[str, str]) -> str:
        """The name faults and journal know it by: verb and path without version, types filled in, ids not."""
        rest = self.rest
        for name in ("kind", "from_kind", "to_kind"):
            if name in path:
                rest = rest.replace("{" + name + "}", path[name])
        return f"{self.verb} {self.area}{rest}"

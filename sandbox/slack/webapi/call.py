"""One Web API call: who makes it and with what arguments."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class Call:
    """A call that passed authorisation. `args` come from a form (all strings) or from JSON."""

    workspace: Workspace
    args: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A required string. Raises SlackError `invalid_arguments`."""
        value = self.args.get(name)
        if value in (None, ""):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        if not isinstance(value, str):
            raise SlackError("invalid_arguments", [f"[ERROR] must provide a string [json-pointer:/{name}]"])
        return value

    def optional_text(self, name: str) -> str | None:
        """A string that may be left out or empty."""
        return self.text(name) if self.args.get(name) not in (None, "") else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean, in a form written true or 1."""
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, *, default: int, most: int) -> int:
        """A whole number from 1 to `most`. Raises SlackError `invalid_limit`."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 <= number <= most:
            raise SlackError("invalid_limit")
        return number or default

    def structure(self, name: str, *, malformed: str) -> Any:
        """JSON that a form carries as text; None when left out. Raises SlackError `malformed`."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(malformed) from None

    def require_scope(self, *scopes: str) -> None:
        """Raises SlackError `missing_scope` unless the app has one of `scopes`."""
        if not self.workspace.scopes & set(scopes):
            provided = ",".join(sorted(self.workspace.scopes))
            raise SlackError("missing_scope", needed=scopes[0], provided=provided)


def page(items: list[Any], cursor: str | None, limit: int) -> tuple[list[Any], str]:
    """The items from `cursor` on, at most `limit`, and the next cursor ("" at the end).

    Raises SlackError `invalid_cursor`.
    """
    start = 0
    if cursor:
        try:
            start = int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("next:"))
        except (ValueError, binascii.Error):
            raise SlackError("invalid_cursor") from None
        if not 0 <= start <= len(items):
            raise SlackError("invalid_cursor")
    end = start + limit
    following = base64.urlsafe_b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following

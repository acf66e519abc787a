"""A HubSpot account set up for the assistant, without the calls that its own tests show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from bot.hubspot.client import HubSpotClient
from bot.hubspot.setup import set_up
from sandbox.hubspot.kinds import KINDS
from sandbox.hubspot.portal import Portal


class _AtHand:
    """The account's definitions, as `set_up` asks a client for them."""

    def __init__(self, portal: Portal) -> None:
        self._schema = portal.schema

    def properties(self, kind: str) -> dict[str, Any]:
        return {"results": [{"name": name} for name in self._schema.of(KINDS[kind])]}

    def create_group(self, kind: str, name: str, label: str) -> dict[str, Any]:
        return self._schema.add_group(KINDS[kind], {"name": name, "label": label})

    def create_property(self, kind: str, definition: dict[str, Any]) -> None:
        self._schema.add(KINDS[kind], definition)


def set_up_account(portal: Portal) -> None:
    """What `renewals setup hubspot` does, in the portal itself."""
    set_up(cast(HubSpotClient, _AtHand(portal)))


def documented_scopes() -> frozenset[str]:
    """What docs/for-admins.md tells to give the key; `oauth` is in every key."""
    docs = Path(__file__).resolve().parents[1] / "docs" / "for-admins.md"
    section = docs.read_text("utf-8").partition("## 2. HubSpot")[2].partition("\n## ")[0]
    return frozenset({"oauth", *re.findall(r"`((?:crm|scheduler)\.[a-z.-]+)`", section)})

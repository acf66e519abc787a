"""Owners: the HubSpot users whom records belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BEGINNING = "2024-01-15T09:00:00.000Z"


@dataclass
class Owner:
    """One user of the portal. An archived one is a deactivated user; their records stay theirs."""

    id: str
    email: str
    first_name: str
    last_name: str
    user_id: int
    archived: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def as_json(self) -> dict[str, Any]:
        """The owner as the owners API returns it; a deactivated one has no current user id."""
        body: dict[str, Any] = {
            "id": self.id,
            "email": self.email,
            "type": "PERSON",
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userIdIncludingInactive": self.user_id,
            "createdAt": BEGINNING,
            "updatedAt": BEGINNING,
            "archived": self.archived,
        }
        return body if self.archived else body | {"userId": self.user_id}

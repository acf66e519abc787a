"""Deal pipelines: the renewals', and a sales pipeline that has nothing to do with renewals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BEGINNING = "2024-01-15T09:00:00.000Z"


@dataclass(frozen=True)
class Stage:
    """One column of a pipeline; `probability` of winning: 0.0 in a closed stage is lost, 1.0 is won."""

    id: str
    label: str
    probability: float
    closed: bool = False

    def as_json(self, place: int) -> dict[str, Any]:
        """The stage as the pipelines API returns it; all metadata are strings."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": place,
            "metadata": {
                "isClosed": "true" if self.closed else "false",
                "probability": str(self.probability),
            },
            "createdAt": BEGINNING,
            "updatedAt": BEGINNING,
            "archived": False,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }


@dataclass(frozen=True)
class Pipeline:
    """A pipeline and its stages from left to right."""

    id: str
    label: str
    stages: Sequence[Stage]

    def as_json(self, place: int) -> dict[str, Any]:
        """The pipeline as the pipelines API returns it."""
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": place,
            "stages": [stage.as_json(position) for position, stage in enumerate(self.stages)],
            "createdAt": BEGINNING,
            "updatedAt": BEGINNING,
            "archived": False,
        }

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id, if the pipeline has it."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)


RENEWALS = Pipeline(
    "renewals",
    "Renewals",
    (
        Stage("renewal_put_out", "Put out", 0.5),
        Stage("renewal_in_negotiation", "In negotiation", 0.8),
        Stage("renewal_closed_won", "Closed won", 1.0, closed=True),
        Stage("renewal_closed_lost", "Closed lost", 0.0, closed=True),
        Stage("renewal_moved_out", "Moved out", 0.0, closed=True),
    ),
)
SALES = Pipeline(
    "default",
    "Sales Pipeline",
    (
        Stage("appointmentscheduled", "Appointment scheduled", 0.2),
        Stage("qualifiedtobuy", "Qualified to buy", 0.4),
        Stage("contractsent", "Contract sent", 0.9),
        Stage("closedwon", "Closed won", 1.0, closed=True),
        Stage("closedlost", "Closed lost", 0.0, closed=True),
    ),
)

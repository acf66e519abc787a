"""The hard dates of a run (PLAYBOOK 1: day 14, day 30, expiration + 7) and which of them comes next."""

from __future__ import annotations

from datetime import timedelta

from bot.playbook.assessment import MoveOutStatus
from bot.services.home.models import Gate, GateKind
from bot.services.runs.lines import Seen

DAY_14, DAY_30 = timedelta(days=13), timedelta(days=29)
TAKEDOWN = timedelta(days=7)


def gates_of(seen: Seen) -> list[Gate]:
    """The run's gates that are not met yet, earliest first; what exempts from the move-out takes it away."""
    row = seen.loaded.row
    kinds = {fact.kind for fact in seen.loaded.facts}
    negotiates = row.stage == "negotiation"  # which exempts from the move-out, and has no cancellation email
    found = []
    move_out = seen.assessment.move_out
    if move_out is not None and move_out.status is not MoveOutStatus.EXEMPT and not negotiates:
        found.append(Gate(GateKind.DAY_30, move_out.on))
    if "cancellation_email" in kinds:
        if row.hosts_site and row.expires_on is not None and not {"takedown_email", "site_down"} & kinds:
            found.append(Gate(GateKind.TAKEDOWN, row.expires_on + TAKEDOWN))
    elif not negotiates:
        found.append(Gate(GateKind.DAY_14, seen.calendar.roll(row.put_out_on + DAY_14)))
    return sorted(found, key=lambda gate: (gate.on, gate.kind))

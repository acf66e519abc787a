"""A stage that somebody set in HubSpot by a move that the playbook does not have: taken over, and said."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.policy import Policy
from bot.playbook.run import Stage
from bot.playbook.stages import may_move
from bot.services.runs.lines import Seen
from bot.services.showing.card_models import StageJump
from bot.store.tables import RunChange


def stage_jump(session: Session, seen: Seen, policy: Policy) -> StageJump | None:
    """The newest stage change of the run, if it came from HubSpot and nobody could have made it here."""
    wanted = select(RunChange).where(RunChange.run_id == seen.loaded.row.id, RunChange.field == "stage")
    change = session.scalar(wanted.order_by(RunChange.id.desc()).limit(1))
    if change is None or change.source != "hubspot" or change.old is None or change.new is None:
        return None
    if may_move(Stage(change.old), Stage(change.new), policy, manager=True):
        return None
    return StageJump(change.old, change.new, seen.calendar.local_date(change.at))

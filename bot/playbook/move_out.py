"""Day 30: the run is taken from its rep, unless something exempts it (PLAYBOOK 5)."""

from datetime import date, timedelta

from bot.playbook.assessment import Exemption, MoveOut, MoveOutStatus
from bot.playbook.known import Known
from bot.playbook.run import Stage

PREVIEW_DAY = 28
MOVE_OUT_DAY = 30


def preview_on(put_out_on: date) -> date:
    """Day 28, from which the move-out is announced."""
    return put_out_on + timedelta(days=PREVIEW_DAY - 1)


def move_out_gate(known: Known) -> MoveOut:
    """For a run that is under way; counted in calendar days."""
    on = known.run.put_out_on + timedelta(days=MOVE_OUT_DAY - 1)
    if known.day < PREVIEW_DAY:
        return MoveOut(on, MoveOutStatus.AHEAD, None)
    if known.scheduled and known.scheduled[-1].at > known.now:
        return MoveOut(on, MoveOutStatus.EXEMPT, Exemption.APPOINTMENT)
    if known.run.stage is Stage.NEGOTIATION:
        return MoveOut(on, MoveOutStatus.EXEMPT, Exemption.NEGOTIATION)
    status = MoveOutStatus.DUE if known.day >= MOVE_OUT_DAY else MoveOutStatus.PREVIEW
    return MoveOut(on, status, None)

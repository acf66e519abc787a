"""Which way a renewal may move through its stages (PLAYBOOK 7; the moves themselves are settings)."""

from bot.playbook.policy import Policy
from bot.playbook.run import Stage

CLOSED = (Stage.WON, Stage.LOST, Stage.MOVED_OUT)


def moves_from(stage: Stage, policy: Policy) -> tuple[Stage, ...]:
    """Where whoever works a run may move it from here; nowhere once it is closed."""
    if stage is Stage.OPEN:
        return tuple(map(Stage, policy.moves_from_open))
    if stage is Stage.NEGOTIATION:
        return tuple(map(Stage, policy.moves_from_negotiation))
    return ()


def may_move(stage: Stage, to: Stage, policy: Policy, *, manager: bool) -> bool:
    """Whether a person may move a run from one stage to another; a manager may open again what was closed."""
    if stage in CLOSED:
        return manager and to is Stage.OPEN and may_reopen(stage, policy)
    return to in moves_from(stage, policy)


def may_reopen(stage: Stage, policy: Policy) -> bool:
    """Whether a manager may open a run again that ended in this stage."""
    return stage.value in policy.reopen

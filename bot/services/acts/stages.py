"""Moving a run's stage: what is allowed is decided here, whoever asks and by which way (PLAYBOOK 7)."""

from __future__ import annotations

from typing import Final

from bot.playbook.policy import Policy
from bot.playbook.run import Stage
from bot.playbook.stages import CLOSED, may_move, may_reopen, moves_from
from bot.services.errors import NotAllowed

STAGE_WORDS: Final = {
    Stage.OPEN: "open",
    Stage.NEGOTIATION: "in negotiation",
    Stage.WON: "won",
    Stage.LOST: "lost",
    Stage.MOVED_OUT: "moved out",
}


def require_move(account: str, stage: str, to: str, policy: Policy, *, manager: bool) -> None:
    """Raise NotAllowed, with the reason, unless the team's playbook lets a person move a run so."""
    now, then = Stage(stage), Stage(to)
    if may_move(now, then, policy, manager=manager):
        return
    said = f"{account} is {STAGE_WORDS[now]}"
    if now is then:
        raise NotAllowed(f"{said} already. Nothing was changed.")
    if now in CLOSED:
        who = (
            "a manager of the team can open it again"
            if may_reopen(now, policy)
            else "nobody opens it again here"
        )
        raise NotAllowed(f"{said}: {who}. Nothing was changed.")
    allowed = [STAGE_WORDS[one] for one in moves_from(now, policy)]
    ways = " or ".join([", ".join(allowed[:-1]), allowed[-1]]) if len(allowed) > 1 else "".join(allowed)
    raise NotAllowed(
        f"{said}. From there your team's playbook allows {ways or 'no move'}, not {STAGE_WORDS[then]}. Nothing was"
        " changed."
    )

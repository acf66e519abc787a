"""What a person is told who may not move a stage so; and the reasons of a loss, one list for form and service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.playbook.policy import load_policy
from bot.services.acts.close_facts import LOST_REASONS, lost_fact
from bot.services.acts.stages import require_move
from bot.services.errors import NotAllowed
from bot.slack import words

POLICY = load_policy()


@pytest.mark.parametrize(
    ("stage", "to", "sentence"),
    [
        (
            "negotiation",
            "moved_out",
            "Acme is in negotiation. From there your team's playbook allows open, won or lost, not moved out."
            " Nothing was changed.",
        ),
        ("won", "won", "Acme is won already. Nothing was changed."),
        ("lost", "won", "Acme is lost: a manager of the team can open it again. Nothing was changed."),
    ],
)
def test_the_reason_is_said(stage: str, to: str, sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        require_move("Acme", stage, to, POLICY, manager=False)
    assert refused.value.sentence == sentence


def test_what_a_team_has_closed_for_good_and_a_stage_without_any_move() -> None:
    strict = replace(POLICY, reopen=(), moves_from_negotiation=())
    with pytest.raises(NotAllowed, match="nobody opens it again here"):
        require_move("Acme", "lost", "open", strict, manager=True)
    with pytest.raises(NotAllowed, match="allows no move, not won"):
        require_move("Acme", "negotiation", "won", strict, manager=True)
    require_move("Acme", "lost", "open", POLICY, manager=True)


def test_the_reasons_of_a_loss_are_those_of_the_form() -> None:
    assert set(LOST_REASONS) == set(words.LOST_REASONS)


@pytest.mark.parametrize(
    ("reason", "note"), [(None, "x"), ("price", None), ("price", "  "), ("bad luck", "x")]
)
def test_lost_needs_a_reason_and_a_note_whoever_asks(reason: str | None, note: str | None) -> None:
    with pytest.raises(NotAllowed, match="needs a reason and a note"):
        lost_fact(reason, note)

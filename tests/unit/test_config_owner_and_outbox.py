"""The configuration of what is moved out and of what is never confirmed: read, or refused with its mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli.check import moved_out_owners
from bot.config import Config, Team
from bot.config_file import ConfigError, load_config
from bot.services.crm import CrmOwner


def test_both_are_read(tmp_path: Path) -> None:
    file = tmp_path / "renewals.toml"
    file.write_text(
        '[[teams]]\nname = "East"\nmoved_out_owner = "House@Team.example"\n'
        "[outbox]\ngive_up_after_tries = 3\ngive_up_after_looks = 40\n"
    )
    config = load_config(file)
    assert config.teams[0].moved_out_owner == "house@team.example"
    assert (config.outbox_tries, config.outbox_looks) == (3, 40)


def test_both_are_refused_with_their_mend(tmp_path: Path) -> None:
    file = tmp_path / "renewals.toml"
    file.write_text(
        '[[teams]]\nname = "East"\nmoved_out_owner = "house"\n[outbox]\ngive_up_after_looks = 2\n'
    )
    with pytest.raises(ConfigError) as refused:
        load_config(file)
    assert [problem.partition(": ")[2] for problem in refused.value.problems] == [
        "teams[1].moved_out_owner: 'house' is no e-mail address.",
        "outbox.give_up_after_looks: 2; write a whole number from 5 to 100000.",
    ]


@pytest.mark.parametrize(("active", "fine"), [(True, True), (False, False)])
def test_check_says_whether_hubspot_has_that_owner(active: bool, fine: bool) -> None:
    class Gateway:
        def owners(self) -> tuple[CrmOwner, ...]:
            return (CrmOwner("9", "house@team.example", "House", active),)

    gateway: Any = Gateway()
    config = replace(Config(), teams=(Team("East", moved_out_owner="house@team.example"), Team("Rest")))
    (found,) = moved_out_owners(config, gateway)
    assert (found.ok, "moved_out_owner of the team East" in found.says) == (fine, not fine)

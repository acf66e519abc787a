"""`renewals check`: what it says of the user groups that the configuration names."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from bot.cli.check_groups import all_there, user_groups
from bot.config import Config
from bot.slack.directory import SlackGroup
from bot.slack.gateway import SlackGateway
from bot.slack.trouble import SlackTrouble, TokenRejected

NAMED = Config(customer_care=("@care",), admins=("@ops", "sam@team.example"), department_managers=("@gone",))


class Groups:
    """A workspace's user groups; or what asking for them ends in."""

    def __init__(self, *groups: SlackGroup, trouble: SlackTrouble | None = None) -> None:
        self.groups, self.trouble = groups, trouble

    def user_groups(self, handles: Collection[str]) -> list[SlackGroup]:
        if self.trouble is not None:
            raise self.trouble
        return [group for group in self.groups if group.handle in handles]


def said(config: Config, slack: Groups) -> dict[str, tuple[bool, str]]:
    return {one.name: (one.ok, one.says) for one in user_groups(config, cast(SlackGateway, slack))}


def test_each_named_group_is_looked_at() -> None:
    groups = Groups(SlackGroup("care", False, ("U1", "U2")), SlackGroup("ops", True, ()))
    found = said(NAMED, groups)
    assert found["user group @care"] == (True, "2 members")
    assert not found["user group @ops"][0] and "disabled" in found["user group @ops"][1]
    assert not found["user group @gone"][0] and "no user group @gone" in found["user group @gone"][1]


def test_an_empty_group_names_nobody() -> None:
    found = said(Config(customer_care=("@care",)), Groups(SlackGroup("care", False, ())))
    assert not found["user group @care"][0] and "no members" in found["user group @care"][1]


def test_a_missing_scope_is_told_with_its_mend() -> None:
    found = said(NAMED, Groups(trouble=TokenRejected("missing_scope")))
    assert not found["user groups"][0] and "usergroups:read" in found["user groups"][1]


def test_without_groups_nothing_is_asked() -> None:
    assert said(Config(admins=("sam@team.example",)), Groups(trouble=TokenRejected("missing_scope"))) == {}


def test_a_role_says_who_is_named() -> None:
    assert all_there(["a@x"], ["a@x"]) == "1 named, all in Slack"
    assert all_there([], ["@care"]) == "whoever is in @care"
    assert all_there(["a@x"], ["a@x", "@care"]) == "1 named, all in Slack, and whoever is in @care"

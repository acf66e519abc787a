"""The user groups that the configuration names, for `renewals check`: there, in use, and with members."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.config import Config
from bot.hubspot.setup import Check
from bot.services.people.user_groups import UserGroup, is_group, named_groups, problems_of
from bot.slack.gateway import SlackGateway
from bot.slack.text import plural
from bot.slack.trouble import SlackTrouble


def all_there(emails: Collection[str], names: Collection[str]) -> str:
    """How many people are named, and which groups, whose members are counted on a line of their own."""
    groups = [name for name in names if is_group(name)]
    people = [f"{len(emails)} named, all in Slack"] if emails else []
    return ", and ".join([*people, *([f"whoever is in {', '.join(groups)}"] if groups else [])])


def user_groups(config: Config, slack: SlackGateway) -> Iterator[Check]:
    """The user groups that the configuration names are there, in use, and have members."""
    handles = named_groups(config)
    if not handles:
        return
    try:
        found = {
            one.handle: UserGroup(one.handle, frozenset(one.members), one.disabled)
            for one in slack.user_groups(handles)
        }
    except SlackTrouble as trouble:
        mend = "add usergroups:read to the app (manifest.yml has it) and reinstall it"
        yield Check("user groups", False, f"Slack does not list them ({trouble.code}): {mend}")
        return
    for handle in handles:
        wrong = problems_of(handle, found)
        said = wrong[0] if wrong else plural(len(found[handle].members), "member")
        yield Check(f"user group @{handle}", not wrong, said)

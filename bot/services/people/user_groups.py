"""User groups in Slack that the configuration names beside e-mails: who is in them, kept so that a click asks
nobody.

What Slack says holds: a group that is gone or disabled has no members. What it does not say changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.store.inserts import put_row
from bot.store.tables import Person, Setting

NAME = "user_groups"
EMPTY = "[]"  # as the column keeps a person who is in none


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A group with its handle (without "@") and its members' Slack user ids, nobody's while it is disabled."""

    handle: str
    members: frozenset[str] = frozenset()
    disabled: bool = False


def named_groups(config: Config) -> tuple[str, ...]:
    """The handles, without "@", that the configuration names anywhere, in its order."""
    lists = [team.managers for team in config.teams]
    lists += [config.department_managers, config.customer_care, config.admins]
    return tuple(dict.fromkeys(name[1:] for names in lists for name in names if is_group(name)))


def is_group(name: str) -> bool:
    """Whether a name of the configuration is a group's handle, not an e-mail."""
    return name.startswith("@")


def is_named(person: Person, names: Collection[str]) -> bool:
    """Whether these e-mails and handles name the person, by what the last sync of people knew."""
    return person.email in names or any(f"@{handle}" in names for handle in person.user_groups)


def people_named(session: Session, names: Collection[str]) -> list[Person]:
    """Everybody whom these e-mails and handles name: in the order of the names, a group's members by name."""
    wanted: ColumnElement[bool] = Person.email.in_([name for name in names if not is_group(name)])
    if any(map(is_group, names)):
        wanted = or_(wanted, cast(Person.user_groups, String) != EMPTY)
    place = {name: number for number, name in reversed(list(enumerate(names)))}

    def first_named(person: Person) -> int:
        theirs = (person.email, *(f"@{handle}" for handle in person.user_groups))
        return min(place[name] for name in theirs if name in place)

    found = [person for person in session.scalars(select(Person).where(wanted)) if is_named(person, names)]
    return sorted(found, key=lambda person: (first_named(person), person.name.casefold(), person.id))


def keep_members(session: Session, handles: Collection[str], groups: Iterable[UserGroup]) -> tuple[str, ...]:
    """Write down who is in which of these groups; answers what an admin has to mend, a sentence each."""
    found = {group.handle: group for group in groups if group.handle in handles}
    of_user: dict[str, list[str]] = {}
    for handle in handles:
        if handle in found and not found[handle].disabled:
            for user in found[handle].members:
                of_user.setdefault(user, []).append(handle)
    known = or_(Person.slack_user_id.in_(of_user), cast(Person.user_groups, String) != EMPTY)
    for person in session.scalars(select(Person).where(known)):
        theirs = of_user.get(person.slack_user_id or "", [])
        if person.user_groups != theirs:
            person.user_groups = theirs
    problems = tuple(problem for handle in handles for problem in problems_of(handle, found))
    keep_problems(session, problems)
    return problems


def problems_of(handle: str, groups: Mapping[str, UserGroup]) -> list[str]:
    """What is wrong with a handle that the configuration names, with its mend."""
    if handle not in groups:
        return [
            f"Slack has no user group @{handle}, so it names nobody: mend the handle in the config, or make the group."
        ]
    if groups[handle].disabled:
        return [
            f"The user group @{handle} is disabled in Slack, so it names nobody: enable it, or name others instead."
        ]
    if not groups[handle].members:
        return [f"The user group @{handle} has no members, so it names nobody: add them in Slack."]
    return []


def keep_problems(session: Session, problems: Collection[str]) -> None:
    """What the last sync of people found wrong with the named groups."""
    put_row(session, Setting, {"name": NAME, "value": {"problems": list(problems)}})


def known_problems(session: Session) -> tuple[str, ...]:
    """What was found wrong with the named groups when Slack was last asked."""
    kept = session.get(Setting, NAME)
    return tuple(kept.value.get("problems", ())) if kept is not None else ()

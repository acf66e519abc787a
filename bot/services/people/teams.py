"""A team's manager, and the message with which its channel began the day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Config, Team
from bot.services.people.user_groups import people_named
from bot.store.tables import Message, Person

MANAGER_MORNING = "manager_morning"


def manager_of(session: Session, team: Team) -> Person | None:
    """The person whose zone and calendar the team's channel follows: the first who is still there."""
    named = people_named(session, team.managers)
    return next((person for person in named if person.active), named[0] if named else None)


def looks_after_ownerless(config: Config, team: Team) -> bool:
    """Whether accounts without an owner are this team's: the one that names no reps, else the first."""
    return config.team_of("") == team


def manager_slot(team: Team, on: date) -> str:
    """The slot of a team's morning: two teams may share a channel."""
    return f"{on.isoformat()} {team.name}"[:64]


def manager_message_of(session: Session, team: Team, on: date) -> Message | None:
    """The team's message of the manager's local date `on`; None before it was opened."""
    return session.scalar(
        select(Message).where(
            Message.kind == MANAGER_MORNING,
            Message.recipient == f"channel:{team.manager_channel}",
            Message.slot == manager_slot(team, on),
        )
    )


def manager_message_before(session: Session, team: Team, on: date) -> Message | None:
    """The team's newest message of an earlier date."""
    earlier = (
        select(Message)
        .where(
            Message.kind == MANAGER_MORNING,
            Message.recipient == f"channel:{team.manager_channel}",
            Message.on < on,
        )
        .order_by(Message.on.desc(), Message.id.desc())
        .limit(10)  # some may be those of other teams in the same channel
    )
    return next((one for one in session.scalars(earlier) if one.data.get("team") == team.name), None)

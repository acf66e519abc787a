"""What a text was read as: one thing to do, a question with its possible answers, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

# Outcomes of a call carry PLAYBOOK's names; the others are activities.
Outcome = Literal[
    "connected",
    "no_answer",
    "left_voicemail",
    "left_live_message",
    "busy",
    "wrong_number",
    "email",
    "replied",
    "called_in",
    "review",
    "note",
    "meeting",
    "moved",
    "canceled",
    "no_show",
    "negotiation",
    "report_missing",
    "cancellation_email",
    "takedown_email",
]
Topic = Literal["today", "week", "account", "team", "help"]
Open = Literal["account", "outcome", "date", "won", "reason", "what", "words"]


@dataclass(frozen=True, slots=True)
class Account:
    """An account that the person may work."""

    run_id: int
    name: str
    contact: str | None = None  # the person there, who may be named beside it


@dataclass(frozen=True, slots=True)
class Log:
    """Something happened. `until` (the rep's date) defers, `remind_at` shows again, `starts_at` is a meeting's."""

    run_id: int
    outcome: Outcome
    note: str | None = None
    until: date | None = None
    remind_at: datetime | None = None
    starts_at: datetime | None = None
    reason: str = "asked_to_wait"  # of the deferral


@dataclass(frozen=True, slots=True)
class Defer:
    """Not before a date; `reason` is one of PLAYBOOK's deferral reasons."""

    run_id: int
    until: date
    reason: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """Show the account again at an instant (aware, in the reader's zone)."""

    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Show:
    """A question to the assistant; `run_id` goes with the topic `account`."""

    topic: Topic
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what was logged last, on one account or at all."""

    run_id: int | None = None


Doing: TypeAlias = Log | Defer | Remind | Show | Undo


@dataclass(frozen=True, slots=True)
class Ask:
    """Something is open. `choices` are whole readings, none where only new words help.

    `words` is what the question is about, as it was typed; `run_id` the account where that much is clear.
    """

    what: Open
    choices: tuple[Doing, ...] = ()
    words: str | None = None
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing can be done with it.

    `why`: empty, too_long, not_understood, guarded, cannot, one_at_a_time, nothing_to_log.
    """

    why: str


Reading: TypeAlias = Doing | Ask | Refused

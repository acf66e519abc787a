"""What a person sets for themselves: the hour of their morning, quiet hours, and which nudges they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.policy import Policy
from bot.services.acts.acting import Click
from bot.services.errors import BadField
from bot.services.people.roles import known_person
from bot.services.work import Work
from bot.store.inserts import put_row
from bot.store.tables import Person, Preferences

# What a person may switch off. The morning, contact after a takedown and a blank put-out day (PLAYBOOK 2) they may not.
AWAY_STATUS = "away_status"  # an offer in the list and in Home, no message of its own
NUDGES = ("new_runs", "second_calls", "returning", AWAY_STATUS)
EARLIEST = time(5, 0)
DIGEST_AT, QUIET_FROM, QUIET_UNTIL = "digest_at", "quiet_from", "quiet_until"  # the form's fields


@dataclass(frozen=True, slots=True)
class Preferred:
    """A person's settings; hours in their own zone. `digest_at` None: the team's hour."""

    digest_at: time | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    nudges_off: frozenset[str] = frozenset()

    def is_quiet(self, local: datetime) -> bool:
        """Whether unasked messages wait now; quiet hours may pass midnight."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        at = local.time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until

    def wants(self, kind: str, local: datetime) -> bool:
        """Whether a nudge of this kind may be sent to the person now."""
        return kind not in NUDGES or (kind not in self.nudges_off and not self.is_quiet(local))


AS_THE_TEAM = Preferred()


def preferences_of(session: Session) -> dict[int, Preferred]:
    """Everybody's settings, in one statement; who is not in it has set nothing."""
    return {row.person_id: _preferred(row) for row in session.scalars(select(Preferences))}


def digest_time(preferred: Mapping[int, Preferred], person: Person, policy: Policy) -> time:
    """When the person's morning goes out, in their zone."""
    return preferred.get(person.id, AS_THE_TEAM).digest_at or policy.digest_at


def set_preferences(work: Work, click: Click, wanted: Preferred) -> None:
    """Keep what the person set. Raises BadField (`digest_at`, `quiet_from`, `quiet_until`), UnknownPerson."""
    _require_hours(wanted, work.policy)
    with work.store.write() as session:
        person = known_person(session, click.who)
        values = {
            "person_id": person.id,
            "digest_at": _words(wanted.digest_at),
            "quiet_from": _words(wanted.quiet_from),
            "quiet_until": _words(wanted.quiet_until),
            "nudges_off": sorted(wanted.nudges_off & set(NUDGES)),
        }
        put_row(session, Preferences, values)


def settings_of(work: Work, click: Click) -> Preferred:
    """What the person has set. Raises UnknownPerson."""
    with work.store.read() as session:
        return read_preferences(session, known_person(session, click.who))


def read_preferences(session: Session, person: Person) -> Preferred:
    """One person's settings."""
    row = session.get(Preferences, person.id)
    return _preferred(row) if row is not None else AS_THE_TEAM


def _require_hours(wanted: Preferred, policy: Policy) -> None:
    at = wanted.digest_at
    if at is not None and not EARLIEST <= at < policy.digest_until:
        raise BadField(
            DIGEST_AT,
            f"Choose an hour from {EARLIEST:%H:%M} to before {policy.digest_until:%H:%M}:"
            " a later morning would not be sent any more.",
        )
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        missing = QUIET_FROM if wanted.quiet_from is None else QUIET_UNTIL
        raise BadField(missing, "Quiet hours need both: from when, and until when.")
    if wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until:
        raise BadField(QUIET_UNTIL, "These hours begin and end at the same time. Choose a later end.")


def _preferred(row: Preferences) -> Preferred:
    return Preferred(
        digest_at=_hour(row.digest_at),
        quiet_from=_hour(row.quiet_from),
        quiet_until=_hour(row.quiet_until),
        nudges_off=frozenset(str(one) for one in row.nudges_off),
    )


def _hour(words: str | None) -> time | None:
    return time.fromisoformat(words) if words else None


def _words(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at is not None else None

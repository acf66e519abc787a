"""A run as a message shows it: the playbook's answer, today's log, and where each entry stands in HubSpot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.assessment import Assessment
from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.services.appointments import appointment_asked_for
from bot.services.calendars import Calendars
from bot.services.call_outcomes import outcome_names
from bot.services.changeable import CHANGEABLE, in_time
from bot.services.cover import Covers
from bot.services.kept import is_move_out, kept_fact
from bot.services.models import AccountLine, LoggedLine
from bot.services.record import FINAL, UNDONE, is_change, one_go, too_late
from bot.services.report_told import reports_told
from bot.services.work import Work
from bot.store.book import FactRow, LoadedRun, to_run
from bot.store.tables import OutboxRow, Person

# What is logged about the assistant's own doings is no entry of the day.
SILENT = frozenset({"withdrawn", "dates_confirmed", "report_acknowledged"})
_CRM_STATES = {"sent": "arrived", "dead": "failed", "dropped": "none"}
# Of several records the one that is worst off is told.
_CRM_URGENCY = ("none", "arrived", "waiting", "failed")


@dataclass(frozen=True, slots=True)
class Seen:
    """A loaded run together with its owner, who works it today (the owner, or who covers), the calendar of
    the owner's runs and what the playbook says of it.
    """

    loaded: LoadedRun
    owner: Person | None
    worker: Person | None
    calendar: WorkCalendar
    assessment: Assessment
    covered_since: datetime | None = None  # when the cover was entered that is in force now

    @property
    def with_worker_since(self) -> datetime:
        """Since when whoever works the run now has had it (business time)."""
        row = self.loaded.row
        return max(row.owner_since or row.created_at, self.covered_since or row.created_at)


class Reader:
    """Reads runs inside one transaction: people and leave once, the playbook's answer for each run."""

    def __init__(self, work: Work, session: Session) -> None:
        self.work = work
        self.session = session
        self.now = work.now()
        self.people = {person.id: person for person in session.scalars(select(Person))}
        self.calendars = Calendars(session, work.config, self.now)
        self.covers = Covers(self.calendars, self.people, self.now)

    @cached_property
    def outcome_names(self) -> dict[str, str]:
        """The portal's own call outcomes, {id: name}: read when one was logged."""
        return outcome_names(self.session)

    def outcome_of(self, fact: FactRow) -> str | None:
        """A fact's outcome; the portal's own as it is named there."""
        if fact.kind == "call" and fact.reason is not None:
            return self.outcome_names.get(fact.reason, fact.outcome)
        return fact.outcome

    def see(self, loaded: LoadedRun) -> Seen:
        """What the playbook says of a run now."""
        owner = self.people.get(loaded.row.owner_id) if loaded.row.owner_id is not None else None
        calendar = self.calendars.of(owner)
        said = assess(to_run(loaded), calendar, self.now, self.work.policy)
        since = self.covers.since(owner)
        return Seen(loaded, owner, self.covers.worker_of(owner), calendar, said, since)

    def crm_states(self, seen: Iterable[Seen]) -> dict[int, str]:
        """For each fact written today in Slack: `waiting`, `arrived` or `failed`, where HubSpot is to have it."""
        ids = [fact.id for one in seen for fact in today_facts(one) if fact.source == "slack"]
        if not ids:
            return {}
        rows = self.session.execute(
            select(OutboxRow.fact_id, OutboxRow.state).where(
                OutboxRow.service == "hubspot",
                OutboxRow.kind.in_(("activity", "activity_update", "deal_update")),
                OutboxRow.fact_id.in_(ids),
            )
        )
        return {row.fact_id: _CRM_STATES.get(row.state, "waiting") for row in rows}

    def line(self, seen: Seen, reader_tz: str, crm: dict[int, str], gone: str | None = None) -> AccountLine:
        """The line of a run for a reader in zone `reader_tz`."""
        row, said = seen.loaded.row, seen.assessment
        asked = appointment_asked_for(seen.loaded.facts, self.now)
        zone = ZoneInfo(reader_tz)
        return AccountLine(
            run_id=row.id,
            account=row.account,
            url=self.work.deal_url(row.deal_id),
            playbook_day=said.playbook_day,
            state=said.state,
            stage=row.stage,
            price=price(row.price_cents, row.currency, row.price_period),
            put_out_on=row.put_out_on,
            expires_on=row.expires_on,
            hosts_site=row.hosts_site,
            contact_name=row.contact_name,
            contact_phone=row.contact_phone,
            contact_email=row.contact_email,
            touches=() if gone else said.touches,
            move_out=said.move_out,
            deferred_until=said.deferred_until,
            returning=said.returning,
            logged=self.entries(seen.loaded, today_facts(seen), zone, crm),
            owner=seen.owner.name if seen.owner else None,
            appointment_at=asked.starts_at.astimezone(zone) if asked and asked.starts_at else None,
            gone=gone,
            kept_until=kept.until if (kept := kept_fact(seen.loaded, said.on)) else None,
        )

    def entries(
        self, loaded: LoadedRun, facts: Iterable[FactRow], zone: ZoneInfo, crm: dict[int, str]
    ) -> tuple[LoggedLine, ...]:
        """Some of a run's facts as a log; what was written in one go is one entry, as it is undone in one go."""
        together: dict[str, list[LoggedLine]] = {}
        told = reports_told(self.session, self.people, loaded, zone)
        for fact in facts:
            entry = replace(self.logged(fact, zone, crm), told=told.get(fact.id))
            together.setdefault(one_go(fact), []).append(entry)
        facts_by_id = {fact.id: fact for fact in loaded.facts}
        hours = self.work.policy.change_hours
        return tuple(
            replace(
                first,
                then=tuple(rest),
                changeable=first.undoable
                and not rest
                and first.kind in CHANGEABLE
                and in_time(loaded, facts_by_id[first.fact_id], self.now, hours),
                undoable=all(
                    entry.undoable and not too_late(entry.kind, loaded.facts) for entry in (first, *rest)
                ),
                crm=max((first.crm, *(entry.crm for entry in rest)), key=_CRM_URGENCY.index),
            )
            for first, *rest in together.values()
        )

    def logged(self, fact: FactRow, zone: ZoneInfo, crm: dict[int, str]) -> LoggedLine:
        """A fact as an entry: who, what and when, in `zone`."""
        actor = self.people.get(fact.actor_id) if fact.actor_id is not None else None
        return LoggedLine(
            fact_id=fact.id,
            kind=fact.kind,
            outcome=fact.reason if fact.kind == "reply" else self.outcome_of(fact),
            at=fact.at.astimezone(zone),
            actor=actor.name if actor else "HubSpot" if fact.source == "hubspot" else "the assistant",
            until=fact.until,
            starts_at=fact.starts_at.astimezone(zone) if fact.starts_at else None,
            note=fact.note,
            undoable=fact.source == "slack"
            and fact.kind not in FINAL | {"kept"}  # a manager's decision is no rep's to undo
            and not is_move_out(fact),
            crm=crm.get(fact.id, "none"),
            changed=is_change(fact),
        )


def today_facts(seen: Seen) -> list[FactRow]:
    """What was logged on the run's local date, in the order it happened."""
    today = seen.assessment.on
    return [fact for fact in log_facts(seen.loaded) if seen.calendar.local_date(fact.at) == today]


def log_facts(loaded: LoadedRun) -> list[FactRow]:
    """What a log of the run lists, in the order it happened."""
    found = [fact for fact in loaded.facts if fact.kind not in SILENT and fact.reason != UNDONE]
    return sorted(found, key=lambda fact: (fact.at, fact.id))


def price(cents: int | None, currency: str, period: str) -> str | None:
    """ "140 USD/month", "99.50 USD/month"; None when it is not known."""
    if cents is None:
        return None
    whole, rest = divmod(cents, 100)
    amount = f"{whole:,}" if rest == 0 else f"{whole:,}.{rest:02}"
    return f"{amount} {currency}" + ("" if period == "term" else f"/{period}")


def next_gate(seen: Seen) -> date:
    """The next hard date of a run: day 14 (rolled), day 30, or expiration + 7 on a hosted site (PLAYBOOK 1)."""
    row, today = seen.loaded.row, seen.assessment.on
    gates = [row.put_out_on + timedelta(days=29)]
    if not any(fact.kind == "cancellation_email" for fact in seen.loaded.facts):
        gates.append(seen.calendar.roll(row.put_out_on + timedelta(days=13)))
    if row.hosts_site and row.expires_on is not None:
        gates.append(row.expires_on + timedelta(days=7))
    ahead = [gate for gate in gates if gate >= today]
    # A gate that is past and still open presses more than any that is ahead.
    return min(ahead) if len(ahead) == len(gates) else min(gates)


def reading_order(seen: Seen) -> tuple[bool, bool, date, date, int, str, int]:
    """Late first (the longest late before the others), then by gate, then by value."""
    said, row = seen.assessment, seen.loaded.row
    due = min((touch.due_on for touch in said.touches), default=date.max)
    site_down = any(
        touch.step.startswith("takedown_") and touch.step != "takedown_email" for touch in said.touches
    )
    late = due < said.on
    oldest = due if late else date.max
    return (
        not site_down,
        not late,
        oldest,
        next_gate(seen),
        -monthly_cents(row.price_cents, row.price_period),
        row.account,
        row.id,
    )


def monthly_cents(cents: int | None, period: str) -> int:
    """What a run is worth a month; a term counts as a year."""
    return (cents or 0) // (1 if period == "month" else 12)


def is_late(assessment: Assessment) -> bool:
    """Whether any of the run's touches is overdue."""
    return any(touch.overdue(assessment.on) for touch in assessment.touches)

"""A run as a message shows it: the playbook's answer, today's log, and where each entry stands in HubSpot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.assessment import Assessment
from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.playbook.run import EMAIL_KINDS
from bot.playbook.stage_signs import lags
from bot.playbook.terms import monthly_value
from bot.services.crm_changes import CrmChange
from bot.services.models import AccountLine, LoggedLine, Tracked
from bot.services.people.calendars import Calendars
from bot.services.people.cover import Covers
from bot.services.runs.appointments import appointment_asked_for
from bot.services.runs.away_offers import away_offer, lately_answered
from bot.services.runs.call_outcomes import outcome_names
from bot.services.runs.changeable import CHANGEABLE, entry_of, in_time, logged_as
from bot.services.runs.crm_changes import read_changes
from bot.services.runs.history import FINAL, UNDONE, is_change, too_late
from bot.services.runs.kept import is_move_out, kept_fact
from bot.services.runs.new_deals import agreed_months, next_term_missing
from bot.services.runs.not_taken import CARRIES_ENTRIES, DROPPED_BY, contest_of, not_taken, said_of
from bot.services.runs.report_told import reports_told
from bot.services.runs.stage_fit import fitting_of
from bot.services.work import Work
from bot.store.book import FactRow, LoadedRun, RunRecord, to_run
from bot.store.tables import AutomaticReply, CrmRecord, Fact, OutboxRow, Person

BOOK = "hubspot"
# What is logged about the assistant's own doings is no entry of the day.
SILENT = frozenset({"withdrawn", "dates_confirmed", "report_acknowledged", "next_term_offered"})
_CRM_STATES = {"sent": "arrived", "dead": "failed", "dropped": "none"}
# Of several records the one that is worst off is told.
_CRM_URGENCY = ("none", "kept_here", "arrived", "waiting", "contested", "failed")


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
    term_months: int = 12  # of a price that is for the whole term

    @property
    def with_worker_since(self) -> datetime:
        """Since when whoever works the run now has had it (business time)."""
        row = self.loaded.row
        return max(row.owner_since or row.created_at, self.covered_since or row.created_at)

    @property
    def monthly_cents(self) -> int:
        """What the run is worth a month."""
        row = self.loaded.row
        return monthly_value(row.price_cents or 0, row.price_period, self.term_months)


class Reader:
    """Reads runs inside one transaction: people and leave once, the playbook's answer for each run."""

    def __init__(self, work: Work, session: Session) -> None:
        self.work = work
        self.session = session
        self.now = work.now()
        self.people = {person.id: person for person in session.scalars(select(Person))}
        self.calendars = Calendars(session, work.config, self.now)
        self.covers = Covers(self.calendars, self.people, self.now)
        self._changes: dict[int, tuple[CrmChange, ...]] = {}  # by run, in HubSpot
        self._not_taken: dict[int, tuple[OutboxRow, Fact]] = {}  # by fact, of the runs that are shown

    @cached_property
    def outcome_names(self) -> dict[str, str]:
        """The portal's own call outcomes, {id: name}: read when one was logged."""
        return outcome_names(self.session)

    @cached_property
    def _answers(self) -> dict[int, list[AutomaticReply]]:
        """Customers' automatic answers by run: few at any time, so read once for all lines."""
        return lately_answered(self.session, self.now)

    @cached_property
    def _agreed_months(self) -> dict[str, int]:
        """{deal: months of its term} of the next terms that we seeded: read where a price is for the term."""
        return agreed_months(self.session)

    def with_offer(self, line: AccountLine, seen: Seen) -> AccountLine:
        """The line with the deferral that a customer's automatic answer proposes now, where it can be answered."""
        if line.gone is not None:
            return line
        answers = self._answers.get(seen.loaded.row.id, ())
        return replace(line, away=away_offer(answers, seen.loaded, seen.calendar, self.now))

    def tracked(self, facts: Iterable[FactRow], zone: ZoneInfo) -> dict[int, Tracked]:
        """How the emails among these facts stand in HubSpot; nothing where HubSpot does not track them.

        Of one that was made in HubSpot only what became of it is news.
        """
        logged_here = {fact.id: fact.source != BOOK for fact in facts if fact.kind in EMAIL_KINDS}
        if not logged_here or self.work.book != "hubspot" or self.work.policy.email_tracking == "off":
            return {}
        records = self.session.scalars(select(CrmRecord).where(CrmRecord.fact_id.in_(logged_here)))
        known = {
            one.fact_id: Tracked((one.at or one.linked_at).astimezone(zone), one.opens, one.clicks)
            for one in records
            if logged_here[one.fact_id] or one.opens or one.clicks
        }
        return {one: Tracked(None) for one, here in logged_here.items() if here} | known

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
        months = self._term_months(loaded.row)
        return Seen(loaded, owner, self.covers.worker_of(owner), calendar, said, since, months)

    def _term_months(self, row: RunRecord) -> int:
        """Of a run that we seeded as agreed then, else as the playbook proposes it."""
        known = self._agreed_months.get(row.deal_id) if row.price_period == "term" else None
        return known or self.work.policy.term_months

    def crm_states(self, seen: Iterable[Seen]) -> dict[int, str]:
        """How each fact written today in Slack stands with HubSpot (`LoggedLine.crm`), where it is to have it; and
        every fact, of whatever day, that HubSpot did not take.
        """
        seen = list(seen)
        self._not_taken |= not_taken(self.work, self.session, [one.loaded.row.id for one in seen])
        ids = [fact.id for one in seen for fact in today_facts(one) if fact.source == "slack"]
        states: dict[int, str] = {}
        if ids:
            rows = self.session.execute(
                select(OutboxRow.fact_id, OutboxRow.state, OutboxRow.reason)
                .where(
                    OutboxRow.service == "hubspot",
                    OutboxRow.kind.in_(CARRIES_ENTRIES),
                    OutboxRow.fact_id.in_(ids),
                )
                .order_by(OutboxRow.id)
            )
            states = {row.fact_id: _crm_state(row.state, row.reason) for row in rows}
        refused = {
            fact_id: "failed" if contest_of(row) is None else "contested"
            for fact_id, (row, _) in self._not_taken.items()
        }
        return states | refused

    def tell_changes(self, since: Mapping[int, datetime], zone: ZoneInfo) -> None:
        """Have the lines of these runs say what was changed in HubSpot after their instant of `since`."""
        by_owner = {person.crm_owner_id: person for person in self.people.values() if person.crm_owner_id}
        self._changes |= read_changes(self.session, since, by_owner, zone)

    def line(self, seen: Seen, reader_tz: str, crm: dict[int, str], gone: str | None = None) -> AccountLine:
        """The line of a run for a reader in zone `reader_tz`."""
        row, said = seen.loaded.row, seen.assessment
        asked = appointment_asked_for(seen.loaded.facts, self.now)
        zone = ZoneInfo(reader_tz)
        fits = None if gone else fitting_of(seen.loaded, seen.calendar, self.now, self.work.policy)
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
            logged=self.entries(seen.loaded, [*today_facts(seen), *self._of_earlier_days(seen)], zone, crm),
            owner=seen.owner.name if seen.owner else None,
            appointment_at=asked.starts_at.astimezone(zone) if asked and asked.starts_at else None,
            gone=gone,
            rep=seen.worker.name if seen.worker else None,
            emails=self.work.config.emails,
            meeting_link=seen.worker.meeting_link if seen.worker else None,
            kept_until=kept.until if (kept := kept_fact(seen.loaded, said.on)) else None,
            kept_fact=kept.id if kept else None,
            changes=() if gone else tuple(_priced(one, row) for one in self._changes.get(row.id, ())),
            price_cents=row.price_cents,
            currency=row.currency,
            price_period=row.price_period,
            fits=fits,
            lags=fits is not None and lags(fits, seen.calendar, said.on, self.work.policy),
            next_term_missing=self._next_term_missing(seen.loaded),
        )

    def _next_term_missing(self, loaded: LoadedRun) -> bool:
        """Whether somebody won it in HubSpot, where nobody was asked what follows."""
        row = loaded.row
        if row.stage != "won" or row.book != "hubspot" or row.gone_at is not None:
            return False
        if not self.work.makes_next_terms:
            return False
        ours = any(fact.kind == "stage" and fact.outcome == "won" for fact in loaded.facts)
        return not ours and next_term_missing(self.session, row.id)

    def _of_earlier_days(self, seen: Seen) -> list[FactRow]:
        """What HubSpot did not take of what was logged before today: it stays until somebody decides."""
        today = {fact.id for fact in today_facts(seen)}
        return [
            fact for fact in log_facts(seen.loaded) if fact.id in self._not_taken and fact.id not in today
        ]

    def entries(
        self, loaded: LoadedRun, facts: Iterable[FactRow], zone: ZoneInfo, crm: dict[int, str]
    ) -> tuple[LoggedLine, ...]:
        """Some of a run's facts as a log; what was written in one go is one entry, as it is undone in one go."""
        together: dict[str, list[LoggedLine]] = {}
        told = reports_told(self.session, self.people, loaded, zone)
        for fact in sorted(facts, key=lambda fact: (fact.at, logged_as(loaded, fact).id)):
            entry = replace(self.logged(fact, zone, crm), told=told.get(fact.id))
            together.setdefault(entry_of(loaded, fact), []).append(entry)
        facts_by_id = {fact.id: fact for fact in loaded.facts}
        hours = self.work.policy.change_hours
        return tuple(
            replace(
                first,
                then=tuple(rest),
                changeable=first.undoable
                and first.kind in CHANGEABLE
                and in_time(loaded, facts_by_id[first.fact_id], self.now, hours),
                undoable=all(
                    entry.undoable and not too_late(entry.kind, loaded.facts) for entry in (first, *rest)
                ),
                crm=max((first.crm, *(entry.crm for entry in rest)), key=_CRM_URGENCY.index),
                not_taken=next((one.not_taken for one in (first, *rest) if one.not_taken is not None), None),
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
            not_taken=said_of(self.work, *self._not_taken[fact.id], zone)
            if fact.id in self._not_taken
            else None,
            changed=is_change(fact),
        )


def today_facts(seen: Seen) -> list[FactRow]:
    """What was logged on the run's local date, in the order it happened."""
    today = seen.assessment.on
    return [fact for fact in log_facts(seen.loaded) if seen.calendar.local_date(fact.at) == today]


def _priced(change: CrmChange, row: RunRecord) -> CrmChange:
    if change.what != "price":
        return change
    old, new = (
        price(int(cents), row.currency, row.price_period) if cents else None
        for cents in (change.old, change.new)
    )
    return replace(change, old=old, new=new)


def _crm_state(state: str, reason: str | None) -> str:
    if state == "dropped" and (reason or "").startswith(DROPPED_BY):
        return "kept_here"
    return _CRM_STATES.get(state, "waiting")


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
        -seen.monthly_cents,
        row.account,
        row.id,
    )


def is_late(assessment: Assessment) -> bool:
    """Whether any of the run's touches is overdue."""
    return any(touch.overdue(assessment.on) for touch in assessment.touches)

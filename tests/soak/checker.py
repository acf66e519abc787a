"""Holds HubSpot's records against our database, fact by fact, and says in sentences where they differ.

It reads both sides by itself: what counts as what is written down here once more, from the table of the HubSpot
reference, and shares no code with the mapping that is under test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.store.tables import CrmRecord, Fact, NewDeal, OutboxRow, Person, RunRow
from sandbox.hubspot.kinds import KINDS
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from tests.soak.team import OWNERS, Team

STAGE_MEANS = {
    "renewal_put_out": "open",
    "renewal_in_negotiation": "negotiation",
    "renewal_closed_won": "won",
    "renewal_closed_lost": "lost",
    "renewal_moved_out": "moved_out",
}
OUTCOME_IS = {
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "left_live_message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "left_voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no_answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong_number",
}
CLOSED = ("won", "lost", "moved_out")
STATUS_IS = {"COMPLETED": "held", "NO_SHOW": "no_show", "CANCELED": "canceled"}
KEY = "renewals_key"
TIMELINE = ("calls", "emails", "meetings", "notes", "tasks")
SENT_EMAILS = ("email", "cancellation_email", "takedown_email")
WRITTEN_AS_NOTES = ("note", "review", "report_missing", "kept", "site_down")
A_DAY = timedelta(hours=24)
REP_ZONE, REP_STARTS = ZoneInfo("America/New_York"), time(8, 30)
# A pass asks for owners, changes of eight types, archived deals and activities of one type in turn.
CALLS_OF_A_QUIET_PASS = 1 + 8 + 2
CALLS_OF_A_PASS, CALLS_OF_A_ROW = 70, 12

Said = tuple[str, ...]


def complaints(team: Team) -> list[str]:
    """Everything that differs, is double, or is left open."""
    assert team.store is not None
    with team.store.read() as session:
        both = Both(
            team.portal,
            list(session.scalars(select(RunRow).order_by(RunRow.id))),
            list(session.scalars(select(Fact).order_by(Fact.id))),
            list(session.scalars(select(CrmRecord))),
            list(session.scalars(select(OutboxRow).where(OutboxRow.service == "hubspot"))),
            {person.id: person for person in session.scalars(select(Person))},
            list(session.scalars(select(NewDeal))),
            frozenset(team.handed_over),
        )
        session.expunge_all()
    return [*both.differences(), *_of_calls(team, len(both.outbox))]


def _of_calls(team: Team, rows: int) -> Iterator[str]:
    asked = len(team.world.journal.entries(service="hubspot"))
    most = team.passes * CALLS_OF_A_PASS + rows * CALLS_OF_A_ROW
    if asked > most:
        yield f"{asked} calls for {team.passes} passes and {rows} rows, at most {most} were expected"
    before = team.world.journal.entries(service="hubspot")[-1].seq
    again = team.sync()
    later = team.world.journal.entries(service="hubspot", since_seq=before)
    if again.touched:
        yield f"a pass over a quiet account changed {again.touched} things"
    if len(later) > CALLS_OF_A_QUIET_PASS:
        yield f"a pass over a quiet account asked {len(later)} times"


@dataclass
class Both:
    """The account, and what our tables say."""

    portal: Portal
    runs: list[RunRow]
    facts: list[Fact]
    carried: list[CrmRecord]
    outbox: list[OutboxRow]
    people: dict[int, Person]
    new_deals: list[NewDeal]
    handed_over: frozenset[tuple[str, str]]  # activities, by type and id

    def __post_init__(self) -> None:
        superseded = {fact.supersedes_id for fact in self.facts}
        self.by_id = {fact.id: fact for fact in self.facts}
        self.tips = [fact for fact in self.facts if fact.id not in superseded]
        self.holding = [fact for fact in self.tips if fact.kind != "withdrawn"]
        self.runs_of: dict[str, list[RunRow]] = {}
        for run in self.runs:
            self.runs_of.setdefault(run.deal_id, []).append(run)

    def differences(self) -> Iterator[str]:
        yield from self._of_the_outbox()
        yield from self._of_deals()
        for deal_id in self.runs_of:
            deal = self._live_renewal(deal_id)
            if deal is not None:
                yield from self._of_the_timeline(deal)
                yield from self._of_emails(deal)
        yield from self._of_our_records()
        yield from self._of_links()
        yield from self._of_new_deals()

    # -- deals and runs

    def _live_renewal(self, deal_id: str) -> Record | None:
        deal = self.portal.records.find(KINDS["deals"], deal_id)
        there = deal is not None and not deal.archived and deal.properties.get("pipeline") == "renewals"
        return deal if there else None

    def _of_deals(self) -> Iterator[str]:
        for deal in self.portal.records.all(KINDS["deals"]):
            if self._live_renewal(deal.id) is None:
                continue
            there = [run for run in self.runs_of.get(deal.id, ()) if run.gone_at is None]
            there.sort(key=lambda run: run.put_out_on)
            # A deal that is put out again after it was closed is a new run; those before stand as they ended.
            if not there or any(run.stage not in CLOSED for run in there[:-1]):
                said = "; ".join(f"{run.put_out_on} {run.stage}" for run in there)
                yield f"deal {deal.id} is {len(there)} runs: {said}"
                continue
            yield from _of_one_run(deal, there[-1], self.people)
        for run in self.runs:
            if run.gone_at is None and self._live_renewal(run.deal_id) is None:
                yield f"run {run.id} is in the book, deal {run.deal_id} is not in the pipeline"

    # -- what happened

    def _of_the_timeline(self, deal: Record) -> Iterator[str]:
        there: Counter[Said] = Counter()
        for kind in TIMELINE:
            if kind != "emails":
                for record in self.portal.associated(deal, kind):
                    there.update(_record_says(record))
            else:
                for record in self.portal.associated(deal, kind):
                    there.update(said for said in _email_says(record) if said[0] == "reply")
        for record in self._of_the_company_alone(deal):
            there.update(_record_says(record))
        runs = {run.id for run in self.runs_of[deal.id]}
        here: Counter[Said] = Counter()
        for fact in self.holding:
            if fact.run_id in runs:
                here.update(self._fact_says(fact))
        for said, times in (there - here).items():
            yield f"deal {deal.id}: HubSpot has {times} x {said}, and we do not"
        for said, times in (here - there).items():
            yield f"deal {deal.id}: we have {times} x {said}, and HubSpot does not"

    def _of_the_company_alone(self, deal: Record) -> Iterator[Record]:
        """Linked to no deal: those that we took for this one's. What of them is nobody's is not judged here."""
        runs = {run.id for run in self.runs_of[deal.id]}
        for one in self.carried:
            record = self.portal.records.find(KINDS[one.object_type], one.object_id)
            if record is None or record.archived or self.by_id[one.fact_id].run_id not in runs:
                continue
            if record.properties.get(KEY) is None and not self.portal.associated(record, "deals"):
                yield record

    def _fact_says(self, fact: Fact) -> list[Said]:
        if fact.kind == "call":
            return [("call", str(fact.outcome), _ms(fact.at))]
        if fact.kind == "reply":
            by_note = fact.source == "slack" and fact.reason != "call"
            return [("note", _ms(fact.at))] if by_note or "notes:" in fact.key else [("reply", _ms(fact.at))]
        if fact.kind == "appointment":
            return [("appointment", str(fact.outcome), _ms(fact.starts_at))]
        if fact.kind == "meeting_booked" and fact.source == "hubspot":
            return [("meeting_booked", _ms(fact.at))]
        if fact.kind in WRITTEN_AS_NOTES:
            return [("note", _ms(fact.at))]
        if fact.kind == "deferral":
            if self._deleted_by_people(fact):
                return []
            due = datetime.combine(fact.until or date.min, REP_STARTS, REP_ZONE)
            return [("task", _ms(due))]
        return []

    def _deleted_by_people(self, fact: Fact) -> bool:
        """A deferral outlives the task that was made for it."""
        keys = {one.key for one in self._line(fact)}
        tasks = [one for one in self.portal.records.all(KINDS["tasks"]) if one.properties.get(KEY) in keys]
        return bool(tasks) and all(task.archived for task in tasks)

    def _line(self, fact: Fact) -> list[Fact]:
        found = [fact]
        while found[-1].supersedes_id is not None:
            found.append(self.by_id[found[-1].supersedes_id])
        return found

    # -- emails

    def _of_emails(self, deal: Record) -> Iterator[str]:
        runs = {run.id for run in self.runs_of[deal.id]}
        emails = [fact for fact in self.holding if fact.run_id in runs and fact.kind in SENT_EMAILS]
        record_of = {one.fact_id: one.object_id for one in self.carried if one.object_type == "emails"}
        counted: Counter[str] = Counter()
        alone: list[Fact] = []
        tracked: list[Fact] = []
        for fact in emails:
            ids = [record_of[one.id] for one in self._line(fact) if one.id in record_of]
            counted.update(ids)
            if not ids:
                alone.append(fact)
            elif fact.source == "hubspot":
                tracked.append(fact)
                record = self.portal.records.find(KINDS["emails"], ids[0])
                if record is None or _ms_of(record, "hs_timestamp") != _ms(fact.at):
                    yield f"deal {deal.id}: email {ids[0]} is not of the time of fact {fact.id}"
        there = {
            record.id
            for record in self.portal.associated(deal, "emails")
            if any(said[0] == "email" for said in _email_says(record))
        }
        for record_id in there | set(counted):
            if counted[record_id] != int(record_id in there):
                yield f"deal {deal.id}: email {record_id} counts {counted[record_id]} times"
        for fact in alone:
            if fact.source == "hubspot":
                yield f"deal {deal.id}: email fact {fact.id} comes from no record"
            close = [one for one in tracked if one.run_id == fact.run_id and abs(one.at - fact.at) <= A_DAY]
            if close and fact.source != "hubspot":
                yield f"deal {deal.id}: fact {fact.id} waits for a tracked email, {close[0].id} is one"

    # -- our own records

    def _of_our_records(self) -> Iterator[str]:
        """None is double, none is left of what was undone, each has its owner and its links."""
        tip_of = {one.key: tip for tip in self.tips for one in self._line(tip)}
        carrying: Counter[int] = Counter()
        for kind in TIMELINE:
            for record in self.portal.records.all(KINDS[kind]):
                key = record.properties.get(KEY)
                if key is None or record.archived:
                    continue
                tip = tip_of.get(key)
                if tip is None:
                    yield f"{kind} {record.id} carries the key of no fact: {key}"
                    continue
                carrying[tip.id] += 1
                run = next(run for run in self.runs if run.id == tip.run_id)
                if self._live_renewal(run.deal_id) is not None:
                    if tip.kind == "withdrawn":
                        yield f"{kind} {record.id} was undone and is still there"
                    else:
                        yield from self._of_one_of_ours(record, tip, run)
        yield from (f"{times} records carry fact {tip}" for tip, times in carrying.items() if times > 1)

    def _of_one_of_ours(self, record: Record, tip: Fact, run: RunRow) -> Iterator[str]:
        name = f"{record.kind.name} {record.id}"
        first = next(one for one in self._line(tip) if one.key == record.properties[KEY])
        actor = self.people.get(first.actor_id or 0)
        given = (record.kind.name, record.id) in self.handed_over
        if (
            not given
            and actor is not None
            and record.properties.get("hubspot_owner_id") != actor.crm_owner_id
        ):
            yield f"{name} is not {actor.name}'s"
        linked = {
            to: {one.id for one in self.portal.associated(record, to)}
            for to in ("deals", "companies", "contacts")
        }
        if run.deal_id not in linked["deals"]:
            yield f"{name} is not linked to deal {run.deal_id}"
        if self.portal.get("deals", run.deal_id).properties.get("hs_merged_object_ids"):
            return  # it has the company and contact of another deal since
        if run.company_id is not None and run.company_id not in linked["companies"]:
            yield f"{name} is not linked to company {run.company_id}"
        if run.contact_id is not None and run.contact_id not in linked["contacts"]:
            yield f"{name} is not linked to contact {run.contact_id}"

    def _of_links(self) -> Iterator[str]:
        """What we keep of which record carries which fact."""
        superseded = {fact.supersedes_id: fact for fact in self.facts if fact.supersedes_id is not None}
        for one in self.carried:
            fact = self.by_id[one.fact_id]
            run = next(run for run in self.runs if run.id == fact.run_id)
            while fact.id in superseded:
                fact = superseded[fact.id]
            if fact.kind in ("withdrawn", "deferral") or self._live_renewal(run.deal_id) is None:
                continue
            record = self.portal.records.find(KINDS[one.object_type], one.object_id)
            if record is None or record.archived:
                yield f"fact {fact.id} holds, but its {one.object_type} {one.object_id} was deleted"
                continue
            owner_id = record.properties.get("hubspot_owner_id")
            actor = self.people.get(fact.actor_id or 0)
            theirs = actor is not None and actor.crm_owner_id == owner_id
            if fact.source == "hubspot" and owner_id in OWNERS and not theirs:
                yield f"fact {fact.id} is not {OWNERS[owner_id]}'s, whose {one.object_type} {record.id} is"

    def _of_new_deals(self) -> Iterator[str]:
        """What a close makes is made once, and gone when it was taken back before anybody touched it."""
        there: dict[str, list[Record]] = {}
        for deal in self.portal.records.all(KINDS["deals"]):
            if deal.properties.get(KEY) and not deal.archived:
                there.setdefault(deal.properties[KEY], []).append(deal)
        wanted = {f"{self.by_id[one.fact_id].key}:{one.kind}": one for one in self.new_deals}
        for key, deals in there.items():
            if len(deals) > 1:
                yield f"deal {key} was made {len(deals)} times"
            if key not in wanted:
                yield f"deal {deals[0].id} carries the key of no close: {key}"
            elif wanted[key].taken_back_at is not None and len(deals[0].versions("dealstage")) == 1:
                yield f"deal {deals[0].id} was taken back and is still there"
        for key, one in wanted.items():
            made = self.portal.records.find(KINDS["deals"], one.deal_id or "")
            if made is not None and made.properties.get(KEY) != key:
                yield f"deal {one.deal_id} is not that of {key}"
            rows = [
                row
                for row in self.outbox
                if row.fact_id == one.fact_id and row.kind == "deal_create" and row.state == "sent"
            ]
            if one.taken_back_at is None and one.deal_id is None and rows:
                yield f"the deal of {key} was made, and nobody knows which it is"

    # -- the outbox

    def _of_the_outbox(self) -> Iterator[str]:
        for row in self.outbox:
            if row.state in ("pending", "sending", "unknown"):
                yield f"row {row.id} ({row.kind}) is still {row.state}: {row.reason}"
            elif row.state == "dead" and not self._rightly_refused(row):
                yield f"row {row.id} ({row.kind}) was given up: {row.reason}"

    def _rightly_refused(self, row: OutboxRow) -> bool:
        """Its deal was deleted, or left the pipeline, before we could know."""
        deal_id, reason = row.target.removeprefix("deal:"), row.reason or ""
        deal = self.portal.records.find(KINDS["deals"], deal_id)
        left = deal is None or deal.archived or len(deal.versions("pipeline")) > 1
        # Nobody is asked to choose about a deal that is not there.
        asked_in_vain = "contest" in row.result and self._live_renewal(deal_id) is None
        refused = left and "was not one of the allowed options" in reason
        return "the deal was deleted" in reason or refused or asked_in_vain


def _of_one_run(deal: Record, run: RunRow, people: dict[int, Person]) -> Iterator[str]:
    owner = people.get(run.owner_id or 0)
    owner_id = deal.properties.get("hubspot_owner_id")
    here: dict[str, Any] = {
        "put-out date": str(run.put_out_on),
        "expiration": str(run.expires_on),
        "stage": run.stage,
        "price": run.price_cents,
        "owner": run.crm_owner_id,
        "rep": owner.email if owner is not None else None,
    }
    there: dict[str, Any] = {
        "put-out date": deal.properties.get("renewal_put_out_date"),
        "expiration": deal.properties.get("renewal_expiration_date"),
        "stage": STAGE_MEANS[deal.properties["dealstage"]],
        "price": int(deal.properties["renewal_monthly_price"]) * 100,
        "owner": owner_id,
        "rep": OWNERS.get(owner_id or ""),
    }
    for name, value in there.items():
        if here[name] != value:
            yield f"deal {deal.id}: the {name} is {value} in HubSpot and {here[name]} here"


def _record_says(record: Record) -> list[Said]:
    """What a call, meeting, note or task counts as, by the reference's table."""
    kind, values = record.kind.name, record.properties
    if kind == "calls":
        if values.get("hs_call_direction") == "INBOUND":
            return [("reply", _ms_of(record, "hs_timestamp"))]
        outcome = OUTCOME_IS.get(values.get("hs_call_disposition", ""), "no_answer")
        return [("call", outcome, _ms_of(record, "hs_timestamp"))]
    if kind == "meetings":
        status = STATUS_IS.get(values.get("hs_meeting_outcome", ""), "scheduled")
        found = [("appointment", status, _ms_of(record, "hs_meeting_start_time"))]
        booked = values.get("hs_meeting_source", "").startswith("MEETINGS")
        return [*found, ("meeting_booked", _ms_of(record, "hs_createdate"))] if booked else list(found)
    if kind == "notes":
        return [("note", _ms_of(record, "hs_timestamp"))]
    if kind == "tasks":
        return [("task", _ms_of(record, "hs_timestamp"))] if values.get(KEY) else []
    return []


def _email_says(record: Record) -> list[Said]:
    direction = record.properties.get("hs_email_direction")
    if direction == "EMAIL":
        return [("email", _ms_of(record, "hs_timestamp"))]
    away = record.properties.get("hs_email_subject", "").startswith("Automatic reply")
    return [] if away or direction != "INCOMING_EMAIL" else [("reply", _ms_of(record, "hs_timestamp"))]


def _ms(instant: datetime | None) -> str:
    """In whole milliseconds, as HubSpot keeps it."""
    if instant is None:
        return "never"
    there = instant.astimezone(UTC)
    return f"{there:%Y-%m-%dT%H:%M:%S}.{there.microsecond // 1000:03d}"


def _ms_of(record: Record, name: str) -> str:
    return _ms(datetime.fromisoformat(record.properties[name].replace("Z", "+00:00")))

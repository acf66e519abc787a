"""What the courier has to know of our own database to write a fact into HubSpot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.hubspot.records import FactToWrite, object_type_of
from bot.store.session import Store
from bot.store.tables import CrmRecord, Fact, NewDeal, OutboxRow, Person, RunRow


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A fact on its way: what to write, whose it is, what it is linked to, and what is known of its record.

    `keys`: (key, object type) under which its record may be, the newest first. `earlier`: the fact that the
    record carries until now. `linked`: the record is known to hang on its deal.
    `withdrawn`: it was undone since, as it was or changed. `gone`: why its deal is dead, if it is.
    """

    fact: FactToWrite
    key: str
    keys: tuple[tuple[str, str], ...]
    owner_id: str | None
    deal_id: str
    company_id: str | None
    contact_id: str | None
    record: tuple[str, str] | None
    earlier: FactToWrite | None
    linked: bool
    withdrawn: bool
    gone: str | None


class OutgoingFacts:
    """Reads facts for the courier."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._config = config

    def load(self, fact_id: int) -> Outgoing:
        """The fact with all that its record needs. Raises LookupError when there is no such fact."""
        with self._store.read() as session:
            fact = session.get(Fact, fact_id)
            run = session.get(RunRow, fact.run_id) if fact is not None else None
            if fact is None or run is None:
                raise LookupError(f"there is no fact {fact_id}")
            owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
            actor = session.get(Person, fact.actor_id) if fact.actor_id is not None else None
            line = _line(session, fact)
            there = _known_there(session, line)
            earlier = next((one for one in line[1:] if one.id in there), None)
            earlier = earlier or next(iter(line[1:]), None)
            return Outgoing(
                fact=self._to_write(fact, run, owner or actor),
                key=fact.key,
                keys=tuple(
                    (one.key, object_type)
                    for one in (*_later(session, fact), *line)
                    if (object_type := object_type_of(one.kind, one.reason)) is not None
                ),
                owner_id=(actor.crm_owner_id if actor is not None else None) or run.crm_owner_id,
                deal_id=run.deal_id,
                company_id=run.company_id,
                contact_id=run.contact_id,
                record=_record(session, line),
                earlier=self._to_write(earlier, run, owner or actor) if earlier is not None else None,
                linked=bool(there),
                withdrawn=_withdrawn(session, fact),
                gone=_gone(run),
            )

    def deal_gone(self, deal_id: str) -> str | None:
        """Why nothing may be written to this deal; None when it is alive in the book."""
        with self._store.read() as session:
            runs = list(session.scalars(select(RunRow).where(RunRow.deal_id == deal_id)))
            reasons = [_gone(run) for run in runs]
            return reasons[0] if reasons and all(reasons) else None

    def deal_is_wanted(self, new_deal_id: int) -> bool:
        """Whether a deal that is to be made is still asked for."""
        with self._store.read() as session:
            found = session.get(NewDeal, new_deal_id)
            return found is not None and found.taken_back_at is None

    def close_state(self, fact_id: int | None) -> str | None:
        """How the close of this fact stands on its way to its deal, in the outbox's words; None: there is none."""
        wanted = select(OutboxRow.state).where(
            OutboxRow.kind == "deal_update", OutboxRow.recipient == f"fact:{fact_id}", OutboxRow.slot == "1"
        )
        with self._store.read() as session:
            return session.scalar(wanted)

    def stage_of(self, stage_id: str) -> str | None:
        """Our name for a stage of the pipeline, as far as the configuration says; else None."""
        return self._config.hubspot.stages.get(stage_id)

    def _to_write(self, fact: Fact, run: RunRow, rep: Person | None) -> FactToWrite:
        email = rep.email if rep is not None else ""
        return FactToWrite(
            kind=fact.kind,
            at=fact.at,
            account=run.account,
            tz=rep.tz if rep is not None else "UTC",
            day_starts=self._config.office_of(email).day_starts,
            outcome=fact.outcome,
            until=fact.until,
            starts_at=fact.starts_at,
            step=fact.step,
            reason=fact.reason,
            note=fact.note,
        )


def _line(session: Session, fact: Fact) -> list[Fact]:
    """The fact and those it superseded, newest first."""
    found = [fact]
    while found[-1].supersedes_id is not None:
        found.append(session.get_one(Fact, found[-1].supersedes_id))
    return found


def _record(session: Session, line: list[Fact]) -> tuple[str, str] | None:
    wanted = select(CrmRecord).where(CrmRecord.fact_id.in_([fact.id for fact in line]))
    found = session.scalar(wanted.order_by(CrmRecord.id).limit(1))
    return (found.object_type, found.object_id) if found is not None else None


def _known_there(session: Session, line: list[Fact]) -> set[int]:
    """Those of a line of facts that came from HubSpot or arrived there, record and links."""
    arrived = select(OutboxRow.fact_id).where(
        OutboxRow.fact_id.in_([fact.id for fact in line]),
        OutboxRow.kind.in_(("activity", "activity_update")),
        OutboxRow.state == "sent",
    )
    there = session.scalars(arrived) if len(line) > 1 else ()
    return {*there, *(fact.id for fact in line if fact.source == "hubspot")}


def _later(session: Session, fact: Fact) -> list[Fact]:
    """What superseded the fact since, newest first."""
    found: list[Fact] = []
    one: Fact | None = fact
    while one is not None:
        one = session.scalar(select(Fact).where(Fact.supersedes_id == one.id))
        found = [one, *found] if one is not None else found
    return found


def _withdrawn(session: Session, fact: Fact) -> bool:
    later = _later(session, fact)
    return bool(later) and later[0].kind == "withdrawn"


def _gone(run: RunRow) -> str | None:
    return f"since {_day(run.gone_at)}" if run.gone_at is not None else None


def _day(instant: datetime) -> str:
    return instant.date().isoformat()

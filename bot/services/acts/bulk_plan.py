"""A plan: what a person chose to log on several accounts, kept between the form and the confirmation.

Its id is what the confirmation names, so that nothing which was chosen has to come back from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.acting import Click, audited
from bot.services.acts.one_of_several import Several, read_several, refusal_of
from bot.services.errors import NotYours, StaleTouch
from bot.services.people.roles import audit_refusal, known_person, may_work
from bot.services.runs.call_outcomes import OWN, outcome_names, read_outcome
from bot.services.runs.lines import Reader
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.inserts import insert_row
from bot.store.tables import Message, Person, RunRow

BULK: Final = "bulk"
MOST_AT_ONCE: Final = 100
UNKNOWN_ACCOUNT: Final = "This account is not in your book, so nothing was changed."


@dataclass(frozen=True, slots=True)
class Planned:
    """One chosen account: the touch that the outcome answers, or why it cannot take it.

    `account` is None where the person may not know it. `means` is what a deferral leads to there.
    """

    run_id: int
    account: str | None
    step: str | None
    on: date
    refused: str | None = None
    means: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person is about to log on several accounts; `origin` says where they chose them."""

    plan_id: int
    several: Several
    own_name: str | None  # of the portal's own call outcome
    accounts: tuple[Planned, ...]
    origin: str

    @property
    def ready(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.accounts if one.refused is None)


def plan_several(
    work: Work, click: Click, slot: str, run_ids: Sequence[int], wanted: Several, origin: str
) -> Plan:
    """Keep what was chosen in a form; `slot` is the same for every delivery of it, and so is the plan.

    Raises UnknownPerson, BadField (`when`), StaleTouch for an outcome that is not offered.
    """
    chosen = tuple(dict.fromkeys(run_ids))[:MOST_AT_ONCE]
    with work.store.read() as session:
        person = known_person(session, click.who)
        today = local_date(work.now(), person.tz)
        reader = Reader(work, session)
        several = read_several(wanted, reader.calendars.of(person), today)
        if several.kind == "call":
            read_outcome(session, work.config.hubspot, several.outcome, contact=False)
        planned = _judged(reader, person, several, chosen)
    with work.store.write() as session:
        key = {"kind": BULK, "recipient": f"person:{person.id}", "slot": slot[-64:]}
        data = {"several": several.as_data(), "accounts": list(map(_as_data, planned)), "origin": origin}
        made = insert_row(session, Message, {**key, "person_id": person.id, "on": today, "data": data})
        for one in planned if made is not None else ():
            if one.refused == UNKNOWN_ACCOUNT:
                audit_refusal(session, click.who, one.run_id, "log_several", "not_yours", work.now())
        return plan_of(session, session.scalars(select(Message).filter_by(**key)).one())


def read_plan(work: Work, click: Click, plan_id: int) -> Plan:
    """A plan of the person's own, of today. Raises UnknownPerson, NotYours (audited), StaleTouch."""
    with audited(work, click, None, "read_several"), work.store.read() as session:
        return plan_of(session, own_message(work, session, click, plan_id))


def _judged(reader: Reader, person: Person, several: Several, chosen: Sequence[int]) -> list[Planned]:
    """Each chosen account as it stands; of one that is not the person's to work nothing is told."""
    found = {one.row.id: one for one in load_runs(reader.session, RunRow.id.in_(chosen))}
    today = local_date(reader.now, person.tz)
    planned = []
    for run_id in chosen:
        seen = reader.see(found[run_id]) if run_id in found else None
        if seen is None or not may_work(reader.work.config, person, seen.owner, reader.covers):
            planned.append(Planned(run_id, None, None, today, UNKNOWN_ACCOUNT))
            continue
        row, said = seen.loaded.row, seen.assessment
        judged = refusal_of(row, said, several, reader.now, person.tz)
        step = judged.touch.step.value if judged.touch else None
        planned.append(Planned(run_id, row.account, step, said.on, judged.why, judged.means))
    return planned


def own_message(work: Work, session: Session, click: Click, plan_id: int) -> Message:
    person = known_person(session, click.who)
    message = session.get(Message, plan_id)
    if message is None or message.kind != BULK or message.person_id != person.id:
        raise NotYours("Only who chose these accounts can log on them. Nothing was logged.")
    if message.on != local_date(work.now(), person.tz):
        raise StaleTouch("This form is of an earlier day. Nothing was logged; please choose again.")
    return message


def plan_of(session: Session, message: Message) -> Plan:
    several = Several.from_data(message.data["several"])
    rows = [_planned(row) for row in message.data["accounts"]]
    wanted = [one.run_id for one in rows if one.refused != UNKNOWN_ACCOUNT]
    found = session.execute(select(RunRow.id, RunRow.account).where(RunRow.id.in_(wanted)))
    names = {row.id: row.account for row in found}
    own = outcome_names(session).get(several.outcome.removeprefix(OWN))
    accounts = tuple(replace(one, account=names.get(one.run_id)) for one in rows)
    return Plan(message.id, several, own, accounts, message.data["origin"])


def _as_data(one: Planned) -> list[Any]:
    return [one.run_id, one.step, one.on.isoformat(), one.refused, one.means]


def _planned(row: list[Any]) -> Planned:
    run_id, step, on, refused, means = row
    return Planned(run_id, None, step, date.fromisoformat(on), refused, means)

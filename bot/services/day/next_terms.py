"""Renewals that somebody closed as won in HubSpot: their rep is asked once, in a morning, what the next term is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.services.work import Work
from bot.store.facts import add_fact
from bot.store.tables import Fact, NewDeal, Person, RunChange, RunRow

OFFERED = "next_term_offered"
NEWS = timedelta(days=31)  # what is older is no news, however long the assistant slept


def offer_next_terms(work: Work, session: Session, rep: Person) -> list[int]:
    """The rep's runs to ask about in this morning's message; whoever asks again, it is in no other one."""
    found: list[int] = []
    if not work.makes_next_terms:
        return found
    for run in session.scalars(_won_in_hubspot(work.now(), rep)):
        fact = add_fact(
            session,
            key=f"{OFFERED}:{run.id}",
            run_id=run.id,
            kind=OFFERED,
            at=work.now(),
            recorded_at=work.now(),
            source="system",
            surface="job",
        )
        if fact is not None:
            found.append(run.id)
    return found


def _won_in_hubspot(now: datetime, rep: Person) -> Select[RunRow]:
    won = select(RunChange.run_id).where(
        RunChange.field == "stage",
        RunChange.new == "won",
        RunChange.source == "hubspot",
        RunChange.at > now - NEWS,
    )
    said = select(Fact.run_id).where(
        or_(Fact.kind == OFFERED, (Fact.kind == "stage") & (Fact.outcome == "won"))
    )
    made = select(NewDeal.run_id).where(NewDeal.taken_back_at.is_(None))
    return (
        select(RunRow)
        .where(
            RunRow.owner_id == rep.id,
            RunRow.stage == "won",
            RunRow.gone_at.is_(None),
            RunRow.id.in_(won),
            RunRow.id.not_in(said),
            RunRow.id.not_in(made),
        )
        .order_by(RunRow.account, RunRow.id)
    )

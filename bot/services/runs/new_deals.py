"""What was agreed when a run was won, and the deals that follow from it: kept here, whoever makes them in HubSpot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.tables import Fact, NewDeal, RunChange, RunRow

RENEWAL, UPSELL, NEW_CUSTOMER = "renewal", "upsell", "new_customer"
HIGHEST_CENTS = 2**31 - 1  # the column is a 32-bit integer on PostgreSQL


@dataclass(frozen=True, slots=True)
class Terms:
    """What a customer agreed to: an amount for one price period, the months of the term, and its last day."""

    amount_cents: int
    months: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class DealToMake:
    """A deal that follows from a run; a `renewal` has terms, the others only their amount."""

    kind: str  # renewal | upsell | new_customer
    name: str
    amount_cents: int
    months: int | None = None
    put_out_on: date | None = None
    expires_on: date | None = None


def keep_deal(session: Session, run: RunRow, fact: Fact, deal: DealToMake) -> NewDeal:
    """Keep the deal that a fact asks for; one that a close before this one left in use is taken up again."""
    before = next_term_of(session, run.id) if deal.kind == RENEWAL else None
    row = NewDeal(
        fact_id=fact.id,
        run_id=run.id,
        kind=deal.kind,
        name=deal.name,
        amount_cents=deal.amount_cents,
        currency=run.currency,
        price_period=run.price_period,
        term_months=deal.months,
        put_out_on=deal.put_out_on,
        expires_on=deal.expires_on,
        deal_id=before.deal_id if before is not None else None,
    )
    session.add(row)
    session.flush()
    return row


def next_term_of(session: Session, run_id: int) -> NewDeal | None:
    """The deal of the run's next term, unless it was taken back."""
    wanted = select(NewDeal).where(
        NewDeal.run_id == run_id, NewDeal.kind == RENEWAL, NewDeal.taken_back_at.is_(None)
    )
    return session.scalar(wanted.order_by(NewDeal.id.desc()).limit(1))


def next_term_missing(session: Session, run_id: int) -> bool:
    """Whether somebody won the run in HubSpot while we looked on, and nobody has said what follows.

    What was won before the assistant came is history: its next term is in the book already, or nowhere.
    """
    won = select(RunChange.id).where(
        RunChange.run_id == run_id,
        RunChange.field == "stage",
        RunChange.new == "won",
        RunChange.source == "hubspot",
    )
    return session.scalar(won.limit(1)) is not None and next_term_of(session, run_id) is None


def agreed_months(session: Session) -> dict[str, int]:
    """{deal id: the months of its term} of every next term that was made in HubSpot."""
    wanted = select(NewDeal.deal_id, NewDeal.term_months).where(NewDeal.deal_id.is_not(None))
    return {str(row.deal_id): row.term_months for row in session.execute(wanted) if row.term_months}


def deals_of(session: Session, fact_id: int) -> list[NewDeal]:
    """What a fact asked for and nobody has taken back."""
    wanted = select(NewDeal).where(NewDeal.fact_id == fact_id, NewDeal.taken_back_at.is_(None))
    return list(session.scalars(wanted))


def is_in_use(session: Session, deal: NewDeal) -> bool:
    """Whether anybody has worked on a deal since it came back as a run: then it is not taken back any more."""
    if deal.deal_id is None:
        return False
    runs = list(session.scalars(select(RunRow).where(RunRow.deal_id == deal.deal_id)))
    worked = select(Fact.id).where(Fact.run_id.in_([run.id for run in runs])).limit(1)
    return any(run.stage != "open" for run in runs) or session.scalar(worked) is not None


def agree_price(session: Session, run: RunRow, cents: int, fact: Fact) -> None:
    """The run's price is what was agreed; what it was is kept."""
    if cents == run.price_cents:
        return
    session.add(
        RunChange(
            run_id=run.id,
            field="price_cents",
            old=None if run.price_cents is None else str(run.price_cents),
            new=str(cents),
            at=fact.at,
            source=fact.source,
            actor_id=fact.actor_id,
        )
    )
    run.price_cents = cents


def price_before(session: Session, run: RunRow, agreed_at: datetime, agreed: int) -> None:
    """Take an agreed price back, as long as it still is the run's."""
    wanted = select(RunChange).where(
        RunChange.run_id == run.id,
        RunChange.field == "price_cents",
        RunChange.source != "hubspot",
        RunChange.at == agreed_at,
    )
    change = session.scalar(wanted.order_by(RunChange.id.desc()).limit(1))
    if change is not None and run.price_cents == agreed:
        run.price_cents = None if change.old is None else int(change.old)

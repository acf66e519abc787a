"""What a closed run means for HubSpot's deals: the close itself, the deals that follow, and both taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.terms import term_value
from bot.services.runs.new_deals import RENEWAL, deals_of, is_in_use, price_before
from bot.services.runs.run_details import read_contacts
from bot.services.work import Work
from bot.store.outbox import enqueue
from bot.store.tables import Fact, NewDeal, OutboxRow, RunRow

CREATE, ARCHIVE, UPDATE, RESTORE = "deal_create", "deal_archive", "deal_update", "deal_restore"
COMPANY, COMPANY_RESTORE = "company_update", "company_restore"
LEFT = ("sending", "unknown", "sent", "dead")  # a dead row may have arrived before it was set aside
LONGEST_REASON = 2000


def close_properties(work: Work, session: Session, fact: Fact) -> dict[str, str]:
    """What a close writes on its own deal beside the stage; nothing for a fact that closes nothing."""
    if fact.outcome not in ("won", "lost") or fact.supersedes_id is not None:
        return {}
    written = {"closedate": _instant(fact.at)}
    if fact.outcome == "lost":
        why = (fact.reason or "").replace("_", " ").capitalize()
        return written | {"closed_lost_reason": ": ".join(filter(None, (why, fact.note)))[:LONGEST_REASON]}
    if fact.note:
        written["closed_won_reason"] = fact.note[:LONGEST_REASON]
    for deal in deals_of(session, fact.id):
        written |= _amounts(work, deal)
    return written


def enqueue_deals(work: Work, session: Session, run: RunRow, fact: Fact) -> None:
    """The deals that a fact asks for: made, or brought up to date where a close before this one left one in use."""
    for deal in deals_of(session, fact.id) if run.book == "hubspot" else ():
        wait = timedelta(seconds=work.policy.hubspot_undo_seconds)
        if deal.kind == RENEWAL and run.company_id and (dates := _company_dates(work, deal)):
            # Where a portal keeps the dates on the company too, the new term's deal has to agree with them.
            company = {"company_id": run.company_id, "properties": dates}
            _row(work, session, run, fact, COMPANY, "1", wait, **company)
        if deal.kind == RENEWAL and not work.makes_next_terms:
            continue
        if deal.deal_id is not None:
            _row(
                work,
                session,
                run,
                fact,
                UPDATE,
                "next",
                wait,
                deal_id=deal.deal_id,
                properties=_term(work, deal),
            )
            continue
        links = [["companies", run.company_id]] if run.company_id else []
        contacts = [run.contact_id, *(one.contact_id for one in read_contacts(session, run.id))]
        links += [["contacts", one] for one in dict.fromkeys(contacts) if one]
        own = work.config.hubspot
        place = [own.pipeline, own.stage_for.get("open")]
        if deal.kind != RENEWAL:
            place = [own.new_deals_pipeline, own.new_deals_stage]
        properties = {
            "dealname": deal.name,
            "deal_currency_code": deal.currency,
            "dealtype": "newbusiness" if deal.kind == "new_customer" else "existingbusiness",
            "hubspot_owner_id": run.crm_owner_id or "",
            **_amounts(work, deal),
            **(_term(work, deal) | _hosting(work, run) if deal.kind == RENEWAL else {}),
        }
        if deal.kind == "new_customer":
            links = []
        _row(
            work,
            session,
            run,
            fact,
            CREATE,
            deal.kind,
            wait,
            new_deal=deal.id,
            key=key_of(fact, deal),
            pipeline=place[0],
            stage=place[1],
            properties={name: value for name, value in properties.items() if value},
            links=links,
        )


def take_back_deals(work: Work, session: Session, run: RunRow, fact: Fact, before: str) -> None:
    """A close that does not hold any more: its values leave the deal, and what it made and nobody used goes.

    `before`: the stage that the run has again. What has not left yet was cancelled by the caller.
    """
    left = _left(session, fact)
    written = dict(left[UPDATE].payload.get("properties") or {}) if UPDATE in left else {}
    stage = written.pop("dealstage", None)
    if stage is not None and before not in work.config.hubspot.stage_for:
        written["dealstage"] = stage  # no stage of ours stands for it: what the deal said before is put back
    for deal in deals_of(session, fact.id):
        if deal.kind == RENEWAL and fact.kind == "stage":
            price_before(session, run, fact.at, deal.amount_cents)
        if is_in_use(session, deal):
            continue
        deal.taken_back_at = work.now()
        if f"{CREATE}:{deal.kind}" in left:
            payload = left[f"{CREATE}:{deal.kind}"].payload
            _row(
                work,
                session,
                run,
                fact,
                ARCHIVE,
                deal.kind,
                timedelta(),
                key=payload["key"],
                stage=payload["stage"],
            )
    if written:
        since = left[UPDATE].created_at.isoformat()
        _row(
            work,
            session,
            run,
            fact,
            RESTORE,
            "1",
            timedelta(),
            deal_id=run.deal_id,
            restore=written,
            since=since,
        )
    if (company := left.get(f"{COMPANY}:1")) is not None:
        back = {"company_id": company.payload["company_id"], "restore": company.payload["properties"]}
        since = company.created_at.isoformat()
        _row(work, session, run, fact, COMPANY_RESTORE, "1", timedelta(), since=since, **back)


def key_of(fact: Fact, deal: NewDeal) -> str:
    """The unique key of a deal that we make: the same click makes it once."""
    return f"{fact.key}:{deal.kind}"


def _left(session: Session, fact: Fact) -> dict[str, OutboxRow]:
    """The rows of a fact that have left, or may have."""
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.fact_id == fact.id, OutboxRow.state.in_(LEFT))
        .order_by(OutboxRow.id)
    )
    return {
        row.kind if row.kind == UPDATE else f"{row.kind}:{row.slot}": row
        for row in rows
        if row.slot != "next"
    }


def _amounts(work: Work, deal: NewDeal) -> dict[str, str]:
    """HubSpot's own amount is what the whole term is worth; the price is for one period, as it was typed."""
    own = work.config.hubspot.properties.price
    price = _money(deal.amount_cents)
    if deal.kind != RENEWAL:
        return {"amount": price}
    months = deal.term_months or 0
    return {"amount": _money(term_value(deal.amount_cents, deal.price_period, months)), own: price}


def _term(work: Work, deal: NewDeal) -> dict[str, str]:
    named = work.config.hubspot.properties
    dates = {named.put_out_on: deal.put_out_on, named.expires_on: deal.expires_on}
    return {name: day.isoformat() for name, day in dates.items() if day is not None} | _amounts(work, deal)


def _company_dates(work: Work, deal: NewDeal) -> dict[str, str]:
    """The new term's dates by the company's own properties, where there are any. When a portal's workflow makes the
    next term's deal, it decides about the put-out date, too.
    """
    named = work.config.hubspot.properties
    dates = {named.company_expires_on: deal.expires_on}
    if work.makes_next_terms:
        dates[named.company_put_out_on] = deal.put_out_on
    return {name: day.isoformat() for name, day in dates.items() if name and day is not None}


def _hosting(work: Work, run: RunRow) -> dict[str, str]:
    return {work.config.hubspot.properties.hosts_site: "true" if run.hosts_site else "false"}


def _money(cents: int) -> str:
    """Exact: no float ever holds money."""
    whole, rest = divmod(cents, 100)
    return str(whole) if rest == 0 else f"{whole}.{rest:02}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _row(
    work: Work,
    session: Session,
    run: RunRow,
    fact: Fact,
    kind: str,
    slot: str,
    wait: timedelta,
    **payload: Any,
) -> None:
    """Rows of one run's deal leave one after the other: what takes back follows what it takes back."""
    enqueue(
        session,
        service="hubspot",
        kind=kind,
        recipient=f"fact:{fact.id}",
        slot=slot,
        target=f"deal:{run.deal_id}",
        now=work.now(),
        elapsed=work.elapsed(),
        payload={"run_id": run.id, **payload},
        fact_id=fact.id,
        wait=wait,
    )

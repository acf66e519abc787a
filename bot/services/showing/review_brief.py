"""What to know before the first call of a run: value, reports, last contacts, NPS and why, the angle (PLAYBOOK 2)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from bot.playbook.review_angle import suggested_angle
from bot.playbook.run import EMAIL_KINDS
from bot.playbook.satisfaction import is_high_value, satisfaction
from bot.services.runs.lines import Reader, Seen, log_facts, price
from bot.services.runs.report_told import REPORT_MISSING, report_is_missing, reports_told
from bot.services.runs.run_details import Details
from bot.services.showing.card_models import Brief, Nps
from bot.store.book import FactRow, load_runs
from bot.store.tables import RunRow

ONE_TERM = timedelta(days=365)
MOST_LAST = 2
CONTACT_KINDS = frozenset({"call", "reply", "meeting_booked", "appointment", *EMAIL_KINDS})


def read_brief(session: Session, reader: Reader, seen: Seen, details: Details, zone: ZoneInfo) -> Brief:
    """The brief of a run for a reader in `zone`."""
    row = seen.loaded.row
    before = contacts_before(session, seen)
    own = [fact for fact in log_facts(seen.loaded) if fact.kind in CONTACT_KINDS]
    last = sorted({*own, *before}, key=lambda fact: (fact.at, fact.id))[-MOST_LAST:]
    told = reports_told(session, reader.people, seen.loaded, zone)
    missed = [fact.id for fact in seen.loaded.facts if fact.kind == REPORT_MISSING]
    nps = read_nps(reader, seen, details)
    missing = report_is_missing(seen.loaded)
    cents = None if row.price_cents is None else seen.monthly_cents
    return Brief(
        price=price(row.price_cents, row.currency, row.price_period),
        high_value=is_high_value(cents, row.currency),
        reports_url=details.reports_url,
        analytics_url=details.analytics_url,
        told=told.get(missed[-1]) if missing else None,
        last=tuple(reader.logged(fact, zone, {}) for fact in reversed(last)),
        contacts_before=len(before),
        nps=nps,
        angles=suggested_angle(nps.satisfaction, reports_missing=missing, contacts_before=len(before)),
    )


def read_nps(reader: Reader, seen: Seen, details: Details) -> Nps:
    """The last answer to the survey, judged on the run's date."""
    says = satisfaction(
        details.nps_score, details.nps_on, seen.assessment.on, reader.work.policy.nps_valid_days
    )
    return Nps(says, details.nps_score, details.nps_on, details.nps_why)


def contacts_before(session: Session, seen: Seen) -> list[FactRow]:
    """Contacts with the customer in the year before the put-out date, on this run and on its account's earlier
    ones."""
    row = seen.loaded.row
    same = [and_(RunRow.book == row.book, RunRow.deal_id == row.deal_id)]
    if row.company_id is not None:
        same.append(RunRow.company_id == row.company_id)
    since = row.put_out_on - ONE_TERM

    runs = load_runs(session, or_(*same), RunRow.put_out_on <= row.put_out_on)
    return [
        fact
        for loaded in runs
        for fact in log_facts(loaded)
        if fact.kind in CONTACT_KINDS and since <= seen.calendar.local_date(fact.at) < row.put_out_on
    ]

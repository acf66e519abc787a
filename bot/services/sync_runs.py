"""One deal of the CRM -> its run, with every change of what matters kept.

A run is (deal, put-out date P). When P changes in the CRM it is a correction of the same run, audited,
whether or not something was logged: what is dated before the new P counts no more (PLAYBOOK 1), and counts
again when the correction is taken back. It is a new run only when another way through the playbook begins: P
moved later after the run was closed, or past its contract expiration. The old run then ends as it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.care import tell_site_down
from bot.services.company_dates import keep_company_dates
from bot.services.crm import CrmDeal
from bot.services.run_details import Details, keep_contacts, keep_details
from bot.services.sync_report import SyncReport
from bot.services.work import Work
from bot.store.facts import add_fact
from bot.store.tables import Fact, OutboxRow, Person, RunChange, RunRow

BOOK = "hubspot"
CLOSED = ("won", "lost", "moved_out")
_AUDITED = ("put_out_on", "expires_on", "stage", "price_cents", "hosts_site", "crm_owner_id")
_PLAIN = (
    *("account", "expires_on", "price_cents", "currency", "hosts_site", "crm_owner_id", "owner_id"),
    *("company_id", "contact_id", "contact_name", "contact_phone", "contact_email"),
)


@dataclass(frozen=True, slots=True)
class Applied:
    """Which run the deal is, and what became of it."""

    run_id: int
    new: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass: `now` in business time, `began` in elapsed time (before anything was read), people by owner
    id."""

    now: datetime
    began: datetime
    people: Mapping[str, Person]


def apply_deal(
    work: Work, session: Session, deal: CrmDeal, reading: Reading, report: SyncReport
) -> Applied | None:
    """Bring the deal's run up to date; None when the deal has none and gets none."""
    runs = runs_of(session, deal.id)
    run = current_run(runs)
    if deal.pipeline != work.config.hubspot.pipeline:
        return leave(session, run, "left the pipeline", reading.now, report) if run is not None else None
    if deal.problems:
        report.problems[f"deal {deal.id}"] = deal.problems
    if run is not None and deal.put_out_on is not None and _begins_anew(run, deal.put_out_on):
        if run.stage not in CLOSED:
            leave(session, run, "put out again", reading.now, report)
        run = next((one for one in runs if one.put_out_on == deal.put_out_on), None)
    if run is None:
        if deal.put_out_on is None or deal.stage is None:
            return None
        run = _new_run(work, session, deal, deal.put_out_on, deal.stage, reading)
        report.runs_new += 1
        _keep_more(session, run, deal)
        keep_company_dates(session, run, deal, reading.now)
        _note_site_down(work, session, run, deal, reading, tell=False)
        return Applied(run.id, new=True)
    changed = _update(session, run, runs, deal, reading)
    changed = _keep_more(session, run, deal) or changed
    changed = keep_company_dates(session, run, deal, reading.now) or changed
    changed = _note_site_down(work, session, run, deal, reading, tell=True) or changed
    if changed:
        report.runs_changed += 1
    return Applied(run.id, changed=changed)


def leave(session: Session, run: RunRow, why: str, now: datetime, report: SyncReport) -> Applied | None:
    """The run is out of the book: its deal was deleted, merged, or left the pipeline. None when it was
    already."""
    if run.gone_at is not None:
        return None
    run.gone_at = now
    _audit(session, run, "gone", None, why, now)
    report.runs_gone += 1
    return Applied(run.id, changed=True)


def runs_of(session: Session, deal_id: str) -> list[RunRow]:
    """A deal's runs by put-out date, locked."""
    wanted = select(RunRow).where(RunRow.book == BOOK, RunRow.deal_id == deal_id).order_by(RunRow.put_out_on)
    return list(session.scalars(wanted.with_for_update()))


def current_run(runs: list[RunRow]) -> RunRow | None:
    """The newest that is still in the book, else the newest."""
    there = [run for run in runs if run.gone_at is None]
    return next(reversed(there or runs), None)


def _begins_anew(run: RunRow, put_out_on: date) -> bool:
    if put_out_on <= run.put_out_on:
        return False
    return run.stage in CLOSED or (run.expires_on is not None and put_out_on > run.expires_on)


def _new_run(
    work: Work, session: Session, deal: CrmDeal, put_out_on: date, stage: str, reading: Reading
) -> RunRow:
    run = RunRow(
        book=BOOK,
        deal_id=deal.id,
        put_out_on=put_out_on,
        stage=stage,
        price_period=work.config.hubspot.price_period,
        created_at=reading.now,
        version=0,
        **{**_values(deal, reading), "hosts_site": bool(deal.hosts_site)},
    )
    session.add(run)
    session.flush()
    return run


def _values(deal: CrmDeal, reading: Reading) -> dict[str, object]:
    person = reading.people.get(deal.owner_id or "")
    contact = deal.contact
    return {
        "account": deal.account,
        "expires_on": deal.expires_on,
        "price_cents": deal.price_cents,
        "currency": deal.currency,
        "hosts_site": bool(deal.hosts_site),
        "crm_owner_id": deal.owner_id,
        "owner_id": person.id if person is not None else None,
        "company_id": deal.company_id,
        "contact_id": contact.id if contact else None,
        "contact_name": contact.name if contact else None,
        "contact_phone": contact.phone if contact else None,
        "contact_email": contact.email if contact else None,
    }


def _keep_more(session: Session, run: RunRow, deal: CrmDeal) -> bool:
    """What only the card shows. The NPS is the first contact's, else the newest of the others."""
    others = [one.nps for one in deal.more_contacts if one.nps is not None]
    nps = deal.contact.nps if deal.contact is not None else None
    if nps is None and others:
        nps = max(others, key=lambda one: one.on or date.min)
    known = Details(
        nps_score=nps.score if nps else None,
        nps_on=nps.on if nps else None,
        nps_why=nps.why if nps else None,
        reports_url=deal.reports_url,
        analytics_url=deal.analytics_url,
    )
    changed = keep_details(session, run.id, known, deal.unreadable)
    return keep_contacts(session, run.id, deal.more_contacts) or changed


def _update(session: Session, run: RunRow, runs: list[RunRow], deal: CrmDeal, reading: Reading) -> bool:
    now, changed = reading.now, False
    if run.gone_at is not None:
        _audit(session, run, "gone", "gone", None, now)
        run.gone_at, changed = None, True
    values = _values(deal, reading)
    wanted = {name: values[name] for name in _PLAIN if name not in deal.unreadable}
    if deal.put_out_on is not None and not any(one.put_out_on == deal.put_out_on for one in runs):
        wanted["put_out_on"] = deal.put_out_on
    if deal.stage is not None and not _stage_on_its_way(session, run, reading.began):
        wanted["stage"] = deal.stage
    for name, value in wanted.items():
        old = getattr(run, name)
        if old == value:
            continue
        if name in _AUDITED:
            _audit(session, run, name, old, value, now)
        if name == "owner_id":
            run.owner_since = now
        setattr(run, name, value)
        changed = True
    return changed


def _audit(session: Session, run: RunRow, field: str, old: object, new: object, now: datetime) -> None:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    session.add(RunChange(run_id=run.id, field=field, old=text(old), new=text(new), at=now, source=BOOK))


def _stage_on_its_way(session: Session, run: RunRow, began: datetime) -> bool:
    """Whether a stage move of ours has not arrived, or arrived after this pass began to read.

    What was read may then be older than what we know; the next pass will see the truth.
    """
    rows = session.execute(
        select(OutboxRow.state, OutboxRow.settled_at).where(
            OutboxRow.service == "hubspot",
            OutboxRow.kind == "deal_update",
            OutboxRow.target == f"deal:{run.deal_id}",
        )
    )
    return any(
        state in ("pending", "sending", "unknown") or (settled_at is not None and settled_at >= began)
        for state, settled_at in rows
    )


def _note_site_down(
    work: Work, session: Session, run: RunRow, deal: CrmDeal, reading: Reading, *, tell: bool
) -> bool:
    """The day the site was taken down, as a fact; the customer is to be contacted at once (PLAYBOOK 3.3)."""
    at = deal.site_down_at
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    if at is None and deal.site_down_on is not None:
        zone = ZoneInfo(owner.tz) if owner is not None else UTC
        at = datetime.combine(deal.site_down_on, time(0), zone).astimezone(UTC)
    if at is None:
        return False
    known = session.scalars(select(Fact.at).where(Fact.run_id == run.id, Fact.kind == "site_down"))
    if any(abs((at - earlier).total_seconds()) < 24 * 3600 for earlier in known):
        return False  # Customer Care said so in Slack, or it is the same taking down, corrected by some hours
    fact = add_fact(
        session,
        key=f"hubspot:deals:{deal.id}:site_down:{at.isoformat()}",
        run_id=run.id,
        kind="site_down",
        at=at,
        recorded_at=reading.now,
        source=BOOK,
        surface="sync",
    )
    if fact is not None and tell:
        tell_site_down(work, session, run)
    return fact is not None

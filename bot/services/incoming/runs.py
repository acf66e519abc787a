"""One deal of the CRM -> its run, with every change of what matters kept.

A run is (deal, put-out date P). When P changes in the CRM it is a correction of the same run, audited,
whether or not something was logged: what is dated before the new P counts no more (PLAYBOOK 1), and counts
again when the correction is taken back. It is a new run only when another way through the playbook begins: P
moved later after the run was closed, or past its contract expiration. The old run then ends as it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acts.care import tell_site_down
from bot.services.acts.company_dates import first_company_dates, keep_company_dates
from bot.services.crm import CrmDeal
from bot.services.incoming.report import SyncReport
from bot.services.outgoing.returned import OUT_OF_BOOK
from bot.services.runs.not_taken import end_contests
from bot.services.runs.run_details import (
    Details,
    keep_contacts,
    keep_details,
    new_contacts,
    new_details,
    read_contacts,
)
from bot.services.work import Work
from bot.store.facts import add_fact, lock_runs
from bot.store.inserts import insert_row
from bot.store.tables import Fact, OutboxRow, PastContact, Person, RunChange, RunRow

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
    work: Work, session: Session, deal: CrmDeal, runs: list[RunRow], reading: Reading, report: SyncReport
) -> Applied | None:
    """Bring the runs of a deal up to date; None when it has none and gets none. `runs`: see `runs_of`."""
    run = current_run(runs)
    if deal.pipeline != work.config.hubspot.pipeline:
        return leave(session, run, "left the pipeline", reading.now, report) if run is not None else None
    if deal.problems:
        report.note_problems(f"deal {deal.id}", deal.problems)
    if run is not None and deal.put_out_on is not None and _begins_anew(run, deal.put_out_on):
        if run.stage not in CLOSED:
            leave(session, run, "put out again", reading.now, report)
        run = next((one for one in runs if one.put_out_on == deal.put_out_on), None)
    if run is None:
        return begin_runs(work, session, [deal], reading, report).get(deal.id)
    before = contacts_of(session, run)
    changed = _update(session, run, runs, deal, reading)
    changed = keep_details(session, run.id, _details(deal), deal.unreadable) or changed
    changed = keep_contacts(session, run.id, deal.more_contacts) or changed
    for gone in before - contacts_of(session, run):
        insert_row(session, PastContact, {"run_id": run.id, "contact_id": gone})
    changed = keep_company_dates(session, run, deal, reading.now) or changed
    changed = _note_site_down(work, session, run, deal, reading, tell=True) or changed
    if changed:
        report.runs_changed += 1
    return Applied(run.id, changed=changed)


def begin_runs(
    work: Work, session: Session, deals: Iterable[CrmDeal], reading: Reading, report: SyncReport
) -> dict[str, Applied]:
    """New runs of deals that have none yet, in a few statements for all; {deal id: its run}.

    A deal without a put-out date, or in a stage that means nothing to us, is nobody's turn yet.
    """
    begun: list[tuple[CrmDeal, RunRow]] = []
    for deal in deals:
        if deal.pipeline != work.config.hubspot.pipeline:
            continue
        if deal.problems:
            report.note_problems(f"deal {deal.id}", deal.problems)
        if deal.put_out_on is not None and deal.stage is not None:
            run = RunRow(
                book=BOOK,
                deal_id=deal.id,
                put_out_on=deal.put_out_on,
                stage=deal.stage,
                price_period=work.config.hubspot.price_period,
                created_at=reading.now,
                version=0,
                **_values(deal, reading),
            )
            begun.append((deal, run))
    session.add_all(run for _, run in begun)
    session.flush()
    for deal, run in begun:
        session.add_all(new_details(run.id, _details(deal)))
        session.add_all(new_contacts(run.id, deal.more_contacts))
        session.add_all(first_company_dates(run.id, deal, reading.now))
        _note_site_down(work, session, run, deal, reading, tell=False)
    report.runs_new += len(begun)
    return {deal.id: Applied(run.id, new=True) for deal, run in begun}


def leave(session: Session, run: RunRow, why: str, now: datetime, report: SyncReport) -> Applied | None:
    """The run is out of the book: its deal was deleted, merged, or left the pipeline. None when it was
    already."""
    if run.gone_at is not None:
        return None
    run.gone_at = now
    _audit(session, run, "gone", None, why, now)
    end_contests(session, run, f"{OUT_OF_BOOK} ({why})", now)
    report.runs_gone += 1
    return Applied(run.id, changed=True)


def runs_of(session: Session, deal_ids: Sequence[str]) -> dict[str, list[RunRow]]:
    """The runs of these deals by put-out date, locked; a deal that has none has an empty list."""
    wanted = select(RunRow.id).where(RunRow.book == BOOK, RunRow.deal_id.in_(deal_ids))
    found: dict[str, list[RunRow]] = {deal_id: [] for deal_id in deal_ids}
    for run in sorted(lock_runs(session, session.scalars(wanted).all()), key=lambda run: run.put_out_on):
        found[run.deal_id].append(run)
    return found


def current_run(runs: list[RunRow]) -> RunRow | None:
    """The newest that is still in the book, else the newest."""
    there = [run for run in runs if run.gone_at is None]
    return next(reversed(there or runs), None)


def contacts_of(session: Session, run: RunRow) -> set[str]:
    """The contacts that the run has now."""
    further = {one.contact_id for one in read_contacts(session, run.id)}
    return further | ({run.contact_id} if run.contact_id is not None else set())


def _begins_anew(run: RunRow, put_out_on: date) -> bool:
    if put_out_on <= run.put_out_on:
        return False
    return run.stage in CLOSED or (run.expires_on is not None and put_out_on > run.expires_on)


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


def _details(deal: CrmDeal) -> Details:
    """What only the card shows. The NPS is the first contact's, else the newest of the others."""
    others = [one.nps for one in deal.more_contacts if one.nps is not None]
    nps = deal.contact.nps if deal.contact is not None else None
    if nps is None and others:
        nps = max(others, key=lambda one: one.on or date.min)
    return Details(
        nps_score=nps.score if nps else None,
        nps_on=nps.on if nps else None,
        nps_why=nps.why if nps else None,
        reports_url=deal.reports_url,
        analytics_url=deal.analytics_url,
    )


def _update(session: Session, run: RunRow, runs: list[RunRow], deal: CrmDeal, reading: Reading) -> bool:
    now, changed = reading.now, False
    if run.gone_at is not None:
        _audit(session, run, "gone", "gone", None, now)
        run.gone_at, changed = None, True
    values = _values(deal, reading)
    wanted = {name: values[name] for name in _PLAIN if name not in deal.unreadable}
    if deal.put_out_on is not None and not any(one.put_out_on == deal.put_out_on for one in runs):
        wanted["put_out_on"] = deal.put_out_on
    if _move_on_its_way(session, run, reading.began):
        wanted.pop("price_cents", None)  # a close says the price that was agreed
    elif deal.stage is not None:
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


def _move_on_its_way(session: Session, run: RunRow, began: datetime) -> bool:
    """Whether a stage move of ours has not arrived, or arrived after this pass began to read.

    What was read may then be older than what we know; the next pass will see the truth.
    """
    rows = session.execute(
        select(OutboxRow.state, OutboxRow.settled_at).where(
            OutboxRow.service == "hubspot",
            OutboxRow.kind.in_(("deal_update", "deal_restore")),
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
    if at is None and deal.site_down_on is not None:
        owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
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

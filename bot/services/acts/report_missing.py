"""A report is missing at the account review: the department manager is told at once (PLAYBOOK 2)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.services.acts.acting import Click, TouchAt, acting, moment
from bot.services.acts.log_touch import Logged
from bot.services.acts.record import NewFact, Origin, record
from bot.services.errors import NotAllowed, NotYours, StaleTouch
from bot.services.models import MissingReport
from bot.services.outgoing.messages import open_message
from bot.services.people.roles import audit_refusal, known_person
from bot.services.people.user_groups import is_named, people_named
from bot.services.runs.lines import Reader
from bot.services.runs.report_told import (
    ACKNOWLEDGED,
    REPORT_MISSING,
    acknowledgement_of,
    told_of,
    told_slot,
    unanswered_reports,
)
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.facts import lock_run
from bot.store.received import first_time
from bot.store.tables import Fact, Message, MessageRun, Person, RunRow


def report_missing(work: Work, click: Click, at: TouchAt) -> Logged:
    """Tell the department managers; the review itself stays due. Raises NotAllowed when there is nobody to tell."""
    with acting(work, click, at.run_id, "report_missing") as desk:
        if desk.repeated:
            return Logged(at.run_id, desk.run.account, ())
        desk.require_due(at)
        if told := unanswered_reports(desk.loaded):
            when = moment(told[-1].at, desk.person.tz, work.now())
            raise StaleTouch(
                f"{desk.run.account}: the department manager was told {when} and has not acknowledged it yet."
                " Nothing was sent again."
            )
        managers = people_named(desk.session, work.config.department_managers)
        reachable = [one for one in managers if one.active and one.slack_user_id is not None]
        if not reachable:
            raise NotAllowed(
                "No department manager can be told: ask your admin to name one under roles.department_managers."
            )
        written = desk.write(NewFact(REPORT_MISSING), step=at.step)
        for manager in reachable:
            open_message(
                work,
                desk.session,
                kind=REPORT_MISSING,
                recipient=f"person:{manager.id}",
                slot=told_slot(written[0].id),
                on=local_date(work.now(), manager.tz),
                run_ids=[desk.run.id],
                person=manager,
                data={"by": desk.person.name},
            )
        return Logged(desk.run.id, desk.run.account, tuple(fact.id for fact in written))


def acknowledge_report(work: Work, click: Click, fact_id: int) -> str:
    """A department manager has heard that a report is missing; the rep's message says so. Answers the account.

    Raises UnknownPerson, NotYours (audited) for anybody else, StaleTouch when it was taken back or acknowledged
    already.
    """
    try:
        account = _acknowledge(work, click, fact_id)
    except NotYours:
        with work.store.write() as session:
            fact = session.get(Fact, fact_id)
            run_id = fact.run_id if fact is not None else None
            audit_refusal(session, click.who, run_id, "acknowledge_report", "not_department", work.now())
        raise
    work.wake()
    return account


def _acknowledge(work: Work, click: Click, fact_id: int) -> str:
    with work.store.write() as session:
        person = known_person(session, click.who)
        if not is_named(person, work.config.department_managers):
            raise NotYours("Only a department manager acknowledges a missing report. Nothing was changed.")
        fact = session.get(Fact, fact_id)
        run = lock_run(session, fact.run_id) if fact is not None and fact.kind == REPORT_MISSING else None
        if run is None or run.gone_at is not None:
            raise StaleTouch("This account is not in the book any more. Nothing was changed.")
        if not first_time(session, click.key, work.elapsed()):
            return run.account
        (loaded,) = load_runs(session, RunRow.id == run.id)
        if fact_id not in {one.id for one in loaded.facts}:
            raise StaleTouch(f"{run.account}: the rep has taken this back. There is nothing to do.")
        if answer := acknowledgement_of(loaded, fact_id):
            by = session.get(Person, answer.actor_id) if answer.actor_id is not None else None
            when = moment(answer.at, person.tz, work.now())
            raise StaleTouch(f"{run.account}: {by.name if by else 'a colleague'} acknowledged it {when}.")
        origin = Origin(
            key=f"slack:{click.key}", source="slack", surface=click.surface, pressed=click.pressed
        )
        record(work, session, run, person, origin, [NewFact(ACKNOWLEDGED, reason=told_slot(fact_id))])
        return run.account


def read_report_missing(work: Work, message_id: int) -> MissingReport | None:
    """What the department manager is told, in their zone; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message_id)
        found = load_runs(session, RunRow.id.in_(shown))
        if message is None or not found:
            return None
        reader = Reader(work, session)
        person = reader.people.get(message.person_id or 0)
        zone = ZoneInfo(person.tz if person is not None else "UTC")
        seen, fact_id = reader.see(found[0]), told_of(message.slot)
        entries = reader.entries(seen.loaded, [one for one in found[0].facts if one.id == fact_id], zone, {})
        return MissingReport(
            message_id=message.id,
            line=reader.line(seen, zone.key, {}),
            by=message.data["by"],
            on=local_date(work.now(), zone.key),
            now=work.now().astimezone(zone),
            fact_id=fact_id,
            entry=entries[0] if entries else None,
        )

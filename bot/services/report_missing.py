"""A report is missing at the account review: the department manager is told at once (PLAYBOOK 2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.services.acting import Click, TouchAt, acting
from bot.services.errors import NotAllowed
from bot.services.lines import Reader
from bot.services.log_touch import Logged
from bot.services.messages import open_message
from bot.services.models import AccountLine
from bot.services.record import NewFact
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.tables import Message, MessageRun, Person, RunRow


def report_missing(work: Work, click: Click, at: TouchAt) -> Logged:
    """Tell the department managers; the review itself stays due. Raises NotAllowed when there is nobody to tell."""
    with acting(work, click, at.run_id, "report_missing") as desk:
        if desk.repeated:
            return Logged(at.run_id, desk.run.account, ())
        desk.require_due(at)
        managers = desk.session.scalars(
            select(Person).where(Person.email.in_(work.config.department_managers), Person.active)
        ).all()
        reachable = [manager for manager in managers if manager.slack_user_id is not None]
        if not reachable:
            raise NotAllowed(
                "No department manager can be told: ask your admin to name one under roles.department_managers."
            )
        written = desk.write(NewFact("report_missing"), step=at.step)
        for manager in reachable:
            open_message(
                work,
                desk.session,
                kind="report_missing",
                recipient=f"person:{manager.id}",
                slot=f"fact:{written[0].id}",
                on=local_date(work.now(), manager.tz),
                run_ids=[desk.run.id],
                person=manager,
                data={"by": desk.person.name},
            )
        return Logged(desk.run.id, desk.run.account, tuple(fact.id for fact in written))


@dataclass(frozen=True, slots=True)
class MissingReport:
    """Which account's report is missing, and who says so."""

    line: AccountLine
    by: str


def read_report_missing(work: Work, message_id: int) -> MissingReport | None:
    """What the department manager is told; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message_id)
        found = load_runs(session, RunRow.id.in_(shown))
        if message is None or not found:
            return None
        reader = Reader(work, session)
        seen = reader.see(found[0])
        return MissingReport(reader.line(seen, seen.calendar.tz.key, {}), message.data["by"])

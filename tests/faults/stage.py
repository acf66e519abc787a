"""A book on which each row of `routes.py` can be played, and what is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, update

from bot.services.acts.bulk_plan import BULK
from bot.services.home.models import Asked
from bot.services.outgoing.homes import HOME
from bot.slack.payloads import (
    AwayRef,
    ChangeRef,
    FactRef,
    HomeRef,
    MessageRef,
    PageRef,
    PersonRef,
    SaidRef,
    SeveralRef,
    StatusRef,
    TouchRef,
)
from bot.store.tables import (
    AutomaticReply,
    Base,
    Fact,
    LeaveDays,
    Message,
    OutboxRow,
    Person,
    Refusal,
    RunChange,
    RunRow,
    SlackStatus,
)
from tests.faults.routes import FORMS, PRESSES, Route
from tests.faults.wire import ANSWERS, Wire
from tests.living import Living, email

TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)
PUT_OUT = {
    "cancel": date(2026, 11, 9),
    "thirty": date(2026, 10, 25),
    "moved": date(2026, 10, 25),
    "kept": date(2026, 10, 25),
}
EFFECTS = (
    "facts",
    "runs",
    "leave",
    "preferences",
    "reminders",
    "messages",
    "run_changes",
    "outbox",
    "people",
    "slack_statuses",
    "automatic_replies",
)
# What a person chooses in Home, by action.
WORDS = {"home_show": "late", "home_days": "1-7", "home_value": "high"}


def set_aside(fact_id: int, contest: Any) -> OutboxRow:
    """What HubSpot did not take of a fact, or holds against it."""
    at = datetime(2026, 11, 23, 13, 15, tzinfo=UTC)
    return OutboxRow(
        service="hubspot",
        kind="activity",
        recipient=f"fact:{fact_id}",
        slot="1",
        target=f"fact:{fact_id}",
        state="dead",
        payload={},
        result={"contest": contest} if contest else {},
        fact_id=fact_id,
        created_at=at,
        next_try_at=at,
        settled_at=datetime.now(UTC),
        reason="Amount must be at most 10,000",
    )


class Stage(Wire):
    """The team of `living`, with an account for each row."""

    def __init__(self, team: Living) -> None:
        super().__init__(team)
        self.runs: dict[str, int] = {}
        self.facts: dict[str, int] = {}
        self._lay_out()

    # -- the book ----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """An account for each row, in the state it needs, all of them Ana's."""
        for route in (*PRESSES, *FORMS):
            self.team.account(self.name(route), PUT_OUT.get(route.account, TODAY))
        for name in ("Umbra Cafe", "Twin North", "Twin South"):
            self.team.account(name, TODAY)
        self.team.tick("sync")
        self.team.go("2026-11-23 08:30")
        self.team.tick("mornings", "manager_mornings")
        with self.work.store.write() as session:
            people = {one.email: one.id for one in session.scalars(select(Person))}
            self.people = {who: people[email(who)] for who in self.team.ids}
            self.runs = dict(session.execute(select(RunRow.account, RunRow.id)).all())  # type: ignore[arg-type]
            self.digest = session.scalars(
                select(Message.id).where(Message.kind == "digest", Message.person_id == self.people["ana"])
            ).one()
            for route in (*PRESSES, *FORMS):
                self._prepare(session, route)
            self.digest_at = session.execute(
                select(Message.channel, Message.ts).where(Message.id == self.digest)
            ).one()
            away = SlackStatus(
                person_id=self.people["ana"],
                number=1,
                words="Vacationing",
                emoji=":palm_tree:",
                ends_at=datetime(2026, 11, 28, 5, 0, tzinfo=UTC),
                away=True,
                noted_at=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
            )
            session.add(away)
            leave = LeaveDays(
                person_id=self.people["ana"], first_on=date(2026, 12, 28), last_on=date(2026, 12, 29)
            )
            session.add(leave)
            session.flush()
            self.leave = leave.id
        for route in (one for one in (*PRESSES, *FORMS) if one.account == "moved"):
            run = TouchRef(self.runs[self.name(route)], None, TODAY, None).encode()
            self.act(Route("move_out_now"), "maria", run)
            with self.work.store.read() as session:
                moved = select(Fact.id).where(
                    Fact.run_id == self.runs[self.name(route)], Fact.kind == "stage"
                )
                self.facts[self.name(route)] = session.scalars(moved).one()
        self.said = {route.id: self._say("umbra no answer") for route in PRESSES if route.ref == "said"}
        self.asked = self._say("twin no answer")
        self.plans = {route.id: self._plan(route) for route in (*PRESSES, *FORMS) if "plan" in route.ref}

    def name(self, route: Route) -> str:
        return f"{route.account.title()} {(*PRESSES, *FORMS).index(route)}"

    def _prepare(self, session: Any, route: Route) -> None:
        at = datetime(2026, 11, 23, 13, 10, tzinfo=UTC)
        run_id = self.runs[self.name(route)]

        def add(kind: str, **more: Any) -> None:
            values = {
                "at": at,
                "recorded_at": at,
                "source": "slack",
                "surface": "button",
                "actor_id": self.people["ana"],
            }
            fact = Fact(key=f"slack:set:{next(self._number)}", run_id=run_id, kind=kind, **(values | more))
            session.add(fact)
            session.flush()
            self.facts[self.name(route)] = fact.id

        match route.account:
            case "email" | "cancel":
                add("call", outcome="no_answer")
            case "meeting":
                starts = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
                add("appointment", outcome="scheduled", starts_at=starts, source="hubspot")
            case "kept":
                add("kept", until=date(2026, 12, 1), note="Signs soon", actor_id=self.people["maria"])
            case "refused" | "contested":
                # Logged by her manager: who logged it may decide, too, whoever owns the account by then.
                add("call", outcome="no_answer", actor_id=self.people["maria"])
                contest = {"type": "calls", "id": "1", "raw": {}, "said": {"outcome": "busy"}, "at": None}
                session.add(set_aside(self.facts[self.name(route)], route.account == "contested" and contest))
            case "down":
                add("takedown_email")
            case "away":
                reply = AutomaticReply(run_id=run_id, object_id=str(next(self._number)), at=at, read_at=at)
                reply.says, reply.day, reply.sure = "until", date(2026, 12, 4), True
                session.add(reply)
                session.flush()
                self.facts[self.name(route)] = reply.id
            case "missing":
                add("report_missing")
            case "lost" | "won":
                session.get_one(RunRow, run_id).stage = route.account
                change = RunChange(run_id=run_id, field="stage", old="open", new=route.account, at=at)
                change.source = "hubspot"
                session.add(change)

    def value(self, route: Route, on: date = TODAY) -> str:
        """What the button of this row carries, or its form in its private metadata."""
        run_id, fact = self.runs.get(self.name(route), 0), self.facts.get(self.name(route), 0)
        match route.ref:
            case "touch" | "run":
                return TouchRef(run_id, route.step, on, self.digest).encode()
            case "fact":
                return FactRef(fact, self.digest).encode()
            case "away":
                return AwayRef(fact, date(2026, 12, 7), self.digest).encode()
            case "change":
                return ChangeRef(run_id, fact, self.digest).encode()
            case "said":
                return SaidRef(self.said[route.id], 0).encode()
            case "asked":
                return SaidRef(self.asked, 0).encode()
            case "several" | "own_several":
                return SeveralRef(self.digest).encode()
            case "plan" | "logged_plan":
                return MessageRef(self.plans[route.id]).encode()
            case "status":
                return StatusRef(self.people["ana"], 1).encode()
            case "page":
                return PageRef(self.digest, 1).encode()
            case "home":
                return HomeRef(Asked(page=1 + PRESSES.index(route))).encode()
            case "book":
                return HomeRef(Asked(book_of=self.people["ana"])).encode()
            case "word":
                return WORDS[route.id]
            case "leave":
                return PersonRef(self.people["ana"]).encode()
            case "leave_id":
                return str(self.leave)
        return ""

    def _plan(self, route: Route) -> int:
        """A plan of Ana's for the row's own account; for what undoes one, it is logged."""
        (form,) = [one for one in FORMS if one.id == "several_form"]
        ticked = {"type": "checkboxes", "selected_options": [{"value": str(self.runs[self.name(route)])}]}
        self.act(form, "ana", self.value(form), sent=form.sent | {"accounts:0:0": ("field", ticked)})
        with self.work.store.read() as session:
            newest = select(Message.id).where(Message.kind == BULK).order_by(Message.id.desc()).limit(1)
            plan = session.scalars(newest).one()
        if route.ref == "logged_plan":
            (send,) = [one for one in FORMS if one.id == "several_plan_form"]
            self.act(send, "ana", MessageRef(plan).encode())
        return plan

    # -- what is behind it -------------------------------------------------------------------------------

    def effects(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that an act may change; what only tells and shows is left out."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        with self.work.store.read() as session:
            for table in Base.metadata.sorted_tables:
                if table.name in EFFECTS:
                    rows = select(table)
                    if table.name == OutboxRow.__tablename__:
                        rows = rows.where(table.c.kind.not_in(ANSWERS))
                    if table.name == Message.__tablename__:
                        rows = rows.where(table.c.kind != HOME)  # drawn afresh for whoever asks
                    ordered = rows.order_by(*table.primary_key)
                    found[table.name] = [tuple(row) for row in session.execute(ordered)]
            homes = session.scalars(select(Message.data).where(Message.kind == HOME).order_by(Message.id))
            asked = [data.get("asked") for data in homes]
            found[HOME] = [(repr(one),) for one in asked if one not in (None, asdict(Asked()))]
        return found

    def redrawn(self) -> bool:
        """Whether the message that was pressed is drawn afresh."""
        with self.work.store.read() as session:
            rows = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "redraw"))
            return any(row["message_id"] == self.digest for row in rows)

    def refusals(self) -> list[tuple[str | None, str]]:
        with self.work.store.read() as session:
            rows = session.execute(select(Refusal.slack_user_id, Refusal.why).order_by(Refusal.id))
            return [(row.slack_user_id, row.why) for row in rows]

    @contextmanager
    def otherwise(self, route: Route, state: str) -> Iterator[None]:
        """For a while the account is in another state, or the person who may is not active."""
        run = RunRow.id == self.runs[self.name(route)] if route.of_a_run else None
        changes: dict[str, tuple[Any, Any, dict[str, Any]]] = {
            "ex-owner": (RunRow, run, {"owner_id": self.people["olga"]}),
            "closed": (RunRow, run, {"stage": "won"}),
            "moved out": (RunRow, run, {"stage": "moved_out"}),
            "deleted": (RunRow, run, {"gone_at": datetime(2026, 11, 23, 13, 20, tzinfo=UTC)}),
            "deactivated": (Person, Person.id == self.people[route.by], {"active": False}),
        }
        if state not in changes:
            yield
            return
        table, which, values = changes[state]
        with self.work.store.write() as session:
            row = session.scalars(select(table).where(which)).one()
            before = {key: getattr(row, key) for key in values}
            session.execute(update(table).where(which).values(values))
        try:
            yield
        finally:
            with self.work.store.write() as session:
                session.execute(update(table).where(which).values(before))

"""What people do in the soak: reps in Slack, their colleagues in HubSpot. Each act picks by two numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from bot.services.acts.acting import Click, TouchAt
from bot.services.acts.change import change
from bot.services.acts.closing import add_deal, close_lost, close_won
from bot.services.acts.defer import defer
from bot.services.acts.log_touch import (
    Result,
    log_appointment,
    log_call,
    log_connected,
    log_email,
    log_held,
    log_meeting,
    log_note,
    log_reply,
    log_review,
    move_appointment,
)
from bot.services.acts.not_taken import keep_theirs, write_mine
from bot.services.acts.undo import undo
from bot.services.errors import DomainError
from bot.services.people.roles import Who
from bot.services.runs.new_deals import Terms
from bot.store.tables import Fact, OutboxRow, Person, RunRow
from sandbox.hubspot.kinds import KINDS, kind_of
from sandbox.hubspot.records import Record
from tests.soak.team import OWNERS, STAGES, Team

T = TypeVar("T")
Act = Callable[[int, int], object]
OUTCOMES = ("no_answer", "left_voicemail", "busy", "wrong_number", "left_live_message")
DISPOSITIONS = (
    "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "73a0d17f-1163-4015-bdd5-ec830791da20",
)
ACTIVITIES = ("calls", "emails", "meetings", "notes", "tasks")


def _of(found: Sequence[T], number: int) -> T:
    return found[number % len(found)]


class Reps:
    """Maya and Ben in Slack. What the assistant refuses them changes nothing."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def acts(self) -> dict[str, Act]:
        """By name."""
        return {
            "logs a call": self.logs_a_call,
            "reached somebody": self.reached_somebody,
            "logs an email": lambda n, _m: self._on(n, lambda c, at: log_email(self._team.work, c, at)),
            "logs a reply": lambda n, m: self._on(
                n, lambda c, at: log_reply(self._team.work, c, at, _of(("email", "call"), m), "said so")
            ),
            "logs a note": lambda n, m: self._on(
                n, lambda c, at: log_note(self._team.work, c, at, f"note {m}")
            ),
            "reviews": lambda n, _m: self._on(n, lambda c, at: log_review(self._team.work, c, at)),
            "agrees on a meeting": self.agrees_on_a_meeting,
            "says how it went": self.says_how_it_went,
            "defers": self.defers,
            "closes as won": self.closes_as_won,
            "closes as lost": lambda n, m: self._on(
                n, lambda c, at: close_lost(self._team.work, c, at, _of(("price", "competitor"), m), "gone")
            ),
            "adds an upsell": lambda n, m: self._on(
                n, lambda c, at: add_deal(self._team.work, c, at, "upsell", f"Upsell {m}", 100 + m)
            ),
            "undoes": self.undoes,
            "changes": self.changes,
            "decides": self.decides,
        }

    def logs_a_call(self, number: int, more: int) -> None:
        self._on(number, lambda c, at: log_call(self._team.work, c, at, _of(OUTCOMES, more), f"call {more}"))

    def reached_somebody(self, number: int, more: int) -> None:
        today = self._team.work.now().date()
        results = (
            Result("nothing_yet", "talked"),
            Result("in_negotiation", "talked"),
            Result("meeting_on", "talked", starts_at=self._soon(more)),
            Result("call_back_on", "talked", until=today + timedelta(days=1 + more % 5)),
            Result("lost", "talked", reason="price"),
            Result("in_negotiation", "talked"),
            Result("won", "talked"),
        )
        self._on(number, lambda c, at: log_connected(self._team.work, c, at, _of(results, more)))

    def agrees_on_a_meeting(self, number: int, more: int) -> None:
        self._on(number, lambda c, at: log_meeting(self._team.work, c, at, self._soon(more)))

    def says_how_it_went(self, number: int, more: int) -> None:
        work = self._team.work
        how: tuple[Callable[[Click, TouchAt], object], ...] = (
            lambda c, at: log_held(work, c, at, Result("nothing_yet", "went well")),
            lambda c, at: log_appointment(work, c, at, "no_show"),
            lambda c, at: log_appointment(work, c, at, "canceled"),
            lambda c, at: move_appointment(work, c, at, self._soon(more + 7)),
        )
        self._on(number, _of(how, more))

    def defers(self, number: int, more: int) -> None:
        until = self._team.work.now().date() + timedelta(days=1 + more % 20)
        self._on(
            number,
            lambda c, at: defer(
                self._team.work, c, at, reason="out_of_town", note="away", until=until, warned_of=until
            ),
        )

    def closes_as_won(self, number: int, more: int) -> None:
        terms = Terms((140 + more) * 100, 12, date(2027, 12, 31))
        self._on(number, lambda c, at: close_won(self._team.work, c, at, terms, "signed"))

    def undoes(self, number: int, _more: int) -> None:
        self._to_logged(number, lambda c, fact: undo(self._team.work, c, fact.id))

    def changes(self, number: int, more: int) -> None:
        def better(c: Click, fact: Fact) -> object:
            outcome = _of(OUTCOMES, more) if fact.kind == "call" else None
            return change(self._team.work, c, fact.id, outcome, f"better {more}")

        self._to_logged(number, better)

    def decides(self, number: int, more: int) -> bool:
        """Somebody chooses where both sides said something else; False where there is nothing to choose."""
        with self._team.work.store.read() as session:
            wanted = select(Fact.id, Person).join(OutboxRow, OutboxRow.fact_id == Fact.id)
            wanted = wanted.join(Person, Person.id == Fact.actor_id).join(RunRow, RunRow.id == Fact.run_id)
            wanted = wanted.where(
                OutboxRow.service == "hubspot", OutboxRow.state == "dead", OutboxRow.result != {}
            )
            found = session.execute(wanted.where(RunRow.gone_at.is_(None)).order_by(OutboxRow.id)).all()
        if found:
            fact_id, person = _of(found, number)
            choose = _of((keep_theirs, write_mine), more)
            self._try(person, lambda click: choose(self._team.work, click, fact_id))
        return bool(found)

    def _soon(self, more: int) -> Any:
        return self._team.work.now() + timedelta(minutes=10 + more % 90)

    def _on(self, number: int, act: Callable[[Click, TouchAt], object]) -> None:
        with self._team.work.store.read() as session:
            runs = list(
                session.scalars(select(RunRow).where(RunRow.owner_id.is_not(None)).order_by(RunRow.id))
            )
            if not runs:
                return
            run = _of(runs, number)
            owner = session.get_one(Person, run.owner_id)
        at = TouchAt(run.id, None, self._team.work.now().date())
        self._try(owner, lambda click: act(click, at))

    def _to_logged(self, number: int, act: Callable[[Click, Fact], object]) -> None:
        """The person who owns the run does it to something that was logged in Slack, the newest first."""
        with self._team.work.store.read() as session:
            wanted = select(Fact, Person).join(RunRow, RunRow.id == Fact.run_id)
            wanted = wanted.join(Person, Person.id == RunRow.owner_id)
            facts = session.execute(wanted.where(Fact.source == "slack").order_by(Fact.id.desc())).all()
        if facts:
            fact, owner = _of(facts, number)
            self._try(owner, lambda click: act(click, fact))

    def _try(self, person: Person, act: Callable[[Click], object]) -> None:
        who = Who(person.slack_team_id or "", person.slack_user_id or "")
        try:
            act(Click(who, self._team.key(), "button"))
        except DomainError:
            return  # it is refused with a sentence, and nothing happened


@dataclass
class _Deleted:
    record: Record
    links: list[tuple[str, str]]


class Colleagues:
    """Whoever works in HubSpot itself."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._deals: list[str] = []
        self._deleted: list[_Deleted] = []

    def acts(self) -> dict[str, Act]:
        """By name."""
        return {
            "calls": self.calls,
            "calls the company": self.calls_the_company,
            "sends a tracked email": lambda n, m: self._timeline("emails", n, _email("EMAIL", m)),
            "gets an email": lambda n, m: self._timeline("emails", n, _email("INCOMING_EMAIL", m)),
            "gets an answer of a robot": lambda n, _m: self._timeline(
                "emails",
                n,
                {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": "Automatic reply: away"},
            ),
            "writes a note": lambda n, m: self._timeline("notes", n, {"hs_note_body": f"seen {m}"}),
            "plans a meeting": self.plans_a_meeting,
            "makes a task": lambda n, _m: self._timeline(
                "tasks", n, {"hs_task_subject": "Ask", "hs_task_status": "NOT_STARTED"}
            ),
            "edits an activity": self.edits_an_activity,
            "edits what was written just now": lambda _n, m: self.edits_an_activity(-1, m),
            "hands an activity over": self.hands_an_activity_over,
            "deletes an activity": self.deletes_an_activity,
            "changes a date": self.changes_a_date,
            "changes the owner": lambda n, m: self._edit(n, {"hubspot_owner_id": _of([*OWNERS, ""], m)}),
            "moves the stage": self.moves_the_stage,
            "changes the amount": lambda n, m: self._edit(n, {"renewal_monthly_price": str(100 + m)}),
            "moves the pipeline": self.moves_the_pipeline,
            "adds a deal": lambda _n, m: self.adds_a_deal(m),
            "deletes a deal": self.deletes_a_deal,
            "restores a deal": self.restores_a_deal,
            "merges two deals": self.merges_two_deals,
        }

    def adds_a_deal(self, more: int) -> None:
        portal, number = self._team.portal, len(self._deals)
        if number >= 6:
            return
        company = portal.create("companies", {"name": f"Company {number}"})
        person = {"firstname": "Dana", "lastname": f"Wu {number}", "email": f"d{number}@customer.example"}
        contact = portal.create("contacts", person, [("companies", company.id)])
        properties = {
            "dealname": f"Renewal {number}",
            "pipeline": "renewals",
            "dealstage": "renewal_put_out",
            "hubspot_owner_id": _of(list(OWNERS), more),
            "renewal_put_out_date": "2026-11-23",
            "renewal_expiration_date": "2026-12-31",
            "renewal_monthly_price": "140",
        }
        links = [("companies", company.id), ("contacts", contact.id)]
        self._deals.append(portal.create("deals", properties, links).id)

    def calls(self, number: int, more: int) -> None:
        properties = {"hs_call_direction": _of(("OUTBOUND", "OUTBOUND", "INBOUND"), more)}
        if more % 5:
            properties["hs_call_disposition"] = _of(DISPOSITIONS, more)
        self._timeline("calls", number, properties)

    def calls_the_company(self, number: int, _more: int) -> None:
        deal = self._deal(number)
        if deal is None:
            return
        company = self._team.portal.associated(deal, "companies")
        if company:
            values = self._now() | {"hs_call_direction": "OUTBOUND", "hs_call_disposition": DISPOSITIONS[0]}
            self._team.portal.create("calls", values, [("companies", company[0].id)])

    def plans_a_meeting(self, number: int, more: int) -> None:
        start = (self._team.work.now() + timedelta(minutes=more)).isoformat()
        booked = {"hs_meeting_source": "MEETINGS_PUBLIC"} if more % 3 == 0 else {}
        self._timeline("meetings", number, {"hs_meeting_start_time": start, "hs_timestamp": start, **booked})

    def edits_an_activity(self, number: int, more: int) -> None:
        records = self._live(ACTIVITIES)
        if not records:
            return
        record = max(records, key=lambda one: int(one.id)) if number < 0 else _of(records, number)
        when = (self._team.work.now() - timedelta(minutes=more % 50)).isoformat()
        later = (self._team.work.now() + timedelta(minutes=more % 50)).isoformat()
        changes: dict[str, tuple[dict[str, str], ...]] = {
            "calls": (
                {"hs_call_disposition": _of(DISPOSITIONS, more)},
                {"hs_timestamp": when},
                {"hs_call_body": f"edited {more}"},
            ),
            "emails": ({"hs_email_subject": f"edited {more}"}, {"hs_timestamp": when}),
            "meetings": (
                {"hs_meeting_outcome": _of(("COMPLETED", "NO_SHOW", "CANCELED", "SCHEDULED"), more // 2)},
                {"hs_meeting_start_time": later, "hs_timestamp": later},
            ),
            "notes": ({"hs_note_body": f"edited {more}"}, {"hs_timestamp": when}),
            "tasks": ({"hs_task_status": _of(("COMPLETED", "NOT_STARTED"), more // 2)},),
        }
        self._team.portal.update(record.kind.name, record.id, _of(changes[record.kind.name], more))

    def hands_an_activity_over(self, number: int, more: int) -> None:
        records = self._live(ACTIVITIES)
        if records:
            record = _of(records, number)
            self._team.handed_over.add((record.kind.name, record.id))
            values = {"hubspot_owner_id": _of(list(OWNERS), more)}
            self._team.portal.update(record.kind.name, record.id, values)

    def deletes_an_activity(self, number: int, _more: int) -> None:
        records = self._live(ACTIVITIES)
        if records:
            record = _of(records, number)
            self._team.portal.archive(record.kind.name, record.id)

    def changes_a_date(self, number: int, more: int) -> None:
        days = timedelta(days=more % 40)
        put_out = {"renewal_put_out_date": str(date(2026, 11, 10) + days)}
        expires = {"renewal_expiration_date": str(date(2026, 12, 10) + days)}
        self._edit(number, _of((put_out, expires), more))

    def moves_the_stage(self, number: int, more: int) -> None:
        deal = self._deal(number)
        if deal is not None and deal.properties["pipeline"] == "renewals":
            self._team.portal.update("deals", deal.id, {"dealstage": _of(list(STAGES), more)})

    def moves_the_pipeline(self, number: int, _more: int) -> None:
        deal = self._deal(number)
        if deal is None:
            return
        away = {"pipeline": "default", "dealstage": "appointmentscheduled"}
        back = {"pipeline": "renewals", "dealstage": "renewal_put_out"}
        self._edit(number, away if deal.properties["pipeline"] == "renewals" else back)

    def deletes_a_deal(self, number: int, _more: int) -> None:
        deal = self._deal(number)
        if deal is not None:
            links = [(kind, one.id) for kind in KINDS if kind != "deals" for one in self._linked(deal, kind)]
            self._team.portal.archive("deals", deal.id)
            self._deleted.append(_Deleted(deal, links))

    def restores_a_deal(self, number: int, _more: int) -> None:
        """HubSpot brings a record back with what it was linked to."""
        if not self._deleted:
            return
        found = self._deleted.pop(number % len(self._deleted))
        portal, record = self._team.portal, found.record
        record.archived_at = None
        record.change({}, portal.clock.now(), "CRM_UI")
        portal.index.follow(record)
        for kind, other in found.links:
            there = portal.records.find(kind_of(kind), other)
            if there is not None and not there.archived:
                portal.associate("deals", record.id, kind, other)

    def merges_two_deals(self, number: int, more: int) -> None:
        kept, gone = self._deal(number), self._deal(more)
        if kept is not None and gone is not None and kept is not gone:
            self._team.portal.merge("deals", kept.id, gone.id)
            self._team.merged = True

    def _linked(self, deal: Record, kind: str) -> list[Record]:
        return self._team.portal.associated(deal, kind)

    def _now(self) -> dict[str, str]:
        return {"hs_timestamp": self._team.work.now().isoformat(), "hubspot_owner_id": "501"}

    def _deal(self, number: int) -> Record | None:
        deals = self._live(("deals",))
        return _of(deals, number) if deals else None

    def _live(self, kinds: Sequence[str]) -> list[Record]:
        all_of = self._team.portal.records.all
        return [record for kind in kinds for record in all_of(KINDS[kind]) if not record.archived]

    def _timeline(self, kind: str, number: int, properties: dict[str, str]) -> None:
        deal = self._deal(number)
        if deal is not None:
            self._team.portal.create(kind, self._now() | properties, [("deals", deal.id)])

    def _edit(self, number: int, properties: dict[str, str]) -> None:
        deal = self._deal(number)
        if deal is not None:
            self._team.portal.update("deals", deal.id, properties)


def _email(direction: str, more: int) -> dict[str, str]:
    return {"hs_email_direction": direction, "hs_email_subject": f"mail {more}", "hs_email_status": "SENT"}

"""A desk to look at a run from: facts in short words, answers as short lines."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.playbook.assessment import Assessment, Touch
from bot.playbook.calendar import Leave, WorkCalendar
from bot.playbook.next_look import next_look
from bot.playbook.policy import Policy, load_policy
from bot.playbook.rules import assess
from bot.playbook.run import Activity, ActivityKind, Appointment, AppointmentStatus, Deferral, Run, Stage


@dataclass(frozen=True)
class Desk:
    """Looks at one run, put out on Monday 2 November 2026, of a rep in New York.

    Days are written "11-05" (of 2026) and instants "11-05 09:40" in the rep's zone; a fact is an instant and
    a kind ("11-05 09:40 note"), a call with its outcome ("11-05 09:40 call busy").
    """

    run: Run
    calendar: WorkCalendar
    policy: Policy

    def with_run(self, **changes: object) -> "Desk":
        return replace(self, run=replace(self.run, **changes))

    def with_calendar(self, **changes: object) -> "Desk":
        return replace(self, calendar=replace(self.calendar, **changes))

    def with_policy(self, **changes: object) -> "Desk":
        return replace(self, policy=replace(self.policy, **changes))

    def put_out(self, day: str) -> "Desk":
        return self.with_run(put_out_on=on(day))

    def stage(self, stage: str) -> "Desk":
        return self.with_run(stage=Stage(stage))

    def away(self, first: str, last: str) -> "Desk":
        return self.with_calendar(leave=(*self.calendar.leave, Leave(on(first), on(last))))

    def facts(self, *facts: str) -> "Desk":
        return self.with_run(activities=(*self.run.activities, *(self._activity(fact) for fact in facts)))

    def meeting(self, start: str, status: str = "scheduled") -> "Desk":
        meeting = Appointment(self.at(start), AppointmentStatus(status))
        return self.with_run(appointments=(*self.run.appointments, meeting))

    def deferred(self, made_at: str, until: str) -> "Desk":
        deferral = Deferral(self.at(made_at), on(until))
        return self.with_run(deferrals=(*self.run.deferrals, deferral))

    def at(self, words: str) -> datetime:
        return datetime.fromisoformat(f"2026-{words.replace(' ', 'T')}").replace(tzinfo=self.calendar.tz)

    def look(self, now: str) -> Assessment:
        return assess(self.run, self.calendar, self.at(now), self.policy)

    def due(self, now: str) -> list[str]:
        return [short(touch) for touch in self.look(now).touches]

    def next_look(self, now: str) -> str | None:
        day = next_look(self.run, self.calendar, self.at(now), self.policy)
        return None if day is None else f"{day:%m-%d}"

    def _activity(self, fact: str) -> Activity:
        day, clock, kind, *outcome = fact.split()
        return Activity(self.at(f"{day} {clock}"), ActivityKind(kind), outcome[0] if outcome else None)


def on(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")


def short(touch: Touch) -> str:
    """Such as "opening_call 1/2 since 11-02"."""
    words = [touch.step.value]
    if touch.slot is not None:
        words.append(f"{touch.slot}/{touch.of}")
    words.append(f"since {touch.due_on:%m-%d}")
    if touch.not_before is not None:
        words.append(f"from {touch.not_before:%H:%M%z}")
    if touch.blocked is not None:
        words.append(touch.blocked)
    if touch.takedown_wording is not None:
        words.append("with takedown" if touch.takedown_wording else "no takedown")
    return " ".join(words)


@pytest.fixture
def desk() -> Desk:
    return Desk(
        run=Run(
            id="harbor",
            account="Harbor Bakery",
            put_out_on=on("11-02"),
            expires_on=on("11-09"),
            hosts_site=True,
            stage=Stage.OPEN,
        ),
        calendar=WorkCalendar(
            tz=ZoneInfo("America/New_York"),
            workdays=frozenset(range(5)),
            day_ends=time(17, 30),
            holidays=frozenset({on("11-26")}),
        ),
        policy=load_policy(),
    )

"""A scenario from plain data (PLAYBOOK 9): a run, its rep's calendar and `now`; everything wrong is named."""

from dataclasses import dataclass
from datetime import datetime

from bot.playbook.calendar import Leave, WorkCalendar
from bot.playbook.run import (
    CALL_OUTCOMES,
    Activity,
    ActivityKind,
    Appointment,
    AppointmentStatus,
    Deferral,
    Run,
    Stage,
)
from bot.playbook.scenarios.fields import (
    Problem,
    Section,
    Unusable,
    choice_of,
    read_date,
    read_flag,
    read_instant,
    read_near_date,
    read_text,
    read_wall_time,
    read_zone,
    shown,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A run, the calendar of its rep, and the aware instant at which it is looked at."""

    now: datetime
    calendar: WorkCalendar
    run: Run


def read_scenario(document: object) -> tuple[Scenario | None, list[Problem]]:
    """The scenario of one document, bare or under `scenario` (beside an `expect` that is not read).

    None, and at least one problem, if anything in it is not valid.
    """
    problems: list[Problem] = []
    section = Section(document, "", problems)
    if section.has("scenario") or section.has("expect"):
        section.ignore("expect")
        inner = section.section("scenario")
        section.done()
        section = inner
    scenario = _scenario(section)
    section.done()
    return (None if problems else scenario), problems


def _scenario(section: Section) -> Scenario | None:
    now = section.required("now", read_instant)
    calendar = _calendar(section.section("rep"))
    run = _run(section)
    if now is None or calendar is None or run is None:
        return None
    return Scenario(now, calendar, run)


def _calendar(rep: Section) -> WorkCalendar | None:
    tz = rep.required("tz", read_zone)
    workdays = rep.required("workdays", _workdays)
    day_ends = rep.required("day_ends", read_wall_time)
    holidays = rep.items("holidays", read_date)
    leave = [_leave(absence) for absence in rep.sections("leave")]
    rep.done()
    if tz is None or workdays is None or day_ends is None:
        return None
    return WorkCalendar(
        tz, workdays, day_ends, frozenset(holidays), tuple(one for one in leave if one is not None)
    )


def _workdays(value: object) -> frozenset[int]:
    if not isinstance(value, list):
        raise Unusable("must be a list of weekdays, such as [mon, tue]")
    for day in value:
        if day not in WEEKDAYS:
            raise Unusable(f"{shown(day)} is not a weekday: use {', '.join(WEEKDAYS)}")
    if not value:
        raise Unusable("names no weekday, so nothing could ever be due")
    if len(set(value)) < len(value):
        raise Unusable("names a weekday twice")
    return frozenset(WEEKDAYS.index(day) for day in value)


def _leave(absence: Section) -> Leave | None:
    first = absence.required("from", read_date)
    last = absence.required("to", read_date)
    absence.done()
    if first is None or last is None:
        return None
    if first > last:
        absence.problem("to", f"{last} is before the first day of the leave, {first}")
        return None
    return Leave(first, last)


def _run(section: Section) -> Run | None:
    renewal = section.section("renewal")
    run_id = renewal.optional("id", read_text) or ""
    account = renewal.optional("account", read_text) or run_id
    put_out_on = renewal.required("put_out_on", read_near_date)
    expires_on = renewal.optional("expires_on", read_date)
    hosts_site = renewal.required("hosts_site", read_flag)
    stage = renewal.required("stage", choice_of(Stage))
    renewal.done()
    activities = [_activity(one) for one in section.sections("activities")]
    appointments = [_appointment(one) for one in section.sections("appointments")]
    deferrals = [_deferral(one) for one in section.sections("deferrals")]
    if put_out_on is None or hosts_site is None or stage is None:
        return None
    return Run(
        id=run_id,
        account=account,
        put_out_on=put_out_on,
        expires_on=expires_on,
        hosts_site=hosts_site,
        stage=stage,
        activities=tuple(one for one in activities if one is not None),
        appointments=tuple(one for one in appointments if one is not None),
        deferrals=tuple(one for one in deferrals if one is not None),
    )


def _activity(section: Section) -> Activity | None:
    at = section.required("at", read_instant)
    kind = section.required("kind", choice_of(ActivityKind))
    if kind is ActivityKind.CALL:
        outcome = section.required("outcome", _outcome)
    else:
        outcome = section.optional("outcome", read_text)
        if outcome is not None and kind is not None:
            section.problem("outcome", f"only a call has an outcome, not {kind}")
    section.done()
    return None if at is None or kind is None else Activity(at, kind, outcome)


def _outcome(value: object) -> str:
    if isinstance(value, str) and value in CALL_OUTCOMES:
        return value
    raise Unusable(f"must be one of {', '.join(CALL_OUTCOMES)}, not {shown(value)}")


def _appointment(section: Section) -> Appointment | None:
    starts_at = section.required("starts_at", read_instant)
    status = section.required("status", choice_of(AppointmentStatus))
    section.done()
    return None if starts_at is None or status is None else Appointment(starts_at, status)


def _deferral(section: Section) -> Deferral | None:
    made_at = section.required("made_at", read_instant)
    until = section.required("until", read_date)
    section.done()
    return None if made_at is None or until is None else Deferral(made_at, until)

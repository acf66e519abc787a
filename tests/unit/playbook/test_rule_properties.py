"""What must hold for every run, whatever happened on it (PLAYBOOK 1 to 5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.playbook.assessment import TAKEDOWN_CONTACT, State, Step, TouchKind
from bot.playbook.calendar import Leave, WorkCalendar
from bot.playbook.next_look import next_look
from bot.playbook.policy import load_policy
from bot.playbook.rules import assess
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

POLICY = load_policy()
# A busy machine is no reason to fail.
UNHURRIED = settings(deadline=None, max_examples=60)
FIRST_CALLS = {Step.FINAL_CALL, Step.OPENING_CALL, Step.FOLLOW_UP_CALL, Step.WEEKLY_CALL}
ATTEMPTS = (
    ActivityKind.CALL,
    ActivityKind.EMAIL,
    ActivityKind.CANCELLATION_EMAIL,
    ActivityKind.TAKEDOWN_EMAIL,
)
# Both changes of clocks lie within reach of these put-out dates, on either half of the globe. In Beirut,
# Cairo and Santiago they happen at midnight, on Lord Howe by half an hour.
PUT_OUT = st.sampled_from([date(2026, 3, 9), date(2026, 3, 21), date(2026, 4, 10), date(2026, 10, 12)])
ZONES = st.sampled_from(
    [
        "UTC",
        "America/New_York",
        "America/Santiago",
        "Europe/Berlin",
        "Africa/Cairo",
        "Asia/Beirut",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
    ]
).map(ZoneInfo)


@st.composite
def calendars(draw, near, zones=ZONES):
    days = st.integers(-3, 45).map(lambda offset: near + timedelta(days=offset))
    leave = st.tuples(days, st.integers(0, 9)).map(lambda one: Leave(one[0], one[0] + timedelta(days=one[1])))
    return WorkCalendar(
        tz=draw(zones),
        workdays=draw(st.sampled_from([range(5), range(7), (0, 2, 4), (5, 6), (1,)]).map(frozenset)),
        day_ends=draw(st.sampled_from([time(17, 30), time(2, 30), time(0), time(23, 59)])),
        holidays=frozenset(draw(st.lists(days, max_size=2))),
        leave=tuple(draw(st.lists(leave, max_size=1))),
    )


@st.composite
def cases(draw, zones=ZONES):
    """A run with facts around and in its term, a calendar, and an instant."""
    put_out = draw(PUT_OUT)
    midnight = datetime(put_out.year, put_out.month, put_out.day, tzinfo=UTC)
    within = draw(st.sampled_from([4, 9, 18, 36]))
    instants = st.integers(-30, within * 48).map(lambda halves: midnight + timedelta(minutes=30 * halves))
    days = st.integers(-2, within + 5).map(lambda offset: put_out + timedelta(days=offset))
    kinds = st.sampled_from([*ActivityKind, *[ActivityKind.CALL] * 8, *[ActivityKind.EMAIL] * 3])
    outcomes = st.sampled_from([*CALL_OUTCOMES, "busy", "no_answer", "left_voicemail"])

    def activity(at, kind, outcome):
        return Activity(at, kind, outcome if kind is ActivityKind.CALL else None)

    run = Run(
        id="any",
        account="Any",
        put_out_on=put_out,
        expires_on=draw(st.none() | days),
        hosts_site=draw(st.booleans()),
        stage=draw(st.sampled_from([*Stage, *[Stage.OPEN] * 8])),
        activities=tuple(draw(st.lists(st.builds(activity, instants, kinds, outcomes), max_size=9))),
        appointments=tuple(
            draw(st.lists(st.builds(Appointment, instants, st.sampled_from(AppointmentStatus)), max_size=1))
        ),
        deferrals=tuple(draw(st.lists(st.builds(Deferral, instants, days), max_size=2))),
    )
    return run, draw(calendars(put_out, zones)), draw(instants)


@given(cases())
@UNHURRIED
def test_nothing_is_due_on_a_day_off_but_takedown_contact(case):
    run, calendar, now = case
    answer = assess(run, calendar, now, POLICY)
    if not calendar.is_working_day(answer.on):
        assert {touch.step for touch in answer.touches} <= TAKEDOWN_CONTACT


@given(cases())
@UNHURRIED
def test_asked_twice_it_says_the_same(case):
    run, calendar, now = case
    once = assess(run, calendar, now, POLICY)
    assess(run, calendar, now + timedelta(days=40), POLICY)
    assert assess(run, calendar, now, POLICY) == once


@given(cases(), st.randoms(use_true_random=False))
@UNHURRIED
def test_the_order_of_facts_and_their_zones_do_not_matter(case, random):
    run, calendar, now = case
    shuffled = [replace(one, at=one.at.astimezone(calendar.tz)) for one in run.activities]
    random.shuffle(shuffled)
    # Deferrals made at one instant are told apart by their order, so they stay.
    moved = replace(run, activities=tuple(shuffled))
    assert assess(moved, calendar, now.astimezone(timezone(timedelta(hours=-7))), POLICY) == assess(
        run, calendar, now, POLICY
    )


@given(cases())
@UNHURRIED
def test_facts_later_than_now_change_nothing(case):
    run, calendar, now = case
    told = replace(
        run,
        activities=tuple(one for one in run.activities if one.at <= now),
        deferrals=tuple(one for one in run.deferrals if one.made_at <= now),
    )
    assert assess(told, calendar, now, POLICY) == assess(run, calendar, now, POLICY)


@given(cases())
@UNHURRIED
def test_no_touch_is_due_in_the_future_or_before_the_put_out_date(case):
    run, calendar, now = case
    answer = assess(run, calendar, now, POLICY)
    for touch in answer.touches:
        assert run.put_out_on <= touch.due_on <= answer.on


@given(cases(), st.sampled_from(ATTEMPTS), st.sampled_from(CALL_OUTCOMES))
@UNHURRIED
def test_an_attempt_never_makes_something_more_overdue(case, kind, outcome):
    run, calendar, now = case
    before = assess(run, calendar, now, POLICY)
    attempt = Activity(now, kind, outcome if kind is ActivityKind.CALL else None)
    after = assess(replace(run, activities=(*run.activities, attempt)), calendar, now, POLICY)
    due_before = {touch.step: touch.due_on for touch in before.touches}
    for touch in after.touches:
        assert touch.due_on == after.on or touch.due_on >= due_before.get(touch.step, touch.due_on)
        if touch.step in FIRST_CALLS:
            assert not touch.overdue(after.on)


@given(cases())
@settings(UNHURRIED, max_examples=80, suppress_health_check=[HealthCheck.filter_too_much])
def test_the_first_call_is_late_since_the_first_day_that_ended_with_a_call_due(case):
    """PLAYBOOK 4 word by word: the whole playbook, asked at the end of each of the days in question."""
    run, calendar, now = case
    run = replace(run, stage=Stage.OPEN)
    answer = assess(run, calendar, now, POLICY)
    first = next((touch for touch in answer.touches if touch.step in FIRST_CALLS), None)
    assume(first is not None)
    dates = [calendar.local_date(one.at) for one in run.activities if one.at <= now and _tells(one)]
    dates += [
        calendar.local_date(one.starts_at)
        for one in run.appointments
        if one.status is AppointmentStatus.HELD and one.starts_at <= now
    ]
    last = max((day for day in dates if day >= run.put_out_on), default=None)
    day = run.put_out_on if last is None else last + timedelta(days=1)
    while day < answer.on and not _call_was_due_at_the_end_of(day, run, calendar):
        day += timedelta(days=1)
    assert first.due_on == min(day, answer.on)


def _tells(activity):
    return activity.kind in (*ATTEMPTS, ActivityKind.REPLY, ActivityKind.MEETING_BOOKED)


def _call_was_due_at_the_end_of(day, run, calendar):
    then = assess(run, calendar, calendar.last_instant(day), POLICY)
    assert then.on == day
    return calendar.is_working_day(day) and any(
        touch.kind is TouchKind.CALL and touch.step not in TAKEDOWN_CONTACT for touch in then.touches
    )


@given(cases(zones=st.just(ZoneInfo("Etc/GMT+5"))), st.integers(-80, 80))
@UNHURRIED
def test_shifting_everything_by_whole_weeks_shifts_the_answer(case, weeks):
    run, calendar, now = case
    by = timedelta(weeks=weeks)
    answer = assess(run, calendar, now, POLICY)
    moved = assess(_moved_run(run, by), _moved_calendar(calendar, by), now + by, POLICY)
    expected = replace(
        answer,
        on=answer.on + by,
        touches=tuple(
            replace(touch, due_on=touch.due_on + by, not_before=touch.not_before and touch.not_before + by)
            for touch in answer.touches
        ),
        move_out=answer.move_out and replace(answer.move_out, on=answer.move_out.on + by),
        deferred_until=answer.deferred_until and answer.deferred_until + by,
    )
    assert moved == expected


def _moved_run(run, by):
    return replace(
        run,
        put_out_on=run.put_out_on + by,
        expires_on=run.expires_on and run.expires_on + by,
        activities=tuple(replace(one, at=one.at + by) for one in run.activities),
        appointments=tuple(replace(one, starts_at=one.starts_at + by) for one in run.appointments),
        deferrals=tuple(Deferral(one.made_at + by, one.until + by) for one in run.deferrals),
    )


def _moved_calendar(calendar, by):
    return replace(
        calendar,
        holidays=frozenset(day + by for day in calendar.holidays),
        leave=tuple(Leave(one.first + by, one.last + by) for one in calendar.leave),
    )


@given(cases(), st.data())
@settings(UNHURRIED, max_examples=100)
def test_until_the_next_look_there_is_nothing_to_mention(case, data):
    run, calendar, now = case
    today = calendar.local_date(now)
    look = next_look(run, calendar, now, POLICY)
    told = _known_now(run, now)
    horizon = look if look is not None else today + timedelta(days=90)
    assert horizon >= today
    for offset in range((horizon - today).days):
        end = calendar.last_instant(today + timedelta(days=offset))
        start = max(now, end - timedelta(hours=data.draw(st.sampled_from([0, 8, 24]))))
        assert not assess(run, calendar, start, POLICY).worth_mentioning
        assert not assess(run, calendar, end, POLICY).worth_mentioning
    if look is not None and told == run:
        assert assess(run, calendar, calendar.last_instant(look), POLICY).worth_mentioning


def _known_now(run, now):
    """The run without what lies after `now` and may bring the next look forward."""
    return replace(
        run,
        activities=tuple(one for one in run.activities if one.at <= now),
        appointments=tuple(
            one
            for one in run.appointments
            if one.starts_at <= now or one.status is not AppointmentStatus.HELD
        ),
        deferrals=tuple(one for one in run.deferrals if one.made_at <= now),
    )


@given(cases())
@UNHURRIED
def test_only_runs_that_ended_are_closed(case):
    run, calendar, now = case
    answer = assess(run, calendar, now, POLICY)
    assert (answer.state is State.CLOSED) == (run.stage in (Stage.WON, Stage.LOST, Stage.MOVED_OUT))
    assert (answer.move_out is None) == (answer.state in (State.CLOSED, State.NOT_STARTED))

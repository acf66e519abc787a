"""Where a renewal may move, which move fits what happened, and since when its stage lags behind."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.playbook.calendar import WorkCalendar
from bot.playbook.policy import load_policy, policy_from
from bot.playbook.run import Stage
from bot.playbook.stage_signs import Fitting, Happened, fitting_move, lags, says_no, says_talking
from bot.playbook.stages import may_move
from tests.unit.playbook.test_policy import DEFAULTS

OPEN, TALKS, WON, LOST, MOVED = Stage
POLICY = load_policy()
CALENDAR = WorkCalendar(ZoneInfo("UTC"), frozenset(range(5)), time(17, 30))


def on(day: int, kind: str, outcome: str | None = None, note: str | None = None, hour: int = 10) -> Happened:
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    return Happened(at, at.date(), kind, outcome, note)


def fits(stage: Stage, *happened: Happened, decided: datetime | None = None) -> tuple[Stage, int, str] | None:
    found = fitting_move(stage, happened, decided, POLICY)
    return None if found is None else (found.to, found.since.day, found.why)


@pytest.mark.parametrize(
    ("stage", "to", "rep", "manager"),
    [
        *((OPEN, to, True, True) for to in (TALKS, WON, LOST, MOVED)),
        (OPEN, OPEN, False, False),
        *((TALKS, to, True, True) for to in (OPEN, WON, LOST)),
        (TALKS, MOVED, False, False),  # what is negotiated is exempt from day 30
        *((closed, OPEN, False, True) for closed in (WON, LOST, MOVED)),
        *((closed, to, False, False) for closed in (WON, LOST, MOVED) for to in (TALKS, WON, LOST, MOVED)),
    ],
)
def test_the_moves_of_the_default(stage: Stage, to: Stage, rep: bool, manager: bool):
    assert may_move(stage, to, POLICY, manager=False) is rep
    assert may_move(stage, to, POLICY, manager=True) is manager


def test_a_team_s_own_moves():
    own = policy_from(
        {**DEFAULTS, "moves_from_open": ["negotiation", "moved_out"], "reopen": ["lost"]}, source="x"
    )
    assert not may_move(OPEN, WON, own, manager=True)
    assert may_move(TALKS, WON, own, manager=False)
    assert may_move(LOST, OPEN, own, manager=True) and not may_move(WON, OPEN, own, manager=True)
    held = [on(23, "appointment", "held"), on(24, "note", note="She will not renew")]
    assert fitting_move(OPEN, held, None, own) == Fitting(TALKS, date(2026, 11, 23), "appointment_held")


def test_what_fits_an_open_run():
    assert fits(OPEN) is None
    assert fits(OPEN, on(23, "call", "no_answer"), on(23, "email"), on(24, "call", "left_voicemail")) is None
    assert fits(OPEN, on(23, "appointment", "held")) == (TALKS, 23, "appointment_held")
    assert fits(OPEN, on(23, "appointment", "no_show")) is None
    assert fits(OPEN, on(23, "reply")) is None
    assert fits(OPEN, on(23, "reply"), on(23, "call", "connected", hour=15)) is None  # one conversation
    assert fits(OPEN, on(23, "call", "connected"), on(25, "reply")) == (TALKS, 25, "answered_twice")
    assert fits(OPEN, on(24, "reply", note="Wants a quote for two years")) == (TALKS, 24, "talking")
    assert fits(OPEN, on(24, "note", note="They won't renew")) == (LOST, 24, "said_no")


def test_the_newest_kind_of_sign_counts_since_its_oldest():
    held, again = on(18, "appointment", "held"), on(20, "note", note="Negotiating the price")
    assert fits(OPEN, again, held) == (TALKS, 18, "appointment_held")
    assert fits(OPEN, held, on(20, "reply", note="Said no, going with another vendor")) == (
        LOST,
        20,
        "said_no",
    )
    assert fits(OPEN, on(18, "reply", note="said no"), on(20, "appointment", "held")) == (
        TALKS,
        20,
        "appointment_held",
    )


def test_in_negotiation_only_a_no_is_missing_and_a_closed_run_lacks_nothing():
    assert fits(TALKS, on(23, "appointment", "held"), on(24, "note", note="negotiating")) is None
    assert fits(TALKS, on(24, "note", note="decided against it")) == (LOST, 24, "said_no")
    for closed in (WON, LOST, MOVED):
        assert fits(closed, on(24, "note", note="will not renew"), on(24, "appointment", "held")) is None


def test_what_was_known_when_the_stage_was_decided_is_no_sign():
    decided = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert fits(OPEN, on(23, "appointment", "held"), decided=decided) is None
    later = on(23, "appointment", "held")._replace(known_at=datetime(2026, 11, 23, 13, tzinfo=UTC))
    assert fits(OPEN, later, decided=decided) == (TALKS, 23, "appointment_held")


def test_a_stage_lags_after_two_working_days_and_the_manager_hears_a_day_later():
    friday = Fitting(TALKS, date(2026, 11, 20), "appointment_held")
    days = [date(2026, 11, day) for day in range(20, 27)]
    assert [day.day for day in days if lags(friday, CALENDAR, day, POLICY)] == [24, 25, 26]
    assert [day.day for day in days if lags(friday, CALENDAR, day, POLICY, more_days=1)] == [25, 26]
    slow = policy_from({**DEFAULTS, "stage_lag_working_days": 4}, source="x")
    assert [day.day for day in days if lags(friday, CALENDAR, day, slow)] == [26]


@pytest.mark.parametrize(
    "note",
    [
        "in negotiation",
        "Negotiating with the owner",
        "sent the offer",
        "Sent him our new quote",
        "asked for a discount",
        "wants a quote for 2 years",
        "agreed on the price",
        "discussed pricing",
        "She wants to renew",
        "interested in renewing",
    ],
)
def test_notes_that_say_that_it_is_being_talked_about(note: str):
    assert says_talking(note) and not says_no(note)


@pytest.mark.parametrize(
    "note",
    [
        "not negotiating yet",
        "has not asked for a discount",
        "didn't discuss price",
        "price list is out of date",
        "left a message",
        "the offer",
        "",
    ],
)
def test_notes_that_say_nothing_of_it(note: str):
    assert not says_talking(note) and not says_no(note)


@pytest.mark.parametrize(
    "note",
    [
        "She will not renew",
        "They won't renew",
        "don’t want to renew",
        "not interested",
        "wants to cancel",
        "said no on the phone",
        "going with another agency",
        "decided against it",
    ],
)
def test_notes_that_say_no(note: str):
    assert says_no(note)

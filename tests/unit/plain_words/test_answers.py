"""Short answers to what was asked last: what counts as one, and what never does."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.plain_words.answers import Confirmed, Declined, Question, answered
from bot.plain_words.reading import Account, Ask, Defer, Log, Remind, Show
from bot.playbook.calendar import WorkCalendar

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=ZONE)  # a Tuesday
WEEK = WorkCalendar(tz=ZONE, workdays=frozenset(range(5)), day_ends=time(17))
BOOK = (Account(1, "Acme Dental"), Account(2, "Acme Garage"), Account(3, "Beta"), Account(4, "May"))
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
READ_BACK = Question(
    None, (Log(3, "left_voicemail", until=THURSDAY),), "left vm for beta, try again thursday", 3
)
WHICH = Question("account", (Log(1, "no_answer"), Log(2, "no_answer")), "acme no answer")


def taken(question: Question, typed: str, accounts: tuple[Account, ...] = BOOK):
    found = answered(question, typed, accounts, now=NOW, calendar=WEEK)
    return None if found is None else found.reading


@pytest.mark.parametrize(
    "typed", ["yes", "Yes!", "yep", "ok", "log it", "yes please", "yes, log it", "correct"]
)
def test_a_yes_confirms_what_was_read_back(typed: str):
    assert taken(READ_BACK, typed) == Confirmed()


@pytest.mark.parametrize(
    "typed", ["thanks", "yes?", "yes and no", "good morning", "👍", "yes but not today", "log"]
)
def test_nothing_less_than_a_plain_yes_confirms(typed: str):
    assert taken(READ_BACK, typed) != Confirmed()


@pytest.mark.parametrize("typed", ["no", "nope", "cancel that", "never mind", "don't log it", "no thanks"])
def test_a_no_alone_declines(typed: str):
    assert taken(READ_BACK, typed) == Declined()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("no, voicemail", Log(3, "left_voicemail", until=THURSDAY)),
        ("no, busy", Log(3, "busy", until=THURSDAY)),
        ("no, friday", Log(3, "left_voicemail", until=FRIDAY)),
        ("actually, acme garage", Log(2, "left_voicemail", until=THURSDAY)),
        ("yes, but friday", None),
    ],
)
def test_what_follows_a_no_takes_the_place_of_what_was_read(typed: str, read: Log | None):
    found = taken(READ_BACK, typed)
    assert found == read if read is not None else not isinstance(found, Confirmed)


def test_an_hour_is_put_to_the_day_that_was_read():
    at = datetime(2026, 11, 26, 15, tzinfo=ZONE)
    assert taken(READ_BACK, "no, 3pm") == Log(3, "left_voicemail", remind_at=at)


def test_what_no_longer_fits_is_asked():
    assert isinstance(taken(READ_BACK, "no, acme"), Ask)
    assert isinstance(taken(READ_BACK, "no, yesterday"), Ask)
    assert isinstance(taken(READ_BACK, "no, tuesday"), Ask), "today, or in a week?"


@pytest.mark.parametrize(
    ("typed", "run_id"), [("2", 2), ("the second one", 2), ("first", 1), ("the last one", 2), ("garage", 2)]
)
def test_one_of_the_choices_by_its_place_or_name(typed: str, run_id: int):
    assert taken(WHICH, typed) == Log(run_id, "no_answer")


@pytest.mark.parametrize("typed", ["3", "the third one", "acme", "yes", "no answer"])
def test_what_names_no_one_of_them_is_asked_again(typed: str):
    assert isinstance(taken(WHICH, typed), Ask)


def test_an_account_that_was_not_offered_may_still_be_meant():
    assert taken(WHICH, "beta") == Log(3, "no_answer")


@pytest.mark.parametrize(
    "typed", ["beta left vm", "status of beta", "what's due?", "undo", "remind me of beta at 3pm"]
)
def test_what_speaks_for_itself_is_no_answer(typed: str):
    assert taken(WHICH, typed) is None


def test_what_happened_said_otherwise_is_no_account():
    assert taken(Question("account", (), "no answer"), "left vm") is None
    assert taken(WHICH, "busy, try again friday") is None


def test_the_day_is_put_into_what_was_said():
    when = Question("date", (), "beta is out", 3)
    assert taken(when, "thursday") == Defer(3, THURSDAY, "out_of_town")
    assert isinstance(taken(when, "soon"), Ask)
    remind = Question("date", (), "remind me of beta", 3)
    assert taken(remind, "3pm") == Remind(3, NOW.replace(hour=15, minute=0))
    assert isinstance(taken(remind, "9am"), Ask), "9 in the morning is past"


def test_a_month_that_is_an_account_is_that_account_where_one_was_asked_for():
    assert taken(Question("account", (), "no answer"), "may") == Log(4, "no_answer")


def test_an_account_called_like_an_answer_is_asked_about():
    book = (*BOOK, Account(5, "Yes"), Account(6, "Second"))
    assert isinstance(taken(READ_BACK, "yes", book), Ask)
    assert isinstance(taken(WHICH, "second", book), Ask)


def test_another_accounts_name_after_a_read_back_is_asked_about():
    found = taken(READ_BACK, "acme garage")
    assert isinstance(found, Ask)
    assert found.choices == (Log(2, "left_voicemail", until=THURSDAY), Show("account", 2))

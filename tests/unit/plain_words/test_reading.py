"""Plain words, one phrase a line: what each is read as, what is asked, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from bot.plain_words.reading import Ask, Defer, Log, Reading, Refused, Remind, Show, Undo

Reader = Callable[..., Reading]
ACME, GARAGE, BETA, GAMMA, CENTER, MAY, BOOKS, BEST, NO_ANSWER, EVENTS, BAY, WILL = range(1, 13)

LOGGED: list[tuple[str, int, str, dict[str, Any]]] = [
    ("gamma no answer", GAMMA, "no_answer", {}),
    ("No answer at Gamma.", GAMMA, "no_answer", {}),
    ("called gamma, no answer", GAMMA, "no_answer", {}),
    ("beta didn't pick up", BETA, "no_answer", {}),
    ("beta didnt answer", BETA, "no_answer", {}),
    ("nobody picked up at beta foods", BETA, "no_answer", {}),
    ("gamma: still no answer", GAMMA, "no_answer", {}),
    ("please log gamma no answer", GAMMA, "no_answer", {}),
    ("acme dental rang out", ACME, "no_answer", {}),
    ("left vm for acme dental", ACME, "left_voicemail", {}),
    ("left gamma a voicemail", GAMMA, "left_voicemail", {}),
    ("I left a voicemail for Gamma", GAMMA, "left_voicemail", {}),
    ("gamma vm", GAMMA, "left_voicemail", {}),
    ("voice mail at beta", BETA, "left_voicemail", {}),
    ("gamma left a message on the machine", GAMMA, "left_voicemail", {}),
    ("gamma live message", GAMMA, "left_live_message", {}),
    ("left a message with the receptionist at gamma", GAMMA, "left_live_message", {}),
    ("gamma busy", GAMMA, "busy", {}),
    ("line was busy at gamma", GAMMA, "busy", {}),
    ("gamma busy signal", GAMMA, "busy", {}),
    ("gamma wrong number", GAMMA, "wrong_number", {}),
    ("wrong # gamma", GAMMA, "wrong_number", {}),
    ("spoke to gamma", GAMMA, "connected", {}),
    ("talked with gamma today", GAMMA, "connected", {}),
    ("gamma connected", GAMMA, "connected", {}),
    ("got hold of gamma", GAMMA, "connected", {}),
    ("emailed gamma", GAMMA, "email", {}),
    ("sent an email to gamma", GAMMA, "email", {}),
    ("gamma email sent", GAMMA, "email", {}),
    ("sent the follow-up email to beta", BETA, "email", {}),
    ("gamma replied", GAMMA, "replied", {}),
    ("gamma wrote back", GAMMA, "replied", {}),
    ("got a reply from gamma", GAMMA, "replied", {}),
    ("gamma emailed me back", GAMMA, "replied", {}),
    ("gamma called in", GAMMA, "called_in", {}),
    ("gamma called me back", GAMMA, "called_in", {}),
    ("called gamma, no answer so i left a vm", GAMMA, "left_voicemail", {}),  # one call
    ("lvm gamma", GAMMA, "left_voicemail", {}),
    ("gamma no answer, didn't leave a message", GAMMA, "no_answer", {}),
    ("gamma no answer \N{WEARY FACE}", GAMMA, "no_answer", {}),
    ("connected w/ gamma", GAMMA, "connected", {}),
    ("talked to carl @ beta", BETA, "connected", {"note": "talked to carl @ beta"}),
    ("sent the cancellation email to gamma", GAMMA, "cancellation_email", {}),
    ("takedown email sent to gamma", GAMMA, "takedown_email", {}),
    ("gamma no show", GAMMA, "no_show", {}),
    ("gamma canceled the meeting", GAMMA, "canceled", {}),
    ("gamma meeting moved to thursday 2pm", GAMMA, "moved", {"starts_at": (26, 14, 0)}),
    ("gamma is in negotiation", GAMMA, "negotiation", {}),
    ("reports missing for gamma", GAMMA, "report_missing", {}),
    ("gamma review done", GAMMA, "review", {}),
    ("reviewed gamma", GAMMA, "review", {}),
    ("did the review for gamma", GAMMA, "review", {}),
    ("note on gamma: ask for Tom on Mondays", GAMMA, "note", {"note": "ask for Tom on Mondays"}),
    # with a note
    ("gamma replied: wants a discount", GAMMA, "replied", {"note": "wants a discount"}),
    ("gamma no answer, tried twice", GAMMA, "no_answer", {"note": "tried twice"}),
    ("gamma no answer - unfriendly machine", GAMMA, "no_answer", {"note": "unfriendly machine"}),
    ("gamma no answer (tried twice)", GAMMA, "no_answer", {"note": "tried twice"}),
    ("spoke to gamma, she said price is too high", GAMMA, "connected", {"note": "price is too high"}),
    ("gamma connected: not interested", GAMMA, "connected", {"note": "not interested"}),
    # with a next step
    ("left vm for acme dental, try again thursday", ACME, "left_voicemail", {"until": date(2026, 11, 26)}),
    ("gamma no answer, call back next week", GAMMA, "no_answer", {"until": date(2026, 11, 30)}),
    ("gamma no answer, will try again tomorrow", GAMMA, "no_answer", {"until": date(2026, 11, 24)}),
    ("gamma busy, try them again in 3 days", GAMMA, "busy", {"until": date(2026, 11, 26)}),
    ("spoke to gamma, call back on dec 3", GAMMA, "connected", {"until": date(2026, 12, 3)}),
    ("gamma vm, next call friday", GAMMA, "left_voicemail", {"until": date(2026, 11, 27)}),
    ("gamma no answer, try again at 3pm", GAMMA, "no_answer", {"remind_at": (23, 15, 0)}),
    ("gamma busy, call back in an hour", GAMMA, "busy", {"remind_at": (23, 11, 0)}),
    ("gamma no answer, remind me tomorrow", GAMMA, "no_answer", {"remind_at": (24, 9, 0)}),
    ("gamma vm, call back thursday at 9:30", GAMMA, "left_voicemail", {"remind_at": (26, 9, 30)}),
    # appointments
    ("gamma meeting booked thursday 2pm", GAMMA, "meeting", {"starts_at": (26, 14, 0)}),
    ("booked a demo with gamma for tomorrow at 15:30", GAMMA, "meeting", {"starts_at": (24, 15, 30)}),
    # names made of common words, typos, short forms
    ("call center busy", CENTER, "busy", {}),
    ("may no answer", MAY, "no_answer", {}),
    ("may no answer, try again tuesday", MAY, "no_answer", {"until": date(2026, 11, 24)}),
    ("left vm for monday books", BOOKS, "left_voicemail", {}),
    ("monday books busy, call back tuesday", BOOKS, "busy", {"until": date(2026, 11, 24)}),
    ("best email no answer", BEST, "no_answer", {}),
    ("no answer ltd busy", NO_ANSWER, "busy", {}),
    ("next friday events wrong number", EVENTS, "wrong_number", {}),
    ("will's garage no answer", WILL, "no_answer", {}),
    ("bay and sons vm", BAY, "left_voicemail", {}),
    ("bay no answer", BAY, "no_answer", {}),
    ("acme dentl no answer", ACME, "no_answer", {}),
    ("acmedental no answer", ACME, "no_answer", {}),
    ("gama no answer", GAMMA, "no_answer", {}),
    ("gamma no anwser", GAMMA, "no_answer", {}),
    ("gamma left voicmail, call back thurday", GAMMA, "left_voicemail", {"until": date(2026, 11, 26)}),
    ("GAMMA — NO ANSWER!", GAMMA, "no_answer", {}),
    ("noble harbor busy", 14, "busy", {}),
    ("noble busy", 13, "busy", {}),  # written in full
]


@pytest.mark.parametrize(("text", "run_id", "outcome", "more"), LOGGED)
def test_what_happened_is_read(reader: Reader, text: str, run_id: int, outcome: str, more: dict[str, Any]):
    said = reader(text)
    assert isinstance(said, Log), said
    found = {
        "note": said.note,
        "until": said.until,
        "remind_at": _short(said.remind_at),
        "starts_at": _short(said.starts_at),
    }
    expected = {"note": None, "until": None, "remind_at": None, "starts_at": None} | more
    assert (said.run_id, said.outcome, found) == (run_id, outcome, expected)


def _short(at: datetime | None) -> tuple[int, int, int] | None:
    return None if at is None else (at.day, at.hour, at.minute)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("no answer", "no_answer"),
        ("left a vm", "left_voicemail"),
        ("busy", "busy"),
        ("replied", "replied"),
        ("email sent", "email"),
        ("gamma no answer", "no_answer"),
        ("spoke to her", "connected"),
        ("they called back", "called_in"),
        ("review done", "review"),
    ],
)
def test_in_the_thread_of_an_account_it_need_not_be_named(reader: Reader, text: str, outcome: str):
    said = reader(text, "Gamma")
    assert isinstance(said, Log) and (said.run_id, said.outcome) == (GAMMA, outcome)


@pytest.mark.parametrize(
    ("text", "run_id", "until", "reason"),
    [
        ("beta is out until the 14th", BETA, date(2026, 12, 14), "out_of_town"),
        ("beta out of office till friday", BETA, date(2026, 11, 27), "out_of_town"),
        ("beta is on vacation until next monday", BETA, date(2026, 11, 30), "out_of_town"),
        ("gamma on holiday for 2 weeks", GAMMA, date(2026, 12, 7), "out_of_town"),
        ("gamma returns dec 3rd", GAMMA, date(2026, 12, 3), "out_of_town"),
        ("gamma will be out until monday the 30th", GAMMA, date(2026, 11, 30), "out_of_town"),
        ("gamma not available until the 1st", GAMMA, date(2026, 12, 1), "out_of_town"),
        ("gamma asked me to call back on 3 december", GAMMA, date(2026, 12, 3), "asked_to_wait"),
        ("call gamma back friday", GAMMA, date(2026, 11, 27), "asked_to_wait"),
        ("try gamma again in two weeks", GAMMA, date(2026, 12, 7), "asked_to_wait"),
        ("defer gamma until thursday", GAMMA, date(2026, 11, 26), "other"),
        ("don't call gamma until the 14th", GAMMA, date(2026, 12, 14), "other"),
        ("gamma decision pending until 2026-12-10", GAMMA, date(2026, 12, 10), "decision_pending"),
        ("defer monday books until tuesday", BOOKS, date(2026, 11, 24), "other"),
        ("gamma is out until 12/11", GAMMA, date(2026, 12, 11), "out_of_town"),  # 12 Nov is a year ahead
        ("don't call gamma before thursday", GAMMA, date(2026, 11, 26), "other"),
    ],
)
def test_not_before_a_date(reader: Reader, text: str, run_id: int, until: date, reason: str):
    said = reader(text)
    assert isinstance(said, Defer), said
    assert (said.run_id, said.until, said.reason) == (run_id, until, reason)


def test_what_follows_the_colon_is_the_note_of_a_deferral(reader: Reader):
    said = reader("defer gamma until thursday: on holiday")
    assert isinstance(said, Defer) and said.note == "on holiday"
    said = reader("gamma is out until thursday: knee surgery")
    assert isinstance(said, Defer) and said.note == "knee surgery"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("remind me about gamma at 3", (23, 15, 0)),
        ("remind me about gamma in 2 hours", (23, 12, 0)),
        ("remind me tomorrow about gamma", (24, 9, 0)),
        ("remind me to call gamma this afternoon", (23, 14, 0)),
        ("ping me about gamma thursday at noon", (26, 12, 0)),
        ("call gamma back at 4:15pm", (23, 16, 15)),
    ],
)
def test_reminders(reader: Reader, text: str, at: tuple[int, int, int]):
    said = reader(text)
    assert isinstance(said, Remind) and said.run_id == GAMMA and _short(said.at) == at


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("what's due?", Show("today")),
        ("what is due today", Show("today")),
        ("what's next", Show("today")),
        ("today", Show("today")),
        ("who do i call next?", Show("today")),
        ("anything overdue?", Show("today")),
        ("week", Show("week")),
        ("what's due this week?", Show("week")),
        ("how is the team doing?", Show("team")),
        ("help", Show("help")),
        ("what can you do?", Show("help")),
        ("status of gamma", Show("account", GAMMA)),
        ("status of gamma?", Show("account", GAMMA)),
        ("gamma", Show("account", GAMMA)),
        ("gamma?", Show("account", GAMMA)),
        ("how is gamma doing?", Show("account", GAMMA)),
        ("show me acme dental", Show("account", ACME)),
        ("where do we stand with beta foods?", Show("account", BETA)),
        ("when does gamma expire?", Show("account", GAMMA)),
        ("phone number for gamma", Show("account", GAMMA)),
        ("what about call center?", Show("account", CENTER)),
        ("status of may", Show("account", MAY)),
        ("undo", Undo(None)),
        ("undo that", Undo(None)),
        ("undo the last one", Undo(None)),
        ("undo gamma", Undo(GAMMA)),
    ],
)
def test_questions_to_the_assistant_and_undo(reader: Reader, text: str, shown: Reading):
    assert reader(text) == shown


@pytest.mark.parametrize(
    ("text", "what", "choices"),
    [
        ("acme no answer", "account", 2),
        ("acme is out until friday", "account", 2),
        ("status of acme", "account", 2),
        ("gamma and beta no answer", "account", 2),
        ("gamma no answer, beta busy", "account", 2),
        ("no answer", "account", 0),
        ("out until friday", "account", 0),
        ("gamma busy, left vm", "outcome", 2),
        ("gamma left vm, no answer", "outcome", 2),
        ("gamma is busy", "outcome", 2),
        ("gamma lost", "reason", 1),
        ("carl no answer", "account", 1),
        ("carl at gamma no answer", "account", 2),
        ("gamma left a message", "outcome", 2),
        ("gamma went to voicemail", "outcome", 2),
        ("gamma emailed", "outcome", 2),
        ("gamma answered", "outcome", 3),
        ("called gamma", "outcome", 5),
        ("gamma won", "won", 1),
        ("gamma is out", "date", 0),
        ("gamma is out until 4/11", "date", 0),  # one reading is next year's April, the other next November
        ("gamma is out until 12/1", "date", 2),
        ("gamma is out until monday", "date", 0),  # today, or in a week?
        ("gamma is out through friday", "date", 0),
        ("gamma is out until thursday or tuesday", "date", 2),
        ("gamma is out until december", "date", 0),
        ("gamma is out until after christmas", "date", 0),
        ("gamma is out for a few days", "date", 0),
        ("gamma back around the 14th", "date", 0),
        ("gamma is out until november 14", "date", 0),  # that is nearly a year ahead
        ("gamma is out until yesterday", "date", 0),
        ("gamma no answer, try again later", "date", 0),
        ("gamma no answer thursday", "date", 1),
        ("gamma no answer yesterday", "date", 0),
        ("gamma busy until thursday", "date", 2),
        ("gamma meeting booked thursday", "date", 0),
        ("remind me about gamma", "date", 0),
        ("remind me about gamma at 8", "date", 0),  # in the morning, or in the evening?
        ("remind me about gamma at 9:00", "date", 0),  # that is past today
        ("call gamma thursday", "what", 2),
        ("gamma no answer?", "what", 2),
        ("did gamma reply", "what", 1),
        ("should i call gamma", "what", 1),
        ("is gamma busy", "what", 2),
        ("will call gamma", "what", 1),
        ("gamma not busy", "what", 1),
        ("never left a vm for gamma", "what", 1),
        ("i need to email gamma", "what", 1),
        ("maybe gamma replied", "what", 2),
        ("gamma no answer twice", "words", 2),
        ("gamma no answer on linkedin", "words", 2),
        ("spoke to carla at gamma", "words", 2),
        ("zeta no answer", "account", 0),
        ("gamma heating no answer", "account", 2),
    ],
)
def test_what_is_open_is_asked(reader: Reader, text: str, what: str, choices: int):
    said = reader(text)
    assert isinstance(said, Ask), said
    assert (said.what, len(said.choices)) == (what, choices), said


def test_a_thread_of_several_accounts_or_of_another_one_is_asked(reader: Reader):
    said = reader("no answer", "Gamma", "Beta Foods")
    assert isinstance(said, Ask) and said.what == "account" and len(said.choices) == 2
    said = reader("beta no answer", "Gamma")
    assert isinstance(said, Ask) and said.what == "account" and len(said.choices) == 2
    said = reader("acme no answer", "Acme Dental")
    assert isinstance(said, Ask) and said.what == "account"


def test_a_name_and_a_word_that_both_fit_are_asked(reader: Reader):
    for text in ("may", "may try again thursday"):
        said = reader(text, "Gamma")
        assert isinstance(said, Ask), (text, said)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  …  ", "empty"),
        ("how is the weather", "not_understood"),
        ("hello", "not_understood"),
        ("thanks a lot", "not_understood"),
        ("lorem ipsum dolor", "not_understood"),
        ("send the cancellation email", "guarded"),
        ("gamma site taken down", "guarded"),
        ("delete gamma", "cannot"),
        ("give gamma 20% off", "cannot"),
        ("push all my accounts to friday", "one_at_a_time"),
        ("word " * 100, "too_long"),
    ],
)
def test_what_cannot_be_used_is_refused(reader: Reader, text: str, why: str):
    assert reader(text) == Refused(why)

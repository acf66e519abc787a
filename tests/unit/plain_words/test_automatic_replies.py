"""Reading automatic answers: what counts as the end of an absence, what never does, and any text at all."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plain_words.automatic_replies import LONGEST_QUOTE, read_away, there_again
from bot.plain_words.days_of_mail import FURTHEST
from bot.playbook.calendar import WorkCalendar

MONDAY = date(2026, 11, 23)
CALENDAR = WorkCalendar(ZoneInfo("America/New_York"), frozenset(range(5)), time(17, 30))


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("I am out of the office until Friday,\nDecember 4th.", date(2026, 12, 7)),
        ("I'm out of the office on 3 December, back Friday.", date(2026, 12, 4)),
        ("I will not be back before 7 December.", date(2026, 12, 7)),
        ("Out 11/26 & 11/27 for the holiday. Back Mon 11/30.", date(2026, 11, 30)),
        ("On PTO 11/23-11/27.", date(2026, 11, 30)),
        ("I am away 23-27 November.", date(2026, 11, 30)),
        ("I am out of the office today.", date(2026, 11, 24)),
        ("I'll get back to you on Wednesday 25 November or when I return on 2 December.", date(2026, 12, 2)),
        ("Ich bin vom 23.11. bis zum 04.12. außer Haus. Am 07.12. bin ich zurück.", date(2026, 12, 7)),
        ("Je suis en vacances, de retour au bureau à partir du 07/12.", date(2026, 12, 7)),
        ("Estoy fuera de la oficina del 23 al 27 de noviembre.", date(2026, 11, 30)),
        # "Not until" names the day of the return.
        ("I won't be back until Tuesday, December 8.", date(2026, 12, 8)),
        ("I will not be in the office until Tuesday, December 8.", date(2026, 12, 8)),
        ("I am away and unable to reply until Tuesday, December 8.", date(2026, 12, 8)),
        ("No estaré en la oficina hasta el martes 8 de diciembre.", date(2026, 12, 8)),
        # A range in one month, and what follows on it.
        ("I am out November 23-27.", date(2026, 11, 30)),
        ("I am out of the office from November 18th to 24th.", date(2026, 11, 25)),
        ("I am out November 23 to 4 December.", date(2026, 12, 7)),
        ("I am out of the office today and tomorrow.", date(2026, 11, 25)),
        ("I'm out this week and next.", date(2026, 12, 7)),
        ("OOO through Fri 12/4, back Mon 12/7.", date(2026, 12, 7)),  # the first date shows the order
        ("I am back at noon on Wednesday.", date(2026, 11, 25)),
        # Somebody else's absence.
        ("I am away until December 4. My assistant Jo is back on December 1.", date(2026, 12, 7)),
        (
            "I'm on leave until 27 November. Ben, who covers for me, is away until 1 December.",
            date(2026, 11, 30),
        ),
        ("Thank you for your mail about this. I am away until 4 December.", date(2026, 12, 7)),
    ],
)
def test_an_end_that_is_said_beyond_doubt(text: str, again: date) -> None:
    said = read_away("Automatic reply: Your renewal", text, MONDAY)
    assert said.sure and said.day is not None
    assert there_again(said.says, said.day, CALENDAR) == again


@pytest.mark.parametrize(
    "text",
    [
        "I am away until 04/05.",
        "I'm out until next Friday.",
        "I'm out of the office until at least Friday.",
        "I am away. Please return the signed form by 4 December.",
        "We're out, but our sale runs until 30 November.",
        "I no longer work here. Jo is away until 4 December.",
        "I am away until Tuesday, December 7.",  # a Monday
        "I was away until 20 November 2026.",
        "I'm back on 2 December. I'm out of the office until 4 December.",
        "I am out of office.\nFrom: Ana\nSent: today\nI am away until 4 December",
        # Still there for days, and away only then.
        "I will be out of the office starting December 7 through December 11.",
        "I will be out of the office from Dec 7 until Dec 11.",
        "I'll be away 7-11 December.",
        "I am out December 7-11.",
        "Our office will be closed for the holidays from December 24 through January 1.",
        "Ich bin vom 7.12. bis 11.12. im Urlaub.",
        "Ich bin ab dem 7. Dezember bis zum 11. Dezember im Urlaub.",
        "Je serai absent du 7 au 11 décembre.",
        "Estaré de vacaciones del 7 al 11 de diciembre.",
        # What is so every week.
        "I work Monday through Wednesday and am out of the office Thursday and Friday.",
        "I am out of the office\nJanet Ruiz\nHours: Mon-Thu 8-5",
        "I'm away from my desk. We are closed Saturday to Sunday.",
        # No day is named.
        "I'm out of the office until the 2nd week of December.",
        "I'm out until the 1st quarter of 2027.",
        "I'm on leave until the 15th of next month.",
        "I will be back Monday week.",
        "I'm away until Tuesday or Wednesday.",
        "I hope to be back on 2 December.",
        "I'm out this week and part of the next.",
        # Gone for good, and somebody else who comes back.
        "I left Acme in November. The front desk is closed until December 4.",
        "I have retired. Our office is closed until November 27.",
        "My last working day is 27 November. I'm on leave until 31 December.",
        "Frau Klein arbeitet nicht mehr bei uns. Das Büro ist bis 27.11. nicht erreichbar.",
        "Je ne travaille plus chez Acme. Bureau fermé, absent jusqu'au 4 décembre.",
        "I'm out of the office. Jo returns on December 1.",
    ],
)
def test_what_is_in_doubt_is_never_offered_as_certain(text: str) -> None:
    assert not read_away("Automatic reply: Your renewal", text, MONDAY).sure


def test_our_own_subject_that_comes_back_says_nothing() -> None:
    subject = "Out of Office: Re: Your contract runs until 30 Nov 2026"
    assert read_away(subject, "I am away.", MONDAY).day is None


def test_the_words_that_say_it_are_quoted() -> None:
    said = read_away("Automatic reply", "Hello!\n\nI am away until 4 December. Ask Jo.", MONDAY)
    assert said.quote == "I am away until 4 December."


@pytest.mark.parametrize(
    ("says", "day", "again"),
    [
        ("until", date(2026, 12, 3), date(2026, 12, 4)),  # a Thursday: the last day away
        ("until", date(2026, 12, 7), date(2026, 12, 7)),  # a Monday: who comes back then says so
        ("until", date(2026, 12, 5), date(2026, 12, 7)),  # a Saturday
        ("last", date(2026, 12, 7), date(2026, 12, 8)),
        ("back", date(2026, 12, 5), date(2026, 12, 7)),
    ],
)
def test_when_the_customer_is_there_again(says: str, day: date, again: date) -> None:
    assert there_again(says, day, CALENDAR) == again


_PIECES = st.sampled_from(
    [
        *(
            "I am out of office",
            "until",
            "back on",
            "returning",
            "from",
            "to",
            "through",
            "and again",
            "maybe",
        ),
        *(
            "4 December",
            "04/05",
            "12/13",
            "2026-02-30",
            "31.11.",
            "next Friday",
            "Monday",
            "the 31st",
            "the 99th",
        ),
        *("bis zum", "wieder", "jusqu'au", "1er mars", "hasta el", "today", "inclusive", "99/99/99"),
        *("⟦0⟧", "\n\n", "> quoted", "-- ", "December 4, 2019"),
    ]
)
_MAIL = st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=25).map(" ".join))


@given(subject=_MAIL, text=_MAIL, on=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_any_text_is_read_without_fault_and_a_day_lies_ahead(subject: str, text: str, on: date) -> None:
    said = read_away(subject, text, on)
    assert len(said.quote) <= LONGEST_QUOTE
    assert said.day is not None or not said.sure
    if said.day is not None and said.sure:
        assert on <= said.day <= on + FURTHEST
        assert there_again(said.says, said.day, CALENDAR) >= said.day


@given(day=st.dates(MONDAY + timedelta(days=1), MONDAY + timedelta(days=170)))
def test_a_date_written_in_letters_is_that_date(day: date) -> None:
    for text in (
        f"{day:%A}, {day:%B} {day.day}",
        f"{day.day} {day:%b}",
        f"{day.day}. {day:%B} {day.year}",
        f"{day}",
    ):
        said = read_away("Automatic reply", f"I am out of the office up to and including {text}.", MONDAY)
        assert (said.says, said.day, said.sure) == ("last", day, True), text

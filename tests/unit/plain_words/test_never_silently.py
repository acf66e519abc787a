"""What must hold for any text: no failure, no past date, nothing logged that was denied, asked or is two things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.plain_words.reading import Account, Ask, Defer, Log, Reading, Refused, Remind, Show

Reader = Callable[..., Reading]
ENOUGH = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

OUTCOMES = (
    "no answer",
    "left vm",
    "busy",
    "wrong number",
    "spoke to",
    "emailed",
    "replied",
    "called in",
    "review done",
)
_WORDS = """
gamma acme dental beta may monday books call center best email no answer ltd next friday left vm
busy until the 14th try again thursday tomorrow at 3pm out on holiday not will should ? , : - and
back remind me in an hour undo status of what is due today note said meeting booked sent replied
4/11 december zzz carl send delete everything w/ lost cancellation lvm moved canceled reports missing
"""
WORDS = _WORDS.split()
TODAY = date(2026, 11, 23)


def dates_of(said: Reading) -> list[date]:
    every = said.choices if isinstance(said, Ask) else (said,)
    found: list[date] = []
    for one in every:
        if isinstance(one, Defer) or (isinstance(one, Log) and one.until is not None):
            found.append(one.until)
    return found


def instants_of(said: Reading) -> list[datetime]:
    every = said.choices if isinstance(said, Ask) else (said,)
    found = [one.at for one in every if isinstance(one, Remind)]
    for one in every:
        if isinstance(one, Log):
            found += [at for at in (one.remind_at, one.starts_at) if at is not None]
    return found


@ENOUGH
@given(st.text(max_size=120))
def test_any_text_gets_an_answer(reader: Reader, text: str):
    assert reader(text) is not None
    assert reader(text, "Gamma") is not None


@ENOUGH
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), st.booleans())
def test_dates_are_coming_ones_and_instants_too(reader: Reader, words: list[str], in_thread: bool):
    said = reader(" ".join(words), *(["Gamma"] if in_thread else []))
    assert all(day > TODAY for day in dates_of(said)), said
    now = datetime.fromisoformat("2026-11-23T10:00:00-05:00")
    assert all(at > now for at in instants_of(said)), said


@ENOUGH
@given(
    st.sampled_from(OUTCOMES),
    st.sampled_from(("gamma", "beta foods", "acme dental", "call center", "may")),
    st.data(),
)
def test_denied_or_asked_it_is_never_logged(reader: Reader, outcome: str, name: str, data: st.DataObject):
    words = f"{name} {outcome}".split() if data.draw(st.booleans()) else f"{outcome} {name}".split()
    place = data.draw(st.sampled_from([0, len(words)]))
    denied = [*words[:place], "not", *words[place:]]
    assert not isinstance(reader(" ".join(denied)), Log), denied
    assert not isinstance(reader(" ".join(words) + "?"), Log | Defer)


@ENOUGH
@given(st.sampled_from(OUTCOMES), st.sampled_from(OUTCOMES))
def test_two_outcomes_are_never_one(reader: Reader, one: str, other: str):
    said = reader(f"gamma {one} and {other}")
    one_call = (one, other) == ("no answer", "left vm")  # nobody answered, so a message was left
    if one != other and not one_call:
        assert not isinstance(said, Log), said


@ENOUGH
@given(st.sampled_from(OUTCOMES), st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9))
def test_a_word_that_nobody_explains_is_asked_about(reader: Reader, outcome: str, word: str):
    usual = reader(f"gamma {outcome}")
    said = reader(f"gamma {outcome} q{word}q")
    assert isinstance(said, Ask | Refused), said
    assert usual != said


@ENOUGH
@given(
    st.lists(st.sampled_from(("north", "south", "harbor", "books", "call", "may")), min_size=1, max_size=3),
    st.lists(st.sampled_from(("north", "south", "harbor", "books", "call", "may")), min_size=1, max_size=3),
    st.sampled_from(("no answer", "busy", "is out until friday", "")),
    st.data(),
)
def test_of_two_names_only_a_full_one_is_chosen(
    reader: Reader, one: list[str], other: list[str], rest: str, data: st.DataObject
):
    book = (Account(1, " ".join(one)), Account(2, " ".join([*one, *other])))
    said_name = " ".join(data.draw(st.permutations(one))[: data.draw(st.integers(1, 3))])
    said = reader(f"{said_name} {rest}".strip(), book=book)
    if isinstance(said, Log | Defer) or (isinstance(said, Show) and said.run_id is not None):
        named = next(account.name for account in book if account.run_id == said.run_id)
        assert named == said_name or set(said_name.split()) <= set(named.split()) - set(
            book[0].name.split()
        ), said

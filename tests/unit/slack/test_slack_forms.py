"""Forms: complete ones become types, incomplete ones name the field, forged ones raise nothing else."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.runs.new_deals import Terms
from bot.slack import forms, ids
from bot.slack.fields import FormErrors, read_amount
from bot.slack.forms import (
    ConfirmSiteDownForm,
    ConnectedForm,
    DeferForm,
    GuardedEmailForm,
    HeldForm,
    KeepForm,
    MoreForm,
    MovedForm,
    ResultForm,
)

FORMS = (
    ConnectedForm,
    HeldForm,
    DeferForm,
    MoreForm,
    GuardedEmailForm,
    ConfirmSiteDownForm,
    MovedForm,
    KeepForm,
)


def view(**blocks: Any) -> dict[str, Any]:
    """A submitted view; each block as (key, value) of its one element, None for an empty one."""
    values = {block: {ids.FIELD: dict([given]) if given else {}} for block, given in blocks.items()}
    return {"state": {"values": values}}


def chosen(value: str) -> tuple[str, Any]:
    return ("selected_option", {"value": value})


def errors_of(form: type[Any], shown: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(FormErrors) as raised:
        form.parse(shown)
    return raised.value.errors


@pytest.mark.parametrize("form", [ConnectedForm, HeldForm])
class TestResult:
    def test_meeting_on(self, form: type[ConnectedForm]) -> None:
        read = form.parse(
            view(
                result=chosen("meeting_on"),
                starts_on=("selected_date", "2026-11-26"),
                starts_at=("selected_time", "10:30"),
                note=("value", "  wants the owner there "),
            )
        )
        assert (read.starts_on, read.starts_at) == (date(2026, 11, 26), time(10, 30))
        assert read.note == "wants the owner there"

    def test_a_meeting_needs_day_and_time(self, form: type[ConnectedForm]) -> None:
        shown = view(result=chosen("meeting_on"), starts=None, starts_on=None, starts_at=None)
        assert set(errors_of(form, shown)) == {"starts"}
        day = ("selected_date", "2026-11-26")
        assert set(errors_of(form, view(result=chosen("meeting_on"), starts_on=day, starts_at=None))) == {
            "starts_at"
        }

    def test_a_meeting_in_words_leaves_the_time_that_only_stands_there(
        self, form: type[ConnectedForm]
    ) -> None:
        hour = ("selected_time", "10:00")
        words = view(
            result=chosen("meeting_on"), starts=("value", "thu 14:00"), starts_on=None, starts_at=hour
        )
        read = form.parse(words)
        assert (read.starts_text, read.starts_on, read.starts_at) == ("thu 14:00", None, None)
        words["state"]["values"]["starts_on"] = {ids.FIELD: {"selected_date": "2026-11-26"}}
        assert set(errors_of(form, words)) == {"starts"}

    def test_a_reason_beside_the_results_says_that_it_is_lost(self, form: type[ConnectedForm]) -> None:
        said = {"lost_reason": chosen("price"), "note": ("value", "too dear")}
        assert form.parse(view(result=None, **said)) == form("lost", "too dear", lost_reason="price")
        assert set(errors_of(form, view(result=None, lost_reason=chosen("price"), note=None))) == {"note"}
        assert set(errors_of(form, view(result=chosen("won"), **said))) == {"lost_reason"}  # never guessed

    def test_call_back_on_keeps_the_words(self, form: type[ConnectedForm]) -> None:
        read = form.parse(view(result=chosen("call_back_on"), when=("value", "Thursday"), until=None))
        assert (read.when_text, read.until) == ("Thursday", None)

    def test_a_date_in_words_and_picked_is_one_too_many(self, form: type[ConnectedForm]) -> None:
        shown = view(
            result=chosen("call_back_on"), when=("value", "Thu"), until=("selected_date", "2026-11-26")
        )
        assert set(errors_of(form, shown)) == {"when"}

    def test_lost_needs_a_reason_and_a_note(self, form: type[ConnectedForm]) -> None:
        assert set(errors_of(form, view(result=chosen("lost"), lost_reason=None, note=None))) == {
            "lost_reason",
            "note",
        }
        read = form.parse(
            view(result=chosen("lost"), lost_reason=chosen("price"), note=("value", "too dear"))
        )
        assert (read.lost_reason, read.note) == ("price", "too dear")

    def test_what_belongs_to_another_result_is_left_out(self, form: type[ConnectedForm]) -> None:
        read = form.parse(view(result=chosen("in_negotiation"), when=("value", "Thu")))
        assert read == form("in_negotiation")

    def test_won_has_amount_term_and_new_expiration(self, form: type[ConnectedForm]) -> None:
        fields: dict[str, Any] = {
            "result": chosen("won"),
            "amount": ("value", "1,450.50"),
            "term": chosen("24"),
            "new_expires:24": ("selected_date", "2028-12-31"),
        }
        read = form.parse(view(**fields))
        assert read.terms == Terms(145_050, 24, date(2028, 12, 31))
        missing = {
            "amount": ("value", "a lot"),
            "term": chosen("61"),
            "new_expires:24": ("selected_date", None),
        }
        assert set(errors_of(form, view(**fields | missing))) == {"amount", "term", "new_expires:24"}
        not_asked = errors_of(form, view(result=chosen("won")))
        assert not_asked == {
            "result": "Choose Won again: the form then asks for amount, term and new expiration."
        }

    def test_an_error_on_a_field_that_is_not_shown_goes_to_the_result(
        self, form: type[ConnectedForm]
    ) -> None:
        assert set(errors_of(form, view(result=chosen("meeting_on"), note=None))) == {"result"}

    def test_no_result_is_nothing_yet_and_an_unknown_one_is_refused(self, form: type[ConnectedForm]) -> None:
        assert form.parse(view(result=None, lost_reason=None, note=None)) == form("nothing_yet")
        unknown = view(result=chosen("sold_twice"), lost_reason=None)
        assert errors_of(form, unknown) == {"result": "Choose what came of it."}


def test_deferring_needs_reason_date_and_note() -> None:
    shown = view(reason=None, when=None, until=None, note=("value", " \u0000 "))
    assert set(errors_of(DeferForm, shown)) == {"reason", "when", "note"}


def test_deferring_by_a_picked_date() -> None:
    read = DeferForm.parse(
        view(
            reason=chosen("out_of_town"),
            when=("value", ""),
            until=("selected_date", "2026-12-07"),
            note=("value", "back on Monday \ud83d"),
        )
    )
    assert read == DeferForm("out_of_town", "back on Monday", None, date(2026, 12, 7))


def test_a_note_that_is_too_long_says_by_how_much() -> None:
    shown = view(
        reason=chosen("other"), when=("value", "Mon"), note=("value", "x" * (forms.LONGEST_NOTE + 1))
    )
    assert errors_of(DeferForm, shown) == {
        "note": "This is too long: at most 2,500 characters, yours has 2,501."
    }


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("call:busy", MoreForm("call", "busy")),
        ("replied", MoreForm("replied")),
        ("called_in", MoreForm("called_in")),
    ],
)
def test_more_says_what_happened(value: str, read: MoreForm) -> None:
    assert MoreForm.parse(view(choice=chosen(value), note=None)) == read


@pytest.mark.parametrize(
    "value",
    ["", "call", "call:", "remind", "remind:60", "won", "defer", "connected", "replied:x"],
)
def test_more_refuses_what_it_did_not_offer(value: str) -> None:
    assert set(errors_of(MoreForm, view(choice=chosen(value)))) == {"choice"}


def test_more_takes_the_next_step_and_two_things_chosen_are_asked_back() -> None:
    words = {"when": ("value", "Thu"), "until": None, "note": ("value", "Her assistant")}
    said = {"choice:2:1": chosen("call:own:g"), "next_step": chosen("call_back_on"), **words}
    then = ResultForm("call_back_on", "Her assistant", when_text="Thu")
    assert MoreForm.parse(view(choice=None, **said)) == MoreForm("call", "own:g", "Her assistant", then)
    both = errors_of(MoreForm, view(choice=chosen("replied"), **said))
    assert set(both) == {"choice", "choice:2:1"}
    meeting = view(choice=chosen("meeting"), starts=("value", "thu 14:00"), note=None)
    assert MoreForm.parse(meeting).then == ResultForm("meeting_on", starts_text="thu 14:00")


def test_a_note_as_what_happened_needs_one() -> None:
    assert set(errors_of(MoreForm, view(choice=chosen("note"), note=None))) == {"note"}


@pytest.mark.parametrize("form", [GuardedEmailForm, ConfirmSiteDownForm])
def test_the_tick_is_demanded(form: type[Any]) -> None:
    assert set(errors_of(form, view(checked=("selected_options", [])))) == {"checked"}
    form.parse(view(checked=("selected_options", [{"value": "checked"}])))


def test_moved_and_kept() -> None:
    moved = MovedForm.parse(
        view(starts_on=("selected_date", "2026-11-30"), starts_at=("selected_time", "09:00"))
    )
    assert moved == MovedForm(date(2026, 11, 30), time(9))
    kept = KeepForm.parse(view(reason=("value", "closing this week"), when=("value", "Fri"), until=None))
    assert kept == KeepForm("closing this week", "Fri", None)
    assert set(errors_of(KeepForm, view(reason=None, when=None))) == {"reason", "when"}


foreign = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["2026-13-01", "25:99"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "selected_option", "selected_date", "selected_time", "selected_options", ids.FIELD]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)
blocks = st.dictionaries(
    st.sampled_from(
        [
            "result",
            "starts_on",
            "starts_at",
            "when",
            "until",
            "lost_reason",
            "reason",
            "note",
            "choice",
            "checked",
        ]
    ),
    foreign,
    max_size=6,
)
forged_views = st.one_of(
    foreign,
    st.fixed_dictionaries({"state": foreign}),
    st.fixed_dictionaries({"state": st.fixed_dictionaries({"values": foreign | blocks})}),
)


@given(forged_views)
def test_a_forged_form_raises_form_errors_and_nothing_else(shown: Any) -> None:
    for form in FORMS:
        try:
            form.parse(shown)
        except FormErrors as wrong:
            assert wrong.errors
            assert all(sentence.endswith(".") for sentence in wrong.errors.values())


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1250", 125_000),
        ("1,250.5", 125_050),
        ("0.01", 1),
        ("$99.90", 9_990),
        ("USD 1,234,567", 123_456_700),
        ("140 usd", 14_000),
        ("20000000", 2_000_000_000),
    ],
)
def test_an_amount_is_exact_in_cents(typed: str, cents: int) -> None:
    assert read_amount(typed) == cents


@pytest.mark.parametrize(
    "typed",
    ["", "0", "0.00", "-5", "1.005", "12,34", "1.250,50", "1e5", "NaN", "20000000.01", "a lot", "5 5"],
)
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Write .*\."):
        read_amount(typed)

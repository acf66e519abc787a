"""Button values: what we wrote comes back, everything else is a stale button."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.payloads import FactRef, MessageRef, PageRef, StaleButton, TouchRef

KINDS = (TouchRef, FactRef, PageRef, MessageRef)
row_ids = st.integers(1, 2**63 - 1)
touches = st.builds(
    TouchRef,
    run_id=row_ids,
    step=st.none() | st.from_regex(r"[a-z_]{1,32}", fullmatch=True),
    on=st.dates(),
    message_id=st.none() | row_ids,
    seen_until=st.none() | st.dates(),
)
refs = st.one_of(
    touches,
    st.builds(FactRef, row_ids, st.none() | row_ids),
    st.builds(PageRef, row_ids, st.integers(0, 2**63 - 1)),
    st.builds(MessageRef, row_ids),
)


@given(refs)
def test_a_value_comes_back_as_it_was_written(ref: TouchRef | FactRef | PageRef | MessageRef) -> None:
    assert type(ref).decode(ref.encode()) == ref
    assert len(ref.encode()) <= 2000


@given(refs, st.sampled_from(KINDS))
def test_a_value_of_another_kind_is_stale(ref: TouchRef, kind: type[TouchRef]) -> None:
    if type(ref) is kind:
        return
    with pytest.raises(StaleButton):
        kind.decode(ref.encode())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
near_misses = st.tuples(
    st.sampled_from([1, 1.0, True, "1", 0, 2, None]),
    st.sampled_from(["touch", "fact", "page", "message", "x"]),
).flatmap(lambda head: st.lists(json_values, max_size=6).map(lambda rest: json.dumps([*head, *rest])))


@given(st.one_of(st.text(), st.binary(), json_values, json_values.map(json.dumps), near_misses))
def test_anything_else_is_a_stale_button_and_no_other_error(value: object) -> None:
    for kind in KINDS:
        try:
            ref = kind.decode(value)
        except StaleButton as stale:
            assert stale.sentence.endswith(".")
        else:
            assert ref.encode() == value


@pytest.mark.parametrize(
    "value",
    [
        "[" * 1999,
        "9" * 1990,
        '[1,"touch",1,"opening_call","2026-11-23",5,null] ',
        '[2,"touch",1,"opening_call","2026-11-23",5,null]',
        '[1,"touch",true,"opening_call","2026-11-23",5,null]',
        '[1,"touch",0,"opening_call","2026-11-23",5,null]',
        '[1,"touch",9223372036854775808,"opening_call","2026-11-23",5,null]',
        '[1,"touch",1,"opening call","2026-11-23",5,null]',
        '[1,"touch",1,"opening_call","20261123",5,null]',
        '[1,"touch",1,"opening_call",null,5,null]',
        '[1,"touch",1,"opening_call","2026-11-23",5,"2026-02-30"]',
        '[1,"touch",1e400,"opening_call","2026-11-23",5,null]',
        None,
        7,
    ],
)
def test_forged_touches_are_stale(value: object) -> None:
    with pytest.raises(StaleButton):
        TouchRef.decode(value)


def test_a_touch_is_written_short_and_with_its_version() -> None:
    ref = TouchRef(12, "opening_call", date(2026, 11, 23), 5)
    assert ref.encode() == '[1,"touch",12,"opening_call","2026-11-23",5,null]'


def test_a_value_too_long_for_a_button_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        TouchRef(12, "x" * 2000, date(2026, 11, 23), 5).encode()

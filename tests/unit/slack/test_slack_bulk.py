"""The forms for several accounts: inside Slack's limits with 1, 60 and 500, and safe whatever they send back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.playbook.assessment import KIND_OF, Step, Touch
from bot.services.acts.bulk import Done, Result
from bot.services.acts.bulk_plan import MOST_AT_ONCE, Plan, Planned
from bot.services.acts.one_of_several import Several
from bot.services.home.models import Asked, Show
from bot.services.home.several import Candidate, Choosing
from bot.slack.fields import FormErrors
from bot.slack.payloads import SeveralRef, StaleButton
from bot.slack.several_form import SeveralForm
from bot.slack.views.blocks import Block
from bot.slack.views.bulk import choose_modal, plan_modal, result_modal, several_message
from sandbox.slack.blockkit import check_blocks, check_view

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
LONG = ("&<é😀" * 200)[:500]
TOUCH = Touch(Step.FOLLOW_UP_EMAIL, KIND_OF[Step.FOLLOW_UP_EMAIL], 1, 2, date(2020, 9, 30), None, None, None)
REF = SeveralRef(2**63 - 1, Asked(Show.APPOINTMENTS, book_of=2**63 - 1), 10_000)
COUNTS = (1, 60, 500)
ACK = 20_000  # bytes from which on Slack drops an answer


def choosing(count: int, account: str = LONG) -> Choosing:
    some = tuple(
        Candidate(2**63 - 1 - n, account, (TOUCH, TOUCH), ON) for n in range(min(count, MOST_AT_ONCE))
    )
    return Choosing(some, count, {f"own:{n}": LONG for n in range(200)} if account == LONG else {}, NOW)


def plan(count: int, refused: str | None = None, account: str | None = LONG) -> Plan:
    some = tuple(Planned(n, account, "follow_up_email", ON, refused, LONG) for n in range(1, count + 1))
    several = Several("own:1", note=LONG * 5, reason="asked_to_wait", until=ON)
    return Plan(2**63 - 1, several, LONG, some[:MOST_AT_ONCE], REF.encode())


def result(count: int, **of: Any) -> Result:
    lines = tuple(Done(n, LONG, **of) for n in range(1, min(count, MOST_AT_ONCE) + 1))
    return Result(plan(count), lines)


def require_fits(view: Block, *, ack: bool = True) -> None:
    assert check_view(view, surface="modal") == []
    if ack:
        assert len(json.dumps({"response_action": "update", "view": view})) < ACK


@pytest.mark.parametrize("count", COUNTS)
def test_the_forms_fit_with_the_longest_of_everything(count: int) -> None:
    filled = SeveralForm(tuple(2**63 - 1 - n for n in range(count)), "defer", LONG * 5, "other", LONG, ON)
    for view in (choose_modal(choosing(count), REF), choose_modal(choosing(count), REF, filled)):
        require_fits(view, ack=False)  # it is opened, never an answer
    require_fits(plan_modal(plan(count)))
    require_fits(plan_modal(plan(count, LONG)))
    for lines in (result(count, fact_id=1), result(count, refused=LONG), result(count)):
        require_fits(result_modal(lines))
        require_fits(result_modal(replace(lines, undone=True)))
    half = plan(count)
    mixed = replace(half, accounts=(*half.accounts[::2], *plan(count, LONG).accounts[1::2]))
    require_fits(plan_modal(mixed))
    assert check_blocks(several_message(count).blocks) == []


def test_a_hundred_accounts_of_usual_names_have_a_line_each() -> None:
    view = json.dumps(result_modal(replace(result(100), lines=tuple(
        Done(n, f"Green Thumb Landscaping and Daughters {n}", fact_id=n) for n in range(100)
    ))))  # fmt: skip
    assert view.count("Landscaping") == 100 and "more" not in view


def test_what_does_not_fit_is_counted() -> None:
    form = json.dumps(choose_modal(choosing(500), REF))
    assert "*500 accounts.*" in form and "Choose all 100" in form and "+400 more" in form
    lines = json.dumps(result_modal(result(100, refused=LONG)))
    shown = lines.count(":no_entry:")
    assert 20 < shown < 100 and f"+{100 - shown} more" in lines


@pytest.mark.parametrize(("count", "kinds"), [(1, 1), (10, 1), (11, 2), (30, 3)])
def test_few_accounts_are_boxes_in_groups_of_ten(count: int, kinds: int) -> None:
    groups = [one for one in choose_modal(choosing(count, "Acme"), REF)["blocks"] if "accounts:" in str(one)]
    assert [group["element"]["type"] for group in groups] == ["checkboxes"] * kinds


def test_many_accounts_are_one_list_to_search_in() -> None:
    for count in (31, 100, 500):
        groups = [
            one for one in choose_modal(choosing(count, "Acme"), REF)["blocks"] if "accounts:" in str(one)
        ]
        assert [group["element"]["type"] for group in groups] == ["multi_static_select"]


def state(accounts: Any, outcome: Any = "no_answer", **more: Any) -> dict[str, Any]:
    values = {
        "accounts:0:0": {"field": {"type": "checkboxes", "selected_options": accounts}},
        "outcome": {"several_outcome": {"selected_option": {"value": outcome}}},
        **{block: {"field": value} for block, value in more.items()},
    }
    return {"blocks": [{"block_id": block} for block in values], "state": {"values": values}}


def test_what_was_chosen_is_read_in_its_order_and_once() -> None:
    entered = SeveralForm.parse(
        state([{"value": "7"}, {"value": "3"}, {"value": "7"}], note={"value": " Hm "})
    )
    assert entered == SeveralForm((7, 3), "no_answer", "Hm")


@pytest.mark.parametrize(
    "accounts",
    [None, [], 7, "7", [7], [None], [{}], [{"value": 7}], [{"value": "x"}], [{"value": "-1"}], [{"value": "²"}],
     [{"value": "9" * 40}]],
)  # fmt: skip
def test_nothing_chosen_is_said_at_the_accounts(accounts: Any) -> None:
    with pytest.raises(FormErrors) as wrong:
        SeveralForm.parse(state(accounts))
    assert wrong.value.errors == {"accounts:0:0": "Choose at least one account."}


def test_a_deferral_needs_its_reason_date_and_note() -> None:
    blocks = {"reason": {}, "when": {}, "until": {}, "note": {}}
    with pytest.raises(FormErrors) as wrong:
        SeveralForm.parse(state([{"value": "7"}], "defer", **blocks))
    assert set(wrong.value.errors) == {"reason", "when", "note"}


@pytest.mark.parametrize(
    "view", [{}, {"state": None}, {"state": {"values": []}}, {"state": {"values": {"accounts:0:0": 1}}}]
)
def test_a_form_of_a_foreign_shape_chooses_nothing(view: dict[str, Any]) -> None:
    assert SeveralForm.so_far(view) == SeveralForm((), "")
    with pytest.raises(FormErrors):
        SeveralForm.parse(view)


def test_where_accounts_are_chosen_from_is_read_back_as_written() -> None:
    for ref in (SeveralRef(), SeveralRef(7), REF):
        assert SeveralRef.decode(ref.encode()) == ref
    fields = ("null,[],0", 'null,["x","any","any",0,null],0', "0,null,0", "null,null,-1", "null,7,0")
    for value in ("", *(f'[1,"several",{one}]' for one in fields)):
        with pytest.raises(StaleButton):
            SeveralRef.decode(value)

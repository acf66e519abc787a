"""Each Block Kit limit, accepted at its boundary and refused one beyond."""

from __future__ import annotations

import pytest

from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.blockkit.size import MESSAGE_CHARACTERS, characters


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def option(value="v", text="x"):
    return {"text": plain(text), "value": value}


def options(count):
    return [option(f"v{index}") for index in range(count)]


def button(**members):
    return {"type": "button", "text": plain(), "action_id": "press"} | members


def select(**members):
    return {"type": "static_select", "action_id": "pick", "options": options(2)} | members


def section(**members):
    return {"type": "section", "text": mrkdwn()} | members


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def numbered_buttons(count):
    return actions(*(button(action_id=f"press-{index}") for index in range(count)))


def field(element, **members):
    return {"type": "input", "label": plain(), "element": {"action_id": "in"} | element} | members


def confirm(**members):
    return {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()} | members


def overflow(count):
    return {"type": "overflow", "action_id": "more", "options": options(count)}


def group(kind, count):
    return {"type": kind, "action_id": "tick", "options": options(count)}


def modal(**members):
    return {"type": "modal", "title": plain(), "blocks": [section()]} | members


# (what is limited, how to make it of that size, the most it may be)
MOST = [
    ("section text", lambda n: section(text=mrkdwn("x" * n)), 3000),
    ("section fields", lambda n: {"type": "section", "fields": [mrkdwn()] * n}, 10),
    ("field text", lambda n: {"type": "section", "fields": [mrkdwn("x" * n)]}, 2000),
    ("header", lambda n: {"type": "header", "text": plain("x" * n)}, 150),
    ("actions", numbered_buttons, 25),
    ("context", lambda n: {"type": "context", "elements": [mrkdwn()] * n}, 10),
    ("button text", lambda n: actions(button(text=plain("x" * n))), 75),
    ("button value", lambda n: actions(button(value="x" * n)), 2000),
    ("button url", lambda n: actions(button(url="https://" + "x" * (n - 8))), 3000),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 255),
    ("block_id", lambda n: section(block_id="x" * n), 255),
    ("options", lambda n: actions(select(options=options(n))), 100),
    ("option text", lambda n: actions(select(options=[option(text="x" * n)])), 75),
    ("option value", lambda n: actions(select(options=[option("x" * n)])), 150),
    ("placeholder", lambda n: actions(select(placeholder=plain("x" * n))), 150),
    ("overflow", lambda n: actions(overflow(n)), 5),
    ("radio buttons", lambda n: actions(group("radio_buttons", n)), 10),
    ("checkboxes", lambda n: actions(group("checkboxes", n)), 10),
    ("confirm title", lambda n: actions(button(confirm=confirm(title=plain("x" * n)))), 100),
    ("confirm text", lambda n: actions(button(confirm=confirm(text=mrkdwn("x" * n)))), 300),
    ("confirm button", lambda n: actions(button(confirm=confirm(confirm=plain("x" * n)))), 30),
    ("deny button", lambda n: actions(button(confirm=confirm(deny=plain("x" * n)))), 30),
    ("label", lambda n: field({"type": "plain_text_input"}, label=plain("x" * n)), 2000),
    ("hint", lambda n: field({"type": "plain_text_input"}, hint=plain("x" * n)), 2000),
    ("max_length", lambda n: field({"type": "plain_text_input", "max_length": n}), 3000),
    ("initial value", lambda n: field({"type": "plain_text_input", "initial_value": "x" * n}), 3000),
    ("alt text", lambda n: {"type": "image", "image_url": "https://x", "alt_text": "x" * n}, 2000),
]


@pytest.mark.parametrize(("make", "most"), [case[1:] for case in MOST], ids=[case[0] for case in MOST])
def test_a_limit_is_taken_and_one_more_is_refused(make, most):
    assert check_blocks([make(most)]) == []
    (problem,) = check_blocks([make(most + 1)])
    assert problem.startswith("[ERROR] ") and "[json-pointer:/blocks/0" in problem


VIEW_MOST = [
    ("title", lambda n: modal(title=plain("x" * n)), 24),
    ("submit", lambda n: modal(submit=plain("x" * n)), 24),
    ("close", lambda n: modal(close=plain("x" * n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("external_id", lambda n: modal(external_id="x" * n), 255),
    ("modal blocks", lambda n: modal(blocks=[section()] * n), 100),
]


@pytest.mark.parametrize(
    ("make", "most"), [case[1:] for case in VIEW_MOST], ids=[case[0] for case in VIEW_MOST]
)
def test_a_views_limit_is_taken_and_one_more_is_refused(make, most):
    assert check_view(make(most), surface="modal") == []
    assert len(check_view(make(most + 1), surface="modal")) == 1


def test_a_message_takes_fifty_blocks_and_a_home_tab_a_hundred():
    assert check_blocks([section()] * 50) == []
    assert check_blocks([section()] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert check_view({"type": "home", "blocks": [section()] * 100}, surface="home") == []
    assert len(check_view({"type": "home", "blocks": [section()] * 101}, surface="home")) == 1


def test_the_characters_of_a_message_are_counted_over_all_texts():
    blocks = [section(text=mrkdwn("x" * 3000)), actions(button(text=plain("yy"))), overflow(2)]
    assert characters(blocks) == 3000 + 2 + 2
    assert MESSAGE_CHARACTERS == 13_000


REFUSED = [
    ("overflow of one", actions(overflow(1)), "/blocks/0/elements/0/options"),
    ("unknown block", {"type": "carousel_of_joy"}, "/blocks/0/type"),
    ("unknown element", actions({"type": "slider"}), "/blocks/0/elements/0/type"),
    ("text input among actions", actions({"type": "plain_text_input"}), "/blocks/0/elements/0/type"),
    ("button in an input", field({"type": "button", "text": plain()}), "/blocks/0/element/type"),
    ("section of nothing", {"type": "section"}, "/blocks/0"),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn()}, "/blocks/0/text/type"),
    ("button text in mrkdwn", actions(button(text=mrkdwn())), "/blocks/0/elements/0/text/type"),
    ("empty text", section(text=mrkdwn("")), "/blocks/0/text/text"),
    ("unknown member", section(colour="red"), "/blocks/0"),
    ("style", actions(button(style="loud")), "/blocks/0/elements/0/style"),
    ("url scheme", actions(button(url="javascript:x")), "/blocks/0/elements/0/url"),
    (
        "stray initial option",
        actions(select(initial_option=option("w"))),
        "/blocks/0/elements/0/initial_option",
    ),
    ("options twice", actions(select(options=[option(), option()])), "/blocks/0/elements/0/options/1/value"),
    ("no options", actions({"type": "static_select", "action_id": "a"}), "/blocks/0/elements/0"),
    (
        "date",
        actions({"type": "datepicker", "initial_date": "2026-02-30"}),
        "/blocks/0/elements/0/initial_date",
    ),
    ("time", actions({"type": "timepicker", "initial_time": "25:00"}), "/blocks/0/elements/0/initial_time"),
    ("action ids twice", actions(button(), button()), "/blocks/0/elements/1/action_id"),
    ("input without a label", {"type": "input", "element": {"type": "datepicker"}}, "/blocks/0"),
    ("confirm without deny", actions(button(confirm={"title": plain(), "text": plain()})), "confirm"),
    ("context of buttons", {"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    ("block that is a list", [], "/blocks/0"),
    (
        "dispatch on nothing known",
        field({"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": [{}]}}),
        "trigger_actions_on",
    ),
]


@pytest.mark.parametrize(
    ("block", "pointer"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_slack_refuses_is_refused_where_it_stands(block, pointer):
    problems = check_blocks([block])
    assert problems and any(pointer in problem for problem in problems)


def test_block_ids_are_unique_in_a_message():
    assert check_blocks([section(block_id="a"), section(block_id="b")]) == []
    assert len(check_blocks([section(block_id="a"), section(block_id="a")])) == 1


def test_a_form_needs_a_submit_button():
    form = modal(blocks=[field({"type": "plain_text_input"})])
    assert "submit" in check_view(form, surface="modal")[0]
    assert check_view(form | {"submit": plain()}, surface="modal") == []


def test_a_home_tab_has_no_title_and_a_modal_is_no_home_tab():
    assert check_view({"type": "home", "title": plain(), "blocks": []}, surface="home") != []
    assert check_view(modal(), surface="home") == ["[ERROR] must be one of: home [json-pointer:/view/type]"]


TAKEN = [
    actions(select(initial_option=option("v1"))),
    actions(select(options=None) | {"option_groups": [{"label": plain(), "options": options(2)}]}),
    actions({"type": "datepicker", "initial_date": "2026-02-28", "action_id": "a"}),
    actions({"type": "timepicker", "initial_time": "08:30", "timezone": "Europe/Berlin", "action_id": "a"}),
    actions({"type": "users_select", "initial_user": "U1"}, {"type": "conversations_select"}),
    actions({"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3}),
    field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    field({"type": "external_select", "min_query_length": 0}),
    field({"type": "checkboxes", "options": [{"text": mrkdwn("*x*"), "value": "v"}]}),
    section(accessory=overflow(2)),
    {"type": "divider"},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    },
]


@pytest.mark.parametrize("block", [{k: v for k, v in case.items() if v is not None} for case in TAKEN])
def test_what_slack_takes_is_taken(block):
    for element in block.get("elements", []):
        if element.get("options", ...) is None:
            del element["options"]
    assert check_blocks([block]) == []

"""Whatever an app sends instead of blocks is judged, never stumbled over."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.blockkit.blocks import BLOCKS
from sandbox.slack.blockkit.elements import IN_ACTIONS, IN_INPUT, IN_SECTION

TYPES = [
    *BLOCKS,
    *IN_ACTIONS,
    *IN_INPUT,
    *IN_SECTION,
    "plain_text",
    "mrkdwn",
    "modal",
    "home",
    "rich_text_list",
]
KEYS = [
    "text", "elements", "element", "accessory", "fields", "options", "option_groups", "initial_option", "confirm",
    "initial_options", "label", "hint", "placeholder", "value", "url", "style", "action_id", "block_id", "blocks",
    "title", "submit", "private_metadata", "dispatch_action_config", "trigger_actions_on", "initial_date",
    "initial_date_time", "min_length", "max_length", "min_value", "is_decimal_allowed", "optional", "description",
]  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5000), st.text(max_size=5))
PARTS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, max_size=4),
        st.builds(
            lambda kind, members: {"type": kind} | members,
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(KEYS), parts, max_size=4),
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_anything_is_judged(part):
    judged = [*check_blocks(part), *check_blocks([part]), *check_view(part, surface="modal")]
    assert all(problem.startswith("[ERROR] ") for problem in judged)
    assert judged, "no random part is blocks, a block and a modal at once"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted({**IN_ACTIONS, **IN_INPUT})),
    st.dictionaries(st.sampled_from(KEYS), PARTS, max_size=5),
)
def test_any_element_is_judged_without_its_members(kind, members):
    element = {"type": kind} | members
    assert isinstance(check_blocks([{"type": "actions", "elements": [element]}]), list)
    assert isinstance(check_blocks([{"type": "input", "label": members, "element": element}]), list)

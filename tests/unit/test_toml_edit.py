"""One value changes and nothing else does, however the file is laid out."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.toml_edit import Change, NotEditable, difference, edited

PIPELINE = ("hubspot", "pipeline")
WON = ("hubspot", "stages", "closedwon")
HAND_MADE = '''# Our team.
[[teams]]          # one so far
name = "Small\\"business"
notes = """
[hubspot]
pipeline = "not this one"
"""

[hubspot]   # see the wiki
pipeline = "old"          # do not touch
  portal_id='1'

[hubspot.stages]
# the order matters
a = "open"
closedwon = "lost"  # was a mistake

[playbook]
file = "own.toml"
'''


def test_a_value_changes_in_its_place_and_every_other_byte_stays() -> None:
    made = edited(HAND_MADE, [Change(PIPELINE, "new"), Change(WON, "won", "unused")])
    assert made == HAND_MADE.replace('"old" ', '"new" ').replace('closedwon = "lost"', 'closedwon = "won"')


def test_the_same_values_change_nothing() -> None:
    assert edited(HAND_MADE, [Change(PIPELINE, "old"), Change(("hubspot", "portal_id"), "1")]) != HAND_MADE
    # Only the quotes differ there; where they are ours already, nothing does.
    assert edited(HAND_MADE, [Change(PIPELINE, "old"), Change(WON, "lost")]) == HAND_MADE


def test_what_is_new_follows_its_own_with_a_comment() -> None:
    made = edited(
        HAND_MADE,
        [
            Change(("hubspot", "price_period"), "year"),
            Change(("hubspot", "stages", "99 b"), "won", "Closed\n won\x00!"),
            Change(("hubspot", "call_outcomes", "x-1"), "contact"),
        ],
    )
    assert made == HAND_MADE.replace(
        "  portal_id='1'\n", "  portal_id='1'\n  price_period = \"year\"\n"
    ).replace(
        "# was a mistake\n",
        '# was a mistake\n"99 b" = "won"  # Closed won !\n\n[hubspot.call_outcomes]\nx-1 = "contact"\n',
    )


def test_what_goes_takes_its_line_along() -> None:
    made = edited(HAND_MADE, [Change(WON, None), Change(("hubspot", "stages", "never"), None)])
    assert made == HAND_MADE.replace('closedwon = "lost"  # was a mistake\n', "")


def test_lines_change_places_and_what_stands_between_them_stays() -> None:
    text = '[s.t]\n# first\nb = "1" # b\n\n# second\na = "1" # a\nc = "2"'
    made = edited(text, [], {("s", "t"): ["a", "b"]})
    assert made == '[s.t]\n# first\na = "1" # a\n\n# second\nb = "1" # b\nc = "2"\n'
    assert edited(made, [], {("s", "t"): ["a", "b"]}) == made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[hubspot]\npipeline = "p"\n\n[hubspot.stages]\nclosedwon = "won"\n'),
        ("# hello", '# hello\n\n[hubspot]\npipeline = "p"\n\n[hubspot.stages]\nclosedwon = "won"\n'),
        (
            "hubspot.pipeline = 'x' # top\nother = 1\n[a]\n",
            'hubspot.pipeline = "p" # top\nother = 1\n[a]\n\n[hubspot.stages]\nclosedwon = "won"\n',
        ),
        (
            'hubspot = { pipeline = "x", stages = { a = "open" } } # in one',
            'hubspot = { pipeline = "p", stages = { a = "open", closedwon = "won" } } # in one',
        ),
        (
            '[hubspot]\nstages.a = "open"\n[z]\n',
            '[hubspot]\npipeline = "p"\nstages.a = "open"\nstages.closedwon = "won"\n[z]\n',
        ),
        (
            "[hubspot]\r\npipeline = 'x'\r\n[hubspot.\"stages\"]\r\n[z]\r\n",
            '[hubspot]\r\npipeline = "p"\r\n[hubspot."stages"]\r\nclosedwon = "won"\r\n[z]\r\n',
        ),
        (
            "[hubspot.stages]\na = '''\n[hubspot]\n'''\n[[z]]\npipeline = 'q'\n[z.hubspot]\npipeline = 'r'\n",
            "[hubspot.stages]\na = '''\n[hubspot]\n'''\nclosedwon = \"won\"\n\n[hubspot]\npipeline = \"p\"\n"
            "[[z]]\npipeline = 'q'\n[z.hubspot]\npipeline = 'r'\n",
        ),
        (
            "[hubspot]\nx = [ # pipeline = 'no'\n 'a#]',\n]\n\npipeline = 'x'",
            "[hubspot]\nx = [ # pipeline = 'no'\n 'a#]',\n]\n\npipeline = \"p\"\n\n[hubspot.stages]\n"
            'closedwon = "won"\n',
        ),
    ],
)
def test_however_a_file_is_laid_out(before: str, after: str) -> None:
    changes = [Change(PIPELINE, "p"), Change(WON, "won")]
    made = edited(before, changes)
    assert made == after
    said = tomllib.loads(made)["hubspot"]
    assert (said["pipeline"], said["stages"]["closedwon"]) == ("p", "won")
    assert edited(made, changes) == made


def test_people_s_text_stays_text() -> None:
    nasty = 'a"b\\c\n\t\x7fü\u2028'
    assert tomllib.loads(edited("", [Change(("hubspot", nasty), nasty)])) == {"hubspot": {nasty: nasty}}


def test_what_cannot_be_edited_is_refused_and_names_what_to_set() -> None:
    with pytest.raises(NotEditable, match=r"stages of hubspot\.stages\.closedwon is no table"):
        edited("[hubspot]\nstages = 7\n", [Change(WON, "won")])


def test_the_difference_shows_what_changes() -> None:
    lines = difference(HAND_MADE, edited(HAND_MADE, [Change(PIPELINE, "new")]))
    assert [line for line in lines if line[0] in "+-"] == [
        '-pipeline = "old"          # do not touch',
        '+pipeline = "new"          # do not touch',
    ]


AROUND = (
    '[[teams]]\nname = "A"  # "quoted" in a comment\n[teams.x]\npipeline = "mine"\n',
    "# [hubspot]\n# pipeline = 'comment'\n",
    '[emails]\ntext = """\n[hubspot]\npipeline = "no"\\"""" # end\n',
    "[channels]\ncare = 'C1'\nlist = [\n  '[hubspot.stages]', # ]\n]\n\n\n",
    "[roles]\nadmins = ['a#b', \"c]d\"]\n\t[roles.hubspot]\n\tpipeline = ''\n",
)
OURS = (
    "",
    "[hubspot]\n",
    "[hubspot] # ours\nportal_id = '7'\n",
    "[hubspot]\nstages = {a = 'open'}\n",
    "[hubspot]\nstages.a = 'open'\n",
    '[hubspot.stages]\na = "open"\n# between\nb = "lost" # b\n[hubspot.call_outcomes]\n',
    "  [ hubspot . 'stages' ]\n  a='open'\n",
)
VALUES = st.sampled_from(["open", "won", 'x"y', "", "ü # no comment"])


@given(
    around=st.lists(st.sampled_from(AROUND), unique=True),
    ours=st.sampled_from(OURS),
    at=st.integers(0, 5),
    end=st.sampled_from(["\n", "\r\n"]),
    values=st.dictionaries(
        st.sampled_from([PIPELINE, WON, ("hubspot", "stages", "a"), ("hubspot", "call_outcomes", "o 1")]),
        st.none() | VALUES,
        min_size=1,
    ),
)
def test_whatever_stands_around_it_stays_byte_for_byte(
    around: list[str], ours: str, at: int, end: str, values: dict[tuple[str, ...], str | None]
) -> None:
    pieces = [*around[:at], ours, *around[at:]]
    text = "".join(pieces).replace("\n", end)
    changes = [Change(path, value, "why") for path, value in values.items()]
    made = edited(text, changes)
    for piece in around:
        assert piece.replace("\n", end) in made
    for path, value in values.items():
        found: object = tomllib.loads(made)
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        assert found == value
    assert edited(made, changes) == made

"""A read-back that its person went on from in words: what it said stays, its buttons are gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.plain_words.reading import Log
from bot.slack.views.notices import files_not_kept
from bot.slack.views.read_back import done_message, read_back_message
from tests.examples import NAMES, read_back

BUSY = Log(7, "busy")


@pytest.mark.parametrize("how", ["answered", "edited", "deleted"])
@pytest.mark.parametrize("what", [None, "account", "words"])
@pytest.mark.parametrize("account", NAMES)
def test_what_is_over_has_no_buttons_and_says_why(account: str, what: str | None, how: str):
    said = replace(read_back(account, BUSY, what=what), over=how)
    drawn = read_back_message(said)
    assert [block["type"] for block in drawn.blocks] == ["section", "context"]
    assert "Nothing was logged from here." in drawn.text


def test_a_question_without_choices_is_drawn_with_what_to_write():
    drawn = read_back_message(read_back("Acme", what="account"))
    assert [block["type"] for block in drawn.blocks] == ["section"] and "Which account?" in drawn.text


@pytest.mark.parametrize("account", NAMES)
def test_what_a_yes_logged_is_said_with_its_way_back(account: str):
    said = read_back(account, BUSY)
    assert "Undo stands" in str(done_message(said, BUSY, undo=True).blocks)
    assert "Write `undo`" in str(done_message(replace(said, private=True), BUSY, undo=True).blocks)
    assert "ndo" not in str(done_message(read_back("Acme", BUSY), BUSY, undo=False).blocks)


def test_many_files_are_counted():
    assert "“a” went nowhere, it stays" in files_not_kept(["a"])
    assert "“a”, “b”, “c” and 2 more went nowhere, they stay" in files_not_kept(list("abcde"))
    assert len(files_not_kept(["x" * 5000] * 3)) < 500

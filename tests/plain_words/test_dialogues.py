"""Thirty dialogues, a question and its short answer: how many are continued as their writer expected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.plain_words.answers import Answered, Confirmed, Declined, Question, answered
from bot.plain_words.reading import Ask, Refused
from tests.plain_words.judge import RIGHT, SAFE, WRONG, Book, Phrase, judged, load

DIALOGUES = Path(__file__).with_name("dialogues.yml")
STAYS_OPEN = 15  # minutes; held to the wire by the scenario tests
FLOOR = 30


@dataclass(frozen=True)
class Dialogue:
    number: int
    first: str
    asked: bool
    answer: str
    thread: str | None
    in_time: bool
    kind: str
    expected: Any
    or_ask: bool

    @property
    def as_phrase(self) -> Phrase:
        return Phrase(self.number, self.answer, self.thread, self.kind, self.expected, self.or_ask)


KINDS = ("log", "defer", "remind", "show", "undo", "ask", "refuse", "confirm", "decline", "alone")


def dialogues() -> tuple[Book, list[Dialogue]]:
    book, _ = load()
    found = []
    for number, one in enumerate(yaml.safe_load(DIALOGUES.read_text(encoding="utf-8"))["dialogues"], 1):
        kind = next(key for key in KINDS if key in one)
        found.append(
            Dialogue(
                number,
                one["first"],
                one["first_is"] == "asked",
                one["answer"],
                one.get("in_thread_of"),
                one.get("minutes", 1) <= STAYS_OPEN,
                kind,
                one[kind],
                bool(one.get("or_ask")),
            )
        )
    return book, found


def continued(book: Book, one: Dialogue) -> Answered | None:
    """What the answer comes to; None where nothing is open (any more) or the words speak for themselves."""
    first = book.read(Phrase(one.number, one.first, one.thread, "log", None, or_ask=False))
    if isinstance(first, Refused) or not one.in_time:
        return None
    asked = isinstance(first, Ask)
    assert asked == one.asked, first
    question = (
        Question(first.what, first.choices, one.first, first.run_id)
        if isinstance(first, Ask)
        else Question(None, (first,), one.first, first.run_id)
    )
    thread = [account.run_id for account in book.accounts if account.name == one.thread]
    return answered(question, one.answer, book.accounts, now=book.now, calendar=book.calendar, thread=thread)


def verdict(book: Book, one: Dialogue) -> str:
    found = continued(book, one)
    if one.kind == "alone":
        return RIGHT if found is None else WRONG
    if found is None:
        alone = book.read(one.as_phrase)
        return judged(book, one.as_phrase, alone) if one.kind in KINDS[:7] else SAFE
    if one.kind in ("confirm", "decline"):
        wanted = Confirmed if one.kind == "confirm" else Declined
        return (
            RIGHT if isinstance(found.reading, wanted) else SAFE if isinstance(found.reading, Ask) else WRONG
        )
    if isinstance(found.reading, Confirmed):
        return WRONG
    if isinstance(found.reading, Declined):
        return SAFE
    return judged(book, one.as_phrase, found.reading)


def test_no_answer_is_taken_wrong_silently_and_most_are_taken_right():
    book, found = dialogues()
    verdicts = {one.number: verdict(book, one) for one in found}
    for one in found:
        if verdicts[one.number] != RIGHT:
            print(verdicts[one.number], one.first, "/", one.answer, continued(book, one))  # noqa: T201
    total = Counter(verdicts.values())
    print("all", total[RIGHT], total[SAFE], total[WRONG])  # noqa: T201
    assert len(found) == 30
    assert total[RIGHT] >= FLOOR
    assert [(one.first, one.answer) for one in found if verdicts[one.number] == WRONG] == []
